#!/bin/sh
# Runs the generator's tests on the oldest compiler that may load it, on the usual one and on the newest, with its preview language: eng/compilers.sh [VERSION...].
# The oldest knows C# 12, so that it runs what asks for no later language.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for version in "${@:-4.8.0 4.14.0 5.12.0}"; do
    for one in $version; do
        echo "== compiler $one"
        filter=
        [ "$one" != 4.8.0 ] || filter="FullyQualifiedName~EmitterTests|FullyQualifiedName~BinderTests|FullyQualifiedName~CachingTests|FullyQualifiedName~DerivationTests|FullyQualifiedName~DispatchTests|FullyQualifiedName~OrdinaryProgramTests|FullyQualifiedName~CodeFixTests"
        dotnet test tests/Milter.Generators.Tests -c Release -p:CompilerUnderTest="$one" -p:ArtifactsPath="$work/$one" --logger "console;verbosity=minimal" ${filter:+--filter "$filter"}
    done
done
