#!/usr/bin/env bash
# Sends messages of mixed kinds to a filter, with clients that give up, reset and dawdle, and handlers that throw and are late; fails where a message has not exactly one outcome, or memory grows:
#   tests/soak/run.sh [MESSAGES [SEED]]    3,000 messages, within a minute; any number
set -euo pipefail
cd "$(dirname "$0")/../.."
export ATTRMILTER_SOAK_MESSAGES=${1:-3000} ATTRMILTER_SEED=${2:-1}
if [ ! -f artifacts/bin/Milter.Runtime.Tests/release/Milter.Runtime.Tests.dll ]; then
    dotnet build tests/Milter.Runtime.Tests -c Release
fi
exec dotnet test tests/Milter.Runtime.Tests -c Release --no-build --filter FullyQualifiedName~SoakTests --logger "console;verbosity=detailed"
