#!/usr/bin/env bash
# Shows that the tests of order find the faults they are there for: each patch of this folder puts one back into a copy of the tree, where those tests have to fail.
# Usage: tests/faults/run.sh [PATCH...]. Builds the runtime's tests once for each; some minutes.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
patches=()
for patch in "$@"; do patches+=("$(realpath "$patch")"); done
[ ${#patches[@]} -gt 0 ] || patches=("$top"/tests/faults/*.patch)
(cd "$top" && git ls-files -z | xargs -0 tar cf - --ignore-failed-read 2>/dev/null) | tar xf - -C "$work"
failed=0
verdict() { printf '%-60s %s\n' "$1" "$2"; }
run() { # the tests of order, in the copy
    (cd "$work" && dotnet test tests/Milter.Runtime.Tests -c Release --filter "FullyQualifiedName~Milter.Runtime.Tests.Scheduling" --logger "console;verbosity=minimal" -p:RunAnalyzers=false) >"$work/log" 2>&1
}

if run; then verdict "(the tree as it is)" "green, as it should be"; else cat "$work/log"; verdict "(the tree as it is)" "RED"; exit 1; fi
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    patch -s -p1 -d "$work" <"$patch"
    if run; then verdict "$name" "NOT FOUND"; failed=1
    elif grep -q 'Failed!' "$work/log"; then verdict "$name" "found: $(grep -m1 -oE 'seed [0-9]+: .{0,80}|Assert\.[A-Za-z]+\(\) Failure' "$work/log" || true)"
    else tail -20 "$work/log"; verdict "$name" "does not build"; failed=1; fi
    patch -s -R -p1 -d "$work" <"$patch"
done
exit $failed
