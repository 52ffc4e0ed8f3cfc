#!/usr/bin/env python3
"""Plays the public test suite of SPF (openspf.org, for RFC 7208; it comes with pyspf) against `milter auth check --resolver`.

  eng/spf-suite.py RFC7208-TESTS.YML [--tool "dotnet …/Milter.Tool.dll"] [--mode plain|truncated|servfail|loop]...

The name server is here, on loopback, and answers from the suite's zones. In the other modes than plain it cuts every answer over UDP, says SERVFAIL where the suite wants silence, or
sends an alias there that leads back to itself. Prints what is not as the suite says, and how many are; ends with 0 where all are. Wants PyYAML.
"""
import argparse
import concurrent.futures
import json
import socket
import socketserver
import struct
import subprocess
import sys
import threading

import yaml

TYPES = {"A": 1, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SPF": 99}
CLASS, SERVER_FAILURE, NO_NAME, SECONDS = 1, 2, 3, 60
MODES = ("plain", "truncated", "servfail", "loop")


def wire_name(name):
    labels = [label.encode("latin1") for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def wire_data(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "MX":
        return struct.pack("!H", value[0]) + wire_name(value[1])
    if kind in ("PTR", "CNAME"):
        return wire_name(value)
    strings = [text.encode("latin1") for text in ([value] if isinstance(value, str) else value)]
    pieces = [text[at:at + 255] for text in strings for at in range(0, len(text) or 1, 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces)


def read_zone(data):
    """Names in lower case: their records, and whether whatever else is asked of them gets no answer. A record of type SPF stands for one of TXT, unless the name has some."""
    zone = {}
    for name, records in data.items():
        silent = "TIMEOUT" in records
        pairs = [pair for record in records if record != "TIMEOUT" for pair in record.items()]
        if not any(kind == "TXT" for kind, _ in pairs):
            pairs += [("TXT", value) for kind, value in pairs if kind == "SPF"]
        zone[str(name).lower().rstrip(".")] = ([(kind, value) for kind, value in pairs if value not in ("NONE", ["NONE"])], silent)
    return zone


class Resolver:
    """Answers questions from a zone in the manner of a mode."""

    def __init__(self, zone, mode):
        self.zone, self.mode = zone, mode

    def answer(self, query, over_tcp):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin1"))
            at += query[at] + 1
        question, kind = query[12:at + 5], struct.unpack("!H", query[at + 1:at + 3])[0]

        def reply(code, answers=(), cut=False):
            return query[:2] + struct.pack("!5H", 0x8180 | (0x200 if cut else 0) | code, 1, len(answers), 0, 0) + question + b"".join(answers)

        if self.mode == "truncated" and not over_tcp:
            return reply(0, cut=True)
        name = ".".join(labels).lower()
        if name not in self.zone:
            return reply(NO_NAME)
        answers = []
        for _ in range(9):
            records, silent = self.zone.get(name, ([], False))
            found = [record for record in records if TYPES[record[0]] == kind]
            if silent and not found:
                return {"servfail": reply(SERVER_FAILURE), "loop": reply(0, [self.record(name, "CNAME", name)])}.get(self.mode)
            answers += [self.record(name, *record) for record in found]
            alias = next((value for record, value in records if record == "CNAME"), None)
            if found or alias is None:
                break
            answers.append(self.record(name, "CNAME", alias))
            name = alias.lower().rstrip(".")
        whole = reply(0, answers)
        return whole if over_tcp or len(whole) <= 1232 else reply(0, cut=True)

    @staticmethod
    def record(name, kind, value):
        data = wire_data(kind, value)
        return wire_name(name) + struct.pack("!HHIH", TYPES[kind], CLASS, SECONDS, len(data)) + data


class Patient:
    """A client that ends has no more questions, and that is no error."""
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class Udp(Patient, socketserver.ThreadingUDPServer):
    pass


class Tcp(Patient, socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 64


def serve(resolver):
    """Listens on one port for both; the result is the two servers."""
    class OverUdp(socketserver.BaseRequestHandler):
        def handle(self):
            answer = resolver.answer(self.request[0], over_tcp=False)
            if answer is not None:
                self.request[1].sendto(answer, self.client_address)

    class OverTcp(socketserver.StreamRequestHandler):
        def handle(self):
            while len(length := self.rfile.read(2)) == 2:
                answer = resolver.answer(self.rfile.read(struct.unpack("!H", length)[0]), over_tcp=True)
                if answer is not None:
                    self.wfile.write(struct.pack("!H", len(answer)) + answer)

    servers = open_both(OverUdp, OverTcp)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return servers


def open_both(over_udp, over_tcp):
    """One port for both: what is free for one may be taken for the other."""
    for _ in range(50):
        udp = Udp(("127.0.0.1", 0), over_udp)
        try:
            return udp, Tcp(udp.server_address, over_tcp)
        except OSError:
            udp.server_close()
    sys.exit("there is no port that is free for UDP and TCP")


def check(tool, name, test, port):
    """What is wrong, or None."""
    command = [*tool, "auth", "check", "--client", str(test["host"]), "--helo", test["helo"], "--from", test["mailfrom"], "--resolver", f"127.0.0.1:{port}", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        told = json.loads(done.stdout)["spf"]
    except (ValueError, KeyError):
        return f"{name}: exit code {done.returncode}: {done.stdout}{done.stderr}"
    results = test["result"] if isinstance(test["result"], list) else [test["result"]]
    explanation = test.get("explanation")
    is_right = told["result"] in results and (explanation is None or told["explanation"] == (None if explanation == "DEFAULT" else explanation))
    return None if is_right else f"{name}: wanted {'|'.join(results)}, {explanation!r}, and was told {told}"


def play(suite, mode, tool, workers):
    wrong, count = [], 0
    for scenario in suite:
        servers = serve(Resolver(read_zone(scenario["zonedata"]), mode))
        port = servers[0].server_address[1]
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            results = [pool.submit(check, tool, name, test, port) for name, test in scenario["tests"].items()]
        count += len(results)
        wrong += [result.result() for result in results if result.result()]
        for server in servers:
            server.shutdown()
            server.server_close()
    for one in wrong:
        print(one)
    print(f"{mode}: {count - len(wrong)} of {count}", flush=True)
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite")
    parser.add_argument("--tool", default="milter")
    parser.add_argument("--mode", action="append", choices=MODES)
    parser.add_argument("--workers", type=int, default=4)
    settings = parser.parse_args()
    with open(settings.suite, encoding="utf-8") as file:
        suite = list(yaml.safe_load_all(file))
    results = [play(suite, mode, settings.tool.split(), settings.workers) for mode in settings.mode or MODES]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
