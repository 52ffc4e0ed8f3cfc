#!/usr/bin/env bash
# Plays the scenarios of tests/scenarios against the library of another commit and against the tree as it is, and prints both in one table.
#   eng/before-after.sh COMMIT [SCENARIO or ROW]...
#   eng/before-after.sh --after-only [--short] [SCENARIO or ROW]...     the tree alone; --short: the cheap ones, within a minute on 2 cores
# The scenario program is this tree's in both cases; it knows the library's public API only. Ends with 0 where the tree does all as wanted, 1 where not, 2 where something could not run.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

commit="" short=() names=()
for argument; do
    case $argument in
        --after-only) commit=none ;;
        --short) short=(--short --jobs 4) ;;
        --*) echo "usage: eng/before-after.sh COMMIT [SCENARIO]... | --after-only [--short] [SCENARIO]..." >&2; exit 64 ;;
        *) if [ -z "$commit" ]; then commit=$(git rev-parse --verify --quiet "$argument^{commit}") || { echo "$argument is no commit" >&2; exit 64; }; else names+=("$argument"); fi ;;
    esac
done
[ -n "$commit" ] || { echo "Which commit is before? Or --after-only." >&2; exit 64; }

# build TREE: builds the scenario program against that tree's library.
build() {
    (cd "$1" && dotnet build tests/scenarios/Milter.Scenarios -c Release -v quiet --nologo >"$work/build.log") || { cat "$work/build.log" >&2; exit 2; }
}

# play TREE RESULTS: runs the scenarios there. A fault is a result, too.
play() {
    python3 tests/scenarios/run.py --program "$1/artifacts/bin/Milter.Scenarios/release/Milter.Scenarios" --json "$2" "${short[@]}" "${names[@]}" || [ $? -lt 3 ]
}

before=$work/before.json after=$work/after.json
echo '[]' >"$before"
if [ "$commit" != none ]; then
    # The whole tree of that commit, and this tree's scenarios in it. It is kept: a commit does not change.
    tree=artifacts/before/$commit
    [ -d "$tree" ] || { mkdir -p "$tree.part" && git archive "$commit" | tar -x -C "$tree.part" && mv "$tree.part" "$tree"; }
    rm -rf "$tree/tests/scenarios"
    cp -r tests/scenarios "$tree/tests/scenarios"
    echo "== before: $(git log -1 --format='%h %s' "$commit")"
    build "$tree"
    play "$tree" "$before"
fi
echo "== after: the tree"
build .
play . "$after"
if [ "$commit" != none ]; then
    echo
    python3 tests/scenarios/table.py "$before" "$after"
else
    python3 tests/scenarios/table.py "$before" "$after" >/dev/null
fi
