#!/bin/sh
# Changes the programs of the generator's corpus at random and insists that nothing fails: eng/mutate.sh [VARIANTS] [SEED].
# The same seed makes the same variants. Prints how many there were, and of the first that fails its number and text.
set -eu
cd "$(dirname "$0")/.."
ATTRMILTER_MUTATIONS="${1:-15000}" ATTRMILTER_SEED="${2:-1}" exec dotnet test tests/Milter.Generators.Tests -c Release ${MUTATE_ARGS:-} \
    --filter "FullyQualifiedName~MutationTests" --logger "console;verbosity=detailed"
