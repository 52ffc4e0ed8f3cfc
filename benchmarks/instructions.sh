#!/usr/bin/env bash
# Counts the instructions that a server runs for a message in user mode, by valgrind (Debian: valgrind), and shows by perf-like lines which functions run them.
# The same on every machine, quiet or not, which times are not; what the kernel does is not in it.
#   benchmarks/instructions.sh PROGRAM WORKLOAD [MESSAGES]        PROGRAM: build/floor, build/libmilter, build/attrmilter-aot/Milter.BenchFilter
set -euo pipefail
program=$(realpath "$1") workload=$2 messages=${3:-4000}
cd "$(dirname "$0")"
# valgrind can't read the debugging data beside a NativeAOT program: a copy without it.
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
cp "$program" "$work/server"
if command -v eu-unstrip >/dev/null && [ -f "$program.dbg" ]; then
    eu-unstrip -o "$work/named" "$program" "$program.dbg" && strip -g "$work/named" && mv "$work/named" "$work/server"
fi

# Prints messages and instructions. A heap of the usual size is more address space than valgrind has.
count() {
    DOTNET_GCHeapHardLimit=0x10000000 valgrind --tool=callgrind --callgrind-out-file="$work/calls" "$work/server" --listen "unix:$work/socket" --workload "$workload" >"$work/log" 2>&1 &
    server=$!
    for _ in {1..300}; do grep -q "00010000 .* $work/socket\$" /proc/net/unix && break || sleep 0.1; done
    build/load run --listen "unix:$work/socket" --workload "$workload" --size small --connections 4 --warmup 0 --duration 60 --messages "$1" >"$work/load"
    kill "$server"
    wait "$server" || true
    server=
    rm -f "$work/socket"
    echo "$(grep -o '"messages": [0-9]*' "$work/load" | grep -o '[0-9]*') $(grep Collected "$work/log" | grep -o '[0-9]*$')"
}

read -r few start <<<"$(count 500)"
read -r many all <<<"$(count "$messages")"
echo "$(((all - start) / (many - few))) instructions a message"
callgrind_annotate "$work/calls" 2>/dev/null | sed 's/\[.*//; s/???://' | grep -E '^ *[0-9,]+ \(' | head -25
