# With results.awk: medians, ratios, distances from the floor, and whether the numbers agree; exit 1 when one does not.
function amount(x) { return x >= 1e6 ? sprintf("%.1f MB", x / 1e6) : sprintf("%.0f kB", x / 1e3) }
# "yes", "NO: ours, theirs", or nothing to compare.
function same(key, peer,   a, b, d) {
	if (value[key, "yogo"] !~ /[0-9]/ || value[key, peer] !~ /[0-9]/) return ""
	a = value[key, "yogo"] + 0; b = value[key, peer] + 0
	d = a == b ? 0 : (a - b < 0 ? b - a : a - b) / (a < 0 ? -a : a ? a : 1)
	if (d <= (peer in loose ? loose[peer] : 1e-6)) return "yes"
	bad = 1
	return sprintf("NO: %.9g, %.9g", a, b)
}
function line(name, n, threads, ours, ours_mb, above, peer, theirs, theirs_mb, ratio, agree) {
	printf "%-18s %10s %3s %10s %6s %8s   %-12s %10s %6s %8s  %s\n", name, n, threads, ours, ours_mb, above, peer, theirs, theirs_mb, ratio, agree
}
END {
	loose["sklearn"] = 1e-4  # it stops earlier
	loose["weighted"] = 1e-4 # who is censored on the day of an event has left before it, in its weights
	printf "memory read %s / %s GB/s (1 / 2 threads), multiply-add %s / %s GFLOP/s\n", limit["read_gb_s", 1], limit["read_gb_s", 2], limit["gflop_s", 1], limit["gflop_s", 2]
	print "floor: bytes and flops the job cannot avoid over these speeds; \"x floor\" how far Yogo is from it"
	line("job", "rows", "thr", "yogo s", "MB", "x floor", "peer", "peer s", "MB", "ratio", "same number")
	for (i = 1; i <= keys; i++) {
		key = order[i]; split(key, k, FS)
		sized = k[1] == "size"
		ours = (key, "yogo") in times ? median(times[key, "yogo"]) : 0
		least = floor_of(k[1], k[2], k[3])
		text = !ours ? "failed" : sized ? amount(ours) : sprintf("%.4f", ours)
		above = ours && least ? sprintf("%.1f", ours / least) : ""
		m = split(who[key], w, " "); shown = 0
		for (j = 1; j <= m; j++) {
			if (w[j] == "yogo") continue
			theirs = median(times[key, w[j]])
			line(shown ? "" : k[1], shown ? "" : k[2], shown ? "" : k[3], shown ? "" : text, shown || sized ? "" : mb[key, "yogo"], shown ? "" : above, w[j], \
				sized ? amount(theirs) : sprintf("%.4f", theirs), sized ? "" : mb[key, w[j]], ours ? sprintf(sized ? "%.2f" : "%.1f", theirs / ours) : "", same(key, w[j]))
			shown = 1
		}
		if (!shown) line(k[1], k[2], k[3], text, sized ? "" : mb[key, "yogo"], above, "", "", "", "", "")
	}
	exit bad
}
