/* The style sheet of the HTML report: readable on screen, in the dark and on paper. */
#ifndef YOGO_REPORT_CSS_PRIV_H
#define YOGO_REPORT_CSS_PRIV_H

#define YG_REPORT_CSS \
	":root{color-scheme:light dark;--ink:#1a1a1a;--muted:#595959;--faint:#d0d0d0;--paper:#fff;--soft:#f5f6f8;--link:#1f5fa8;" \
	"--warn:#8a4b00;--warnbg:#fff6e6;--s1:#1f5fa8;--s2:#d9730d;--s3:#5c5c5c;--s4:#111;--s5:#6aaede;--s6:#f2b26b;--s7:#a9a9a9;--s8:#0b3866}\n" \
	"@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--muted:#b0b0b0;--faint:#4a4a4a;--paper:#16181c;--soft:#1f2228;" \
	"--link:#8cc2f0;--warn:#ffc972;--warnbg:#33270f;--s1:#7db7ee;--s2:#f0a04b;--s3:#b5b5b5;--s4:#f2f2f2;--s5:#4a86b8;--s6:#c07f3a;" \
	"--s7:#808080;--s8:#b9d8f5}}\n" \
	"*{box-sizing:border-box}\n" \
	"body{margin:0 auto;padding:1.5rem 1.25rem 4rem;max-width:60rem;background:var(--paper);color:var(--ink);" \
	"font:1rem/1.5 Helvetica,Arial,'Liberation Sans','DejaVu Sans','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',Meiryo,'IPAPGothic',sans-serif}\n" \
	"h1{font-size:1.6rem;line-height:1.25;margin:0 0 .4rem}\n" \
	"h2{font-size:1.25rem;line-height:1.3;margin:2.6rem 0 .3rem;padding-top:.8rem;border-top:1px solid var(--faint)}\n" \
	"p{margin:.35rem 0}.meta,.note,figcaption,caption .unit{color:var(--muted)}.note{font-size:.9rem}\n" \
	"nav ol{margin:.5rem 0;padding-left:1.4rem}a{color:var(--link)}a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}\n" \
	".scroll{overflow-x:auto;margin:1rem 0 .4rem}\n" \
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem;border-top:1.5px solid var(--ink);border-bottom:1.5px solid var(--ink)}\n" \
	"caption{text-align:left;font-weight:bold;padding:0 0 .35rem}\n" \
	"th,td{padding:.22rem .7rem;text-align:right;vertical-align:bottom}\n" \
	"td{vertical-align:top}td:not(.left){white-space:nowrap}thead th{border-bottom:1px solid var(--ink);font-weight:bold}\n" \
	"th[scope=row],.left{text-align:left;vertical-align:top}th[scope=row]{font-weight:normal;padding-left:0}\n" \
	"tbody tr:nth-child(even){background:var(--soft)}\n" \
	".i1{padding-left:1.1rem!important}.i2{padding-left:2.2rem!important}.i3{padding-left:3.3rem!important}.i4{padding-left:4.4rem!important}\n" \
	".withheld,.missing{color:var(--muted);font-style:italic}\n" \
	".warning{background:var(--warnbg);color:var(--warn);border-left:3px solid currentColor;padding:.4rem .7rem;margin:.6rem 0}\n" \
	"figure{margin:1.4rem 0 .6rem}figure svg{max-width:100%;height:auto;display:block}\n" \
	"svg .line.ink{stroke:var(--ink)}svg .line.muted{stroke:var(--muted)}svg .line.faint{stroke:var(--faint)}\n" \
	"svg .text.ink,svg .area.ink{fill:var(--ink)}svg .text.muted,svg .area.muted{fill:var(--muted)}svg .area.paper,svg .ring{fill:var(--paper)}\n" \
	"svg .line.s1{stroke:var(--s1)}svg .line.s2{stroke:var(--s2)}svg .line.s3{stroke:var(--s3)}svg .line.s4{stroke:var(--s4)}" \
	"svg .line.s5{stroke:var(--s5)}svg .line.s6{stroke:var(--s6)}svg .line.s7{stroke:var(--s7)}svg .line.s8{stroke:var(--s8)}\n" \
	"svg .area.s1,svg .text.s1{fill:var(--s1)}svg .area.s2,svg .text.s2{fill:var(--s2)}svg .area.s3,svg .text.s3{fill:var(--s3)}" \
	"svg .area.s4,svg .text.s4{fill:var(--s4)}svg .area.s5,svg .text.s5{fill:var(--s5)}svg .area.s6,svg .text.s6{fill:var(--s6)}" \
	"svg .area.s7,svg .text.s7{fill:var(--s7)}svg .area.s8,svg .text.s8{fill:var(--s8)}\n" \
	"details{margin:.4rem 0}summary{cursor:pointer;color:var(--link)}\n" \
	"pre,code{font:.85rem/1.45 'DejaVu Sans Mono',Menlo,Consolas,'Noto Sans Mono CJK JP',monospace}\n" \
	"pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.5rem .7rem;margin:.4rem 0}\n" \
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}\n" \
	"@media print{:root{--ink:#000;--paper:#fff;--soft:#fff;--muted:#333;--faint:#bbb;" \
	"--s1:#1f5fa8;--s2:#d9730d;--s3:#5c5c5c;--s4:#111;--s5:#6aaede;--s6:#f2b26b;--s7:#a9a9a9;--s8:#0b3866;--warn:#000;--warnbg:#fff}body{max-width:none;padding:0;font-size:10pt}" \
	"nav,summary{display:none}h2,figure,tr{break-inside:avoid}thead{display:table-header-group}" \
	"table{font-size:8.5pt}th,td{padding:.15rem .4rem}h2,caption{break-after:avoid}a{color:inherit;text-decoration:none}.scroll{overflow:visible}}\n"

#endif
