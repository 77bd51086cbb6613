#!/bin/bash
# Runs a command under a kernel that has SCTP, on a machine whose own has none.
#
#   run-in-sctp-kernel.sh [-t SECONDS] [-m MEMORY] [-w DIR]... [-v] -- COMMAND ARG...
#
# A user-mode-linux guest (Debian: user-mode-linux kmod iproute2) boots in about
# three seconds with the file system of this machine as its root, loads sctp and
# runs COMMAND as its root user, in the current directory, with the current
# environment. Output and exit status are those of COMMAND.
#
#   -t SECONDS   after which the guest is killed, 600 unless given
#   -m MEMORY    of the guest, 1024M unless given
#   -w DIR       COMMAND may write here; unless given, the current directory.
#                /tmp, /var, /etc and the home directory take writes that end
#                with the guest, everything else refuses them.
#   -v           the guest's boot log on stderr
#
# Exit status 124: time is up; 125: the guest did not get as far as COMMAND.
# Needs no root. System calls take some 70 times as long as outside: good for
# showing that something works, not how fast.
set -u

say() { echo "${0##*/}: $*" >&2; }

limit=600 memory=1024M verbose= writable=()
while [ $# -gt 0 ]; do
	case $1 in
	-t) limit=$2; shift 2 ;;
	-m) memory=$2; shift 2 ;;
	-w) writable+=("$(realpath "$2")"); shift 2 ;;
	-v) verbose=yes; shift ;;
	--) shift; break ;;
	-*) say "unknown option $1"; exit 125 ;;
	*) break ;;
	esac
done
[ $# -gt 0 ] || { say "no command; see the head of this file"; exit 125; }
command -v linux.uml >/dev/null || { say "linux.uml is missing: apt-get install user-mode-linux kmod iproute2"; exit 125; }
here=$(pwd -P)
[ ${#writable[@]} -gt 0 ] || writable=("$here")

# What guest and host share: the command and its surroundings go in, output and
# exit status come out.
box=$(mktemp -d -t sctp-kernel.XXXXXX) || exit 125
: >"$box/out" >"$box/err" >"$box/log"
printf '%s\n' "${writable[@]}" >"$box/writable"
export -p | grep -v '^declare -[a-z]*r' >"$box/environment"
{ printf 'cd %q || exit 125\nexec' "$here"; printf ' %q' "$@"; echo; } >"$box/command"

cat >"$box/init" <<'GUEST'
#!/bin/bash
# The guest's first process.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
box=BOX home=HOME_OF_CALLER
power_off() { sync; echo o >/proc/sysrq-trigger; sleep 60; }

mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/box /run/lock /run/over /run/modules/lib/modules
mount -t hostfs -o "$box" none /run/box || power_off
exec 9>>/run/box/log
ln -s "/usr/lib/uml/modules/$(uname -r)" /run/modules/lib/modules/
load() { modprobe -d /run/modules "$1" 2>&9; }

# Writes go to memory, except where the caller has asked for them.
load overlay
mount -t tmpfs -o mode=755 none /run/over
for dir in /tmp /var /etc "$home"; do
	[ -d "$dir" ] || continue
	layer=/run/over/${dir//\//_}
	mkdir -p "$layer/below" "$layer/above" "$layer/work"
	chmod --reference="$dir" "$layer/above"
	mount --bind "$dir" "$layer/below" &&
		mount -t overlay -o "lowerdir=$layer/below,upperdir=$layer/above,workdir=$layer/work" none "$dir" 2>&9 ||
		echo "no writes to $dir" >&9
done
while IFS= read -r dir; do
	mkdir -p "$dir"
	mount -t hostfs -o "$dir" none "$dir" || echo "no writes to $dir" >&9
done </run/box/writable 2>&9

mkdir -p /dev/shm /dev/pts
mount -t tmpfs -o mode=1777 none /dev/shm
mount -t devpts -o mode=620,ptmxmode=666 none /dev/pts
ln -sf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr

# The kernel asks for modules by itself too: netem, veth.
printf '#!/bin/sh\nexec modprobe -d /run/modules "$@"\n' >/run/modules/modprobe
chmod 755 /run/modules/modprobe
echo /run/modules/modprobe >/proc/sys/kernel/modprobe

hostname sctp-kernel
ip link set lo up
load ipv6
load sctp || { echo "the guest cannot load sctp" >&9; power_off; }
load hmac # SCTP cookies; without it listen(2) says ENOSYS
ulimit -c 0
(
	set -a
	. /run/box/environment
	set +a
	export SCTP_KERNEL=uml
	. /run/box/command
) </dev/null >>/run/box/out 2>>/run/box/err
echo $? >/run/box/status
power_off
GUEST
sed -i "s|BOX|$box|; s|HOME_OF_CALLER|${HOME:-/}|" "$box/init"
chmod +x "$box/init"

timeout -s KILL "$limit" linux.uml mem="$memory" root=/dev/root rootfstype=hostfs rootflags=/ ro init="$box/init" \
	con=null con0=null,fd:1 con1=null ssl=null umid="sctp-kernel.$$" uml_dir="$box/" quiet \
	</dev/null >"$box/console" 2>&1 &
guest=$!

# The guest's processes are known by the init they were given, which is this
# run's alone; a guest that is killed leaves some behind.
clear_away() {
	local p
	for p in /proc/[0-9]*; do
		tr '\0' ' ' <"$p/cmdline" | grep -qF " init=$box/init " && kill -9 "${p#/proc/}"
	done
	wait
	rm -rf "$box"
} 2>/dev/null
trap clear_away EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

tail -q -n +1 -s 0.1 --pid=$guest -f "$box/out" 2>/dev/null &
tail_out=$!
tail -q -n +1 -s 0.1 --pid=$guest -f "$box/err" >&2 2>/dev/null &
tail_err=$!
wait $guest 2>/dev/null
end=$?
wait $tail_out $tail_err 2>/dev/null
[ -z "$verbose" ] || cat "$box/console" "$box/log" >&2

if [ -s "$box/status" ]; then exit "$(cat "$box/status")"; fi
if [ $end = 137 ]; then say "the guest was killed after $limit s"; exit 124; fi
say "the guest ended before the command did; its log:"
cat "$box/console" "$box/log" >&2
exit 125
