#!/usr/bin/env bash
# Shows that the benchmark set works, not how fast anything is: builds the C parts, has libmilter, the floor and AttrMilter answer each workload, and
# has the load generator notice a filter that answers another one.
#   benchmarks/check.sh FILTER      FILTER is a built Milter.BenchFilter
set -euo pipefail
export ATTRMILTER_BENCH_FILTER
ATTRMILTER_BENCH_FILTER=$(realpath "$1")
cd "$(dirname "$0")"
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
./setup.sh c >/dev/null
workloads=noop,inspect,inspect-nr,rewrite,typical
./bench.py load --quick --peers libmilter,attrmilter-jit,floor --only "$workloads,newconn-typical,inspect-sendmail,tcp-inspect" --out "$work/rows"
./bench.py block --quick --peers attrmilter-jit --only block-one --out "$work/rows"
./bench.py report "$work/rows" >"$work/report"
grep -q '^| typical, jit |' "$work/report" || { cat "$work/report"; exit 1; }

# The file is there from bind(2) on, and who comes before listen(2) is refused: the kernel says which sockets listen.
wait_for_listener() {
    for _ in {1..6000}; do grep -q "00010000 .* $work/socket\$" /proc/net/unix && return || sleep 0.01; done
    echo "nobody listens on $work/socket"
    exit 1
}

for pair in typical:inspect inspect:rewrite rewrite:inspect noop:typical inspect:noop; do
    build/floor --listen "unix:$work/socket" --workload "${pair%:*}" &
    server=$!
    wait_for_listener
    if build/load run --listen "unix:$work/socket" --workload "${pair#*:}" --warmup 0 --duration 0.1 --connections 1 >"$work/wrong" 2>&1; then
        echo "the load took $pair for right:"
        cat "$work/wrong"
        exit 1
    fi
    grep -qE 'action|message ended' "$work/wrong" || { cat "$work/wrong"; exit 1; }
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
    rm -f "$work/socket"
done
echo "the benchmark set works"
