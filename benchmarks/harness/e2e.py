"""Each filter behind a real Postfix and a real Sendmail, driven by Postfix's smtp-source."""
import contextlib
import os
import shutil
import subprocess
import tempfile
import time

from . import proc
from .peers import HERE

SMTP_SOURCE = "/usr/sbin/smtp-source"
SENDMAIL_ROOT = os.environ.get("ATTRMILTER_SENDMAIL_ROOT", "/opt/attrmilter-sendmail")
SESSIONS, SIZE = 10, 2048
WORKLOADS = ("typical", "inspect")


def available():
    found = []
    if os.geteuid() == 0 and os.path.exists(SMTP_SOURCE):
        found.append("postfix")
        if os.path.exists(f"{SENDMAIL_ROOT}/usr/libexec/sendmail/sendmail"):
            found.append("sendmail")
    return found


@contextlib.contextmanager
def mail_server(kind, milter, port):
    # Queues in memory: an fsync on a disk would hide everything else. Sendmail wants no folder above them that others can write.
    folder = tempfile.mkdtemp(prefix=f"milter-e2e-{kind}-", dir="/run")
    os.chmod(folder, 0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder], check=False, capture_output=True)
    child = None
    try:
        log = os.path.join(folder, "out")
        with open(log, "wb") as output:
            child = proc.Child([f"{HERE}/e2e/{kind}.sh", folder, str(port), milter], stdout=output, stderr=output,
                               env={**os.environ, "ATTRMILTER_SENDMAIL_ROOT": SENDMAIL_ROOT})
        until = time.monotonic() + 30
        while not proc.can_connect(f"inet:{port}@127.0.0.1"):
            if child.process.poll() is not None or time.monotonic() > until:
                with open(log, errors="replace") as file:
                    raise proc.Failed(f"{kind} did not start: {file.read()[-300:]}")
            time.sleep(0.05)
        yield child
    finally:
        if child:
            child.stop()
        subprocess.run(["umount", "-l", folder], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def spec_for(kind, listen):
    """How an MTA writes the address of a filter."""
    if listen.startswith("unix:") or kind == "sendmail":
        return listen
    port, host = listen[5:].split("@")
    return f"inet:{host}:{port}"


def send(port, messages, patience):
    child = proc.Child([SMTP_SOURCE, "-s", str(SESSIONS), "-l", str(SIZE), "-m", str(messages), "-f", "writer@example.org", "-t", "reader@example.net",
                        f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with proc.bounded(child, patience) as late:
        error = child.process.stderr.read().decode(errors="replace").strip()
        code = child.process.wait()
    if late.is_set():
        raise proc.Failed(f"{messages} messages took more than {patience} s")
    if code != 0:
        raise proc.Failed(f"smtp-source: {error[:200] or code}")


def measure(bench, kind, transport, peer, workload):
    settings = bench.settings
    # Over TCP both MTAs wait for delayed acknowledgements with most filters: fewer messages tell as much.
    messages = settings.e2e_messages if transport == "unix" or peer is None else settings.e2e_messages // 4
    port = 25000 + (os.getpid() * 7 + bench.number) % 900
    with contextlib.ExitStack() as stack:
        milter, server = "", None
        if peer:
            listen = bench.listen(transport == "tcp")
            server = stack.enter_context(proc.server(peer.start(listen, workload), listen, None, log=bench.log(peer)))
            if listen.startswith("unix:"):
                os.chmod(listen[5:], 0o666)
            milter = spec_for(kind, listen)
        stack.enter_context(mail_server(kind, milter, port))
        began = time.monotonic()
        send(port, max(20, messages // 5), 60)
        while peer and not settings.quick and time.monotonic() - began < min(peer.warmup, 6):
            send(port, max(20, messages // 10), 60)
        cpu, machine, began = server.cpu() if server else 0, proc.machine()[0], time.monotonic()
        send(port, messages, 120)
        seconds = time.monotonic() - began
        used = (server.cpu() - cpu) if server else 0
        return {"rate": messages / seconds, "messages": messages, "filter_cpu_100k": used / messages * 100_000,
                "all_cpu_100k": (proc.machine()[0] - machine) / messages * 100_000}


def run_all(bench, peers):
    kinds = available()
    if not kinds:
        print("e2e: no Postfix here, or not root", flush=True)
        return 1
    wrong = 0
    for repetition in range(bench.settings.e2e_reps):
        turn = repetition % len(peers)
        for kind in kinds:
            for transport in ("unix", "tcp"):
                none = [(None, "-")] if transport == "unix" else []
                for peer, workload in none + [(peer, workload) for workload in WORKLOADS for peer in peers[turn:] + peers[:turn]]:
                    name = peer.name if peer else "none"
                    if name == "pmilter" and transport == "tcp":
                        continue        # seconds for each message
                    row = {"kind": "e2e", "mta": kind, "transport": transport, "workload": workload, "peer": name, "repetition": repetition}
                    head = f"{repetition} e2e {kind:8} {transport:4} {workload:8} {name:15}"
                    try:
                        row.update(measure(bench, kind, transport, peer, workload))
                        print(f"{head} {row['rate']:7.0f}/s  filter {row['filter_cpu_100k']:6.1f} of {row['all_cpu_100k']:7.1f} CPU s/100k", flush=True)
                    except proc.Failed as failure:
                        row["failed"] = str(failure)
                        wrong += 1
                        print(f"{head} FAILED: {failure}", flush=True)
                    bench.emit(row)
    return wrong
