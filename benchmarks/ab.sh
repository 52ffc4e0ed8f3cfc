#!/usr/bin/env bash
# CPU of a message before and after a commit: builds Milter.BenchFilter of COMMIT and of this tree, and measures both, interleaved, the one of COMMIT twice over for the spread of the machine.
#   benchmarks/ab.sh COMMIT [REPS]        needs benchmarks/build/load (setup.sh c) and two cores with nothing else on them
set -euo pipefail
cd "$(dirname "$0")/.."
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
git archive "$1" | tar -x -C "$before"
dotnet build "$before/benchmarks/Milter.BenchFilter" -c Release -v quiet --nologo
dotnet build benchmarks/Milter.BenchFilter -c Release -v quiet --nologo
benchmarks/bench.py ab --reps "${2:-7}" --before "$before/artifacts/bin/Milter.BenchFilter/release" --after artifacts/bin/Milter.BenchFilter/release
