#!/usr/bin/env python3
"""Where the time goes behind a real MTA: profiles the whole machine (Debian: linux-perf) while smtp-source sends, without a filter and with each.

  where.py [--mta postfix|sendmail] [--peers libmilter,attrmilter-aot] [--workload typical] [--messages 2000]

Prints a table: microseconds of CPU a message by program, and how long both cores had nothing to do.
"""
import argparse
import collections
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from harness import e2e, peers, proc

# Programs, by name, that are shown together; what is in none of them is "other".
GROUPS = (("smtp-source", r"smtp-source"), ("smtpd", r"smtpd"), ("cleanup", r"cleanup"), ("qmgr and delivery", r"qmgr|discard|trivial-rewrite|bounce|master|anvil|postlogd"),
          ("sendmail", r"sendmail.*"), ("filter", r"FILTER"))
FREQUENCY = 1999


def idle():
    """Seconds for which the machine's cores had nothing to do, together."""
    with open("/proc/stat") as file:
        return sum(int(ticks) for ticks in file.readline().split()[4:6]) / proc.TICK


def report(data, *options):
    text = subprocess.run(["perf", "report", "-i", data, "--stdio", "-n", "-w", "60,60,60", "-t", "|", *options], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        fields = [field.strip() for field in line.split("|")]
        if len(fields) >= 3 and re.fullmatch(r"[0-9.]+%", fields[0]):
            yield int(fields[1]), fields[2:]


def measure(mta, peer, workload, messages, folder):
    port = 25000 + os.getpid() % 900
    listen = f"unix:{folder}/filter"
    data = f"{folder}/perf"
    with contextlib.ExitStack() as stack:
        server = None
        if peer:
            server = stack.enter_context(proc.server(peer.start(listen, workload), listen, None))
            os.chmod(f"{folder}/filter", 0o666)
        stack.enter_context(e2e.mail_server(mta, listen if peer else "", port))
        e2e.send(port, messages // 4, 120)
        perf = proc.Child(["perf", "record", "-q", "-a", "-e", "cpu-clock", "-F", str(FREQUENCY), "-o", data], stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        before, began = idle(), time.monotonic()
        e2e.send(port, messages, 300)
        rested, seconds = idle() - before, time.monotonic() - began
        ids = {int(thread) for pid, _ in server.members() for thread in os.listdir(f"/proc/{pid}/task")} if server else set()
        perf.process.send_signal(2)
        perf.process.wait()
    used = collections.Counter()
    for samples, (comm, thread, binary) in report(data, "--sort", "comm,pid,dso"):
        number = int(re.match(r"-?[0-9]+", thread)[0])
        name = "FILTER" if number in ids else comm
        if number == 0:
            continue
        group = next((group for group, pattern in GROUPS if re.fullmatch(pattern, name)), "other")
        used[group] += samples
        if group == "filter":
            used["of that, the kernel"] += samples if binary.startswith("[") else 0
    row = {group: count / FREQUENCY / messages * 1e6 for group, count in used.items()}
    row["seconds"] = seconds / messages * 1e6
    row["idle"] = rested / messages * 1e6
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mta", choices=("postfix", "sendmail"), default="postfix")
    parser.add_argument("--peers", default="libmilter,attrmilter-aot")
    parser.add_argument("--workload", default="typical")
    parser.add_argument("--messages", type=int, default=2000)
    settings = parser.parse_args()
    if not shutil.which("perf"):
        raise SystemExit("perf is not here: apt-get install linux-perf")
    if settings.mta not in e2e.available():
        raise SystemExit(f"{settings.mta} can't be run here: it takes root, postfix (for smtp-source, too) and for Sendmail tests/Milter.Mta.Tests/install-mtas.sh")
    found = [None, *peers.chosen(settings.peers.split(","))]
    rows = {}
    with tempfile.TemporaryDirectory(dir="/run") as folder:
        os.chmod(folder, 0o755)
        for peer in found:
            rows[peer.name if peer else "no filter"] = measure(settings.mta, peer, settings.workload, settings.messages, folder)
    names = list(rows)
    print(f"| us a message, {settings.mta}, {settings.workload} | {' | '.join(names)} |")
    print(f"| --- |{' ---: |' * len(names)}")
    for group in (*[group for group, _ in GROUPS], "of that, the kernel", "other", "idle", "seconds"):
        if any(row.get(group) for row in rows.values()):
            label = {"idle": "both cores idle, together", "seconds": "a message each, by the clock"}.get(group, group)
            print(f"| {label} | {' | '.join(f'{row.get(group, 0):.0f}' for row in rows.values())} |")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        proc.stop_all()
