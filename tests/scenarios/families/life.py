"""A process's life: signals, draining, what its children inherit."""
import signal
import socket
import threading
import time

from harness.stage import ONE, answers, scenario, until
from harness.wire import Gone, frame, sessions_until_the_end


def signalled(stage, way, number):
    """A message that is open when the signal comes is finished, and the process then ends in order."""
    subject = stage.start(extra=["--as", way], waits=False)
    if not until(lambda: answers(subject, 1)[0], 20, 0.1):
        return False, "it does not start: " + subject.log()[-200:]
    mta = stage.mta(subject)
    mta.play(mta.opening())
    subject.signal(number)
    time.sleep(0.5)
    try:
        mta.send(frame("E"))
        verdict = mta.reply(5)
    except Gone as error:
        verdict = str(error)
    mta.close()
    code = subject.wait(10)
    return verdict == "c" and code == 0, f"verdict {verdict}, exit code {code}"


def each(stage, number):
    seen = {way: signalled(stage, way, number) for way in ("run", "host")}
    names = {"run": "MilterServer.RunAsync", "host": "RunMilterAsync"}
    return all(is_wanted for is_wanted, _ in seen.values()), "; ".join(f"{names[way]}: {text}" for way, (_, text) in seen.items())


@scenario("M8", "SIGHUP in the middle of a message: the message gets its verdict, then the process ends with 0", 60, (ONE,), short=True)
def hang_up_signal(stage):
    return each(stage, signal.SIGHUP)


@scenario("M8", "SIGQUIT likewise", 60, (ONE,))
def quit_signal(stage):
    return each(stage, signal.SIGQUIT)


@scenario("M8", "SIGTERM likewise, as before", 60, (ONE,))
def terminate_signal(stage):
    return each(stage, signal.SIGTERM)


@scenario("m", "an inherited listening socket is not handed to the filter's children", 30, short=True)
def inherited_descriptors(stage):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        number = listening.fileno()
        subject = stage.start(listen=f"fd:{number}", pass_fds=(number,))
        subject.address = listening.getsockname()
        is_answered = answers(subject)[0]
        sockets = subject.ask("child") or ""
    return is_answered and "socket:" not in sockets, f"the child has: {' '.join(sockets.split('|')[0].split()[-3:]) if sockets else 'no socket'}"


@scenario("m", "20 drains of a TCP listener under load: no session that was connected is reset", 150)
def drain_resets(stage):
    resets, sessions = 0, 0
    for _ in range(20):
        subject = stage.start(listen="inet:0@127.0.0.1")
        counts = []
        threads = [threading.Thread(target=lambda: counts.append(sessions_until_the_end(subject.address)), daemon=True) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.4)
        subject.ask("stop", 25)
        for thread in threads:
            thread.join()
        sessions += sum(count for count, _ in counts)
        resets += sum(reset for _, reset in counts)
        subject.stop()
    return resets == 0 and sessions > 0, f"{resets} resets in {sessions} sessions"
