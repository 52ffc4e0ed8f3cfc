#!/usr/bin/env bash
# Publishes the sample AttachmentPolicy (MimeKit, SharpCompress, a host) as NativeAOT, insists on no trimming or AOT warning, and prints its size.
#   eng/publish-aot-mime.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-$(mktemp -d)}
mkdir -p "$out"
dotnet publish samples/AttachmentPolicy -c Release -r linux-x64 -p:PublishAot=true -o "$out/policy" --artifacts-path "$out/artifacts-policy" >"$out/policy.log" 2>&1 || { tail -40 "$out/policy.log"; exit 1; }
if grep -E 'warning (IL|AOT)[0-9]*|warning [A-Z]+[0-9]+' "$out/policy.log"; then
    echo "publishing has warnings"
    exit 1
fi
echo "AttachmentPolicy as NativeAOT: $(stat -c %s "$out/policy/attachmentpolicy") bytes"
