#!/bin/sh
# The workbench in a real terminal (tmux): start, resize, wide text, colours, the mouse, cancelling, and that the
# terminal is as it was after leaving, a signal or a crash.  Skipped where tmux is missing.
set -eu
command -v tmux >/dev/null 2>&1 || exit 77
. "${srcdir:-.}/tests/tui/lib.sh"
cd "$work"
unset NO_COLOR
"$yogo" import "$source/datasets/colon.csv" -o colon.cohort --manifest "$source/datasets/colon.manifest.json" --quiet
{
	echo '番号,性別,年齢,群'
	i=0
	while [ $i -lt 40 ]; do
		i=$((i + 1))
		[ $((i % 2)) = 0 ] && sex=男性 || sex=女性
		[ $((i % 3)) = 0 ] && arm=治療群 || arm=対照群
		echo "$i,$sex,$((30 + i)),$arm"
	done
} >kenkyu.csv
"$yogo" import kenkyu.csv -o kenkyu.cohort --public --quiet
utf8='LC_ALL=C.UTF-8 TERM=screen-256color'
run="$yogo --out $work/out"

# It starts, opens, moves, and leaves the terminal as it was.
start 80 24 "$utf8" "$run colon.cohort"
wait_for 'RANGE OR LEVELS'
wait_flag alternate_on 1
press Down Down
wait_for '> rx'
press Enter
wait_for '304 (32.7%)'
press q
wait_for 'RANGE OR LEVELS'

# Every size: large, below the least, back.
mux resize-window -t test: -x 200 -y 50
wait_for 'LABEL'
mux resize-window -t test: -x 50 -y 10
wait_for 'make it 60x16 or larger'
mux resize-window -t test: -x 80 -y 24
wait_for 'RANGE OR LEVELS'
mux resize-window -t test: -x 1 -y 1 2>/dev/null || true
mux resize-window -t test: -x 80 -y 24
wait_for 'RANGE OR LEVELS'

# The mouse is the terminal's until M.
wait_flag mouse_any_flag 0
press M
wait_flag mouse_any_flag 1
press M
wait_flag mouse_any_flag 0

# A command by hand, completed with Tab; a wrong one comes back with the cursor at the place.
typed ';'
typed 'describe ag'
press Tab
wait_for ': describe age'
press Enter
wait_for 'median'
typed ';'
typed 'describe nodess'
press Enter
wait_for 'nodess is no column'
press C-c
press q

# To the background and back.
press C-z
wait_for 'topped'
wait_flag alternate_on 0
typed 'fg'
press Enter
wait_for 'RANGE OR LEVELS'
wait_flag alternate_on 1
press Q
wait_flag alternate_on 0
wait_for 'ready>'
typed 'echo left with $?'
press Enter
wait_for 'left with 0'

# A crash and a signal: the terminal is usable again, the mouse given back, the cursor seen.
for signal in SEGV ABRT TERM HUP; do
	start 80 24 "$utf8" "$run --mouse colon.cohort"
	wait_for 'RANGE OR LEVELS'
	wait_flag mouse_any_flag 1
	pid=$(ps -o pid= --ppid "$(mux display-message -t test: -p '#{pane_pid}')" | tail -1)
	kill -$signal $pid
	wait_flag alternate_on 0
	wait_flag mouse_any_flag 0
	wait_flag cursor_flag 1
	typed 'echo still here'
	press Enter
	wait_for 'still here'
done

# After the crash the study opens again and says what happened.
start 80 24 "$utf8" "$run"
wait_for 'Cohort files'
press 5
wait_for 'crashed'
# A second one on the same study is refused, with the words to do so.
"$yogo" run /dev/null --study out/session.study >busy 2>&1 && fail "a second process took the study" || true
grep -q 'E-' busy || fail "the second process did not say why"
press Q
wait_flag alternate_on 0

# Wide characters: every row is as wide as the screen, and the column behind them is where it is in other rows.
start 80 24 "$utf8" "$run kenkyu.cohort"
wait_for '性別'
wait_for '女性 20, 男性 20'
press Enter
wait_for '番号'
press q
press /
typed '性別 = "女'
press Tab
wait_for '性別 = "女性"'
press Enter c
wait_for 'require    性別 = "女性"'
press Q

# 256 colours, 8 colours, none.
start 80 24 "$utf8" "$run colon.cohort"
wait_for 'RANGE OR LEVELS'
screen -e | grep -q '38;5;' || fail "no 256 colours with TERM=screen-256color"
press Q
start 80 24 'LC_ALL=C.UTF-8 TERM=screen' "$run colon.cohort"
wait_for 'RANGE OR LEVELS'
screen -e | grep -q '38;5;' && fail "256 colours with TERM=screen" || true
esc=$(printf '\033')
screen -e | grep -q "$esc\[[0-9;]*4[0-7]m" || fail "no colour with TERM=screen"
press Q
start 80 24 "$utf8 NO_COLOR=1" "$run colon.cohort"
wait_for 'RANGE OR LEVELS'
screen -e | grep -qE "$esc\[[0-9;]*(3[0-7]|4[0-7]|38;5)[;m]" && fail "colour with NO_COLOR" || true
screen -e | grep -qE "$esc\[[0-9;]*7m" || fail "no reverse video with NO_COLOR"
press Q
start 80 24 "$utf8" "$run --theme contrast colon.cohort"
wait_for 'RANGE OR LEVELS'
press Q
# A theme chosen while it runs: one white ground, and back; no colour at all with mono.
start 80 24 "$utf8" "$run colon.cohort"
wait_for 'RANGE OR LEVELS'
typed ';'
typed 'set theme light'
press Enter
wait_for 'theme is now light'
screen -e | grep -q '48;5;231' || fail "the light theme is not white"
screen -e | grep -qE "$esc\[[0-9;]*47m" && fail "the light theme has two whites" || true
typed ';'
typed 'set theme mono'
press Enter
wait_for 'theme is now mono'
screen -e | grep -qE "$esc\[[0-9;]*(3[0-7]|4[0-7]|38;5)[;m]" && fail "colour with the theme mono" || true
# A draft is counted while it is typed, and dropped by the next key.
press 2 n Down +
typed 'age >= 65'
wait_for '362 of 929 persons'
typed '0'
wait_gone '362 of 929 persons'
press Escape
press Q
# Direct colour: the series have the colours of the 256, not those with the same numbers.
if infocmp -x xterm-256color 2>/dev/null | sed -e 's/^xterm-256color.*/yogo-direct|direct colours,/' -e 's/colors#0x100/colors#0x1000000/' -e 's/pairs#0x10000/pairs#0x7fff/' \
	-e 's/setaf=[^,]*,/setaf=\\E[%?%p1%{8}%<%t3%p1%d%e38:2::%p1%{65536}%\/%d:%p1%{256}%\/%{255}%\&%d:%p1%{255}%\&%d%;m,/' \
	-e 's/setab=[^,]*,/setab=\\E[%?%p1%{8}%<%t4%p1%d%e48:2::%p1%{65536}%\/%d:%p1%{256}%\/%{255}%\&%d:%p1%{255}%\&%d%;m,/' \
	-e 's/initc=[^,]*,//' -e 's/ccc, *//' >direct.ti && printf '\tRGB,\n' >>direct.ti && tic -x -o direct direct.ti 2>/dev/null; then
	start 80 24 "LC_ALL=C.UTF-8 TERM=yogo-direct TERMINFO=$work/direct" "$run --theme light colon.cohort"
	wait_for 'RANGE OR LEVELS'
	screen -e | grep -q '48;2;255;255;255' || fail "no direct colour with a terminal that has it"
	press Q
fi
start 80 24 "$utf8" "$run --theme nosuch colon.cohort"
wait_for 'there is no theme nosuch'

# A locale without UTF-8: nothing beyond ASCII is sent.
start 80 24 'LC_ALL=C TERM=screen' "$run colon.cohort"
wait_for 'RANGE OR LEVELS'
screen | LC_ALL=C grep -q '[^ -~]' && fail "more than ASCII in an ASCII locale" || true
press Q

# A long command is cancelled: the message, nothing kept, and the next key works.
awk 'BEGIN { srand(7); print "id,a,b,c,d,g"; for (i = 1; i <= 300000; i++) printf "%d,%.6f,%.6f,%.6f,%.6f,%d\n", i, rand(), rand(), rand(), rand(), int(rand() * 5) }' >large.csv
"$yogo" import large.csv -o large.cohort --public --quiet
start 80 24 "$utf8" "$run --threads 1 large.cohort"
wait_for 'RANGE OR LEVELS'
typed ';'
long='describe a, b, c, d'
i=0
while [ $i -lt 80 ]; do
	long="$long; describe a, b, c, d by g"
	i=$((i + 1))
done
typed "$long"
press Enter
press Escape
wait_for 'cancelled'
press 4
wait_for '[4 Results]'
press 1
press Q
wait_flag alternate_on 0

# Without a terminal it says what to use.
if "$yogo" </dev/null >none 2>&1; then
	fail "the workbench ran without a terminal"
fi
checks=$((checks + 1))
grep -q 'yogo repl' none || fail "no word of the repl without a terminal"
start 80 24 'LC_ALL=C.UTF-8 TERM=nosuchterminal' "$run colon.cohort"
wait_for 'yogo repl'
"$yogo" --reset | od -c | grep -q '1   0   4   9' || fail "--reset does not leave the alternate screen"
finish "terminal"
