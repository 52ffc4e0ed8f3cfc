#!/usr/bin/env bash
# Publishes the samples of AttrMilter.Authentication as NativeAOT, insists on no trimming or AOT warning, and prints their sizes.
#   eng/publish-auth-aot.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-$(mktemp -d)}
mkdir -p "$out"
for sample in SenderCheck DkimSigner; do
    dotnet publish "samples/$sample" -c Release -r linux-x64 -p:PublishAot=true -o "$out/$sample" --artifacts-path "$out/artifacts" >"$out/$sample.log" 2>&1 || { tail -40 "$out/$sample.log"; exit 1; }
    if grep -E 'warning (IL|AOT)[0-9]*|warning [A-Z]+[0-9]+' "$out/$sample.log"; then
        echo "publishing $sample has warnings"
        exit 1
    fi
    echo "NativeAOT of $sample: $(stat -c %s "$out/$sample/${sample,,}") bytes"
done
