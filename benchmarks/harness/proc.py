"""Processes: each is started as the leader of a session of its own and ended by its own id; what they use is read from /proc."""
import contextlib
import ctypes
import os
import resource
import signal
import socket
import struct
import subprocess
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None)
_running = []


class Failed(Exception):
    """A server did not come up, a load did not end: told in the row instead of a figure."""


class Child:
    """A program in a session of its own, pinned to a core, whose file descriptors are not scarce."""

    def __init__(self, command, core=None, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=None):
        report, told = os.pipe()

        def prepare():
            os.setsid()
            _libc.prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG: it does not outlive this driver
            if core is not None and core in os.sched_getaffinity(0):
                os.sched_setaffinity(0, {core})
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            os.write(told, struct.pack("d", time.monotonic()))

        self.process = subprocess.Popen(command, preexec_fn=prepare, pass_fds=(), stdin=stdin, stdout=stdout, stderr=stderr, env=env)
        os.close(told)
        self.exec_at = struct.unpack("d", os.read(report, 8))[0]
        os.close(report)
        self.pid = self.process.pid
        _running.append(self)

    def members(self):
        """(pid, fields of /proc/PID/stat from the state on) of all processes of its session."""
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError):
                    with open(f"/proc/{name}/stat") as file:
                        fields = file.read().rsplit(")", 1)[1].split()
                    if int(fields[3]) == self.pid:
                        yield int(name), fields

    def cpu(self):
        """CPU seconds so far, children that have ended included."""
        return sum(int(ticks) for _, fields in self.members() for ticks in fields[11:15]) / TICK

    def memory(self):
        """KiB of all its processes together; `peak` is the sum of each one's own peak."""
        use = {"rss_kb": 0, "pss_kb": 0, "peak_kb": 0, "threads": 0, "processes": 0}
        for pid, _ in self.members():
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/status") as file:
                    status = dict(line.split(":", 1) for line in file if ":" in line)
                with open(f"/proc/{pid}/smaps_rollup") as file:
                    pss = sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
                use["rss_kb"] += int(status.get("VmRSS", "0").split()[0])
                use["peak_kb"] += int(status.get("VmHWM", "0").split()[0])
                use["threads"] += int(status["Threads"])
                use["pss_kb"] += pss
                use["processes"] += 1
        return use

    def stop(self):
        """Ends the session it leads; its id can't be anybody else's before wait() has returned."""
        if self not in _running:
            return
        for sign, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 3)):
            for pid in self._alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            until = time.monotonic() + patience
            while time.monotonic() < until and self._alive():
                time.sleep(0.02)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        _running.remove(self)

    def _alive(self):
        return [pid for pid, fields in self.members() if fields[0] != "Z"]


def stop_all():
    for child in list(_running):
        child.stop()


def machine():
    """(busy, stolen) CPU seconds of the whole machine so far."""
    with open("/proc/stat") as file:
        ticks = [int(value) for value in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / TICK, ticks[7] / TICK


def can_connect(listen):
    if listen.startswith("unix:"):
        family, address = socket.AF_UNIX, listen[5:]
    else:
        port, host = listen[5:].split("@")
        family, address = socket.AF_INET, (host, int(port))
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


@contextlib.contextmanager
def server(command, listen, core=None, patience=30, log=None):
    """A filter that listens; `startup_ms` is from exec to the first connect that succeeds."""
    with open(log or os.devnull, "wb") as output:
        child = Child(command, core, stdout=output, stderr=output)
    try:
        until = time.monotonic() + patience
        while not can_connect(listen):
            if child.process.poll() is not None:
                raise Failed(f"{command[0]} ended at once with {child.process.returncode}, see {log}")
            if time.monotonic() > until:
                raise Failed(f"{command[0]} does not listen after {patience} s")
            time.sleep(0.0002)
        child.startup_ms = (time.monotonic() - child.exec_at) * 1000
        yield child
    finally:
        child.stop()
        if listen.startswith("unix:"):
            with contextlib.suppress(OSError):
                os.unlink(listen[5:])


@contextlib.contextmanager
def bounded(child, seconds):
    """Ends the child when it takes longer; so a read from it always returns."""
    late = threading.Event()

    def expire():
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

    timer = threading.Timer(seconds, expire)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        child.stop()
