#!/usr/bin/env bash
# python3-milter 1.0.5-1+b3 (Debian 12): two of the modules that the package ships and its documentation lists can't be imported by the Python it is built for.
# Milter.greylist does "import thread", which Python 3 calls _thread (Milter.greysql, beside it, catches that). Milter.policy wants bsddb3, which Debian 12 does not
# have, and its way out for the lack of it (anydbm) is never taken, because ModuleNotFoundError is raised again first.
# So greylisting by a shelf and SPF policies from access.db need a change of the module; Milter.greysql works.
# Needs root or not; a Debian 12 with python3 (3.11), apt and network. Fails if this changes.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q download python3-milter=1.0.5-1+b3 libmilter1.0.1 >/dev/null 2>&1
for deb in ./*.deb; do dpkg -x "$deb" root; done
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages LD_LIBRARY_PATH=$(dirname "$(find root -name 'libmilter.so.1.0.1')")
try() { /usr/bin/python3 -W ignore -c "import $1" 2>&1 | tail -n 1 || true; }
/usr/bin/python3 --version
[ -z "$(try Milter.greysql)" ] && echo "Milter.greysql: imported"
for module in greylist policy; do echo "Milter.$module: $(try "Milter.$module")"; done | tee seen
grep -q "^Milter.greylist: ModuleNotFoundError: No module named 'thread'$" seen
grep -q "^Milter.policy: ModuleNotFoundError: No module named 'bsddb3'$" seen
