# For the tests of whole programs: sourced, with the folder of the binaries as $1 and the root of the sources as $2.
set -uo pipefail
bin=$1
root=$2
failures=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$root" || exit 1
for program in saker sakerc; do
	[ -x "$bin/$program" ] && continue
	echo "$bin/$program is not built" >&2
	exit 77
done

fail() {
	echo "FAIL: $*" >&2
	failures=$((failures + 1))
}

# run STATUS COMMAND...: output in $scratch/out, messages in $scratch/err; the exit status must be STATUS, and nothing a sanitizer says is right.
run() {
	local want=$1 got
	shift
	timeout 120 "$@" >"$scratch/out" 2>"$scratch/err"
	got=$?
	[ "$got" = "$want" ] || fail "exit status $got, not $want: $*
$(head -5 "$scratch/err")"
	! grep -qE 'Sanitizer|runtime error:' "$scratch/err" || fail "a sanitizer speaks: $*
$(head -20 "$scratch/err")"
}

# The last run must have said TEXT on standard error.
says() {
	grep -qF -- "$1" "$scratch/err" || fail "no message '$1' but: $(head -3 "$scratch/err")"
}

finish() {
	[ "$failures" = 0 ] || exit 1
	echo "$1"
	exit 0
}

captures() { # all that there are, our own first
	ls tests/data/*.scap
	ls ../shared/reference/historic/*.scap 2>/dev/null
}
