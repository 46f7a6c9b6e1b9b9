# With results.awk: Yogo's seconds by rows and threads, and peak memory with the most threads run at a size, for jobs run at several sizes or with several numbers of threads.
function heading(title, per,   s, t) {
	printf "%-18s", title
	for (s = 1; s <= sizes; s++)
		for (t = per; t <= threads; t++)
			printf " %9s", sprintf("10^%.3g", log10(size[s])) (per == 1 && threads > 1 ? "/" thread[t] : "")
	print ""
}
function seconds_row(name,   s, t, key) {
	printf "%-18s", name
	for (s = 1; s <= sizes; s++)
		for (t = 1; t <= threads; t++) {
			key = name FS size[s] FS thread[t]
			printf " %9s", (key, "yogo") in times ? sprintf("%.4f", median(times[key, "yogo"])) : ""
		}
	print ""
}
function memory_row(name,   s, t) {
	printf "%-18s", name
	for (s = 1; s <= sizes; s++) {
		for (t = threads; t > 1 && !((name FS size[s] FS thread[t], "yogo") in times); t--)
			;
		printf " %9s", mb[name FS size[s] FS thread[t], "yogo"]
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
	for (i = 1; i <= runs; i++) if (scaled(run[i])) seconds_row(run[i])
	print ""
	heading("peak MB", threads)
	for (i = 1; i <= runs; i++) if (scaled(run[i])) memory_row(run[i])
}
