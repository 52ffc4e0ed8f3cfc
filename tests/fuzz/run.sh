#!/usr/bin/env bash
# Plays recorded sessions of real MTAs, changed at random, to a session, and fails where a promise of the protocol is broken:
#   tests/fuzz/run.sh [SECONDS [SEED]]    60 seconds; a seed of the day, so that every day tries others and a run can be had again
#   tests/fuzz/run.sh FILE                plays an input again that broke one
set -euo pipefail
cd "$(dirname "$0")/../.."
program=artifacts/bin/Milter.Runtime.Tests/release/Milter.Runtime.Tests.dll
if [ ! -f "$program" ]; then
    dotnet build tests/Milter.Runtime.Tests -c Release
fi
if [ -f "${1:-}" ]; then
    exec dotnet "$program" fuzz "$1"
fi
mkdir -p artifacts/fuzz
exec dotnet "$program" fuzz "${1:-60}" "${2:-$(date -u +%Y%m%d)}" artifacts/fuzz
