# limits.txt, jobs.txt, results.tsv -> the table of medians, ratios and distances from the floor; exit 1 when a number disagrees.
function median(list,   v, n, i, j, t) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
function size(x) { return x >= 1e6 ? sprintf("%.1f MB", x / 1e6) : sprintf("%.0f kB", x / 1e3) }
FILENAME == ARGV[1] { limit[$1, 1] = $2; limit[$1, 2] = $3; next }
FILENAME == ARGV[2] {
	if ($0 !~ /^#/) { split($0, f, "|"); bytes[f[1]] = f[3]; flops[f[1]] = f[4] }
	next
}
FNR == 1 { FS = "\t"; $0 = $0 }
{
	key = $1 FS $2 FS $3
	if (!(key in seen)) { seen[key] = 1; order[++keys] = key }
	if (!((key, $4) in times)) who[key] = who[key] " " $4
	times[key, $4] = times[key, $4] " " $5
	if ($6 + 0 > mb[key, $4] + 0) mb[key, $4] = $6
	value[key, $4] = $7
}
END {
	printf "memory read %s / %s GB/s (1 / 2 threads), multiply-add %s / %s GFLOP/s\n", limit["read_gb_s", 1], limit["read_gb_s", 2], limit["gflop_s", 1], limit["gflop_s", 2]
	printf "floor: bytes and flops the job cannot avoid over these speeds; \"x floor\" how far Yogo is from it\n"
	printf "%-18s %9s %3s %10s %8s %8s   %-12s %10s %8s %8s  %s\n", "job", "rows", "thr", "yogo s", "MB", "x floor", "peer", "peer s", "MB", "ratio", "same number"
	for (i = 1; i <= keys; i++) {
		key = order[i]; split(key, k, FS); job = k[1]; n = k[2]; th = k[3] > 1 ? 2 : 1
		ours = (key, "yogo") in times ? median(times[key, "yogo"]) : ""
		floor = 0
		if (job in bytes) {
			floor = bytes[job] * n / (limit["read_gb_s", th] * 1e9)
			if (flops[job] * n / (limit["gflop_s", th] * 1e9) > floor) floor = flops[job] * n / (limit["gflop_s", th] * 1e9)
		}
		m = split(who[key], w, " "); shown = 0
		for (j = 1; j <= m; j++) {
			if (w[j] == "yogo") continue
			theirs = median(times[key, w[j]])
			if (job == "size") {
				printf "%-18s %9s %3s %10s %8s %8s   %-12s %10s %8s %8.2f\n", job, n, "", size(ours), "", "", w[j], size(theirs), "", theirs / ours
				shown = 1
				continue
			}
			same = ""
			if (value[key, "yogo"] != "" && value[key, w[j]] != "") {
				a = value[key, "yogo"] + 0; b = value[key, w[j]] + 0
				d = a == b ? 0 : (a - b < 0 ? b - a : a - b) / (a < 0 ? -a : a ? a : 1)
				tolerance = w[j] == "sklearn" ? 1e-4 : 1e-6
				same = d <= tolerance ? "yes" : sprintf("NO: %.9g, %.9g", a, b)
				if (d > tolerance) bad = 1
			}
			printf "%-18s %9s %3s %10.4f %8d %8s   %-12s %10.4f %8d %8.1f  %s\n", shown ? "" : job, shown ? "" : n, shown ? "" : k[3], ours, mb[key, "yogo"], \
				floor ? sprintf("%.1f", ours / floor) : "", w[j], theirs, mb[key, w[j]], (ours > 0 ? theirs / ours : 0), same
			shown = 1
		}
		if (!shown && ours != "")
			printf "%-18s %9s %3s %10.4f %8d %8s   %s\n", job, n, k[3], ours, mb[key, "yogo"], floor ? sprintf("%.1f", ours / floor) : "", "no peer"
	}
	exit bad
}
