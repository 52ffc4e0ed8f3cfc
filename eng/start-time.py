#!/usr/bin/env python3
"""Starts programs on a port of loopback, in turn, until each takes connections: the time that took and the processor time that the process has used by then, medians.
    eng/start-time.py STARTS PROGRAM...        a program is a host with --Milter:Listen, such as the Quickstart; words with blanks are commands with arguments"""
import glob
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import time


def start(command):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    process = subprocess.Popen([*command, f"--Milter:Listen=inet:{port}@127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if process.poll() is not None or time.perf_counter() - begun > 30:
                    sys.exit(f"{command[0]} does not listen")
                time.sleep(0.0002)
        took = time.perf_counter() - begun
        used = sum(int(open(thread).read().split()[0]) for thread in glob.glob(f"/proc/{process.pid}/task/*/schedstat"))
        return took * 1000, used / 1e6
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


programs = [shlex.split(program) for program in sys.argv[2:]]
results = [[] for _ in programs]
for _ in range(int(sys.argv[1])):
    for program, result in zip(programs, results):
        result.append(start(program))
for program, result in zip(programs, results):
    took, used = (statistics.median(column) for column in zip(*result))
    print(f"{program[0]}: listens after {took:.1f} ms (at least {min(result)[0]:.1f}), {used:.1f} ms of a processor")
