#!/usr/bin/env bash
# Prints the figures of AttrMilter.Policy: a look-up in SQLite beside pymilter's greysql, in memory, and in sets of networks.
#   eng/policy-figures.sh [FOLDER]
# FOLDER is where the database files go; it should be on the disk that is meant. greysql needs Debian's python3-milter and is left out without it.
# The durability is the same: both SQLite files have journal_mode=WAL and synchronous=NORMAL, so that what was answered outlives the end of the process, and not a loss of power. Ours is measured in a process
# that has compiled its code (a first round on another file); Python's has nothing to compile.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-$(mktemp -d)}
mkdir -p "$out"
worker=$out/worker
dotnet build tests/Milter.Policy.Worker -c Release -o "$worker" -v:q -nologo >"$out/build.log" || { cat "$out/build.log"; exit 1; }
lookups=100000 triplets=50000
echo "$(nproc) processors, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), .NET $(dotnet --version)"
for round in 1 2 3; do
    rm -f "$out"/*.db*
    dotnet "$worker/policy-worker.dll" bench-sqlite "$out/ours.db" $lookups $triplets
    if [ -e /usr/lib/python3/dist-packages/Milter/greysql.py ]; then
        /usr/bin/python3 - "$out/theirs.db" $lookups $triplets <<'PY'
import sys, time
from Milter.greysql import Greylist
path, lookups, triplets = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
grey = Greylist(path)
grey.conn.isolation_level = None    # it begins its transactions itself
assert grey.conn.execute('pragma journal_mode = wal').fetchone()[0] == 'wal'
grey.conn.execute('pragma synchronous = normal')
before = time.process_time()
for i in range(lookups):
    n = i * 7919 % triplets
    grey.check('192.0.%d.0/24' % (n & 255), 'sender%d@example.org' % n, 'ann@example.net')
used = time.process_time() - before
new = grey.conn.execute('select count(*) from greylist').fetchone()[0]
print('greysql: %d look-ups over %d triplets, %d new: %.1f µs CPU each' % (lookups, triplets, new, used * 1e6 / lookups))
PY
    fi
done
dotnet "$worker/policy-worker.dll" bench-memory
dotnet "$worker/policy-worker.dll" bench-networks
