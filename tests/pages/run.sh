#!/usr/bin/env bash
# Makes the pages of `milter bench --html` and `milter trace --html`, and opens them in Debian's chromium by Playwright: no request, no complaint in the console, readable at 400 pixels, light and dark.
#   tests/pages/run.sh [FOLDER]    pages and pictures go to FOLDER; SECONDS_OF_LOAD=5 is how long the bench runs
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
command -v chromium >/dev/null || { echo "chromium is missing: apt-get install chromium" >&2; exit 1; }
dotnet build src/Milter.Tool -c Release -v quiet --nologo
dotnet build samples/Quickstart -c Release -v quiet --nologo
dotnet build tests/pages -c Release -v quiet --nologo
milter() { dotnet artifacts/bin/Milter.Tool/release/Milter.Tool.dll "$@"; }
dotnet artifacts/bin/Quickstart/release/quickstart.dll --Milter:Listen "unix:$folder/filter.sock" >"$folder/filter.log" 2>&1 &
filter=$!
trap 'kill $filter 2>/dev/null || true' EXIT
for _ in $(seq 1200); do [ -S "$folder/filter.sock" ] && break; sleep 0.05; done
milter bench "unix:$folder/filter.sock" --duration "${SECONDS_OF_LOAD:-5}" --workload mixed --html "$folder/bench.html" >/dev/null
milter trace "unix:$folder/trace.sock" "unix:$folder/filter.sock" --sessions 2 --html "$folder/trace.html" >/dev/null 2>&1 &
trace=$!
for _ in $(seq 1200); do [ -S "$folder/trace.sock" ] && break; sleep 0.05; done
for message in $(ls samples/messages/*.eml | head -2); do
    milter send "unix:$folder/trace.sock" "$message" >/dev/null || true
done
wait $trace
dotnet artifacts/bin/pages/release/pages.dll "$folder" "$folder/bench.html" "$folder/trace.html"
