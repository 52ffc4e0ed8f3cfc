#!/usr/bin/env bash
# Publishes the Quickstart as NativeAOT, insists on no trimming or AOT warning, runs its demo, and prints size and time to listening.
#   eng/publish-aot.sh [FOLDER] [OTHER...]        beside other programs, say the Quickstart of another commit
# net10.0 where its NativeAOT pack can be restored, net9.0 otherwise; what was built is said.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-$(mktemp -d)}
project=samples/Quickstart
publish() {
    dotnet publish "$project" -c Release -r linux-x64 -p:PublishAot=true -p:QuickstartFramework="$1" -o "$out/$1" --artifacts-path "$out/artifacts-$1" >"$out/$1.log" 2>&1
}
mkdir -p "$out"
framework=net10.0
if ! publish net10.0; then
    # Only a pack that can't be had is a reason to go back a version; anything else is an error of ours.
    if ! grep -qE 'error NU110[0-9].*(ILCompiler|NativeAOT)' "$out/net10.0.log"; then
        tail -40 "$out/net10.0.log"
        exit 1
    fi
    framework=net9.0
    publish net9.0 || { tail -40 "$out/net9.0.log"; exit 1; }
fi
if grep -E 'warning (IL|AOT)[0-9]*|warning [A-Z]+[0-9]+' "$out/$framework.log"; then
    echo "publishing has warnings"
    exit 1
fi
binary=$out/$framework/quickstart
# Who does not call UseTls does not pay for it: with it the name of the platform's stream stands in the binary four times, and 2.8 MB more.
if grep -q SslStream "$binary"; then
    echo "the Quickstart carries TLS, which it does not use"
    exit 1
fi
echo "NativeAOT for $framework: $(stat -c %s "$binary") bytes"
"$binary" demo --time
eng/start-time.py "${STARTS:-5}" "$binary" "${@:2}"
