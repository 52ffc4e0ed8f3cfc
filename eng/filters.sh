#!/usr/bin/env bash
# Writes docs/filters.md: installs the filters of Debian 12 that it is about, runs each, plays messages to it with the command `milter`, and puts what was seen into the page's tables.
#   eng/filters.sh [--print]      --print: the tables on the standard output, and the page stays
# All of it happens on an overlay over the whole file system that is gone at the end. Root, Debian 12, its package archive. Some minutes.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
dotnet build "$root/src/Milter.Tool" -c Release -o "$work/tool" -v:q -nologo >&2
tables=$work/tables.md
export root work
unshare --mount --uts --fork bash -euo pipefail -c '
    # Filters write the name of their host into mail, and the page is not about this one.
    hostname mx.example.test
    mkdir "$work/layer"
    mount -t tmpfs filters "$work/layer"
    mkdir "$work/layer/upper" "$work/layer/work" "$work/layer/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work" "$work/layer/root"
    for one in proc sys dev; do mount --rbind "/$one" "$work/layer/root/$one"; done
    printf "#!/bin/sh\nexit 101\n" >"$work/layer/root/usr/sbin/policy-rc.d"
    chmod 755 "$work/layer/root/usr/sbin/policy-rc.d"
    exec chroot "$work/layer/root" python3 "$root/eng/filters.py" "$root" "$work/tool"
' >"$tables"
if [ "${1:-}" = --print ]; then
    cat "$tables"
else
    # What stands between the two marks is written anew.
    python3 - "$root/docs/filters.md" "$tables" <<'PY'
import re, sys
page, tables = (open(path).read() for path in sys.argv[1:])
begin, end = "<!-- made by eng/filters.sh -->", "<!-- until here -->"
head, rest = page.split(begin)
open(sys.argv[1], "w").write(head + begin + "\n" + tables.strip() + "\n" + end + rest.split(end, 1)[1])
PY
fi
rm -rf "$work"
