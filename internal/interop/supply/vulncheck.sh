#!/usr/bin/env bash
# Known vulnerabilities of what otagate calls, by govulncheck.
#
# usage: vulncheck.sh MODULE@VERSION-OF-GOVULNCHECK [DATABASE]
#
# DATABASE is the address of a copy of the vulnerability database; a closed
# network can have one as file:///DIRECTORY. Where the database, or govulncheck
# itself, cannot be reached, nothing was checked: the exit status is 0 only if
# ALLOW_SKIP names vulncheck. A vulnerability found is an error always.
set -uo pipefail
cd "$(dirname "$0")/../../.."

tool=$1
database=(${2:+-db "$2"}) # none: govulncheck knows the public one
said=$(mktemp)
trap 'rm -f "$said"' EXIT

skip() {
	echo "SKIPPED: vulncheck, because $1"
	case " ${ALLOW_SKIP:-} " in *" vulncheck "*) exit 0 ;; esac
	echo "ALLOW_SKIP does not name vulncheck: nothing was checked" >&2
	exit 1
}

# What is refused, or cannot be found or reached; not what was read and is wrong.
unreachable='no such host|i/o timeout|Timeout exceeded|deadline exceeded|connection refused|connection reset|network is unreachable|no route to host|server misbehaving|Forbidden|Bad Gateway|Service Unavailable|module lookup disabled|proxyconnect'

if ! "${GO:-go}" run "$tool" -version >"$said" 2>&1; then
	cat "$said" >&2
	if grep -qE "$unreachable" "$said"; then
		skip "govulncheck cannot be had: $(grep -m1 -E "$unreachable" "$said")"
	fi
	echo "govulncheck does not run" >&2
	exit 1
fi

"${GO:-go}" run "$tool" "${database[@]}" -tags interop -test ./... 2>"$said"
status=$?
cat "$said" >&2
if [ $status != 0 ] && grep -E 'fetching vulnerabilities' "$said" | grep -qE "$unreachable"; then
	skip "its database cannot be reached: $(grep -m1 'fetching vulnerabilities' "$said" | sed 's/^.*fetching vulnerabilities: //')"
fi
exit $status
