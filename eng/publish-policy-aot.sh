#!/usr/bin/env bash
# Publishes a program with all stores of AttrMilter.Policy as NativeAOT, insists on no trimming or AOT warning, and runs the contract of stores with it.
#   eng/publish-policy-aot.sh [FOLDER [STORE...]]
# STORE is a setting of Policy:Store, such as redis:127.0.0.1:6379; memory and a SQLite file are always run.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-$(mktemp -d)}
[ $# -eq 0 ] || shift
mkdir -p "$out"
dotnet publish tests/Milter.Policy.Worker -c Release -r linux-x64 -p:PublishAot=true -o "$out/worker" --artifacts-path "$out/artifacts" >"$out/worker.log" 2>&1 || { tail -40 "$out/worker.log"; exit 1; }
if grep -E 'warning (IL|AOT)[0-9]*|warning [A-Z]+[0-9]+' "$out/worker.log"; then
    echo "publishing has warnings"
    exit 1
fi
echo "NativeAOT with all stores: $(stat -c %s "$out/worker/policy-worker") bytes"
"$out/worker/policy-worker" contract memory "sqlite:$out/contract.db" "$@"
