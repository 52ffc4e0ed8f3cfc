"""Scenarios: how one is declared, where it runs, and how it is judged."""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

from .subject import CouldNotRun, Skipped, Subject
from .wire import Gone, Mta

WANTED, FAULT, COULD_NOT_RUN, SKIPPED = 0, 1, 2, 3
LOOPS, SOCKETS, ONE = "loops", "sockets", "-"
BOTH = (LOOPS, SOCKETS)


@dataclass
class Scenario:
    row: str
    name: str
    wanted: str
    bound: int
    transports: tuple
    short: bool
    run: object


ALL = []


def scenario(row, wanted, bound, transports=BOTH, short=False):
    """Declares a scenario. Its function takes a Stage and returns (whether all was as wanted, what was seen)."""
    def declare(run):
        ALL.append(Scenario(row, run.__name__.replace("_", "-"), wanted, bound, transports, short, run))
        return run
    return declare


class Overrun(BaseException):
    """The scenario's bound is reached. Not an Exception: nobody on the way is to take it for an answer."""


@dataclass
class Stage:
    """Where one scenario runs: a folder, the program, the transport, and all that has to end with it."""
    program: str
    transport: str
    folder: str = ""
    short: bool = False
    ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    starts: int = 0

    def start(self, filter="doing", **how):
        self.starts += 1
        how.setdefault("listen", f"unix:{self.folder}/m{self.starts}.sock")
        how.setdefault("options", [])
        listens_on_file = how["listen"].startswith("unix:")
        if listens_on_file and "--as" not in how.get("extra", ()):
            how["options"] = [*how["options"], "SocketMode=0666"]
        if how.get("uid") is not None:
            os.chown(self.folder, how["uid"], how["uid"])
        subject = Subject(self.program, filter, transport=self.transport, log=f"{self.folder}/log{self.starts}", **how)
        self.ends.callback(subject.stop)
        subject.address = how["listen"][5:] if listens_on_file else None
        if not listens_on_file and subject.ready and "@" in subject.ready:
            subject.address = ("127.0.0.1", int(subject.ready.split(":")[1].split("@")[0]))
        return subject

    def small_disk(self):
        """A file system of one MiB, which ends with the scenario."""
        disk = f"{self.folder}/disk"
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode:
            raise CouldNotRun("a small file system can't be mounted here (root?)")
        self.ends.callback(subprocess.run, ["umount", "-l", disk], capture_output=True)
        return disk

    def mta(self, subject, **how):
        mta = Mta(subject.address, **how)
        self.ends.callback(mta.close)
        return mta

    def mtas(self, subject, count, **how):
        return [self.mta(subject, **how) for _ in range(count)]


def answers(subject, patience=5.0, deeds=None, verdicts="ca"):
    """Whether a new connection gets its message answered by one of these verdicts, and after how many seconds."""
    begin = time.monotonic()
    try:
        with Mta(subject.address, patience) as mta:
            return mta.message(deeds) in verdicts, time.monotonic() - begin
    except Gone:
        return False, time.monotonic() - begin


def together(count, work):
    """Runs work(i) on as many threads; gives what each returned, or its Gone."""
    results = [None] * count

    def one(i):
        try:
            results[i] = work(i)
        except Gone as error:
            results[i] = error

    threads = [threading.Thread(target=one, args=(i,), daemon=True) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def until(condition, patience, pause=0.05):
    """Looks until the condition holds; gives whether it did."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def play(one, program, transport, short):
    """Runs one scenario on one transport, within its bound. Gives (code, what was seen, seconds)."""
    begin = time.monotonic()
    folder = tempfile.mkdtemp(prefix="scenario")
    os.chmod(folder, 0o755)

    def overrun(*_):
        raise Overrun

    before = signal.signal(signal.SIGALRM, overrun)
    signal.alarm(one.bound)
    stage = Stage(program, transport, folder, short)
    try:
        with stage.ends:
            is_wanted, seen = one.run(stage)
            signal.alarm(0)
        code = WANTED if is_wanted else FAULT
    except Overrun:
        code, seen = COULD_NOT_RUN, f"no end within {one.bound} s"
    except CouldNotRun as error:
        code, seen = COULD_NOT_RUN, str(error)
    except Skipped as error:
        code, seen = SKIPPED, str(error)
    except Gone as error:
        code, seen = FAULT, f"unexpected: {error}"
    except OSError as error:
        code, seen = COULD_NOT_RUN, repr(error)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        shutil.rmtree(folder, ignore_errors=True)
    return code, seen, time.monotonic() - begin
