#!/usr/bin/env bash
# As tests/fuzz/run.sh, but AFL++ (Debian's afl++) chooses the changes by the code that they reach in Milter.Protocol and Milter.Runtime, which SharpFuzz marks for it.
#   tests/fuzz/guided.sh [SECONDS]      120 seconds; ends with 1 where a promise was broken, and leaves the inputs in artifacts/fuzz
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-120}
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is missing; apt-get install afl++ installs it on Debian." >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build tests/Milter.Runtime.Tests -c Release -v quiet --nologo >"$work/build.log" || { cat "$work/build.log" >&2; exit 2; }
dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tool" >"$work/tool.log" || { cat "$work/tool.log" >&2; exit 2; }
cp -r artifacts/bin/Milter.Runtime.Tests/release "$work/program"
for assembly in Milter.Protocol Milter.Runtime; do
    "$work/tool/sharpfuzz" "$work/program/$assembly.dll"
done
mkdir "$work/seeds"
# A program that is marked runs outside of AFL++, too.
dotnet artifacts/bin/Milter.Runtime.Tests/release/Milter.Runtime.Tests.dll fuzz-seeds "$work/seeds"
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1
afl-fuzz -V "$seconds" -t 10000 -m none -i "$work/seeds" -o "$work/out" -- dotnet "$work/program/Milter.Runtime.Tests.dll" fuzz-guided >"$work/afl.log" || { tail -20 "$work/afl.log" >&2; exit 2; }
value() { sed -n "s/^$1 *: //p" "$work/out/default/fuzzer_stats"; }
echo "guided fuzz: $(value execs_done) sessions in $(value run_time) s from $(ls "$work/seeds" | wc -l) recorded ones, $(value corpus_count) reach code of their own, $(value bitmap_cvg) of the marks; crashes: $(value saved_crashes), hangs: $(value saved_hangs)"
if [ "$(value saved_crashes)$(value saved_hangs)" != 00 ]; then
    mkdir -p artifacts/fuzz
    find "$work/out/default/crashes" "$work/out/default/hangs" -name 'id*' -exec cp -t artifacts/fuzz {} +
    echo "The inputs are in artifacts/fuzz: tests/fuzz/run.sh FILE plays one again." >&2
    exit 1
fi
