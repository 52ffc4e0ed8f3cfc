#!/usr/bin/env bash
# .NET runtime 10.0.12 (Linux, x86-64), CoreCLR: a process that may not call sched_setaffinity does not start. The runtime calls it in each thread that it makes, also where
# nobody asks for an affinity, and takes no for no: refused with EPERM it says "Failed to create CoreCLR, HRESULT: 0x8007054F", and where a filter of system calls
# ends the process (SIGSYS) it says nothing. So a unit of systemd with SystemCallFilter=@system-service and SystemCallFilter=~@privileged @resources, which hardening guides
# name together and systemd-analyze security rewards, keeps every such program from starting, with SystemCallErrorNumber=EPERM too; the same in containers with such a profile.
# SystemCallFilter=sched_setaffinity (and sched_setscheduler for threads with a priority) behind these lines mends it. NativeAOT programs call neither.
set -euo pipefail
version=10.0.12
dotnet --list-runtimes | grep -q "^Microsoft.NETCore.App $version " || { echo "wants the .NET runtime $version"; exit 1; }
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "wants Linux on x86-64"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/ask.py" <<'PYTHON'
import ctypes, struct, subprocess, sys
SCHED_SETAFFINITY, ALLOW, KILL, REFUSE = 203, 0x7FFF0000, 0x80000000, 0x00050000 | 1
libc = ctypes.CDLL(None)
def under(action):
    def enter():
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in (
            (0x20, 0, 0, 0), (0x15, 0, 1, SCHED_SETAFFINITY), (0x06, 0, 0, action), (0x06, 0, 0, ALLOW))))
        libc.prctl(38, 1, 0, 0, 0)
        assert libc.prctl(22, 2, struct.pack("HxxxxxxP", 4, ctypes.addressof(code))) == 0
    done = subprocess.run(["dotnet", "--version"], preexec_fn=enter, capture_output=True, text=True, timeout=50)
    return done.returncode, (done.stdout + done.stderr).strip()
allowed, refused, killed = under(ALLOW), under(REFUSE), under(KILL)
print("allowed:", *allowed); print("refused with EPERM:", *refused); print("ended by the filter:", *killed)
sys.exit(0 if allowed[0] == 0 and refused[0] != 0 and "Failed to create CoreCLR" in refused[1] and killed[0] == -31 else 1)
PYTHON
python3 "$work/ask.py" || { echo "This runtime behaves otherwise now."; exit 1; }
