# limits.txt, jobs.txt, results.tsv -> arrays for table.awk, scaling.awk, aims.awk and plot.awk.
#   order[1..keys]       job FS rows FS threads, as they came; who[key] the programs
#   times[key, program]  seconds of its runs (size: bytes); mb[...] the greatest peak memory; value[...] the last number
#   job[1..jobs], bytes[job], flops[job], aims[job]   of jobs.txt
function sort(v, n,   i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
}
function median(list,   v, n) {
	n = split(list, v, " ")
	sort(v, n)
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
# The least seconds this machine could take: bytes over memory speed or flops over multiply-adds; 0 = not known, as for jobs
# on whole files where these have fewer columns.
function floor_of(name, n, threads,   t, b, f) {
	if (!(name in bytes) || whole[name] && n > narrow) return 0
	t = threads > 1 ? 2 : 1
	b = bytes[name] * n / (limit["read_gb_s", t] * 1e9)
	f = flops[name] * n / (limit["gflop_s", t] * 1e9)
	return f > b ? f : b
}
function log10(x) { return log(x) / log(10) }
BEGIN { FS = "|"; narrow = 20000000 }
FILENAME == ARGV[1] { split($0, f, " "); limit[f[1], 1] = f[2]; limit[f[1], 2] = f[3]; next }
FILENAME == ARGV[2] {
	if ($0 ~ /^#/) next
	job[++jobs] = $1; bytes[$1] = $5; flops[$1] = $6; aims[$1] = $8; whole[$1] = $9 == "-"
	next
}
{
	if (split($0, f, "\t") < 6) next
	key = f[1] FS f[2] FS f[3]
	if (!(key in who)) order[++keys] = key
	if (!((key, f[4]) in times)) who[key] = who[key] " " f[4]
	times[key, f[4]] = times[key, f[4]] " " f[5]
	if (f[6] + 0 > mb[key, f[4]] + 0) mb[key, f[4]] = f[6]
	value[key, f[4]] = f[7]
	if (!(f[2] in size_seen)) { size_seen[f[2]] = 1; size[++sizes] = f[2] + 0 }
	if (!(f[3] in thread_seen)) { thread_seen[f[3]] = 1; thread[++threads] = f[3] + 0 }
	if (!(f[1] in ran)) { ran[f[1]] = 1; run[++runs] = f[1] }
}
END { sort(size, sizes); sort(thread, threads) }
