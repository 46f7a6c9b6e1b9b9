# With results.awk: what jobs.txt aims at and what was reached, with the most threads run.
function key_of(name, n,   t) {
	for (t = threads; t >= 1; t--)
		if ((name FS n FS thread[t], "yogo") in times) return name FS n FS thread[t]
	return ""
}
function verdict(yes) { if (yes) met++; else missed++; return yes ? "reached" : "missed" }
function show(name, n, aim, got, yes, from) { printf "%-18s %10s  %-26s %10s  %-8s %s\n", name, n, aim, got, yes, from }
END {
	show("job", "rows", "aim", "got", "", "the peer's figure")
	for (i = 1; i <= jobs; i++) {
		m = split(aims[job[i]], aim, " ")
		for (a = 1; a <= m; a++) {
			n = substr(aim[a], 1, index(aim[a], ":") - 1)
			what = substr(aim[a], index(aim[a], ":") + 1)
			key = key_of(job[i], n)
			if (key == "") { absent++; continue }
			ours = median(times[key, "yogo"])
			if (split(what, p, "<=") == 2) {
				got = p[1] == "MB" ? mb[key, "yogo"] : ours
				show(job[i], n, "at most " p[2] (p[1] == "MB" ? " MB" : " s"), sprintf(p[1] == "MB" ? "%d MB" : "%.3f s", got), verdict(got <= p[2]), "")
				continue
			}
			split(what, p, ">=")
			split(p[2], known, "~")
			here = (key, p[1]) in times
			theirs = here ? median(times[key, p[1]]) : known[2]
			from = here ? "this run" : "known: " (job[i] == "size" ? sprintf("%.0f MB", known[2] / 1e6) : known[2] " s")
			show(job[i], n, known[1] " x " p[1], sprintf(theirs / ours < 10 ? "%.2f x" : "%.0f x", theirs / ours), verdict(theirs / ours >= known[1]), from)
		}
	}
	printf "%d reached, %d missed%s\n", met, missed, absent ? ", " absent " at sizes that were not run" : ""
}
