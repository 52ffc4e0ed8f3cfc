#!/bin/sh
# Builds the library and the tests of its hosting with another version of Microsoft.Extensions than the oldest that users have, and runs them: eng/extensions.sh [VERSION].
set -eu
cd "$(dirname "$0")/.."
version=${1:-11.0.0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
test() {
    dotnet test "tests/$1" -c Release -p:ExtensionsVersion="$version" --artifacts-path "$work" --filter "$2" --logger "console;verbosity=minimal"
}
test Milter.Runtime.Tests "FullyQualifiedName~Runtime.Tests.Hosting"
test Milter.Samples.Tests "FullyQualifiedName~ProgramTests"
