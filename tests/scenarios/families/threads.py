"""Threads: handlers that block, that never return, that go deep; threads and descriptors that can't be had."""
import os
import time

from harness.stage import answers, scenario, together, until
from harness.subject import CouldNotRun
from harness.wire import Gone, Mta

# Longer than the 30 s after which a process ends whose loop nobody leads.
PATIENCE = 40

HASTE = ["EndOfMessageBudget=0:0:0.3", "ExpiryGrace=0:0:0.05"]
LEFT_BEHIND = 100


def user():
    """A user that has nothing else: limits of the number of processes hold for users, and not for root."""
    if os.geteuid() != 0:
        raise CouldNotRun("only root runs a filter as another user")
    return 60000 + os.getpid() % 5000


def outcome(subject, replies, verdicts="ca"):
    """Alive and all answered, or ended with a line: (whether that is so, what was seen)."""
    missing = sum(1 for reply in replies if isinstance(reply, Gone))
    until(lambda: subject.code() is not None, 1.0)
    if subject.code() is not None:
        # An end that it chose has a code; one that befell it has a signal's number.
        return subject.code() > 0, subject.ending()
    is_answered, seconds = answers(subject, verdicts=verdicts)
    if not (missing == 0 and is_answered) and until(lambda: subject.code() is not None, PATIENCE):
        # It gives a loop that nobody can lead some time, and chooses to end then.
        return subject.code() > 0, f"{len(replies) - missing} of {len(replies)} answered, then " + subject.ending()
    return missing == 0 and is_answered, f"{len(replies) - missing} of {len(replies)} answered, a new connection {'' if is_answered else 'not '}answered in {seconds:.1f} s, {subject.threads} threads, {subject.ask('health')}"


@scenario("B1", "descriptors are used up, a handler sleeps 50 ms: all are answered, the process lives and takes connections again", 60, short=True)
def descriptors_used_up(stage):
    subject = stage.start(nofile=200)
    early = stage.mtas(subject, 4)
    idle = []
    for _ in range(300):
        try:
            idle.append(Mta(subject.address, 0.2))
        except Gone:
            break
        stage.ends.callback(idle[-1].close)
    replies = together(4, lambda i: early[i].message("block 50"))
    again = together(4, lambda i: early[i].message("block 50"))
    for mta in idle:
        mta.close()
    time.sleep(1.0)
    is_wanted, seen = outcome(subject, replies + again)
    return is_wanted, f"{len(idle)} idle connections were taken; {seen}"


@scenario("B1", "no thread can be had, handlers never return: each message is answered, or the process ends by itself with a line", 90, short=True)
def threads_used_up(stage):
    subject = stage.start(options=HASTE, nproc=28 if stage.short else 40, uid=user())
    count = 24 if stage.short else 60
    replies = together(4, lambda _: [one_after_another(subject) for _ in range(count // 4)])
    # Where late handlers hold the threads that there are, the filter is not asked, and its time counts as spent.
    return outcome(subject, [reply for some in replies for reply in some], "cat")


def one_after_another(subject):
    try:
        with Mta(subject.address, 8.0) as mta:
            return mta.message("forever")
    except Gone as error:
        return error


@scenario("B1", "30 handlers at a time never return and few threads can be had: each is answered, or the process ends by itself with a line", 120)
def threads_used_up_at_once(stage):
    # What the process has at rest, and five more.
    at_rest = stage.start(uid=user())
    answers(at_rest)
    time.sleep(0.5)
    few = at_rest.threads + 5
    at_rest.stop()
    subject = stage.start(options=HASTE, nproc=few, uid=user())
    replies = together(30, lambda _: one_after_another(subject))
    is_wanted, seen = outcome(subject, replies, "cat")
    return is_wanted, f"{few} threads at most: {seen}"


@scenario("M3", "a handler that recurses 10,000 frames of 64 bytes deep returns, on a loop's first thread and on one that took over", 30, short=True)
def deep_recursion(stage):
    subject = stage.start(options=["LoopThreads=1"])
    replies = []
    for deeds in ("recurse 10000", "block 200", "recurse 10000", "hop, recurse 10000"):
        replies += together(1, lambda _, deeds=deeds: stage.mta(subject).message(deeds))
    until(lambda: subject.code() is not None, 0.5)
    if subject.code() is not None:
        return False, subject.ending()
    notes = subject.ask("notes")
    return notes == "down|down|down", f"replies {replies}, {notes}"


@scenario("M4", f"handlers that never return: at most {LEFT_BEHIND} are left behind, the rest get the expiry verdict at once; health is bad", 90)
def handlers_left_behind(stage):
    # The pool has threads enough: what is looked at is what we leave on them.
    subject = stage.start(options=HASTE, env={"DOTNET_ThreadPool_ForceMinWorkerThreads": "0x200"})
    answers(subject)
    threads, descriptors = subject.threads, subject.descriptors
    at_a_time, messages = 20, 9
    replies = together(at_a_time, lambda _: [one_after_another(subject) for _ in range(messages)])
    refused = sum(1 for some in replies for reply in some if reply == "t")
    begin = time.monotonic()
    last = one_after_another(subject)
    seconds = time.monotonic() - begin
    more, files, health = subject.threads - threads, subject.descriptors - descriptors, subject.ask("health") or ""
    is_wanted = more <= LEFT_BEHIND + 20 and refused == at_a_time * messages and last == "t" and seconds < 0.2 and health.startswith("False")
    return is_wanted, f"{refused} of {at_a_time * messages} got the expiry verdict; {more} threads and {files} descriptors more; one more message answered {last!r} after {seconds * 1000:.0f} ms; health: {health}"


@scenario("M4", "600 handlers of 50 ms at a time: 20 s later threads, descriptors and heap are what they were (16, 16 and 32 MiB more at most)", 90)
def threads_after_a_burst(stage):
    subject = stage.start(options=["LoopThreads=8"])
    mtas = stage.mtas(subject, 600)
    threads, descriptors, heap = subject.threads, subject.descriptors, subject.heap()
    for _ in range(3):
        for mta in mtas:
            mta.begin("block 50")
        for mta in mtas:
            mta.reply(30)
    most = subject.threads
    calm = until(lambda: subject.threads <= threads + 16, 20, 0.5)
    time.sleep(0.5)
    more, files, held = subject.threads - threads, subject.descriptors - descriptors, subject.heap() - heap
    return calm and files <= 16 and held <= 32, f"{threads} threads before, {most} in the burst; afterwards {more} threads, {files} descriptors, {held:.0f} MiB more"


@scenario("M5", "60 handlers block the pool's threads for 12 s: a new connection is answered within 3 s, verdicts for spent budgets (2 s) within 5 s", 60, short=True)
def starved_pool(stage):
    subject = stage.start(options=["EndOfMessageBudget=0:0:2"])
    before = stage.mta(subject)
    blocked = stage.mtas(subject, 60)
    begin = time.monotonic()
    for mta in blocked:
        mta.begin("hop, block 12000")
    time.sleep(0.3)
    is_old_answered = before.message() == "c"
    is_new_answered, seconds = answers(subject, 20)
    expired, late = 0, 0.0
    for mta in blocked:
        try:
            expired += mta.reply(max(0.1, begin + 20 - time.monotonic())) == "t"
        except Gone:
            pass
        late = max(late, time.monotonic() - begin)
    is_wanted = is_old_answered and is_new_answered and seconds < 3 and expired == 60 and late < 5
    return is_wanted, f"a new connection {'' if is_new_answered else 'not '}answered after {seconds:.1f} s; {expired} of 60 expiry verdicts, the last after {late:.1f} s"
