#!/usr/bin/env bash
# Restarts the Quickstart while four clients connect all the time: for how long nobody listens over TCP, on a unix socket of its own, and with a socket that a service manager holds.
#   eng/restart-window.sh [RESTARTS [PROGRAM...]]     20, of the Quickstart as it is built; a NativeAOT one by its path
set -euo pipefail
cd "$(dirname "$0")/.."
restarts=${1:-20}
shift || true
[ $# -gt 0 ] || { dotnet build samples/Quickstart -c Release -v quiet --nologo >&2; set -- dotnet artifacts/bin/Quickstart/release/quickstart.dll; }
exec python3 eng/restart-window.py "$restarts" "$@"
