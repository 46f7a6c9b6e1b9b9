# results.tsv -> seconds and peak memory of each job against rows, log-log, as SVG; full lines Yogo, dotted the first peer.
function log10(x) { return log(x) / log(10) }
function median(list,   v, n, i, j, t) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
function x_of(n) { return left + (log10(n) - x0) / (x1 - x0) * wide }
function y_of(v) { return top + high - (log10(v) - y0) / (y1 - y0) * high }
function panel(what, title,   i, j, k, job, key, n, v, path, last, points) {
	y0 = 99; y1 = -99
	for (key in cell) {
		split(key, k, SUBSEP)
		if (k[1] != what || (v = median(cell[key])) <= 0) continue
		v = log10(v); if (v < y0) y0 = v; if (v > y1) y1 = v
	}
	if (y0 > y1) return
	y0 = int(y0 + 100) - 100; y1 = -int(-y1 + 100) + 100; if (y1 == y0) y1++
	printf "<text x=\"%d\" y=\"%d\" font-size=\"14\">%s</text>\n", left, top - 12, title
	for (v = y0; v <= y1; v++) {
		printf "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", left, left + wide, y_of(10 ^ v), y_of(10 ^ v)
		printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", left - 6, y_of(10 ^ v) + 4, 10 ^ v
	}
	for (v = x0; v <= x1; v++) {
		printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#ddd\"/>", x_of(10 ^ v), x_of(10 ^ v), top, top + high
		printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">10<tspan dy=\"-5\" font-size=\"9\">%d</tspan></text>\n", x_of(10 ^ v), top + high + 16, v
	}
	for (i = 1; i <= jobs; i++)
		for (j = 0; j < 2; j++) {
			job = name[i]; path = ""; points = 0
			for (n = 1; n <= sizes; n++)
				if ((what, job, j, size[n]) in cell) {
					v = median(cell[what, job, j, size[n]])
					if (v > 0) { path = path (points++ ? " L" : "M") sprintf("%.1f %.1f", x_of(size[n]), y_of(v)); last = y_of(v); at = x_of(size[n]) }
				}
			if (!points) continue
			printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n", path, colour[(i - 1) % 8 + 1], j ? 1 : 2, (j ? " stroke-dasharray=\"2 3\"" : i > 8 ? " stroke-dasharray=\"8 3\"" : "")
			if (!j) printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", at, last, colour[(i - 1) % 8 + 1]
		}
}
BEGIN {
	FS = "\t"
	split("#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 #000000 #999933", colour, " ")
}
$1 != "size" {
	if ($3 > most) most = $3
	line[++lines] = $0
}
END {
	for (i = 1; i <= lines; i++) {
		split(line[i], f, "\t")
		if (f[3] != most) continue
		if (!(f[1] in known)) { known[f[1]] = 1; name[++jobs] = f[1] }
		if (!(f[2] in sized)) { sized[f[2]] = 1; size[++sizes] = f[2] + 0 }
		j = f[4] != "yogo"
		if (j && !(f[1] in peer)) peer[f[1]] = f[4]
		if (j && peer[f[1]] != f[4]) continue
		cell["s", f[1], j, f[2] + 0] = cell["s", f[1], j, f[2] + 0] " " f[5]
		cell["m", f[1], j, f[2] + 0] = cell["m", f[1], j, f[2] + 0] " " f[6]
	}
	for (i = 2; i <= sizes; i++)
		for (j = i; j > 1 && size[j - 1] > size[j]; j--) { t = size[j]; size[j] = size[j - 1]; size[j - 1] = t }
	x0 = int(log10(size[1]) + 0.01); x1 = int(log10(size[sizes]) + 0.99); if (x1 == x0) x1++
	wide = 420; high = 420; top = 50
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1240\" height=\"520\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"1240\" height=\"520\" fill=\"white\"/>\n"
	left = 70; panel("s", "Seconds against rows (" most " threads)")
	left = 570; panel("m", "Peak memory, MB")
	for (i = 1; i <= jobs; i++) {
		printf "<line x1=\"1020\" x2=\"1045\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"%s/>", 50 + 18 * i, 50 + 18 * i, colour[(i - 1) % 8 + 1], (i > 8 ? " stroke-dasharray=\"8 3\"" : "")
		printf "<text x=\"1052\" y=\"%d\">%s%s</text>\n", 54 + 18 * i, name[i], name[i] in peer ? " (" peer[name[i]] ")" : ""
	}
	printf "<text x=\"1020\" y=\"50\">full: Yogo; dotted: the peer named</text>\n</svg>\n"
}
