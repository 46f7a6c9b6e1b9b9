# With results.awk: an SVG of small panels, a job each: seconds (upper half) and peak memory (lower half) against rows, log-log,
# all on the same scales.  Yogo with the most threads and with the fewest, and the peer that was fastest at its largest size.
function ceiling(x) { return 99 - int(99 - x) } # of numbers up to 99
function x_of(n) { return left + (log10(n) - x0) / (x1 - x0) * wide }
function y_of(v) { return top + high - (log10(v) - y0) / (y1 - y0) * high }
function value_of(what, name, n, t, program,   key) {
	key = name FS n FS t
	if (!((key, program) in times)) return 0
	return what == "s" ? median(times[key, program]) : mb[key, program]
}
function range(what,   i, k, w, m, j, v) {
	y0 = 99; y1 = -99
	for (i = 1; i <= keys; i++) {
		split(order[i], k, FS)
		if (!(k[1] in panel)) continue
		m = split(who[order[i]], w, " ")
		for (j = 1; j <= m; j++)
			if ((v = value_of(what, k[1], k[2], k[3], w[j])) > 0) { v = log10(v); if (v < y0) y0 = v; if (v > y1) y1 = v }
	}
	y0 = int(y0 + 99) - 99; y1 = ceiling(y1); if (y1 <= y0) y1 = y0 + 1
}
function curve(what, name, t, program, style,   s, v, path, points) {
	for (s = 1; s <= sizes; s++)
		if ((v = value_of(what, name, size[s], t, program)) > 0) {
			path = path (points++ ? " L" : "M") sprintf("%.1f %.1f", x_of(size[s]), y_of(v))
			printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.8\" %s/>", x_of(size[s]), y_of(v), style ~ /d55e00/ ? "fill=\"#d55e00\"" : "fill=\"#0072b2\""
		}
	if (points > 1) printf "<path d=\"%s\" fill=\"none\" %s/>\n", path, style
}
# The peer that was fastest at the largest size any peer did.
function rival(name,   s, i, m, w, v, least, best) {
	for (s = sizes; s >= 1 && best == ""; s--) {
		m = split(who[name FS size[s] FS thread[threads]], w, " ")
		for (i = 1; i <= m; i++)
			if (w[i] != "yogo" && (v = value_of("s", name, size[s], thread[threads], w[i])) > 0 && (best == "" || v < least)) { best = w[i]; least = v }
	}
	return best
}
function draw(what, at,   i, v, name, peer) {
	for (i = 1; i <= panels; i++) {
		name = shown[i]
		left = 52 + (i - 1) % across * 168; top = at + int((i - 1) / across) * 132; wide = 150; high = 100
		for (v = y0; v <= y1; v++) {
			printf "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>", left, left + wide, y_of(10 ^ v), y_of(10 ^ v)
			if (i % across == 1 && (v - y0) % 2 == 0) printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>", left - 5, y_of(10 ^ v) + 3, 10 ^ v
		}
		for (v = x0; v <= x1; v++) {
			printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#e4e4e4\"/>", x_of(10 ^ v), x_of(10 ^ v), top, top + high
			if (i + across > panels) printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">10<tspan dy=\"-4\" font-size=\"7\">%d</tspan></text>", x_of(10 ^ v), top + high + 14, v == x0 ? "start" : v == x1 ? "end" : "middle", v
		}
		peer = rival(name)
		printf "<text x=\"%d\" y=\"%d\">%s", left, top - 5, name
		if (peer != "") printf " <tspan fill=\"#d55e00\">%s</tspan>", peer
		print "</text>"
		if (peer != "") curve(what, name, thread[threads], peer, "stroke=\"#d55e00\" stroke-width=\"1.2\"")
		if (threads > 1) curve(what, name, thread[1], "yogo", "stroke=\"#0072b2\" stroke-dasharray=\"3 3\"")
		curve(what, name, thread[threads], "yogo", "stroke=\"#0072b2\" stroke-width=\"2\"")
	}
}
END {
	for (i = 1; i <= runs; i++) {
		n = 0
		for (s = 1; s <= sizes; s++) n += value_of("s", run[i], size[s], thread[threads], "yogo") > 0
		if (n > 1 && run[i] != "size") { panel[run[i]] = 1; shown[++panels] = run[i] }
	}
	across = 7
	half = ceiling(panels / across) * 132
	x0 = int(log10(size[1]) + 0.01); x1 = ceiling(log10(size[sizes]) - 0.01); if (x1 <= x0) x1 = x0 + 1
	w = 52 + across * 168; h = 2 * half + 100
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"9\">\n<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", w, h, w, h, w, h
	printf "<text x=\"52\" y=\"18\" font-size=\"12\">Seconds against rows: <tspan fill=\"#0072b2\">Yogo, %d threads%s</tspan>; <tspan fill=\"#d55e00\">the fastest peer</tspan></text>\n", thread[threads], (threads > 1 ? " (dashed: " thread[1] ")" : "")
	if (panels) {
		range("s"); draw("s", 44)
		printf "<text x=\"52\" y=\"%d\" font-size=\"12\">Peak memory of the program, MB</text>\n", half + 62
		range("m"); draw("m", half + 88)
	}
	print "</svg>"
}
