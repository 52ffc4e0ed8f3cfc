#!/bin/bash
# Puts what these tests consult in place (Debian, as root): libmilter with a compiler, OpenDKIM, OpenDMARC, pymilter, Sendmail::PMilter; systemd, to verify units. Starts and configures nothing.
# Can be run again: what is there is left alone.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
packages=(gcc libc6-dev libmilter-dev opendkim opendkim-tools opendmarc python3-milter libsendmail-pmilter-perl systemd)
missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    log=$(mktemp); trap 'rm -f "$log"' EXIT
    apt=(apt-get -o DPkg::Lock::Timeout=300 -y --no-install-recommends)
    "${apt[@]}" install "${missing[@]}" >"$log" 2>&1 ||
        { "${apt[@]}" -f install >>"$log" 2>&1; apt-get update >>"$log" 2>&1; "${apt[@]}" install "${missing[@]}" >>"$log" 2>&1; } ||
        { cat "$log" >&2; exit 1; }
fi
echo "filters: ready (${packages[*]})"
