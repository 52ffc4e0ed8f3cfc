#!/usr/bin/env bash
# What libraries show to programs is listed in their PublicAPI.*.txt; a library does not build with what is not listed (RS0016), or listed and gone (RS0017, which is for the hand).
#   eng/api.sh [src/PROJECT/PublicAPI.Unshipped.txt]   lists what is new: read the difference as a user would before you commit it
# What was there in 0.1.0 (eng/api/0.1.0: reference assemblies of commit 579ff73) is there still, but for what a file of eng/api/breaks says:
#   eng/api.sh break NAME PROJECT                      writes eng/api/breaks/PROJECT/NAME.xml, whose first comment is to give the reason
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = break ]; then
    mkdir -p "eng/api/breaks/$3"
    dotnet build "src/$3" -c Release -f net10.0 -p:NewApiBreaks="$2"
    # Where the assemblies lay is no matter.
    sed -i '/<Left>\|<Right>/d' "eng/api/breaks/$3/$2.xml"
    exit
fi
for listing in ${1:-src/*/PublicAPI.Unshipped.txt}; do
    dotnet restore "$(dirname "$listing")" -v quiet
    dotnet format analyzers "$(dirname "$listing")" --diagnostics RS0016 --severity warn --no-restore
done
git --no-pager diff --stat -- 'src/*/PublicAPI.*.txt'
