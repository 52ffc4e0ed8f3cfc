#!/usr/bin/env python3
"""What libmilter does where peers are hostile and operators at work: libmilter.py PROGRAM [PAGE]

Prints a row for each case; with a page, says which of them do not stand there word for word. PROGRAM is libmilter/doing.c.
"""
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from harness.stage import together, until
from harness.wire import Gone, Mta, connect, frame, sessions_until_the_end

CASES = []
MIB = 2**20


def case(what):
    def declare(run):
        CASES.append((what, run))
        return run
    return declare


class Filter:
    def __init__(self, program, folder, listen=None, timeout=None, nofile=1024):
        self.path = listen or f"{folder}/m{len(os.listdir(folder))}.sock"
        self.address = self.path if self.path.startswith("/") else ("127.0.0.1", int(self.path.split(":")[1].split("@")[0]))
        spec = f"unix:{self.path}" if self.path.startswith("/") else self.path

        def prepare():
            os.setsid()
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        self.process = subprocess.Popen([program, spec, *([str(timeout)] if timeout else [])], preexec_fn=prepare, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def started(self):
        if not until(lambda: answers(self), 10, 0.05):
            raise SystemExit("libmilter's filter does not start")
        return self

    def ends(self, patience):
        try:
            code = self.process.wait(patience)
            return f"ends with {code}" if code >= 0 else f"is ended by {signal.Signals(-code).name}"
        except subprocess.TimeoutExpired:
            return None

    def status(self, name):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name + ":"))

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def answers(filter, patience=3):
    try:
        with Mta(filter.address, patience) as mta:
            return mta.message() == "c"
    except Gone:
        return False


def told(mta, work):
    """The letter of the reply, or how the connection ended."""
    names = {"c": "continue", "t": "tempfail", "y": "a reply code", "a": "accept", "r": "reject"}
    try:
        return names[work(mta)]
    except Gone as error:
        return "no answer" if "in time" in str(error) else "a closed connection"


def at_stop(start, number):
    filter = start().started()
    open_, idle = Mta(filter.address), Mta(filter.address)
    idle.message()
    open_.play(open_.opening())
    filter.process.send_signal(number)
    time.sleep(0.5)
    end = told(open_, lambda mta: (mta.send(frame("E")), mta.reply(3))[1])
    following = told(open_, lambda mta: mta.play([("M", b"<from@example.com>\0")])[-1])
    begin = time.monotonic()
    code = filter.ends(20)
    open_.close()
    idle.close()
    left = "" if code else f"; goes on for more than {time.monotonic() - begin:.0f} s while connections are open, {filter.ends(20) or 'and after that'}"
    filter.stop()
    return f"the open message gets {end}, the next MAIL {following}; the process {code or 'waits'}{left}"


@case("SIGTERM amid messages")
def terminate(start):
    return at_stop(start, signal.SIGTERM)


@case("SIGHUP")
def hang_up(start):
    seen = at_stop(start, signal.SIGHUP)
    return "the same as SIGTERM" if seen == at_stop(start, signal.SIGTERM) else seen


@case("a client that stays idle over a stop")
def idle_over_stop(start):
    filter = start().started()
    with Mta(filter.address) as mta:
        mta.message()
        filter.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        following = told(mta, lambda mta: mta.message())
        code = filter.ends(15)
    filter.stop()
    return f"its next message gets {following}; the process {code or 'waits for it'}"


@case("a second signal")
def second_signal(start):
    filter = start().started()
    with Mta(filter.address) as mta:
        mta.begin("block 8000")
        filter.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        filter.process.send_signal(signal.SIGTERM)
        seen = filter.ends(3)
    filter.stop()
    return f"{seen} at once" if seen else "changes nothing"


@case("stops of a TCP listener under load")
def tcp_stops(start):
    resets = sessions = 0
    for _ in range(10):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        filter = start(listen=f"inet:{port}@127.0.0.1").started()
        counts = []
        threads = [threading.Thread(target=lambda: counts.append(sessions_until_the_end(filter.address)), daemon=True) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.4)
        filter.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        filter.stop()
        sessions += sum(count for count, _ in counts)
        resets += sum(reset for _, reset in counts)
    return "sessions that were connected are reset" if resets else "no session that was connected is reset"


@case("a second process on a live unix socket; two at once on a stale one")
def live_socket(start):
    filter = start().started()
    second = start(listen=filter.path)
    seen = second.ends(15)
    live = f"the second {seen}" if seen else "the second takes the socket from the first"
    first = "the first is still reached" if answers(filter) else "nobody is reached"
    second.stop()
    filter.stop()
    stale = start(listen=filter.path)
    seen = stale.ends(15)
    after = f"on a stale one it {seen}, too: the program has to remove it" if seen else ("a stale one is replaced" if answers(stale) else "a stale one is not replaced")
    stale.stop()
    return f"{live}, {first}; {after}"


@case("bytes that are not the protocol")
def garbage(start):
    filter = start().started()
    wire = connect(filter.address, 15)
    wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    seen = closing(wire)
    filter.stop()
    return seen


@case("a length field that claims gigabytes")
def long_length(start):
    filter = start().started()
    wire = connect(filter.address, 15)
    wire.sendall(b"\x7f\xff\xff\xff" + b"O")
    seen = closing(wire)
    filter.stop()
    return seen


def closing(wire):
    try:
        return "closed" if not wire.recv(100) else "answered"
    except TimeoutError:
        return "waits for more"
    except OSError:
        return "closed"
    finally:
        wire.close()


@case("an MTA that takes no replies")
def no_reader(start):
    filter = start().started()
    unknown = frame("U", b"X\0")
    rest, wires = filter.status("VmRSS"), [Mta(filter.address) for _ in range(20)]
    for mta in wires:
        mta.wire.setblocking(False)
    quiet = time.monotonic()
    while time.monotonic() - quiet < 2:
        for mta in wires:
            try:
                mta.wire.send(unknown * 1000)
                quiet = time.monotonic()
            except BlockingIOError:
                pass
        time.sleep(0.01)
    more = (filter.status("VmRSS") - rest) / 1024
    others = answers(filter, 10)
    for mta in wires:
        mta.close()
    filter.stop()
    return f"nothing more is read of it; memory {'stays bounded' if more < 64 else f'grows by {more:.0f} MB'}; others are {'served' if others else 'not served any more: each holds a worker'}"


@case("an MTA that is silent")
def silence(start):
    filter = start(timeout=2).started()
    wire = connect(filter.address, 17)
    wire.sendall(frame("O", b"\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"))
    wire.recv(100)
    begin = time.monotonic()
    seen = closing(wire)
    seconds = time.monotonic() - begin
    filter.stop()
    return "closed after the time of `smfi_settimeout`" if seen == "closed" and seconds < 15 else "still open 15 s after a timeout of 2 s (`smfi_settimeout`)"


@case("a handler that throws")
def crash(start):
    filter = start().started()
    other, mta = Mta(filter.address), Mta(filter.address)
    other.play(other.opening())
    seen = told(mta, lambda mta: mta.message("crash"))
    code = filter.ends(5)
    others = told(other, lambda mta: (mta.send(frame("E")), mta.reply(3))[1])
    filter.stop()
    return f"C has no exceptions; a fault (`abort`) ends the process ({code}): its message gets {seen}, those of others {others}"


@case("a handler that never returns")
def never(start):
    filter = start().started()
    mta = Mta(filter.address)
    mta.begin("forever")
    seen = told(mta, lambda mta: mta.reply(15))
    others = answers(filter)
    mta.close()
    filter.stop()
    return f"{seen} for as long as the MTA waits; others are {'served' if others else 'not served'}"


@case("no file descriptor left at accept")
def descriptors(start):
    filter = start(nofile=40).started()
    wires = []
    for _ in range(100):
        try:
            wires.append(connect(filter.address, 5))
        except Gone:
            break
    time.sleep(3)
    ended = filter.ends(20)
    for wire in wires:
        wire.close()
    later = not ended and until(lambda: answers(filter), 15, 0.5)
    filter.stop()
    return f"the process {ended}" if ended else f"callers wait, and are {'served when some are free' if later else 'not served any more'}"


@case("the socket's folder is taken away, and comes back")
def folder(start):
    filter = start().started()
    os.unlink(filter.path)
    seen = until(lambda: os.path.exists(filter.path), 30, 0.5)
    alive = filter.ends(0) is None
    filter.stop()
    return "the socket is made again" if seen else ("the process goes on, and no MTA finds it until a restart" if alive else "the process ends")


def main():
    program, page = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    text = open(page).read() if page else ""
    missing = 0
    print("| what happens | what libmilter does |\n| --- | --- |")
    for what, run in CASES:
        with tempfile.TemporaryDirectory(prefix="libmilter") as folder:
            filters = []

            def start(**how):
                filters.append(Filter(program, folder, **how))
                return filters[-1]

            try:
                seen = run(start)
            finally:
                for filter in filters:
                    filter.stop()
        print(f"| {what} | {seen} |", flush=True)
        if page and not any(line.startswith(f"| {what} |") and f"| {seen} |" in line for line in text.splitlines()):
            missing += 1
            print(f"{page} does not say so of: {what}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
