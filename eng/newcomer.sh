#!/usr/bin/env bash
# Does what README.md and docs/getting-started.md say, to the letter, as somebody new would: from packages that are packed here to mail that a real Postfix delivers, as a program and as a
# service, and a restart of it under load. Prints what was seen and measured; ends with 0 where all of it was as the pages say.
#   eng/newcomer.sh [FOLDER]
# All of it happens in a mount namespace of its own, on an overlay over the whole file system that is gone at the end, and what runs is in a network namespace with nothing but a loopback
# interface, so that ports are those of the pages. Root, Debian's postfix, and python3; systemctl is played by eng/newcomer.py, with systemd-analyze where it is installed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
export root work
exec unshare --mount --fork bash -euo pipefail -c '
    mount -t tmpfs newcomer "$work"
    mkdir "$work/upper" "$work/work" "$work/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root"
    for one in proc sys dev; do mount --rbind "/$one" "$work/root/$one"; done
    exec chroot "$work/root" python3 "$root/eng/newcomer.py" "$root"
'
