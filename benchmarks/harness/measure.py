"""One row for each run: a fresh server, warmed up, measured once."""
import contextlib
import json
import os
import subprocess
import tempfile
import time

from . import proc
from .peers import BUILD

LOAD = os.path.join(BUILD, "load")
SERVER_CORE, LOAD_CORE = 0, 1


class Bench:
    """Where rows go, and the folder for sockets and logs."""

    def __init__(self, settings):
        self.settings = settings
        self.folder = tempfile.mkdtemp(prefix="milter-bench-", dir="/run" if os.access("/run", os.W_OK) else None)
        os.chmod(self.folder, 0o755)
        self.number = 0

    def listen(self, tcp):
        self.number += 1
        if tcp:
            return f"inet:{20000 + (os.getpid() * 13 + self.number) % 10000}@127.0.0.1"
        return f"unix:{self.folder}/{self.number}.sock"

    def log(self, peer):
        return os.path.join(self.folder, peer.name + ".log")

    def emit(self, row):
        row["time"] = round(time.time(), 1)
        if self.settings.out:
            with open(self.settings.out, "a") as file:
                file.write(json.dumps(row) + "\n")
        return row

    def close(self):
        for name in os.listdir(self.folder):
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(self.folder, name))
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)


def load(server, listen, options, warmup, duration, drain=55):
    """Runs the load; the server's and the machine's CPU are read when it says begin and end."""
    command = [LOAD, "run", "--listen", listen, "--warmup", str(warmup), "--duration", str(duration), *options]
    child = proc.Child(command, LOAD_CORE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with proc.bounded(child, warmup + duration + drain) as late:
        output = child.process.stdout
        output.readline()
        cpu, machine = server.cpu(), proc.machine()
        output.readline()
        cpu_end, machine_end = server.cpu(), proc.machine()
        memory = server.memory()
        line = output.readline()
        error = child.process.stderr.read().decode(errors="replace").strip()
    if not line:
        raise proc.Failed("load did not end in time" if late.is_set() else error or "load ended without a result")
    row = json.loads(line)
    used = cpu_end - cpu
    row["server_cpu"] = used / row["seconds"]
    messages = row["messages"] + row["others"]
    row["cpu_100k"] = used / messages * 100_000 if messages else None
    # What ran on the machine and was neither the server nor the load.
    row["foreign"] = max(0.0, (machine_end[0] - machine[0] - used) / row["seconds"] - row["load_cpu"])
    row["stolen"] = (machine_end[1] - machine[1]) / row["seconds"]
    return {**row, **memory}


def run_once(bench, peer, scenario, repetition):
    settings = bench.settings
    row = {"kind": "run", "scenario": scenario.name, "peer": peer.name, "repetition": repetition}
    try:
        listen = bench.listen(scenario.tcp)
        with proc.server(peer.start(listen, *(scenario.ours if peer.ours and scenario.ours else (scenario.workload,))), listen, SERVER_CORE, log=bench.log(peer)) as server:
            row["startup_ms"] = server.startup_ms
            warmup = settings.warmup if settings.warmup is not None else peer.warmup
            row.update(load(server, listen, scenario.load_options(), warmup, settings.duration))
    except proc.Failed as failure:
        row["failed"] = str(failure)
    return row


def show(row):
    head = f"{row['repetition']} {row['scenario']:20} {row['peer']:15}"
    if "failed" in row:
        return f"{head} FAILED: {row['failed']}"
    cpu = "-" if row["cpu_100k"] is None else f"{row['cpu_100k']:.2f}"
    error = f" {row['errors']} ERRORS: {row['first_error']}" if row["errors"] else ""
    return (f"{head} {row['rate']:9.0f}/s p50 {row['p50_us'] / 1000:8.2f} p99 {row['p99_us'] / 1000:8.2f} ms  CPU s/100k {cpu:>8}  "
            f"server {row['server_cpu']:.2f} load {row['load_cpu']:.2f} foreign {row['foreign']:.2f}{error}")


def run_all(bench, peers, scenarios):
    """Repetitions are the outer loop, so slow drift of the machine meets all alike; the order of the peers rotates, so none always comes first."""
    wrong = 0
    for repetition in range(bench.settings.reps):
        for scenario in scenarios:
            turn = repetition % len(peers)
            for peer in peers[turn:] + peers[:turn]:
                if scenario.group == "block" and not peer.blocks:
                    continue
                reason = peer.cannot(scenario)
                if reason:
                    if repetition == 0:
                        bench.emit({"kind": "cannot", "scenario": scenario.name, "peer": peer.name, "reason": reason})
                    continue
                for attempt in range(1 + bench.settings.retries):
                    row = bench.emit({**run_once(bench, peer, scenario, repetition), "attempt": attempt})
                    print(show(row), flush=True)
                    if "failed" in row or row["foreign"] <= bench.settings.foreign:
                        break
                wrong += "failed" in row or row["errors"] > 0
    return wrong


def start_all(bench, peers):
    """Time from exec to listening, and what the server holds half a second later without having done anything."""
    wrong = 0
    for repetition in range(bench.settings.start_reps):
        turn = repetition % len(peers)
        for peer in peers[turn:] + peers[:turn]:
            row = {"kind": "start", "peer": peer.name, "repetition": repetition}
            try:
                listen = bench.listen(False)
                with proc.server(peer.start(listen, "inspect"), listen, SERVER_CORE, log=bench.log(peer)) as server:
                    time.sleep(0.5)
                    row.update(startup_ms=server.startup_ms, start_cpu=server.cpu(), **server.memory())
                print(f"{repetition} start {peer.name:15} {row['startup_ms']:8.1f} ms  RSS {row['rss_kb'] / 1024:6.1f} PSS {row['pss_kb'] / 1024:6.1f} MiB "
                      f"{row['threads']} threads", flush=True)
            except proc.Failed as failure:
                row["failed"] = str(failure)
                print(f"{repetition} start {peer.name:15} FAILED: {failure}", flush=True)
                wrong += 1
            bench.emit(row)
    return wrong


def held(bench, peer, count, stage):
    """Memory of a server that has worked and now holds idle connections, beyond what it had before they came."""
    listen = bench.listen(False)
    with proc.server(peer.start(listen, "inspect"), listen, None, log=bench.log(peer)) as server:
        load(server, listen, ["--workload", "inspect", "--connections", "16"], 0, 1 if bench.settings.quick else 3)
        time.sleep(0.5)
        before = server.memory()
        child = proc.Child([LOAD, "hold", "--listen", listen, "--connections", str(count), "--stage", stage],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with proc.bounded(child, 120):
            line = child.process.stdout.readline()
            if not line:
                raise proc.Failed("the connections could not be opened")
            opened = json.loads(line)
            time.sleep(1)
            after, cpu = server.memory(), server.cpu()
            time.sleep(2)
            idle_cpu = (server.cpu() - cpu) / 2
            child.process.stdin.close()
            gone = json.loads(child.process.stdout.readline() or '{"closed_by_filter": -1}')
    ready = max(1, opened["ready"])
    return {**opened, **gone, "idle_cpu": idle_cpu, "before_rss_kb": before["rss_kb"], "held_rss_kb": after["rss_kb"],
            "rss_per_connection_kb": (after["rss_kb"] - before["rss_kb"]) / ready, "pss_per_connection_kb": (after["pss_kb"] - before["pss_kb"]) / ready,
            "threads": after["threads"]}


def idle_all(bench, peers):
    wrong = 0
    for repetition in range(bench.settings.idle_reps):
        for count in bench.settings.idle:
            for peer in peers:
                if peer.name == "pmilter":
                    continue        # a process for each connection
                row = {"kind": "idle", "peer": peer.name, "repetition": repetition, "count": count, "stage": "helo"}
                try:
                    row.update(held(bench, peer, count, "helo"))
                    wrong += row["ready"] != count
                    print(f"{repetition} idle {count:6} {peer.name:15} ready {row['ready']} in {row['open_ms']:.0f} ms, {row['rss_per_connection_kb']:6.2f} KiB "
                          f"RSS a connection, {row['threads']} threads, {row['idle_cpu']:.3f} CPU, closed by the filter {row['closed_by_filter']}", flush=True)
                except proc.Failed as failure:
                    row["failed"] = str(failure)
                    print(f"{repetition} idle {count:6} {peer.name:15} FAILED: {failure}", flush=True)
                    wrong += 1
                bench.emit(row)
    return wrong
