"""Memory: handlers that wait, peers that do not read."""
import socket
import statistics
import threading
import time

from harness.stage import BOTH, scenario, until
from harness.wire import Gone, Mta, frame

CONTAINER = {"DOTNET_GCHeapHardLimit": "0x18000000"}       # what .NET takes of a container with 512 MiB
RSS_AT_MOST = 96


@scenario("B3", "1,000 handlers wait at the end of their messages: at most 40 MiB of heap more than at rest", 90, short=True)
def suspended_handlers(stage):
    count = 1000
    subject = stage.start()
    mtas = stage.mtas(subject, count)
    rest = subject.heap()
    for mta in mtas:
        mta.begin("await 4000", body=b"x" * 2000)
    time.sleep(1.0)
    heap, rss = subject.heap(), subject.rss
    replies = [mta.reply(30) for mta in mtas]
    more = heap - rest
    return more <= 40 and replies.count("c") == count, f"heap {rest:.0f} MiB at rest, {heap:.0f} MiB with {count} waiting; RSS {rss:.0f} MiB; {replies.count('c')} answered"


@scenario("B3", "the same in a container with 512 MiB: 1,000 of 1,000 answered", 90)
def suspended_in_a_container(stage):
    subject = stage.start(env=CONTAINER)
    answered = 0
    try:
        mtas = stage.mtas(subject, 1000)
        for mta in mtas:
            mta.begin("await 3000", body=b"x" * 2000)
        for mta in mtas:
            answered += mta.reply(30) == "c"
    except Gone:
        until(lambda: subject.code() is not None, 3)
    return answered == 1000, f"{answered} of 1000 answered" + ("" if subject.code() is None else "; " + subject.ending())


@scenario("B4", f"20 peers send 400 KiB of unknown commands and read nothing: at most {RSS_AT_MOST} MB RSS, and all is answered once they read", 90, short=True)
def pipelining_peers_that_do_not_read(stage):
    subject = stage.start("amplifying")
    unknown = frame("U", b"X\0")
    commands = 400 * 1024 // len(unknown)
    rest, taken = subject.rss, [0] * 20
    wires = [stage.mta(subject) for _ in taken]
    for mta in wires:
        mta.wire.setblocking(False)
    quiet = time.monotonic()
    while time.monotonic() - quiet < 2.0 and min(taken) < commands * len(unknown):
        for i, mta in enumerate(wires):
            try:
                sent = mta.wire.send((unknown * commands)[taken[i]:])
            except BlockingIOError:
                continue
            taken[i] += sent
            quiet = time.monotonic()
        time.sleep(0.01)
    time.sleep(1.0)
    rss, peak = subject.rss, subject.peak
    # One of them reads after all: nothing is lost.
    answered = read_all(wires[0], unknown * commands, taken[0], commands)
    return peak <= RSS_AT_MOST and answered == commands, f"RSS {rest:.0f} MB before, {rss:.0f} MB with them, {peak:.0f} MB at most; {sum(taken) // 20 // 1024} KiB taken of each; the first then reads {answered} of {commands} replies"


def read_all(mta, data, sent, commands):
    mta.wire.setblocking(True)
    sender = threading.Thread(target=lambda: mta.send(data[sent:]), daemon=True)
    sender.start()
    answered = 0
    try:
        while answered < commands:
            mta.reply(10)
            answered += 1
    except Gone:
        pass
    return answered


def latencies(subject, seconds, connections=4):
    """Milliseconds that messages on connections of their own took, one after the other."""
    times, ends = [], time.monotonic() + seconds
    mtas = [Mta(subject.address, 10) for _ in range(connections)]
    try:
        while time.monotonic() < ends:
            for mta in mtas:
                begin = time.perf_counter()
                mta.message()
                times.append((time.perf_counter() - begin) * 1000)
                # As many a second as an MTA that is not at its end: what is measured is waiting, not throughput.
                time.sleep(0.001)
    finally:
        for mta in mtas:
            mta.close()
    return times


def p99(times):
    return statistics.quantiles(times, n=100)[98]


def slow_readers(stage, filter):
    """40 connections whose message gets a new body of 16 MiB that they do not read, while others go on. In a process of its own for each run."""
    subject = stage.start(filter)
    latencies(subject, 1.5)
    without = p99(latencies(subject, 3.0))
    slow = []
    for _ in range(40):
        mta = stage.mta(subject)
        mta.begin(fields=[("X-Size", str(16 * 2**20))])
        slow.append(mta)
    # From when each of them owes its peer: what handlers do until then, 640 MiB of new bodies, is their own work.
    for mta in slow:
        mta.wire.recv(1, socket.MSG_PEEK)
    times = latencies(subject, 5.0)
    peak, rss = subject.peak, subject.rss
    # What one of them gets when it reads after all.
    slow[0].reply(20)
    size = slow[0].changes
    for mta in slow:
        mta.close()
    subject.stop()
    return without, p99(times), max(times), peak, rss, size


def judge_slow_readers(stage, filter):
    runs = [slow_readers(stage, filter) for _ in range(1 if stage.short else 5)]
    without, during, longest, peak, rss, size = (statistics.median(column) for column in zip(*runs))
    is_wanted = peak <= RSS_AT_MOST and during <= 1.5 * without and size >= 256
    return is_wanted, f"RSS {rss:.0f} MB, {peak:.0f} MB at most; p99 of others {during:.2f} ms, {without:.2f} ms without them ({during / without:.2f}), the longest {longest:.0f} ms; the first then reads {size:.0f} pieces; median of {len(runs)} runs"


@scenario("B4", f"40 peers do not read their new body of 16 MiB (BodyEditor): at most {RSS_AT_MOST} MB RSS, p99 of others within 1.5 of theirs without it", 150, BOTH)
def new_bodies_that_nobody_reads(stage):
    return judge_slow_readers(stage, "rewriting")


@scenario("B4", f"the same with MessageActions: at most {RSS_AT_MOST} MB RSS, p99 of others within 1.5 of theirs without it", 150, BOTH)
def replaced_bodies_that_nobody_reads(stage):
    return judge_slow_readers(stage, "replacing")
