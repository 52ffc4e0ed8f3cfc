"""The file of a unix socket: who it belongs to, and who else is after it."""
import ctypes
import os
import select
import signal
import socket
import time

from harness.stage import ONE, scenario
from harness.subject import CouldNotRun

ATTACKER, OWNER = 61234, 61235
IN_CREATE = 0x100


@scenario("m", "two servers start on one stale path at the same time: one listens, the other is refused (100 times)", 60, (ONE,), short=True)
def starts_on_a_stale_path(stage):
    if os.geteuid() != 0:
        raise CouldNotRun("names are looked up for root only")
    subject = stage.start()
    started = []
    for number in range(100):
        path = f"{stage.folder}/stale{number}.sock"
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(path)
        started.append(subject.ask(f"together {path}", 20))
    counts = [(answer or "?").split()[0] for answer in started]
    refusals = [answer[2:] for answer in started if answer and len(answer) > 2]
    return counts.count("1") == len(started), f"one listened in {counts.count('1')} of {len(counts)}, none in {counts.count('0')}, up to {max(counts)} in the others{'; ' + refusals[0][:120] if refusals else ''}"


@scenario("M9", "the folder of the socket belongs to another user, who puts links in its place: no file of root's changes owner or mode (10 starts)", 90, (ONE,), short=True)
def links_in_place_of_the_socket(stage):
    if os.geteuid() != 0:
        raise CouldNotRun("only root gives files away")
    given, starts = 0, 3 if stage.short else 10
    example = ""
    for number in range(starts):
        folder, goal = f"{stage.folder}/folder{number}", f"{stage.folder}/root{number}"
        os.mkdir(folder)
        os.chown(folder, ATTACKER, ATTACKER)
        os.mkdir(goal, 0o755)
        victim = f"{goal}/m.sock"
        with open(victim, "w") as file:
            file.write("secret")
        os.chmod(victim, 0o600)
        attack = os.fork()
        if attack == 0:
            attacker(folder, goal, victim)
        try:
            time.sleep(0.2)
            subject = stage.start(listen=f"unix:{folder}/m.sock", options=[f"SocketOwner={OWNER}"], waits=False)
            subject.wait(1.5)
            subject.stop()
        finally:
            os.kill(attack, signal.SIGKILL)
            os.waitpid(attack, 0)
        state = os.stat(victim)
        if (state.st_uid, state.st_mode & 0o777) != (0, 0o600):
            given += 1
            example = f", such as {state.st_mode & 0o777:04o} of user {state.st_uid}"
    return given == 0, f"a file of root's (0600) was given away in {given} of {starts} starts{example}"


def attacker(folder, goal, victim):
    """As the folder's owner: whatever comes into it is moved away at once, and a link put in its place. Does not return."""
    try:
        os.setgroups([])
        os.setgid(ATTACKER)
        os.setuid(ATTACKER)
        os.chdir(folder)
        libc = ctypes.CDLL(None)
        watch = libc.inotify_init()
        libc.inotify_add_watch(watch, folder.encode(), IN_CREATE)
        ours = set()
        while select.select([watch], [], [], 10)[0]:
            event = os.read(watch, 4096)
            while event:
                length = int.from_bytes(event[12:16], "little")
                name, event = event[16:16 + length].rstrip(b"\0"), event[16 + length:]
                if name in ours or name.startswith(b"moved"):
                    continue
                is_folder = os.path.isdir(name)
                os.rename(name, b"moved" + name)
                os.symlink(goal if is_folder else victim, name)
                ours.add(name)
    finally:
        os._exit(0)
