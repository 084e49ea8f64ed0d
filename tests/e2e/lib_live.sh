# For the tests of live detection: sourced first, with the folder of the binaries as $1 and the root of the sources as $2. The script runs again in a mount and a
# network name space of its own, where the runtimes' folders are empty: what it starts is all that is in that mount name space, and it ends all of it.
# The machine's other processes are watched as well; a test looks only at alerts of containers whose name begins with $mark, of processes with $mark as value of
# SAKER_E2E in their environment.
skip() {
	echo "skipped: $*"
	exit 77
}
[ "$(id -u)" = 0 ] || skip "only root watches a machine"
[ -r /sys/kernel/btf/vmlinux ] || skip "no /sys/kernel/btf/vmlinux: the kernel has no BTF"
for tool in unshare ip busybox script; do
	command -v "$tool" >/dev/null || skip "no $tool"
done
unshare -m -n true 2>/dev/null || skip "no name spaces here"
[ -n "${SAKER_LIVE_NS:-}" ] || SAKER_LIVE_NS=1 SAKER_E2E=e2e$$ exec unshare -m -n --propagation private "$0" "$@"
. "$(dirname "$0")/lib.sh"

# --- a place of its own -----------------------------------------------------------------------------------------------------------------------------------------
mark=$SAKER_E2E
address=203.0.113.7
repository=registry.test:5000/team/bb
tag=1.35
image=$repository:$tag
ours=$(readlink /proc/$$/ns/mnt)

# All processes of this mount name space but this one, and those in the control groups of our containers.
our_processes() {
	local p
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/ns/mnt" 2>/dev/null)" = "$ours" ] && [ "${p#/proc/}" != $$ ] && [ "${p#/proc/}" != $BASHPID ] && echo "${p#/proc/}"
	done
	cat /sys/fs/cgroup/{,*/}"$mark"/*/cgroup.procs 2>/dev/null
}
clean() {
	local i left
	exec 2>/dev/null # the shell's remarks on what is ended here
	if [ -n "$(ls -A /var/lib/containers 2>/dev/null)" ]; then
		timeout 20 podman rm -a -f -t 0 >/dev/null 2>&1
	fi
	for i in 1 2 3 4 5 6 7 8; do
		left=$(our_processes | sort -u)
		[ -n "$left" ] || break
		kill -KILL $left 2>/dev/null
		sleep 0.1
	done
	rm -f "/dev/$mark"*
	[ -z "${SAKER_E2E_KEEP:-}" ] || cp -r "$scratch" "$SAKER_E2E_KEEP" # for who looks for the reason
	for i in /sys/fs/cgroup/{,*/}cgroup.procs; do
		[ -d "$(dirname "$i")/$mark.service" ] && echo $$ >"$i"
	done 2>/dev/null
	rmdir /sys/fs/cgroup/{,*/}"$mark"{/*,,.service} 2>/dev/null
	cd / && rm -rf "$scratch" 2>/dev/null
}
trap clean EXIT
for dir in /run/containers /run/libpod /run/runc /run/crun /run/containerd /var/lib/containers /var/lib/containerd; do
	mkdir -p "$dir"
	mount -t tmpfs -o mode=755 none "$dir" || skip "no tmpfs on $dir"
done
# Nor does it live in a control group that looks like that of a container.
while IFS=: read -r _ controllers path; do
	[[ $path == /*/* ]] || continue
	hierarchy=/sys/fs/cgroup/$controllers
	[ -n "$controllers" ] || for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified; do [ -e $hierarchy/cgroup.procs ] && break; done
	mkdir -p "$hierarchy/$mark.service" && echo $$ >"$hierarchy/$mark.service/cgroup.procs" || skip "no control group of its own"
done </proc/self/cgroup
ip link set lo up
ip addr add "$address/24" dev lo

# --- saker ------------------------------------------------------------------------------------------------------------------------------------------------------------
# Every alert says whose it is; a rule of the test shows each event of containers, one tells that all before it is done.
mkdir "$scratch/rules"
cat >"$scratch/rules/test.yaml" <<'END'
- rule: Event in a container
  desc: from the first on
  condition: >
    evt.type in (clone, clone3, fork, vfork, execve, execveat, open, openat, openat2, connect, procexit)
    and container.id != host
    and (proc.name startswith "runc:" or proc.name startswith "crun:" or proc.vpid != val(proc.pid))
  output: "%evt.type %proc.name"
  priority: DEBUG
- rule: Mark
  desc: a program that says that it ran
  condition: evt.type = execve and evt.failed = false and proc.args startswith saker-mark-
  output: "mark %proc.args"
  priority: DEBUG
END
cat >"$scratch/saker.yaml" <<'END'
json_output: true
rule_matching: all
engine:
  kind: modern_ebpf
  modern_ebpf: {buf_size_preset: 6}
append_output:
  - extra_fields: [evt.type, proc.name, proc.cmdline, proc.vpid, "proc.env[SAKER_E2E]", container.id, container.name, container.image.repository, container.image.tag]
END

declare -A pids
# start NAME ARGUMENTS...: saker with our rules and those of the test, from now on watching. Alerts in $scratch/NAME.out, messages in $scratch/NAME.log.
start() {
	local name=$1 i
	shift
	"$bin/saker" -U -c "$scratch/saker.yaml" -r rules -r "$scratch/rules" "$@" >"$scratch/$name.out" 2>"$scratch/$name.log" &
	pids[$name]=$!
	for i in $(seq 600); do
		grep -q 'live detection by eBPF' "$scratch/$name.log" && return 0
		kill -0 "${pids[$name]}" 2>/dev/null || break
		sleep 0.05
	done
	grep -qE 'ermission|CONFIG_DEBUG_INFO_BTF|ring buffers|want replay|not available' "$scratch/$name.log" && skip "$(tail -1 "$scratch/$name.log")"
	cat "$scratch/$name.log" >&2
	fail "saker does not watch"
	exit 1
}

# until PATTERN FILE: PATTERN is in FILE, or half a minute went by.
until_in() {
	local i
	for i in $(seq 600); do
		grep -qE -- "$1" "$2" 2>/dev/null && return 0
		sleep 0.05
	done
	fail "no '$1' in $(basename "$2"): $(tail -2 "$2" | cut -c1-300)"
	return 1
}

# settle NAME...: until they have told all that happened up to now.
marks=0
settle() {
	local name word
	marks=$((marks + 1))
	word=saker-mark-$mark-$marks
	/bin/true "$word"
	for name; do until_in "$word" "$scratch/$name.out"; done
}

# stop NAME: as a person does; it says what it counted, and nothing is wrong.
stop() {
	local status
	kill -INT "${pids[$1]}" 2>/dev/null
	wait "${pids[$1]}"
	status=$?
	[ $status = 0 ] || fail "$1: saker ends with $status: $(tail -5 "$scratch/$1.log")"
	grep -q 'live events: .* 0 lost' "$scratch/$1.log" || echo "$1: $(tail -1 "$scratch/$1.log"): the machine is too busy to tell all" >&2
	grep -q '^Events detected: ' "$scratch/$1.out" || fail "$1: no statistics"
	! grep -qE 'Sanitizer|runtime error:' "$scratch/$1.log" || fail "$1: a sanitizer speaks: $(grep -E -A20 'Sanitizer|runtime error:' "$scratch/$1.log")"
	unset "pids[$1]"
}

# --- what was told ----------------------------------------------------------------------------------------------------------------------------------------------
# lines NAME KEY=VALUE...: alerts whose fields have these values; rule is one of them. A value is JSON: "text", 1, null.
lines() {
	local name=$1 pair
	shift
	cp "$scratch/$name.out" "$scratch/lines"
	for pair; do
		grep -F -- "\"${pair%%=*}\":${pair#*=}" "$scratch/lines" >"$scratch/lines.next"
		mv "$scratch/lines.next" "$scratch/lines"
	done
	cat "$scratch/lines"
}

# told NAME RULE KEY=VALUE...: there is such an alert.
told() {
	local name=$1 rule=$2
	shift 2
	[ -n "$(lines "$name" "rule=\"$rule\"" "$@")" ] && return 0
	fail "$name: no alert '$rule' with $*; of this rule: $(lines "$name" "rule=\"$rule\"" | grep -F "$mark" | head -2 | cut -c1-1000)"
	return 1
}

# filled NAME CONTAINER: every alert of the container, from its first event on, has its names; the id is the same in all.
filled() {
	local id ids n bad
	ids=$(lines "$1" "container.name=\"$2\"" | sed 's/.*"container.id":"\([^"]*\)".*/\1/' | sort -u)
	id=$(head -1 <<<"$ids")
	[ -n "$id" ] || { fail "$1: container $2 is not seen"; return 1; }
	[ "$ids" = "$id" ] && [ "$id" != host ] || { fail "$1: ids of container $2: $ids"; return 1; }
	n=$(lines "$1" "container.id=\"$id\"" | grep -c '')
	bad=$(lines "$1" "container.id=\"$id\"" | grep -vF "\"container.name\":\"$2\"")
	bad+=$(lines "$1" "container.id=\"$id\"" | grep -vF "\"container.image.repository\":\"$repository\"")
	bad+=$(lines "$1" "container.id=\"$id\"" | grep -vF "\"container.image.tag\":\"$tag\"")
	[ -z "$bad" ] || { fail "$1: container $2 without its names: $(head -2 <<<"$bad" | cut -c1-900)"; return 1; }
	echo "$2: id $id, $n alerts, all with name and image; first $(lines "$1" "container.id=\"$id\"" | head -1 | sed 's/.*"evt.type":"\([^"]*\)".*/\1/')"
}

# The rules that keep the six promises.
promises=("Terminal shell in container" "Launch Privileged Container" "Launch Sensitive Mount Container" "Server process spawned unexpected child"
	"Read sensitive file untrusted" "Create files below dev" "System procs network activity")

# --- containers ----------------------------------------------------------------------------------------------------------------------------------------------------
# make_image: an archive $scratch/image.tar, as docker saves one: busybox, bash with its libraries, a web server's files.
make_image() {
	local r=$scratch/rootfs applet sum file
	mkdir -p "$r"/{bin,etc,tmp,root,dev,proc,sys,www/cgi-bin}
	cp "$(command -v busybox)" "$r/bin/busybox"
	for applet in sh ls cat cp rm mkdir echo id tar wget httpd sleep true sed grep find touch env; do ln "$r/bin/busybox" "$r/bin/$applet"; done
	cp "$(command -v bash)" "$r/bin/bash"
	for file in $(ldd "$(command -v bash)" | grep -o '/[^ ]*'); do
		mkdir -p "$r/$(dirname "$file")"
		cp -L "$file" "$r/$file"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n' >"$r/etc/passwd"
	printf 'root:*:19000:0:99999:7:::\n' >"$r/etc/shadow"
	printf 'root:x:0:\n' >"$r/etc/group"
	web_files "$r/www" /bin/sh
	tar -C "$r" --owner=0 --group=0 -cf "$scratch/layer.tar" .
	sum=$(sha256sum "$scratch/layer.tar" | cut -d' ' -f1)
	printf '{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh"],"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":"test"}]}' "$sum" >"$scratch/config.json"
	printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$image" >"$scratch/manifest.json"
	tar -C "$scratch" -cf "$scratch/image.tar" manifest.json config.json layer.tar
	rm -rf "$r"
}

# web_files FOLDER SHELL: a page, and a page that the server has the shell make.
web_files() {
	mkdir -p "$1/cgi-bin"
	echo hello >"$1/index.html"
	printf '*.sh:%s\n' "$2" >"$1/httpd.conf"
	printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"\necho page\n' >"$1/cgi-bin/page.sh"
	chmod 755 "$1/cgi-bin/page.sh"
}

podman_ready() {
	local tool
	for tool in podman runc; do command -v "$tool" >/dev/null || skip "no $tool"; done
	printf '[engine]\nevents_logger = "file"\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n' >"$scratch/containers.conf"
	export CONTAINERS_CONF=$scratch/containers.conf
	make_image
	podman load -q -i "$scratch/image.tar" >"$scratch/podman.log" 2>&1 || skip "podman cannot load an image here: $(tail -1 "$scratch/podman.log")"
	podman_run --rm --name "$mark-try" --network=none $image true >"$scratch/podman.log" 2>&1 || skip "podman cannot run a container here: $(tail -1 "$scratch/podman.log")"
}
# podman_run OPTION...: with limits that a machine without any allows.
podman_run() {
	timeout 60 podman run --pull=never --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 "$@"
}

containerd_ready() {
	local tool i
	for tool in containerd ctr runc containerd-shim-runc-v2; do command -v "$tool" >/dev/null || skip "no $tool"; done
	cat >"$scratch/containerd.toml" <<'END'
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "/run/containerd/containerd.sock"
END
	make_image
	containerd -c "$scratch/containerd.toml" -l error >"$scratch/containerd.log" 2>&1 &
	containerd=$!
	export CONTAINERD_NAMESPACE=$mark
	for i in $(seq 300); do
		ctr version >/dev/null 2>&1 && break
		kill -0 $containerd 2>/dev/null || skip "containerd does not run here: $(tail -1 "$scratch/containerd.log")"
		sleep 0.1
	done
	ctr image import "$scratch/image.tar" >"$scratch/ctr.log" 2>&1 || skip "containerd cannot import an image here: $(tail -1 "$scratch/ctr.log")"
	ctr_run --rm $image "$mark-try" true >"$scratch/ctr.log" 2>&1 || skip "containerd cannot run a container here: $(tail -1 "$scratch/ctr.log")"
}
ctr_run() {
	timeout 60 ctr run "$@"
}

# with_terminal COMMAND...: its standard streams are a terminal.
with_terminal() {
	script -qec "$(printf '%q ' "$@")" /dev/null </dev/null >/dev/null 2>&1
}

# --- attacks ---------------------------------------------------------------------------------------------------------------------------------------------------------
# served PORT: the page that the shell makes was seen.
served() {
	local i
	for i in $(seq 200); do
		[ "$(busybox wget -q -O - "http://$address:$1/cgi-bin/page.sh" 2>/dev/null)" = page ] && return 0
		sleep 0.1
	done
	fail "no web server at $1"
	return 1
}

attack_host() {
	local server
	mkdir -p "$scratch/www"
	ln -sf "$(command -v busybox)" "$scratch/httpd"
	web_files "$scratch/www" /bin/sh
	(cd "$scratch" && exec ./httpd -f -p "$address:8081" -h www -c httpd.conf) &
	server=$!
	served 8081
	cat /etc/shadow >/dev/null
	echo x >"/dev/$mark"
	bash -c "exec 3<>/dev/tcp/$address/8081" || fail "no connection"
	kill $server
	wait $server 2>/dev/null
	rm -f "/dev/$mark"
}
expect_host() {
	local whose=("container.id=\"host\"" "container.name=\"host\"" "proc.env[SAKER_E2E]=\"$mark\"")
	told "$1" "Server process spawned unexpected child" 'proc.name="sh"' 'proc.pname="httpd"' "${whose[@]}"
	told "$1" "Read sensitive file untrusted" 'fd.name="/etc/shadow"' 'proc.name="cat"' "${whose[@]}"
	told "$1" "Create files below dev" "fd.name=\"/dev/$mark\"" "${whose[@]}"
	told "$1" "System procs network activity" 'proc.name="bash"' "${whose[@]}"
}

attack_podman() {
	with_terminal podman run --pull=never --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --rm -t --network=none --name "$mark-shell" $image sh -c 'id; exit 0'
	podman_run --rm --network=none --privileged --name "$mark-privileged" $image true
	podman_run --rm --network=none -v /etc:/hostetc:ro --name "$mark-mount" $image cat /hostetc/hostname >/dev/null
	podman_run -d --rm --network=host --name "$mark-web" $image httpd -f -p $address:8080 -h /www -c /www/httpd.conf >/dev/null
	served 8080
	podman exec "$mark-web" cat /etc/shadow >/dev/null
	podman exec "$mark-web" sh -c 'echo x >/dev/hidden'
	podman exec "$mark-web" bash -c "exec 3<>/dev/tcp/$address/8080" || fail "no connection"
	with_terminal podman exec -t "$mark-web" sh -c 'id; exit 0'
	podman stop -t 0 "$mark-web" >/dev/null
}
attack_containerd() {
	with_terminal ctr run --rm -t $image "$mark-shell" sh -c 'id; exit 0'
	ctr_run --rm --privileged $image "$mark-privileged" true
	ctr_run --rm --mount type=bind,src=/etc,dst=/hostetc,options=rbind:ro $image "$mark-mount" cat /hostetc/hostname >/dev/null
	ctr_run -d --net-host $image "$mark-web" httpd -f -p $address:8080 -h /www -c /www/httpd.conf
	served 8080
	ctr task exec --exec-id a "$mark-web" cat /etc/shadow >/dev/null
	ctr task exec --exec-id b "$mark-web" sh -c 'echo x >/dev/hidden'
	ctr task exec --exec-id c "$mark-web" bash -c "exec 3<>/dev/tcp/$address/8080" || fail "no connection"
	with_terminal ctr task exec -t --exec-id d "$mark-web" sh -c 'id; exit 0'
	ctr task kill -s 9 "$mark-web"
	ctr_gone "$mark-web"
}
ctr_gone() { # and its task, when that has ended
	local i
	for i in $(seq 100); do
		ctr container rm "$1" >/dev/null 2>&1 && return 0
		ctr task rm "$1" >/dev/null 2>&1 || sleep 0.1
	done
	fail "containerd keeps $1"
}
expect_containers() {
	local name names=("container.image.repository=\"$repository\"" "container.image.tag=\"$tag\"")
	told "$1" "Terminal shell in container" "container.name=\"$mark-shell\"" "${names[@]}"
	told "$1" "Launch Privileged Container" "container.name=\"$mark-privileged\"" "${names[@]}"
	told "$1" "Launch Sensitive Mount Container" "container.name=\"$mark-mount\"" "${names[@]}"
	told "$1" "Terminal shell in container" "container.name=\"$mark-web\"" "${names[@]}"
	told "$1" "Server process spawned unexpected child" "container.name=\"$mark-web\"" "${names[@]}"
	told "$1" "Read sensitive file untrusted" "container.name=\"$mark-web\"" "${names[@]}"
	told "$1" "Create files below dev" "container.name=\"$mark-web\"" "${names[@]}"
	told "$1" "System procs network activity" "container.name=\"$mark-web\"" "${names[@]}"
	for name in shell privileged mount web; do filled "$1" "$mark-$name"; done
}
