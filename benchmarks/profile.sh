#!/usr/bin/env bash
# Shows by perf (Debian: linux-perf) where a server's time goes under load: by binary, then by function.
#   benchmarks/profile.sh PROGRAM WORKLOAD [small|large]        PROGRAM: build/floor, build/libmilter, build/attrmilter-aot/Milter.BenchFilter
set -euo pipefail
program=$(realpath "$1") workload=$2 size=${3:-small}
cd "$(dirname "$0")"
work=$(mktemp -d)
server= load=
trap 'for pid in $load $server; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT
taskset -c 0 "$program" --listen "unix:$work/socket" --workload "$workload" &
server=$!
for _ in {1..1000}; do grep -q "00010000 .* $work/socket\$" /proc/net/unix && break || sleep 0.01; done
taskset -c 1 build/load run --listen "unix:$work/socket" --workload "$workload" --size "$size" --connections 16 --warmup 1 --duration 6 >"$work/load" &
load=$!
sleep 2
perf record -q -e cpu-clock -F 4999 -p "$server" -o "$work/data" -- sleep 4
wait "$load"
load=
tail -1 "$work/load" | grep -o '"rate": [0-9.]*'
for by in dso sym; do
    perf report -i "$work/data" --stdio --sort "$by" 2>/dev/null | grep -E '^ +[0-9]' | head -12
done
