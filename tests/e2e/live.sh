# For tests of the live daemon: sourced after lib.sh. Skips where it cannot run at all.
skip() {
	echo "skipped: $*" >&2
	exit 77
}
[ "$(id -u)" = 0 ] || skip "needs root"
for tool in capsh setpriv unshare; do
	command -v $tool >/dev/null || skip "needs $tool"
done
# One rule that only these tests meet: /bin/true with saker-e2e as its first argument.
rules=$scratch/rules.yaml
cat >"$rules" <<'END'
- rule: Seen
  desc: d
  condition: evt.type in (execve, execveat) and evt.failed=false and proc.name=true and proc.args startswith saker-e2e
  output: saw %proc.args parent=%proc.pname exe=%proc.exepath user=%user.name
  priority: NOTICE
END
as_root=("$bin/saker" -c /dev/null -r "$rules" -o engine.kind=modern_ebpf)
saker=("${as_root[@]}")
daemon=
trap 'if [ -n "$daemon" ]; then kill -KILL "$daemon" 2>/dev/null; fi; rm -rf "$scratch"' EXIT

# start_live NAME OPTION...: the daemon as $daemon, once it watches. Output in $scratch/NAME.out and .err
start_live() {
	local i name=$1
	shift
	"${saker[@]}" "$@" >"$scratch/$name.out" 2>"$scratch/$name.err" &
	daemon=$!
	for i in $(seq 200); do
		grep -qs "live detection by eBPF" "$scratch/$name.err" && grep -qs '^Seccomp:.*2' "/proc/$daemon/status" && return 0
		kill -0 "$daemon" 2>/dev/null || break
		sleep .05
	done
	fail "$name: does not start: $(tail -2 "$scratch/$name.err")"
	return 1
}

# An event that the rule describes is told of. On a machine so busy that it gets lost the daemon says so, and it is tried again.
seen() {
	local i
	for i in $(seq 100); do
		[ $((i % 20)) = 1 ] && /bin/true "saker-e2e $1"
		grep -q "saw saker-e2e $1 " "$scratch/$1.out" && return 0
		sleep .1
	done
	fail "$1: no alert"
}

# told NAME COUNT PATTERN: so many lines of output, or fewer by no more than the losses that were counted
told() {
	local n lost
	n=$(grep -c "$3" "$scratch/$1.out")
	lost=$(sed -n 's/.*live events: .* \([0-9]*\) lost/\1/p' "$scratch/$1.err")
	[ "$n" -le "$2" ] && [ $((n + ${lost:-0})) -ge "$2" ] || fail "$1: $n of $2 are told of, ${lost:-0} events lost"
}

# stop_live STATUS [SIGNAL]: it ends with STATUS within two seconds.
stop_live() {
	local i got before
	before=$(date +%s%N)
	kill -"${2:-INT}" "$daemon"
	wait "$daemon"
	got=$?
	daemon=
	[ "$got" = "$1" ] || fail "ended with $got, not $1"
	took=$((($(date +%s%N) - before) / 1000000))
	! grep -lE 'Sanitizer|runtime error:|the filter refuses' "$scratch"/*.err || fail "$(grep -hE 'Sanitizer|runtime error:|the filter refuses' "$scratch"/*.err | head -3)"
}

# A machine without BTF or BPF says so here, once, for all that follows.
if ! "${saker[@]}" -M 0.1 >"$scratch/probe.out" 2>"$scratch/probe.err"; then
	grep -qE 'permission|lacks CAP|name space|CONFIG_DEBUG_INFO_BTF|ring of .* cannot be made|one of replay' "$scratch/probe.err" && skip "$(tail -1 "$scratch/probe.err")"
	fail "the daemon does not run: $(tail -2 "$scratch/probe.err")"
	exit 1
fi
