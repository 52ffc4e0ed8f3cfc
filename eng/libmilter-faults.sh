#!/usr/bin/env bash
# Plays the hostile cases and faults of docs/reliability.md to a plain filter on libmilter, and prints what it does, a row each:
#   eng/libmilter-faults.sh [--check]     with --check, fails where the page says something else
# Needs gcc and libmilter-dev; some minutes, since some of it is waiting.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O1 -Wall -Wextra -o "$work/doing" tests/scenarios/libmilter/doing.c -lmilter -lpthread
dpkg-query -W -f 'libmilter ${Version}\n' libmilter1.0.1 2>/dev/null || true
page=()
[ "${1:-}" != --check ] || page=(docs/reliability.md)
python3 tests/scenarios/libmilter.py "$work/doing" "${page[@]}"
