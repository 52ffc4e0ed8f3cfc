"""Events, turns and the order of bytes: hang-ups, late handlers, notices of progress."""
import random
import threading
import time

from harness.stage import scenario, until
from harness.wire import Gone, Mta, frame

BODY = b" mail of one connection, padded to be long enough for a look\r\n"


@scenario("B2", "24 clients hang up while their handlers wait, 8 behave: 0 messages of these are refused", 60, short=True)
def stale_hang_ups(stage):
    subject = stage.start(options=["LoopThreads=1"])
    ends = time.monotonic() + (5 if stage.short else 20)
    good, refused, hung_up, faults = [0] * 8, [0] * 8, [0] * 24, []

    def behave(i):
        while time.monotonic() < ends:
            with Mta(subject.address) as mta:
                for _ in range(2):
                    letter = mta.message("await 30")
                    good[i] += letter == "c"
                    refused[i] += letter != "c"

    def hang_up(i):
        while time.monotonic() < ends:
            with Mta(subject.address) as mta:
                # It goes when its handler comes back: then the connection may end before its hang-up is looked at.
                mta.begin("await 3")
                time.sleep(random.uniform(0.001, 0.005))
            hung_up[i] += 1

    def guarded(work, i):
        try:
            work(i)
        except Gone as error:
            faults.append(str(error))

    threads = [threading.Thread(target=guarded, args=(work, i), daemon=True) for work, count in ((behave, 8), (hang_up, 24)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(refused) == 0 and sum(good) > 0 and not faults, f"{sum(hung_up)} hang-ups, {sum(good)} good messages answered with continue, {sum(refused)} refused{', ' + faults[0] if faults else ''}"


@scenario("M1", "a handler that blocks past its time and then awaits still sees its own mail", 30, short=True)
def late_handlers_view(stage):
    subject = stage.start("late", options=["LoopThreads=1", "CommandBudget=0:0:0.3", "ExpiryGrace=0:0:0.05"])
    late = stage.mta(subject)
    others = stage.mtas(subject, 4)
    late.play(late.opening(body=None))
    late.send(frame("B", b"LATE" + BODY))
    verdict = late.reply()
    for number in range(60):
        mta = others[number % len(others)]
        if number < len(others):
            mta.play(mta.opening(body=None))
        mta.send(frame("B", b"%04d SECRET OF ANOTHER CONNECTION, padded to the same length\r\n" % number))
        mta.reply()
    before, after = "", ""

    def look():
        nonlocal before, after
        notes = [note for note in (subject.ask("notes") or "").split("|") if note]
        before, after = (notes + ["", ""])[:2] if not before else (before, notes[0] if notes else "")
        return bool(after)

    until(look, 10, 0.2)
    return bool(after) and before == after, f"verdict {verdict!r}, the piece before: {before!r}, after: {after!r}"


@scenario("M2", "no notice of progress after the verdict, wherever the clock's thread is held", 60)
def progress_after_the_verdict(stage):
    subject = stage.start(options=["ProgressInterval=0:0:0.01"], extra=["--steered-time"])
    mta = stage.mta(subject)
    wire, wrong = [], 0
    for question in range(1, 9):
        verdict = mta.message(f"block 30, held-tick {question}")
        behind = ""
        try:
            while True:
                behind += mta.frame(0.9)[0]
        except Gone as error:
            if "in time" not in str(error):
                return False, str(error)
        wire.append(verdict + behind)
        wrong += behind != ""
    notes = (subject.ask("notes") or "").split("|")
    held = notes.count("held")
    return wrong == 0 and held > 0, f"held {held} times; on the wire from the verdict on: {' '.join(wire)}"


@scenario("m", "IdleTimeout (1 s) below a handler's time (1.1 s): the connection goes on after its verdict, however slowly its thread runs", 40, short=True)
def idle_clock_after_a_verdict(stage):
    subject = stage.start(options=["IdleTimeout=0:0:1"], extra=["--steered-time"])
    cut = 0
    for deeds in ("block 1100, on owner", "await-deaf 1100, on owner"):
        mta = stage.mta(subject)
        try:
            mta.message(deeds)
            mta.message()
        except Gone:
            cut += 1
    return cut == 0, f"{cut} of 2 connections were cut right after their verdict"


@scenario("m", "the MilterContext of a handler that is late does not tell a later message's queue id", 30, short=True)
def late_handlers_context(stage):
    subject = stage.start("context", options=["EndOfMessageBudget=0:0:0.3", "ExpiryGrace=0:0:0.05"])
    mta = stage.mta(subject)
    mta.message("late", queue="FIRST")
    mta.message(queue="SECOND")
    # The third is open when the first one's handler looks.
    mta.play(mta.opening(queue="THIRD"))
    notes = ""

    def look():
        nonlocal notes
        notes += subject.ask("notes") or ""
        return "late" in notes

    until(look, 5, 0.2)
    return "late" in notes and "SECOND" not in notes and "THIRD" not in notes, notes


@scenario("M10", "AllowLargeData: frames of 900,000 bytes whose rest comes when another thread leads are read whole", 40, short=True)
def large_frames_on_two_threads(stage):
    subject = stage.start("counting", options=["LoopThreads=1", "AllowLargeData=true"])
    others = stage.mtas(subject, 6)
    larges = stage.mtas(subject, 4, steps=0x301FFFFF)
    piece = frame("B", b"x" * 900_000)
    for large in larges:
        large.play(large.opening(body=None))
        large.send(piece[:700_000])
    time.sleep(0.3)
    seen = []
    for other in others:
        # Each has its place taken: the thread that reads the rest has not read a large frame before.
        other.begin("block 3000")
        time.sleep(0.1)
    for large in larges:
        try:
            large.send(piece[700_000:] + frame("E"))
            large.reply()
            seen.append(large.text.decode().rstrip("\0"))
        except Gone as error:
            seen.append(str(error))
    whole = sum("900000 bytes" in text for text in seen)
    faults = [line for line in subject.log().splitlines() if "[103]" in line]
    return whole == len(larges), f"{whole} of {len(larges)} read whole{'; ' + faults[0][:200] if faults else ''}"
