# Helpers of the terminal tests: a tmux server of one's own, waiting for text with a deadline.
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
case $source in /*) ;; *) source=$PWD/$source ;; esac
work=$(mktemp -d)
socket=$work/tmux
failures=0
checks=0

mux() {
	tmux -S "$socket" -f /dev/null "$@"
}
# A session that is never used keeps the server alive between the tests.
mux new-session -d -s keep sleep 1000000
mux set-option -g status off
mux set-option -g default-terminal "screen-256color"

end_all() {
	mux kill-server 2>/dev/null || true
	rm -rf "$work"
}
trap end_all EXIT

fail() {
	echo "FAIL $*"
	failures=$((failures + 1))
}

# start COLUMNS ROWS ENVIRONMENT COMMAND: a shell in a window of that size, and the command typed into it.
start() {
	mux kill-session -t =test 2>/dev/null || true
	mux new-session -d -s test -x "$1" -y "$2" "env $3 PS1='ready> ' HOME=$work sh -i"
	wait_for 'ready>'
	for attempt in 1 2 3 4 5; do
		mux send-keys -t test: -l "cd $work && $4"
		mux send-keys -t test: Enter
		opened || break
	done
}

# Until the program has the screen, or 2 seconds; true when the one before it was still closing its study.
opened() {
	looked=0
	while [ $looked -lt 40 ] && [ "$(mux display-message -p -t test: '#{alternate_on}')" != 1 ]; do
		if screen | grep -qF 'E-JNL-001'; then
			mux send-keys -t test: clear Enter
			sleep 0.5
			return 0
		fi
		looked=$((looked + 1))
		sleep 0.05
	done
	return 1
}

screen() {
	mux capture-pane -t test: -p "$@"
}

# wait_for TEXT: up to 20 seconds, looked for 20 times a second.
wait_for() {
	checks=$((checks + 1))
	tries=0
	until screen 2>/dev/null | grep -qF -- "$1"; do
		tries=$((tries + 1))
		if [ $tries -gt 400 ]; then
			fail "\"$1\" did not appear"
			screen | head -30
			return 0
		fi
		sleep 0.05
	done
}

wait_gone() {
	checks=$((checks + 1))
	tries=0
	while screen | grep -qF -- "$1"; do
		tries=$((tries + 1))
		if [ $tries -gt 400 ]; then
			fail "\"$1\" did not go away"
			return 0
		fi
		sleep 0.05
	done
}

# wait_flag NAME VALUE: a flag of the pane, as alternate_on, cursor_flag, mouse_any_flag.
wait_flag() {
	checks=$((checks + 1))
	tries=0
	until [ "$(mux display-message -t test: -p "#{$1}")" = "$2" ]; do
		tries=$((tries + 1))
		if [ $tries -gt 400 ]; then
			fail "$1 is $(mux display-message -t test: -p "#{$1}"), expected $2"
			return 0
		fi
		sleep 0.05
	done
}

press() {
	mux send-keys -t test: "$@"
}

# tmux takes a semicolon at the end of an argument for its own.
typed() {
	case $1 in *\;) set -- "${1%;}\\;" ;; esac
	mux send-keys -t test: -l "$1"
}

finish() {
	if [ "$failures" = 0 ]; then
		echo "$1: $checks checks passed"
		exit 0
	fi
	exit 1
}
