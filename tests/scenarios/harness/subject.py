"""The filter's process: started with the limits that a scenario wants, asked through its standard input, looked at in /proc, ended by its id."""
import ctypes
import os
import resource
import select
import signal
import subprocess
import time

_libc = ctypes.CDLL(None)


class CouldNotRun(Exception):
    """What the scenario needs is not here; that says nothing about the filter."""


class Skipped(Exception):
    """The scenario needs what many machines do not have: a cgroup of its own, a library. Told, and no reason to fail."""


class Subject:
    """One filter of the scenario program."""

    def __init__(self, program, filter, listen, transport="loops", options=(), tries=(), extra=(), nofile=8192, nproc=None, uid=None, env=None, log=None, pass_fds=(), waits=True, container=None):
        command = [program, "--filter", filter, "--listen", listen, *extra]
        for option in [*options, *(["Transport=Sockets"] if transport == "sockets" else [])]:
            command += ["--set", option]
        for option in tries:
            command += ["--try", option]

        def prepare():
            os.setsid()
            if container is not None:
                container.enter()
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
                # Whoever runs this may have them ignored (nohup), and that would be inherited.
                signal.signal(number, signal.SIG_DFL)
            _libc.prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG: it does not outlive the driver
            resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if nproc is not None:
                resource.setrlimit(resource.RLIMIT_NPROC, (nproc, nproc))
            if uid is not None:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)

        self.log_path = log
        environment = {**os.environ, "DOTNET_DbgEnableMiniDump": "0", "DOTNET_EnableDiagnostics": "0", **(env or {})}
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(
                command, preexec_fn=prepare, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, pass_fds=pass_fds, bufsize=0, cwd=os.path.dirname(log))
        self.pid = self.process.pid
        self.ready = self._line(30) if waits else None
        if waits and not self.ready:
            raise CouldNotRun("the filter did not start: " + self.log()[-300:])

    def _line(self, patience):
        line, until = b"", time.monotonic() + patience
        while not line.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            byte = self.process.stdout.read(1)
            if not byte:
                return None
            line += byte
        return line.decode().rstrip("\n") or " "

    def ask(self, question, patience=15):
        """The answer to a question; None where there is none in time, or nobody to ask."""
        try:
            self.process.stdin.write(question.encode() + b"\n")
        except OSError:
            return None
        answer = self._line(patience)
        return None if answer is None else answer.strip()

    def heap(self):
        """MiB of live objects."""
        return int(self.ask("heap", 60) or 0) / 2**20

    def events(self):
        """(entries from Warning on, {event id: entries})."""
        words = (self.ask("log") or "0").split()
        return int(words[0]), {int(word.split("=")[0]): int(word.split("=")[1]) for word in words[1:]}

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def status(self):
        with open(f"/proc/{self.pid}/status") as file:
            return dict(line.split(":", 1) for line in file if ":" in line)

    def figure(self, name):
        try:
            return int(self.status()[name].split()[0])
        except (OSError, KeyError):
            return 0

    @property
    def rss(self):
        return self.figure("VmRSS") / 1024

    @property
    def peak(self):
        return self.figure("VmHWM") / 1024

    @property
    def threads(self):
        return self.figure("Threads")

    @property
    def descriptors(self):
        try:
            return len(os.listdir(f"/proc/{self.pid}/fd"))
        except OSError:
            return 0

    def code(self):
        return self.process.poll()

    def ending(self):
        """How it has ended: its code, and its last line."""
        lines = [line for line in self.log().splitlines() if line.strip()]
        return f"ended with {self.code()}: {lines[-1][:90] if lines else 'without a word'}"

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, patience):
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()
