"""Faults in what surrounds a filter: its logger, its clock, a listener of the meter, a service."""
import time

from harness.stage import answers, scenario, until
from harness.wire import Gone


@scenario("M6", "a logger whose IsEnabled throws costs nothing: connections are answered, the stop is in order", 30, short=True)
def logger_that_throws(stage):
    subject = stage.start()
    subject.ask("on logger")
    replies = []
    for _ in range(5):
        is_answered, _ = answers(subject, 3)
        replies.append(is_answered)
        if subject.code() is not None:
            return False, subject.ending()
    stopped = subject.ask("stop", 25)
    return all(replies) and stopped == "stopped", f"{sum(replies)} of 5 answered; the stop: {stopped}"


@scenario("M6", "a logger whose IsEnabled throws once a handler has waited: the message is answered, the connection ends", 30, short=True)
def logger_that_throws_after_an_await(stage):
    subject = stage.start(options=["EndOfMessageBudget=0:0:0.3", "ExpiryGrace=0:0:0.05"])
    seen = []
    for deeds in ("await 50, on logger, wrong", "on logger, await 2000"):
        mta = stage.mta(subject)
        try:
            seen.append(mta.message(deeds))
        except Gone as error:
            seen.append(str(error))
        mta.close()
        subject.ask("off logger")
    if subject.code() is not None:
        return False, subject.ending()
    ended, left = until(lambda: connections(subject) == 0, 3), connections(subject)
    return seen == ["t", "t"] and ended, f"a handler that throws: {seen[0]}; one whose time is spent: {seen[1]}; {left} connections still counted"


@scenario("M6", "a clock that throws after a handler has waited: the connection is answered or closed, with a line; it is counted no more", 30)
def fault_after_an_await(stage):
    subject = stage.start(extra=["--steered-time"], options=["LogMessages=true"])
    mta = stage.mta(subject)
    try:
        seen = "answered " + mta.message("await 50, on time")
        seen = "answered " + mta.message()
    except Gone as error:
        seen = str(error)
    mta.close()
    if subject.code() is not None:
        return False, subject.ending()
    ended, left = until(lambda: connections(subject) == 0, 3), connections(subject)
    events = subject.events()[1]
    is_answered = answers(subject, 3)[0]
    is_wanted = "in time" not in seen and ended and is_answered and (103 in events or seen.startswith("answered"))
    return is_wanted, f"{seen}; {left} connections still counted; entries 103: {events.get(103, 0)}; a new connection {'' if is_answered else 'not '}answered"


@scenario("M6", "a listener of the meter that throws for 10 connections: they are counted and served as all others (MaxConnections=5)", 40, short=True)
def meter_listener_that_throws(stage):
    subject = stage.start(options=["MaxConnections=5"])
    subject.ask("on meter")
    served = sum(answers(subject, 3)[0] for _ in range(10))
    subject.ask("off meter")
    until(lambda: connections(subject) == 0, 3)
    left = connections(subject)
    afterwards = answers(subject, 3)[0]
    return served == 10 and left == 0 and afterwards, f"{served} of 10 served; {left} connections counted when all are gone; the next is {'answered' if afterwards else 'refused'}; {subject.descriptors} descriptors"


@scenario("M7", "a service whose DisposeAsync hangs: the next message is answered within 5 s (budgets: 1 s), and the log says it", 40, short=True)
def disposal_that_hangs(stage):
    subject = stage.start("scoped", options=["EndOfMessageBudget=0:0:1", "CommandBudget=0:0:1"])
    mta = stage.mta(subject)
    first = mta.message()
    begin = time.monotonic()
    try:
        second = mta.message()
    except Gone as error:
        second = str(error)
    seconds = time.monotonic() - begin
    lines = [line for line in subject.log().splitlines() if line.startswith(("Warning", "Error"))]
    return len(second) == 1 and seconds < 5 and bool(lines), f"first message {first!r}, second {second!r} after {seconds:.1f} s; log: {lines[0][:110] if lines else 'nothing'}"


def connections(subject):
    return int((subject.ask("health") or "False -1").split()[1])
