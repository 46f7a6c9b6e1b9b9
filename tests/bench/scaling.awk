# With results.awk: Yogo's seconds by rows and threads, and peak memory with the most threads, for jobs run at several sizes or with several numbers of threads.
function heading(title, per,   s, t) {
	printf "%-18s", title
	for (s = 1; s <= sizes; s++)
		for (t = per; t <= threads; t++)
			printf " %9s", sprintf("10^%.3g", log10(size[s])) (per == 1 && threads > 1 ? "/" thread[t] : "")
	print ""
}
function row(name, per, memory,   s, t, key, text) {
	printf "%-18s", name
	for (s = 1; s <= sizes; s++)
		for (t = per; t <= threads; t++) {
			key = name FS size[s] FS thread[t]
			text = !((key, "yogo") in times) ? "" : memory ? mb[key, "yogo"] : sprintf("%.4f", median(times[key, "yogo"]))
			printf " %9s", text
		}
	print ""
}
function scaled(name,   s, t, n) {
	for (s = 1; s <= sizes; s++)
		for (t = threads; t >= 1; t--)
			if ((name FS size[s] FS thread[t], "yogo") in times) { n++; break }
	return (n > 1 || threads > 1) && name != "size"
}
END {
	heading(threads > 1 ? "seconds, rows/thr" : "seconds", 1)
	for (i = 1; i <= runs; i++) if (scaled(run[i])) row(run[i], 1, 0)
	print ""
	heading("peak MB", threads)
	for (i = 1; i <= runs; i++) if (scaled(run[i])) row(run[i], threads, 1)
}
