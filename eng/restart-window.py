#!/usr/bin/env python3
"""The body of eng/restart-window.sh: restarts a program while clients connect all the time, and says for how long nobody listened, and what became of those who came meanwhile."""
import os
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

OPTNEG = struct.pack(">IcIII", 13, b"O", 6, 0x1FF, 0x1FFFFF)


class Clients:
    """Four clients that connect and negotiate one after the other: when each was refused, and whether one that was connected got no answer."""

    def __init__(self, address):
        self.address, self.stops = address, False
        self.refused, self.served, self.reset, self.waited = [], 0, 0, 0.0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def run(self):
        while not self.stops:
            begin = time.monotonic()
            with socket.socket(socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET) as wire:
                wire.settimeout(30)
                try:
                    wire.connect(self.address)
                except OSError:
                    with self.lock:
                        self.refused.append(begin)
                    time.sleep(0.001)
                    continue
                try:
                    wire.sendall(OPTNEG)
                    answered = bool(wire.recv(64))
                    wire.sendall(struct.pack(">Ic", 1, b"Q"))
                except OSError:
                    answered = False
            with self.lock:
                self.served += answered
                self.reset += not answered
                self.waited = max(self.waited, time.monotonic() - begin)
            time.sleep(0.001)

    def end(self):
        self.stops = True
        for thread in self.threads:
            thread.join()


def start(program, listen, way, folder):
    """The program; behind systemd-socket-activate the same process, with the socket that it inherits."""
    if way != "activation":
        return subprocess.Popen([*program, f"--Milter:Listen={listen}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return subprocess.Popen([*program, "--Milter:Listen=fd:9"], pass_fds=(9,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(program, way, restarts):
    with tempfile.TemporaryDirectory(prefix="restart-window") as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        path = f"{folder}/m.sock"
        listen, address = (f"inet:{port}@127.0.0.1", ("127.0.0.1", port)) if way == "TCP" else (f"unix:{path}", path)
        if way == "activation":
            # As a service manager holds it: it outlives each process.
            held = socket.socket(socket.AF_UNIX)
            held.bind(path)
            held.listen(128)
            os.dup2(held.fileno(), 9, inheritable=True)
        process = start(program, listen, way, folder)
        try:
            wait(address)
            clients, windows = Clients(address), []
            for _ in range(restarts):
                time.sleep(0.5)
                seen = len(clients.refused)
                process.send_signal(signal.SIGTERM)
                process.wait()
                process = start(program, listen, way, folder)
                wait(address)
                time.sleep(0.2)
                refused = clients.refused[seen:]
                windows.append((refused[-1] - refused[0]) * 1000 if refused else 0.0)
            clients.end()
        finally:
            process.kill()
            process.wait()
    print(f"{way:10} {restarts} restarts: nobody listened for {statistics.median(windows):.0f} ms (median; {min(windows):.0f} to {max(windows):.0f}); {len(clients.refused)} connections refused, {clients.reset} reset, {clients.served} served; the longest wait {clients.waited * 1000:.0f} ms", flush=True)


def wait(address):
    while True:
        with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as wire:
            wire.settimeout(30)
            try:
                wire.connect(address)
                wire.sendall(OPTNEG)
                if wire.recv(64):
                    return
            except OSError:
                time.sleep(0.001)


def main():
    restarts, program = int(sys.argv[1]), sys.argv[2:]
    for way in ("TCP", "unix", "activation"):
        measure(program, way, restarts)


main()
