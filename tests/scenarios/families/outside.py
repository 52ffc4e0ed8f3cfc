"""What is around a process and gives way: its container's memory, its folders, its disk, its clock."""
import os
import re
import shutil
import subprocess
import time

from harness.container import Container
from harness.stage import ONE, answers, scenario, until
from harness.subject import Skipped
from harness.unit import UnitFilter
from harness.wire import Gone, connect, frame

MIB = 2**20
TOP = os.path.join(os.path.dirname(__file__), "../../..")
STUNNEL = "/usr/bin/stunnel4"
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def ended(subject):
    return subject.code() is not None


def read(path):
    with open(f"{TOP}/{path}") as file:
        return file.read()


def block(page, beginning):
    """A file that a page shows, by how it begins."""
    return next(text for text in re.findall(r"^```ini\n(.*?)^```$", read(page), re.M | re.S) if text.startswith(beginning))


@scenario("O", "a container (cgroup) of 160 MiB, 40 bodies of 8 MiB at a time that are to be kept in memory: each message is answered, the process lives, 452 at most for what is too much", 90, short=True)
def container_filled_with_mail(stage):
    container = Container(stage, 160)
    subject = stage.start("body", options=[f"BodyMemoryThreshold={64 * MIB}", f"SpoolFolder={stage.folder}"], container=container)
    mtas = stage.mtas(subject, 40, patience=30)
    letters = []
    for mta in mtas:
        letters.append(mta.play(mta.opening(bodies=[b"x" * 65_000] * (8 * MIB // 65_000)))[-1:])
    for mta, letter in zip(mtas, letters):
        if letter not in ("y", "t"):
            mta.send(frame("E"))
            letters[mtas.index(mta)] = mta.reply(30)
    kept, refused = letters.count("c"), letters.count("y") + letters.count("t")
    alive = not ended(subject) and answers(subject)[0]
    return alive and kept + refused == 40 and kept > 0, f"{kept} kept and answered, {refused} refused for now; at most {container.peak() / MIB:.0f} MiB in use; the process {'lives' if alive else 'does not answer: ' + subject.ending()}"


@scenario("O", "a handler takes more memory than its container (cgroup, 160 MiB) has: its message is refused for now, or the process ends and its MTA sees the connection close; others before and after are answered", 60, short=True)
def container_used_up_by_a_handler(stage):
    container = Container(stage, 160)
    subject = stage.start(container=container)
    before = answers(subject)[0]
    mta = stage.mta(subject, patience=40)
    try:
        verdict = mta.message("take 400")
    except Gone as error:
        verdict = str(error)
    until(lambda: ended(subject), 1)
    after = ended(subject) or answers(subject)[0]
    return before and after and verdict != "c", f"its message: {verdict}; the process {subject.ending() if ended(subject) else 'lives and answers'}; at most {container.peak() / MIB:.0f} MiB in use"


@scenario("O", "the folder of the socket is taken away: the log tells, sessions go on; 20 s after it is back at most, MTAs find the filter again", 60, short=True)
def folder_of_the_socket_gone_and_back(stage):
    folder = f"{stage.folder}/run"
    os.mkdir(folder)
    subject = stage.start(listen=f"unix:{folder}/m.sock")
    session = stage.mta(subject)
    shutil.rmtree(folder)
    told = until(lambda: 122 in subject.events()[1], 20, 0.5)
    is_kept, is_found = session.message() == "c", os.path.exists(folder)
    os.mkdir(folder)
    begin = time.monotonic()
    again = until(lambda: os.path.exists(subject.address) and answers(subject)[0], 20, 0.25)
    return told and is_kept and again and not is_found, f"the log {'tells' if told else 'tells nothing'}; the open session {'goes on' if is_kept else 'is lost'}; {f'found again after {time.monotonic() - begin:.0f} s' if again else 'not found again'}"


@scenario("O", "the disk is full while bodies are kept: they are refused with 452 4.3.1, those in memory pass; once there is room again, all pass", 60, short=True)
def disk_full_and_room_again(stage):
    disk = stage.small_disk()
    subject = stage.start("body", options=[f"SpoolFolder={disk}", "BodyMemoryThreshold=10000"])

    def send(pieces, size):
        mta = stage.mta(subject)
        letter = mta.message(bodies=[b"x" * size] * pieces)
        return letter, mta.text

    full, text = send(40, 60_000)
    small = send(1, 9_000)[0]
    subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True, capture_output=True)
    later = send(40, 60_000)[0]
    return full == "y" and text.startswith(b"452 4.3.1") and small == "c" and later == "c", f"while it is full: {full} {text[:9].decode()}; one that fits into memory: {small}; with room again: {later}"


@scenario("O", "under the system calls that our unit leaves to a program it starts, answers, starts threads for handlers that block, collects, and stops in order", 60, short=True)
def system_calls_of_the_unit(stage):
    subject = stage.start(container=UnitFilter(read("samples/snippets/FirstFilter/sizenote.service")), waits=False)
    ready = subject._line(20)
    if not ready:
        subject.wait(2)
        return False, f"it does not start: {subject.ending()}"
    seen = [stage.mta(subject).message(deeds) for deeds in ("", "block 400", "await 50", "hop, block 200")]
    heap = subject.heap()
    stopped = subject.ask("stop", 25)
    return seen == ["c"] * 4 and heap > 0 and stopped == "stopped", f"verdicts {' '.join(seen)}; the stop: {stopped}; {'lives' if not ended(subject) else subject.ending()}"


@scenario("O", "under the system calls that the unit of docs/tls.md leaves to stunnel it starts, takes a connection, and ends in order", 30, (ONE,), short=True)
def system_calls_of_stunnels_unit(stage):
    if not os.path.exists(STUNNEL):
        raise Skipped("stunnel4 is not installed")
    restricted, place, key = UnitFilter(block("docs/tls.md", "[Unit]")), f"{stage.folder}/in.sock", f"{stage.folder}/key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", key + ".crt", "-subj", "/CN=mta", "-days", "1"], check=True, capture_output=True)
    ours = {"accept": place, "connect": "127.0.0.1:1", "cert": key + ".crt", "key": key, "CAfile": key + ".crt"}
    configuration = re.sub(r"^(\w+) = .*$", lambda line: f"{line[1]} = {ours[line[1]]}" if line[1] in ours else line[0], block("docs/tls.md", "pid ="), flags=re.M)
    with open(f"{stage.folder}/stunnel.conf", "w") as file:
        file.write(configuration)
    process = subprocess.Popen([STUNNEL, f"{stage.folder}/stunnel.conf"], preexec_fn=restricted.enter, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stage.ends.callback(process.kill)
    opened = until(lambda: os.path.exists(place) or process.poll() is not None, 10)
    answer = "no connection"
    if opened and process.poll() is None:
        with connect(place, 10) as wire:
            answer = wire.recv(1)      # nobody is behind it: it closes
    alive = process.poll() is None
    process.terminate()
    code = process.wait(10)
    return answer == b"" and alive and code == 0, f"connection: {'closed, as nobody is behind it' if answer == b'' else answer}; ended with {code}"


@scenario("O", "the clock of the machine jumps by a year, forward and back, in the middle of messages: each is answered by its handler, silent sessions stay", 60, (ONE,), short=True)
def clock_jumps(stage):
    if not os.path.exists(FAKETIME):
        raise Skipped("libfaketime is not installed (Debian: faketime)")
    clock = f"{stage.folder}/clock"

    def jump(days):
        with open(clock + ".new", "w") as file:
            file.write(f"{days:+}d\n")
        os.rename(clock + ".new", clock)

    jump(0)
    environment = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    subject = stage.start(options=["EndOfMessageBudget=0:0:5", "IdleTimeout=0:0:20"], env=environment)
    silent = stage.mta(subject)
    seen, dates = [], []
    for days in (365, -365, 0):
        mta = stage.mta(subject)
        mta.begin("await 1500")
        time.sleep(0.5)
        jump(days)
        dates.append(subject.ask("date"))
        seen.append(mta.reply(10))
    kept = silent.message() == "c"
    return seen == ["c"] * 3 and kept and len(set(dates)) == 3, f"verdicts {' '.join(seen)} while the clock said {', '.join(dates)}; the silent session {'stays' if kept else 'was closed'}"
