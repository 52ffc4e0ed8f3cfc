"""Limits: what they weigh, what they keep, and whether the log tells."""
import contextlib
import selectors
import time

from harness.stage import answers, scenario, together
from harness.wire import Gone, connect, frame


@scenario("M11", "20,000 recipients of 60 KB on one connection: at most 160 MB RSS, and the reply says that there are too many", 120)
def recipients_weigh_in_bytes(stage):
    subject = stage.start("envelope")
    rest = subject.rss
    mta = stage.mta(subject, patience=30)
    mta.play([("C", b"client.example.com\0L"), ("H", b"client\0"), ("M", b"<from@example.com>\0")])
    recipient = frame("R", b"<" + b"r" * 60_000 + b"@example.net>\0")
    replied = not mta.waived & 0x8000
    taken = refused = 0
    for _ in range(20_000):
        mta.send(recipient)
        if replied:
            letter = mta.reply()
            taken += letter == "c"
            refused += letter != "c"
    mta.play([("T", b""), ("N", b""), ("B", b"x\r\n")])
    mta.send(frame("E"))
    try:
        verdict = mta.reply(60)
    except Gone as error:
        verdict = str(error)
    return subject.peak <= 160 and (refused > 0 or verdict != "c"), f"RSS {rest:.0f} MB before, {subject.peak:.0f} MB at most; {taken} recipients taken, {refused} refused; verdict {verdict}"


@scenario("M11", "20 connections after one odd message each (256 recipients of 16 KiB, macros of 10 × 64 KiB): at most 10 MiB of heap more", 60, short=True)
def kept_at_rest(stage):
    subject = stage.start("envelope")
    answers(subject)
    rest = subject.heap()
    mtas = stage.mtas(subject, 20, patience=30)
    for mta in mtas:
        steps = list(mta.opening())
        sets = [("D", stage_letter.encode() + b"".join(b"{x%d}\0" % i + b"v" * 32_000 + b"\0" for i in range(2))) for stage_letter in "CHMRTLNBEU"]
        recipients = [("R", b"<" + b"r" * 16_300 + b"@example.net>\0")] * 255
        mta.play([*sets, *steps[:4], *recipients, *steps[4:], ("E", b"")])
        mta.message()
    time.sleep(0.5)
    heap = subject.heap()
    return heap - rest <= 10, f"{heap - rest:.1f} MiB of heap more at rest, {(heap - rest) / 20 * 1024:.0f} KiB a connection"


@scenario("M11", "60 connections with MaxOpenConnections=20: 20 are taken, the others wait, and are served when some have gone", 40, short=True)
def open_connections(stage):
    subject = stage.start(tries=["MaxOpenConnections=20"])
    wires = [connect(subject.address, 5) for _ in range(60)]
    for wire in wires:
        stage.ends.callback(wire.close)
        wire.sendall(frame("O", b"\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"))
    taken = answered(wires, 20)
    for wire in taken:
        wire.close()
    later = answered([wire for wire in wires if wire not in taken], 20)
    return len(taken) == 20 and len(later) == 20, f"{len(taken)} of 60 taken, {len(later)} more when these had gone{option(subject)}"


@scenario("M11", "descriptors for 150 and 300 connections: those that fit are served, no accept fails, the others are served later", 60)
def connections_within_descriptors(stage):
    subject = stage.start(nofile=200)
    wires = [connect(subject.address, 5) for _ in range(300)]
    for wire in wires:
        stage.ends.callback(wire.close)
        wire.sendall(frame("O", b"\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"))
    taken = answered(wires, 50)
    if subject.code() is not None:
        return False, subject.ending()
    errors = subject.events()[1].get(106, 0)
    for wire in taken:
        wire.close()
    later = answered([wire for wire in wires if wire not in taken], 1)
    return 50 <= len(taken) < 200 and errors == 0 and len(later) > 0, f"{len(taken)} of 300 taken, {len(later)} more when these had gone; entries 106: {errors}"


@scenario("M11", "FirstPacketTimeout=2 s: a peer that says nothing is closed within 5 s, one that has negotiated is not", 30, short=True)
def first_packet(stage):
    subject = stage.start(tries=["FirstPacketTimeout=0:0:2"])
    silent = connect(subject.address, 5)
    stage.ends.callback(silent.close)
    half = connect(subject.address, 5)
    stage.ends.callback(half.close)
    half.sendall(b"\0\0")
    negotiated = stage.mta(subject)
    begin = time.monotonic()
    closed = [is_closed(wire, begin + 5) for wire in (silent, half)]
    return all(closed) and negotiated.message() == "c", f"silent: {'closed' if closed[0] else 'kept'}, half a frame: {'closed' if closed[1] else 'kept'} after {time.monotonic() - begin:.1f} s{option(subject)}"


@scenario("M11", "5,000 HTTP probes leave at most 100 entries in the log, and one at least", 60, short=True)
def flood_of_probes(stage):
    subject = stage.start(listen="inet:0@127.0.0.1")

    def probe(_):
        for _ in range(625):
            wire = connect(subject.address, 5)
            with contextlib.suppress(OSError):
                wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                wire.recv(100)
            wire.close()

    begin = time.monotonic()
    failed = [result for result in together(8, probe) if isinstance(result, Gone)]
    seconds = time.monotonic() - begin
    warnings, events = subject.events()
    return 1 <= warnings <= 100 and not failed, f"5,000 probes in {seconds:.1f} s: {warnings} entries from Warning on, {events.get(203, 0)} of them 203"


@scenario("M11", "LoopThreads=100000 is refused at the start, with a line that names it", 30, short=True)
def too_many_loops(stage):
    subject = stage.start(options=["LoopThreads=100000"], waits=False)
    code = subject.wait(10)
    told = [line for line in subject.log().splitlines() if "LoopThreads" in line]
    return code == 78 and bool(told), f"{'it runs' if code is None else f'ended with {code}'}, {subject.threads} threads; {told[0][:120] if told else 'not a word of LoopThreads'}"


@scenario("m", "a body over MaxBodySize, a full disk of the spool and an idle connection each leave a line in the log that names the option", 60, short=True)
def limits_are_logged(stage):
    disk = stage.small_disk()
    cap = stage.start("body", options=["MaxBodySize=100000"])
    full = stage.start("body", options=[f"SpoolFolder={disk}", "BodyMemoryThreshold=0"])
    idle = stage.start(options=["IdleTimeout=0:0:1"])
    quiet = stage.mta(idle)
    piece = b"x" * 60_000
    stage.mta(cap).message(bodies=[piece] * 4)
    stage.mta(full).message(bodies=[piece] * 40)
    is_closed(quiet.wire, time.monotonic() + 5)
    time.sleep(0.3)
    told = {name: any(word in line for line in subject.log().splitlines()) for name, subject, word in (("MaxBodySize", cap, "MaxBodySize"), ("SpoolFolder", full, "Spool"), ("IdleTimeout", idle, "IdleTimeout"))}
    return all(told.values()), ", ".join(f"{name}: {'told' if is_told else 'not a word'}" for name, is_told in told.items())


def answered(wires, count):
    """The wires that are answered: `count` are waited for with patience, and more for as long as each comes within a second of the last."""
    taken = []
    with selectors.DefaultSelector() as selector:
        for wire in wires:
            selector.register(wire, selectors.EVENT_READ)
        while ready := selector.select(10 if len(taken) < count else 1):
            for key, _ in ready:
                selector.unregister(key.fileobj)
                with contextlib.suppress(OSError):
                    if key.fileobj.recv(100):
                        taken.append(key.fileobj)
    return taken


def is_closed(wire, until_time):
    while (left := until_time - time.monotonic()) > 0:
        wire.settimeout(left)
        try:
            if not wire.recv(65536):
                return True
        except TimeoutError:
            return False
        except OSError:
            return True
    return False


def option(subject):
    return "; this commit has no such option" if "no option for" in subject.log() else ""
