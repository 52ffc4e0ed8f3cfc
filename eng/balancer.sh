#!/usr/bin/env bash
# Tries docs/deployment.md's configuration of HAProxy as it stands there, but for the addresses: two filters behind it, both get sessions, and a restart of one of them loses none.
#   eng/balancer.sh          needs haproxy (Debian's), and ports 19198 to 19200 on loopback; SECONDS_OF_LOAD=12 is how long there is mail, with the restart in its middle half
set -euo pipefail
cd "$(dirname "$0")/.."
command -v haproxy >/dev/null || { echo "haproxy is missing: apt-get install haproxy" >&2; exit 1; }
seconds=${SECONDS_OF_LOAD:-12}
folder=$(mktemp -d)
declare -A pid
trap 'for one in "${pid[@]}"; do kill "$one" 2>/dev/null || true; done; rm -rf "$folder"' EXIT
[ -n "${NO_BUILD:-}" ] || { dotnet build src/Milter.Tool -c Release -v quiet --nologo; dotnet build samples/Quickstart -c Release -v quiet --nologo; }
milter() { dotnet artifacts/bin/Milter.Tool/release/Milter.Tool.dll "$@"; }
listening() { for _ in $(seq 1200); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.05; done; echo "nobody listens on $1" >&2; return 1; }
filter() {
    dotnet artifacts/bin/Quickstart/release/quickstart.dll --Milter:Listen "inet:$2@127.0.0.1" --Milter:LogMessages true >>"$folder/$1.log" 2>&1 &
    pid[$1]=$!
    listening "$2"
}
{
    sed -n '/^listen milter$/,/^```$/p' docs/deployment.md | grep -v '^```' | sed 's/127.0.0.1:9199/127.0.0.1:19198/; s/192.0.2.11:9199/127.0.0.1:19199/; s/192.0.2.12:9199/127.0.0.1:19200/'
} >"$folder/haproxy.cfg"
haproxy -c -q -f "$folder/haproxy.cfg"
filter one 19199
filter two 19200
haproxy -f "$folder/haproxy.cfg" >"$folder/haproxy.log" 2>&1 &
pid[haproxy]=$!
listening 19198

milter bench inet:19198@127.0.0.1 --messages 400 --connections 8 --json >"$folder/bench.json"
echo "messages of 400 by one: $(grep -c "from <" "$folder/one.log" || true), by two: $(grep -c "from <" "$folder/two.log" || true)"

milter bench inet:19198@127.0.0.1 --duration "$seconds" --connections 8 --json >"$folder/restart.json" &
load=$!
sleep $((seconds / 4))
kill "${pid[one]}" && wait "${pid[one]}" || true
sleep $((seconds / 4))
filter one 19199
wait $load || true
python3 - "$folder/restart.json" <<'EOF'
import json, sys
run = json.load(open(sys.argv[1]))
print(f"while one was stopped and started again: {run['messages']} messages, {run['errors']} errors, the slowest session took {run['openMilliseconds']['max']} ms to be opened", run["firstError"] or "")
sys.exit(run["errors"] > 0)
EOF
