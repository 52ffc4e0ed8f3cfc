#!/bin/bash
# Puts the mail servers that these tests run in place (Debian, as root); says one line for each that is ready.
#   install-mtas.sh [SENDMAIL_ROOT]
# Postfix is installed. Sendmail's package conflicts with it, so it is unpacked below SENDMAIL_ROOT, and only its
# libraries and m4 are installed; without SENDMAIL_ROOT it is left out. Neither is started or configured.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
trouble=$(mktemp); trap 'rm -rf "$trouble"' EXIT

# Runs a command silently; what it said is shown only when it fails.
quietly() { "$@" >"$trouble" 2>&1 || { cat "$trouble" >&2; return 1; }; }

# apt now and then loses an archive or its lists are old: mend, refresh and try once more.
apt_install() {
    local apt=(apt-get -o DPkg::Lock::Timeout=300 -y --no-install-recommends)
    "${apt[@]}" install "$@" >"$trouble" 2>&1 && return
    "${apt[@]}" -f install >/dev/null 2>&1 || true
    quietly apt-get update
    quietly "${apt[@]}" install "$@"
}

postfix_ready() { [ -x /usr/sbin/postfix ] && [ -x /usr/lib/postfix/sbin/master ] && getent passwd postfix >/dev/null; }
sendmail_ready() {
    [ -x "$1/usr/libexec/sendmail/sendmail" ] && [ -d "$1/usr/share/sendmail/cf/m4" ] && command -v m4 >/dev/null &&
        ! ldd "$1/usr/libexec/sendmail/sendmail" | grep -q 'not found'
}

if ! postfix_ready; then
    # 'No configuration': the package writes no main.cf and starts nothing.
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    apt_install postfix
fi
postfix_ready
echo "postfix: ready ($(dpkg-query -W -f '${Version}' postfix))"

root=${1:-}
[ -n "$root" ] || exit 0
if ! sendmail_ready "$root"; then
    debs=$(mktemp -d); trap 'rm -rf "$trouble" "$debs"' EXIT
    apt_install m4 libwrap0 libnsl2 liblockfile1 libdb5.3 libldap-2.5-0 libsasl2-2 libssl3
    cd "$debs"
    quietly apt-get download sendmail-bin sendmail-cf || { quietly apt-get update; quietly apt-get download sendmail-bin sendmail-cf; }
    mkdir -p "$root"
    for deb in ./*.deb; do dpkg -x "$deb" "$root"; done
fi
sendmail_ready "$root"
echo "sendmail: ready (in $root)"
