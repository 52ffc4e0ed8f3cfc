#!/usr/bin/env python3
"""Fixed sessions against a probe filter, checked byte for byte.

    python3 smoke.py                                           build the libmilter twin and run everything
    python3 smoke.py --cmd 'dotnet Probe.dll --listen {listen}'  run the portable part against another probe
    python3 smoke.py --only echo -v                            the cases whose name contains a word, one line each

Plays the MTA's side over a unix socket in a temporary folder. The cases marked with a D number pin down what only
libmilter does (README.md lists them); they run against the twin, and against another probe with --libmilter.
"""
import argparse
import os
import shlex
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ALL_ACTIONS, ALL_STEPS = 0x1FF, 0x1FFFFF
SETSYMLIST = 0x100      # asks for macros and changes nothing: a filter that has no list to send need not take it
ADDHDRS, CHGBODY, ADDRCPT, DELRCPT, CHGHDRS, QUARANTINE, CHGFROM, ADDRCPT_PAR = (1 << n for n in range(8))
SKIP, LEADSPC = 0x400, 0x100000
LIMIT = 65535
VERDICTS = b"cardtsy"
CONTINUE, ACCEPT, REJECT, TEMPFAIL, DISCARD, SKIPPED = ((bytes([c]), b"") for c in b"cartds")


# ---- the wire ------------------------------------------------------------------------------------------------------

def text(value):
    return value if isinstance(value, bytes) else value.encode("latin-1")


def z(*values):
    return b"".join(text(v) + b"\0" for v in values)


def reply(value):
    return b"y", z(value)


def add(name, value):
    return b"h", z(name, value)


def insert(index, name, value):
    return b"i", struct.pack("!I", index) + z(name, value)


def change(name, occurrence, value):
    return b"m", struct.pack("!I", occurrence) + z(name, value)


def refused(word):
    return add("X-Probe-Refused", word)


def seen(**fields):
    """The header that `echo` adds, with what the default session has where nothing else is said."""
    known = dict(host="mx.example.test", family="inet", addr="192.0.2.1", port="4242", helo="client.example.test",
                 sender="<s@example.test>", fromargs="-", rcpts="<r@example.test>", headers="1", body="0",
                 crc="00000000")
    known.update(fields)
    known["from"] = known.pop("sender")
    order = "host family addr port helo from fromargs rcpts headers body crc".split()
    return add("X-Probe-Seen", b" ".join(text(name) + b"=" + text(known[name]) for name in order))


class Mismatch(Exception):
    pass


def show(packets):
    if packets is None or isinstance(packets, bytes):
        return repr(packets)
    def one(packet):
        command, payload = packet
        body = repr(payload) if len(payload) <= 300 else "%r... (%d bytes)" % (payload[:60], len(payload))
        return "%s %s" % (command.decode("latin-1"), body)
    return "[" + ", ".join(one(p) for p in packets) + "]"


class Session:
    """One milter connection. Every expectation is exact; `end` sees to it that nothing was sent beyond them."""

    def __init__(self, path, timeout=10):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(path)

    def close(self):
        self.socket.close()

    def send(self, command, payload=b""):
        self.raw(struct.pack("!I", len(payload) + 1) + text(command) + payload)

    def raw(self, data):
        self.socket.sendall(data)

    def exactly(self, count):
        data = bytearray()
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise Mismatch("end of stream after %r" % bytes(data))
            data += part
        return bytes(data)

    def receive(self):
        try:
            length, = struct.unpack("!I", self.exactly(4))
            command = self.exactly(1)
            return command, self.exactly(length - 1)
        except socket.timeout:
            raise Mismatch("no reply")

    def expect(self, *packets, after=""):
        got = []
        for _ in packets:
            got.append(self.receive())
            if got[-1][0] in VERDICTS:
                break
        if got != list(packets):
            raise Mismatch("%s\n      expected %s\n      got      %s" % (after, show(packets), show(got)))

    def ask(self, command, payload=b"", *expected):
        self.send(command, payload)
        self.expect(*(expected or (CONTINUE,)), after="%s %r" % (command, payload[:80]))

    def negotiate(self, actions=ALL_ACTIONS, steps=ALL_STEPS, version=6, answer=None, leading=False):
        self.send("O", struct.pack("!III", version, actions, steps))
        if answer is None:
            answer = version, actions, steps & (SKIP | (LEADSPC if leading else 0))
        self.agreed(answer, "O %d %x %x" % (version, actions, steps))

    def agreed(self, answer, after):
        command, payload = self.receive()
        got = struct.unpack("!III", payload) if command == b"O" and len(payload) == 12 else None
        if got is None or (got[0], got[1] | SETSYMLIST, got[2]) != (answer[0], answer[1] | SETSYMLIST, answer[2]):
            raise Mismatch("%s\n      expected %s\n      got      %s" % (after, "%d %x %x" % answer,
                           show([(command, payload)]) if got is None else "%d %x %x" % got))

    def connect(self, host="mx.example.test", family="4", port=4242, address="192.0.2.1", expect=CONTINUE):
        payload = z(host) + text(family)
        if family != "U":
            payload += struct.pack("!H", port) + z(address)
        self.ask("C", payload, expect)

    def helo(self, name="client.example.test", expect=CONTINUE):
        self.ask("H", z(name), expect)

    def greet(self, **negotiation):
        self.negotiate(**negotiation)
        self.connect()
        self.helo()

    def mail(self, *args, sender="<s@example.test>", expect=CONTINUE):
        self.ask("M", z(sender, *args), expect)

    def rcpt(self, *args, to="<r@example.test>", expect=CONTINUE):
        self.ask("R", z(to, *args), expect)

    def data(self, expect=CONTINUE):
        self.ask("T", b"", expect)

    def header(self, name, value, expect=CONTINUE):
        self.ask("L", z(name, value), expect)

    def macros(self, command, *pairs):
        self.send("D", text(command) + z(*pairs))

    def envelope(self, with_data=True):
        self.mail()
        self.rcpt()
        if with_data:
            self.data()

    def content(self, headers=(), body=(), with_eoh=True):
        for name, value in headers:
            self.header(name, value)
        if with_eoh:
            self.ask("N")
        for chunk in body:
            self.ask("B", chunk)

    def eom(self, *expected):
        self.ask("E", b"", *(expected or (CONTINUE,)))

    def message(self, headers, *expected, body=(), with_data=True):
        """A whole message that is let pass until its end, where exactly these packets come."""
        self.envelope(with_data)
        self.content(headers, body)
        self.eom(*expected)

    def do(self, action, *expected, body=()):
        """A message with one action, which yields these packets before the final continue."""
        self.message([("X-Probe-Do", action)], *expected, CONTINUE, body=body)

    def silent(self, command, payload=b""):
        """No reply comes: what follows is answered next. Used with `ask` after it."""
        self.send(command, payload)

    def closed(self):
        try:
            rest = self.socket.recv(1000)
        except socket.timeout:
            raise Mismatch("connection still open")
        except ConnectionResetError:
            return
        if rest:
            raise Mismatch("unexpected bytes: %r" % rest)

    def end(self):
        self.send("Q")
        self.closed()


# ---- cases ---------------------------------------------------------------------------------------------------------

CASES = []


def case(name, leading=False, deviation=None):
    def keep(function):
        CASES.append((name if deviation is None else deviation + " " + name, leading, deviation, function))
        return function
    return keep


def each(name, values, leading=False, deviation=None):
    """One case for each value."""
    def keep(function):
        for value in values:
            label = value if isinstance(value, (str, bytes, int)) else value[0]
            label = label if isinstance(label, str) else repr(label)
            case("%s: %s" % (name, label[:60]), leading, deviation)(lambda s, v=value: function(s, v))
        return function
    return keep


# negotiation

@each("negotiation", [
    ("version 6, everything", (6, 0x1FF, 0x1FFFFF), (6, 0x1FF, 0x400)),
    ("version 6, no SKIP", (6, 0x1FF, 0x1FFBFF), (6, 0x1FF, 0)),
    ("version 6, few actions", (6, 0x21, 0x1FFFFF), (6, 0x21, 0x400)),
    ("version 7 is answered with 6", (7, 0x1FF, 0x1FFFFF), (6, 0x1FF, 0x400)),
    ("version 4", (4, 0x3F, 0x3FF), (4, 0x3F, 0)),
    ("version 4, all actions (Postfix)", (4, 0x1FF, 0x37F), (4, 0x1FF, 0)),
    ("version 3", (3, 0x3F, 0x1FF), (3, 0x3F, 0)),
    ("version 2", (2, 0x3F, 0x7F), (2, 0x3F, 0)),
    ("version 2, zeros mean version 1's", (2, 0, 0), (2, 0x0F, 0)),
    ("unknown steps are not asked for", (6, 0x1FF, 0xFFFFFFFF), (6, 0x1FF, 0x400)),
])
def negotiation(s, row):
    _, (version, actions, steps), answer = row
    s.negotiate(actions, steps, version, answer)
    s.connect()
    s.end()


@case("negotiation: an unknown action is not asked for")
def unknown_action(s):
    s.negotiate(0xFFFFFFFF, answer=(6, 0x1FF, 0x400))
    s.end()


@each("negotiation, leading space", [
    ("offered", (6, 0x1FF, 0x1FFFFF), (6, 0x1FF, 0x100400)),
    ("not offered", (6, 0x1FF, 0x0FFFFF), (6, 0x1FF, 0x400)),
    ("version 2", (2, 0x3F, 0x7F), (2, 0x3F, 0)),
], leading=True)
def negotiation_leading(s, row):
    _, (version, actions, steps), answer = row
    s.negotiate(actions, steps, version, answer)
    s.end()


@each("whole message in version", [2, 3, 4, 6])
def versions(s, version):
    steps = {2: 0x7F, 3: 0x17F, 4: 0x37F, 6: ALL_STEPS}[version]
    s.greet(version=version, actions=0x3F if version < 6 else ALL_ACTIONS, steps=steps)
    if version >= 3:
        s.ask("U", z("PROBE reply:500:5.5.1:not_here"), reply("500 5.5.1 not here"))
    for _ in range(2):
        s.message([("X-Probe-Do", "add X-A one"), ("Subject", "hello"), ("X-Probe-Do", "echo"),
                   ("X-Probe-Do", "chgfrom <n@example.test>"), ("X-Probe-Verdict", "eom=accept")],
                  add("X-A", "one"), seen(headers="5", body="5", crc="%08x" % zlib.crc32(b"abc\r\n")),
                  (b"e", z("<n@example.test>")) if version == 6 else refused("chgfrom"), ACCEPT,
                  body=[b"abc\r\n"], with_data=version >= 4)
    s.end()


# verdicts, stage by stage

WORDS = [("continue", CONTINUE), ("accept", ACCEPT), ("reject", REJECT), ("tempfail", TEMPFAIL),
         ("discard", DISCARD), ("skip", CONTINUE), ("reply:550:5.7.1:no_thanks", reply("550 5.7.1 no thanks")),
         ("reply:450:4.7.1:come_back|later_on", reply("450-4.7.1 come back\r\n450 4.7.1 later on")),
         ("reply:421::closing", reply("421 closing")),
         ("reply:550:5.7.1", CONTINUE), ("reply:550", CONTINUE), ("reply:", CONTINUE), ("reply", CONTINUE),
         ("Reject", CONTINUE), ("REJECT", CONTINUE), ("rejected", CONTINUE), ("x.reject", CONTINUE),
         ("Reply:550:5.7.1:x", CONTINUE), ("", CONTINUE), ("nonsense", CONTINUE)]


def at_session(word, expected):
    return CONTINUE if word in ("discard", "skip") else expected


@each("connect", WORDS)
def connect_verdict(s, row):
    s.negotiate()
    s.connect(host=row[0] + ".connect.probe.test", expect=at_session(*row))
    s.end()


@each("connect, not steering", ["reject.helo.probe.test", "rejectconnect.probe.test", "reject.connect.probe.test.",
                                "reject.CONNECT.probe.test", "reject.connect.probe.test.example", "reject"])
def connect_plain(s, host):
    s.negotiate()
    s.connect(host=host)
    s.end()


@case("connect: every family can steer")
def connect_families(s):
    s.negotiate()
    s.connect(host="reject.connect.probe.test", family="U", expect=REJECT)
    s.end()


@each("helo", WORDS)
def helo_verdict(s, row):
    s.negotiate()
    s.connect()
    s.helo(row[0] + ".helo.probe.test", at_session(*row))
    s.end()


@case("helo: twice, both steer")
def helo_twice(s):
    s.negotiate()
    s.connect()
    s.helo("one.example.test")
    s.helo("two.example.test")
    s.do("echo", seen(helo="two.example.test"))
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@each("mail", WORDS)
def mail_verdict(s, row):
    s.greet()
    s.mail(sender="<%s@mail.probe.test>" % row[0], expect=row[1])
    s.send("A")
    s.message([], CONTINUE)
    s.end()


@each("mail, other spellings", [
    ("reject@mail.probe.test", REJECT), ("<reject@MAIL.probe.test>", CONTINUE),
    ("<reject@rcpt.probe.test>", CONTINUE), ("<reject@mail.probe.test.>", CONTINUE),
    ('<"reject"@mail.probe.test>', CONTINUE), ("<reject@x@mail.probe.test>", CONTINUE),
    ("<rejectmail.probe.test>", CONTINUE), ("<>", CONTINUE), ("", CONTINUE)])
def mail_spelling(s, row):
    s.greet()
    s.mail("SIZE=10", sender=row[0], expect=row[1])
    s.end()


@each("rcpt", WORDS)
def rcpt_verdict(s, row):
    s.greet()
    s.mail()
    s.rcpt("NOTIFY=NEVER", to="<%s@rcpt.probe.test>" % row[0], expect=row[1])
    s.end()


@case("rcpt: a refused one is listed, the message goes on")
def rcpt_refused(s):
    s.greet()
    s.mail()
    s.rcpt(to="<a@example.test>")
    s.rcpt(to="<reject@rcpt.probe.test>", expect=REJECT)
    s.rcpt(to="tempfail@rcpt.probe.test", expect=TEMPFAIL)
    s.rcpt(to="<reply:551:5.1.6:moved:_there@rcpt.probe.test>", expect=reply("551 5.1.6 moved: there"))
    s.rcpt(to="<b@example.test>")
    s.data()
    s.content([("X-Probe-Do", "echo")])
    s.eom(seen(rcpts="<a@example.test>,<reject@rcpt.probe.test>,tempfail@rcpt.probe.test,"
                     "<reply:551:5.1.6:moved:_there@rcpt.probe.test>,<b@example.test>"), CONTINUE)
    s.end()


@each("data", WORDS)
def data_verdict(s, row):
    s.greet()
    s.mail("SIZE=1", "XDATA=" + row[0])
    s.rcpt()
    s.data(row[1])
    s.end()


@each("data, arguments", [
    (("XDATA=reject", "XDATA=tempfail"), TEMPFAIL), (("XDATA=reject", "XDATA=nonsense"), CONTINUE),
    (("XDATA=reject", "XDATA="), CONTINUE), (("xdata=reject",), CONTINUE), (("XXDATA=reject",), CONTINUE),
    (("XDATA",), CONTINUE), (("XDATA=reject", "XDATAX=accept"), REJECT)])
def data_arguments(s, row):
    s.greet()
    s.mail(*row[0])
    s.rcpt("XDATA=discard")
    s.data(row[1])
    s.end()


@each("header", WORDS)
def header_verdict(s, row):
    s.greet()
    s.envelope()
    s.header("Subject", "hi")
    s.header("X-Probe-Verdict", "header=" + row[0], row[1])
    s.end()


@case("header: each steers itself only")
def header_itself(s):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=continue")
    s.header("X-Probe-Verdict", "eoh=reject")
    s.header("Subject", "header=reject")
    s.ask("N", b"", REJECT)
    s.end()


@each("eoh", WORDS)
def eoh_verdict(s, row):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "eoh=" + row[0])
    s.header("Subject", "hi")
    s.ask("N", b"", row[1])
    s.end()


@each("body", WORDS)
def body_verdict(s, row):
    s.greet()
    s.envelope()
    s.content([("X-Probe-Verdict", "body=" + row[0])])
    s.ask("B", b"some\r\n", SKIPPED if row[0] == "skip" else row[1])
    s.end()


@case("body: skip where it was not offered")
def skip_unoffered(s):
    s.greet(steps=ALL_STEPS & ~SKIP)
    s.message([("X-Probe-Verdict", "body=skip"), ("X-Probe-Do", "echo")],
              seen(headers="2", body="10", crc="%08x" % zlib.crc32(b"one\r\ntwo\r\n")), CONTINUE,
              body=[b"one\r\n", b"two\r\n"])
    s.end()


@case("body: skip, then the end of the message")
def skip_then_end(s):
    s.greet()
    s.envelope()
    s.content([("X-Probe-Verdict", "body=skip"), ("X-Probe-Do", "echo")])
    s.ask("B", b"one\r\n", SKIPPED)
    s.eom(seen(headers="2", body="5", crc="%08x" % zlib.crc32(b"one\r\n")), CONTINUE)
    s.message([("X-Probe-Do", "echo")], seen(body="3", crc="%08x" % zlib.crc32(b"two")), CONTINUE, body=[b"two"])
    s.end()


@each("eom", WORDS)
def eom_verdict(s, row):
    s.greet()
    s.message([("X-Probe-Do", "add X-A b"), ("X-Probe-Verdict", "eom=" + row[0])], add("X-A", "b"), row[1])
    s.message([("X-Probe-Do", "add X-A c")], add("X-A", "c"), CONTINUE)
    s.end()


@each("unknown", WORDS)
def unknown_verdict(s, row):
    expected = CONTINUE if row[0] in ("accept", "discard") else row[1]
    s.greet()
    s.ask("U", z("PROBE " + row[0]), expected)
    s.ask("U", z("PROBE " + row[0]), expected)
    s.message([("X-Probe-Do", "echo")], seen(), CONTINUE)
    s.ask("U", z("PROBE " + row[0]), expected)
    s.end()


@each("unknown, not steering", ["PROBE", "PROBEreject", "probe reject", "FOO reject", "XPROBE reject", " PROBE reject",
                                "PROBE  reject", "PROBE reject ", "PROBE\treject", ""])
def unknown_plain(s, line):
    s.greet()
    s.ask("U", z(line))
    s.end()


@case("unknown: inside a message, which goes on")
def unknown_inside(s):
    s.greet()
    s.mail("XDATA=accept")
    s.ask("U", z("PROBE reject"), REJECT)
    s.rcpt()
    s.ask("U", z("PROBE tempfail"), TEMPFAIL)
    s.rcpt(to="<q@example.test>")
    s.ask("U", z("FOO"))
    s.data(ACCEPT)
    s.end()


# the header that names verdicts

@each("verdict header, read", [
    ("X-PROBE-VERDICT", "eoh=reject", REJECT), ("x-probe-verdict", "eoh=reject", REJECT),
    ("X-Probe-Verdict", " eoh=reject", REJECT), ("X-Probe-Verdict", "\t \teoh=reject\t \t", REJECT),
    ("X-Probe-Verdict", "eoh=reply:550:5.7.1:a \t", reply("550 5.7.1 a")),
    ("X-Probe-Verdict", "eoh=reply:550:5.7.1:a b\tc", reply("550 5.7.1 a b\tc")),
    ("X-Probe-Verdict", "eoh= reject", CONTINUE), ("X-Probe-Verdict", "eoh =reject", CONTINUE),
    ("X-Probe-Verdict", "EOH=reject", CONTINUE), ("X-Probe-Verdict", "eoh:reject", CONTINUE),
    ("X-Probe-Verdict", "reject", CONTINUE), ("X-Probe-Verdict", "", CONTINUE), ("X-Probe-Verdict", "=reject", CONTINUE),
    ("X-Probe-Verdict", "connect=reject", CONTINUE), ("X-Probe-Verdict", "data=reject", CONTINUE),
    ("X-Probe-Verdict", "\neoh=reject", CONTINUE), ("X-Probe-Verdict", "eoh=reject\n ", CONTINUE),
    ("X-Probe-Verdict", "eoh=reject\r", CONTINUE), ("X-Probe-Verdict", "eoh=reject\x0b", CONTINUE),
    ("X-Probe-Verdict", "\xa0eoh=reject", CONTINUE), ("X-Probe-Verdict", "eoh=reject\xc2\xa0", CONTINUE),
    ("X-Probe-Verdict ", "eoh=reject", CONTINUE), ("X-Probe-Verdicts", "eoh=reject", CONTINUE),
    (b"X-Probe-Verd\xc4\xb1ct", "eoh=reject", CONTINUE), ("X_Probe_Verdict", "eoh=reject", CONTINUE)])
def verdict_header(s, row):
    name, value, expected = row
    s.greet()
    s.envelope()
    s.header(name, value)
    s.ask("N", b"", expected)
    s.end()


@case("verdict header: the last one of a stage holds")
def last_holds(s):
    s.greet()
    for first, second, expected in [("reject", "continue", CONTINUE), ("reject", "nonsense", CONTINUE),
                                    ("reject", "skip", CONTINUE), ("reject", "", CONTINUE),
                                    ("reply:550:5.7.1:x", "tempfail", TEMPFAIL), ("accept", "discard", DISCARD)]:
        s.message([("X-Probe-Verdict", "eom=" + first), ("X-Probe-Verdict", "eom=" + second)], expected)
    s.message([("X-Probe-Verdict", "eom=reject"), ("X-Probe-Verdict", "eom = accept")], REJECT)
    s.end()


# replies

def long_lines(count, length):
    return "|".join("x" * length for _ in range(count))


def long_reply(count, length):
    return reply("\r\n".join("550%s5.7.1 %s" % (" " if n == count - 1 else "-", "x" * length) for n in range(count)))


REPLIES = [
    ("550:5.7.1:one", reply("550 5.7.1 one")),
    ("550:5.7.1:a:b::c", reply("550 5.7.1 a:b::c")),
    ("550:5.7.1::", reply("550 5.7.1 :")),
    ("550:5.7.1:", reply("550 5.7.1 ")),
    ("550::", reply("550 ")),
    ("550::no_code", reply("550 no code")),
    ("450::no_code", reply("450 no code")),
    ("550:5.7.1:|", reply("550-5.7.1 \r\n550 5.7.1 ")),
    ("550:5.7.1:a||b|", reply("550-5.7.1 a\r\n550-5.7.1 \r\n550-5.7.1 b\r\n550 5.7.1 ")),
    ("550:5.7.1:_a__b_", reply("550 5.7.1  a  b ")),
    ("421:4.3.2:bye", reply("421 4.3.2 bye")),
    ("499:4.999.999:edge", reply("499 4.999.999 edge")),
    ("599:5.0.0:edge", reply("599 5.0.0 edge")),
    ("400:4.0.0:edge", reply("400 4.0.0 edge")),
    ("550:5.7.1:100%_of_%s", reply("550 5.7.1 100%% of %%s")),
    ("550:5.7.1:%|%%|a%b", reply("550-5.7.1 %%\r\n550-5.7.1 %%%%\r\n550 5.7.1 a%%b")),
    ("550:5.7.1:" + long_lines(32, 3), long_reply(32, 3)),
    ("550:5.7.1:" + long_lines(33, 3), CONTINUE),
    ("550:5.7.1:" + long_lines(40, 3), CONTINUE),
    ("550:5.7.1:" + long_lines(1, 980), long_reply(1, 980)),
    ("550:5.7.1:" + long_lines(1, 981), CONTINUE),
    ("550:5.7.1:" + long_lines(16, 980), long_reply(16, 980)),
    ("550:5.7.1:" + long_lines(31, 980) + "|" + "x" * 981, CONTINUE),
    ("550:5.7.1:" + "x" * 981 + "|y", CONTINUE),
    ("550:5.7.1:" + "x" * 978 + "%", reply("550 5.7.1 " + "x" * 978 + "%%")),
    ("550:5.7.1:" + "x" * 979 + "%", CONTINUE),                 # 981 once it is doubled
    ("550:5.7.1:" + "\xc3\xa9" * 490 + "x", CONTINUE),          # bytes count, not characters
    ("250:2.0.0:fine", CONTINUE), ("350::x", CONTINUE), ("650:5.7.1:x", CONTINUE), ("000::x", CONTINUE),
    ("55:5.7.1:x", CONTINUE), ("5500:5.7.1:x", CONTINUE), ("5x0:5.7.1:x", CONTINUE), ("55x:5.7.1:x", CONTINUE),
    ("x50:5.7.1:x", CONTINUE), ("4x:4.7.1:x", CONTINUE), (":5.7.1:x", CONTINUE), (" 550:5.7.1:x", CONTINUE),
    ("550 :5.7.1:x", CONTINUE), ("\xb5\xb5\xb0::x", CONTINUE), ("5\xb2\xb3::x", CONTINUE), ("-50::x", CONTINUE),
    ("550:5.7:x", CONTINUE), ("550:5:x", CONTINUE), ("550:5.7.1.1:x", CONTINUE), ("550:5.7.:x", CONTINUE),
    ("550:5..1:x", CONTINUE), ("550:.7.1:x", CONTINUE), ("550:5.1234.1:x", CONTINUE), ("550:5.7.1234:x", CONTINUE),
    ("550:5.x.1:x", CONTINUE), ("550:5.7.x:x", CONTINUE), ("550:1.7.1:x", CONTINUE), ("550:3.7.1:x", CONTINUE),
    ("550:6.7.1:x", CONTINUE), ("550:55.7.1:x", CONTINUE), ("550: :x", CONTINUE), ("550: 5.7.1:x", CONTINUE),
    ("550:5.7.1 :x", CONTINUE), ("550:5.7.1_:x", CONTINUE), ("550:5_7_1:x", CONTINUE), ("550:5.-7.1:x", CONTINUE),
    ("550:5.007.001:x", reply("550 5.007.001 x")),
    ("250:2.0.0:a|b", CONTINUE), ("550:9.9.9:a|b", CONTINUE), ("5x0:5.7.1:a|b", CONTINUE),
    ("550:5.7.1:a\nb", CONTINUE), ("550:5.7.1:a\rb", CONTINUE), ("550:5.7.1:a\n b|c", CONTINUE),
    ("550:5.7.1:a|b\n\tc", CONTINUE),
]


@each("reply", REPLIES)
def replies(s, row):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=reply:" + row[0], row[1])
    s.end()


@each("reply, several lines without an enhanced code get one", [
    ("550::a|b", reply("550-5.0.0 a\r\n550 5.0.0 b")), ("450::a|b", reply("450-4.0.0 a\r\n450 4.0.0 b"))])
def lines_without_code(s, row):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=reply:" + row[0], row[1])
    s.end()


@case("reply: its text is gone with it")
def reply_gone(s):
    s.greet()
    s.mail(sender="<reply:550:5.7.1:old@mail.probe.test>", expect=reply("550 5.7.1 old"))
    s.mail(sender="<reject@mail.probe.test>", expect=REJECT)
    s.mail()
    s.rcpt(to="<reply:450:4.7.1:old|text@rcpt.probe.test>", expect=reply("450-4.7.1 old\r\n450 4.7.1 text"))
    s.rcpt(to="<tempfail@rcpt.probe.test>", expect=TEMPFAIL)
    s.rcpt(to="<reject@rcpt.probe.test>", expect=REJECT)
    s.rcpt(to="<reply:550:9.9.9:refused@rcpt.probe.test>", expect=CONTINUE)
    s.rcpt(to="<reject@rcpt.probe.test>", expect=REJECT)
    s.ask("U", z("PROBE reply:500:5.5.1:what"), reply("500 5.5.1 what"))
    s.ask("U", z("PROBE reject"), REJECT)
    s.end()


# actions

ACTIONS = [
    # add
    ("add X-A v", [add("X-A", "v")]),
    ("add X-A two  words ", [add("X-A", "two  words")]),
    ("add X-A  spaced", [add("X-A", " spaced")]),
    ("  \t add X-A v\t ", [add("X-A", "v")]),
    ("add X-A a\n\tb\n c", [add("X-A", "a\n\tb\n c")]),
    ("add X-A \xff\xfe\xc3", [add("X-A", "\xff\xfe\xc3")]),
    ("add X-A \tv", [add("X-A", "\tv")]),
    ("add X-A 100% %s", [add("X-A", "100% %s")]),
    ("add X-A a_b|c", [add("X-A", "a_b|c")]),
    ("add X-A", []), ("add X-A ", []), ("add", []), ("add  v", []), ("add\tX-A v", []),
    ("Add X-A v", []), ("ADD X-A v", []), ("addx X-A v", []), ("", []), ("nonsense X-A v", []),
    # insert
    ("insert 0 X-A v", [insert(0, "X-A", "v")]),
    ("insert 1 X-A two words", [insert(1, "X-A", "two words")]),
    ("insert 1 X-A  v", [insert(1, "X-A", " v")]),
    ("insert 007 X-A v", [insert(7, "X-A", "v")]),
    ("insert 2147483647 X-A v", [insert(2147483647, "X-A", "v")]),
    ("insert 2147483648 X-A v", []), ("insert 4294967296 X-A v", []), ("insert 99999999999999999999999 X-A v", []),
    ("insert -1 X-A v", []), ("insert +1 X-A v", []), ("insert -0 X-A v", []), ("insert 0x1 X-A v", []),
    ("insert 1.0 X-A v", []), ("insert 1, X-A v", []), ("insert one X-A v", []), ("insert  1 X-A v", []),
    ("insert \t1 X-A v", []), ("insert 1\t X-A v", []), ("insert \xb2 X-A v", []), ("insert \xd9\xa1 X-A v", []),
    ("insert 1 X-A", []), ("insert 1", []), ("insert", []), ("insert 1  v", []), ("insert X-A 1 v", []),
    # change
    ("change Subject 1 new value", [change("Subject", 1, "new value")]),
    ("change Subject 0 v", [change("Subject", 0, "v")]),
    ("change X-A 2147483647  v", [change("X-A", 2147483647, " v")]),
    ("change X-A 2147483648 v", []), ("change X-A -1 v", []), ("change X-A one v", []), ("change X-A +1 v", []),
    ("change X-A 1", []), ("change X-A 1 ", []), ("change X-A", []), ("change", []), ("change  1 v", []),
    ("change X-A  1 v", []), ("change 1 X-A v", []),
    # delete
    ("delete X-A 1", [change("X-A", 1, "")]),
    ("delete X-A 0", [change("X-A", 0, "")]),
    ("delete X-A 0012", [change("X-A", 12, "")]),
    ("delete X-A", []), ("delete", []), ("delete X-A x", []), ("delete X-A 1 2", []), ("delete X-A -1", []),
    ("delete  1", []), ("delete X-A  1", []), ("delete X-A 1\n", []),
    # recipients
    ("addrcpt <a@example.test>", [(b"+", z("<a@example.test>"))]),
    ("addrcpt a@example.test", [(b"+", z("a@example.test"))]),
    ("addrcpt \"a b\"@example.test NOTIFY=NEVER", [(b"+", z("\"a b\"@example.test NOTIFY=NEVER"))]),
    ("addrcpt \xe9@example.test", [(b"+", z("\xe9@example.test"))]),
    ("addrcpt", []), ("addrcpt ", []),
    ("addrcptpar <a@example.test> NOTIFY=NEVER", [(b"2", z("<a@example.test>", "NOTIFY=NEVER"))]),
    ("addrcptpar <a@example.test> NOTIFY=NEVER ORCPT=rfc822;x",
     [(b"2", z("<a@example.test>", "NOTIFY=NEVER ORCPT=rfc822;x"))]),
    ("addrcptpar <a@example.test>", []), ("addrcptpar", []), ("addrcptpar  NOTIFY=NEVER", []),
    ("delrcpt <r@example.test>", [(b"-", z("<r@example.test>"))]),
    ("delrcpt <a b@example.test> x", [(b"-", z("<a b@example.test> x"))]),
    ("delrcpt", []),
    # sender
    ("chgfrom <n@example.test>", [(b"e", z("<n@example.test>"))]),
    ("chgfrom <>", [(b"e", z("<>"))]),
    ("chgfrom n@example.test RET=HDRS", [(b"e", z("n@example.test", "RET=HDRS"))]),
    ("chgfrom <n@example.test> RET=HDRS ENVID=1", [(b"e", z("<n@example.test>", "RET=HDRS ENVID=1"))]),
    ("chgfrom", []), ("chgfrom  RET=HDRS", []),
    # body
    ("body new text", [(b"b", b"new text\r\n")]),
    ("body  indented", [(b"b", b" indented\r\n")]),
    ("body \xff\x80", [(b"b", b"\xff\x80\r\n")]),
    ("body a\n b", [(b"b", b"a\n b\r\n")]),
    ("body", []), ("body ", []),
    # quarantine and progress
    ("quarantine why not", [(b"q", z("why not"))]),
    ("quarantine \xfc", [(b"q", z("\xfc"))]),
    ("quarantine", []),
    ("progress", [(b"p", b"")]), ("progress now", []), ("Progress", []),
    ("echo x", []), ("macro", []),
]


@each("action", ACTIONS)
def single_action(s, row):
    s.greet()
    s.do(row[0], *row[1])
    s.end()


@each("action, header spelled", ["X-PROBE-DO", "x-probe-do"])
def action_name(s, name):
    s.greet()
    s.message([(name, "add X-A v")], add("X-A", "v"), CONTINUE)
    s.end()


@each("action, header not meant", ["X-Probe-Do ", "X-Probe-Does", "X-Probe", b"X-Pr\xc3\xb6be-Do"])
def action_other_name(s, name):
    s.greet()
    s.message([(name, "add X-A v")], CONTINUE)
    s.end()


LINE = b"0123456789abcdef\r\n"


@each("bigbody", [0, 1, 16, 17, 18, 19, 36, 65534, 65535, 65536, 70000, 131070, 131071, 200000])
def big_body(s, size):
    whole = (LINE * (size // len(LINE) + 1))[:size]
    chunks = [whole[i:i + LIMIT] for i in range(0, size, LIMIT)] or [b""]
    s.greet()
    s.do("bigbody %d" % size, *((b"b", chunk) for chunk in chunks))
    s.end()


@each("bigbody", ["", "x", "-1", "+5", "5 6", "1e3", "2147483648", "5\t"])
def big_body_wrong(s, size):
    s.greet()
    s.do("bigbody " + size, *([(b"b", LINE[:5])] if size == "5\t" else []))
    s.end()


@case("actions: carried out in the order seen, before the verdict")
def order(s):
    s.greet()
    s.message([("X-Probe-Do", "progress"), ("X-Probe-Verdict", "eom=reply:450:4.7.1:later"),
               ("X-Probe-Do", "body one"), ("X-Probe-Do", "bogus"), ("X-Probe-Do", "body two"),
               ("X-Probe-Do", "bigbody 0"), ("X-Probe-Do", "delete X-A 2"), ("X-Probe-Do", "delete X-A 1"),
               ("X-Probe-Do", "insert 0 X-B 1"), ("X-Probe-Do", "insert 0 X-B 2"), ("X-Probe-Do", "add X-B 3"),
               ("X-Probe-Do", "delrcpt <r@example.test>"), ("X-Probe-Do", "addrcpt <t@example.test>"),
               ("X-Probe-Do", "progress"), ("X-Probe-Do", "add X-B 3")],
              (b"p", b""), (b"b", b"one\r\n"), (b"b", b"two\r\n"), (b"b", b""), change("X-A", 2, ""),
              change("X-A", 1, ""), insert(0, "X-B", "1"), insert(0, "X-B", "2"), add("X-B", "3"),
              (b"-", z("<r@example.test>")), (b"+", z("<t@example.test>")), (b"p", b""), add("X-B", "3"),
              reply("450 4.7.1 later"))
    s.end()


@case("actions: a body in two parts, with another action between")
def body_parts(s):
    s.greet()
    s.message([("X-Probe-Do", "body one"), ("X-Probe-Do", "add X-A v"), ("X-Probe-Do", "body two")],
              (b"b", b"one\r\n"), add("X-A", "v"), (b"b", b"two\r\n"), CONTINUE)
    s.end()


@case("actions: many")
def many(s):
    s.greet()
    s.message([("X-Probe-Do", "add X-N %d" % n) for n in range(200)],
              *(add("X-N", str(n)) for n in range(200)), CONTINUE)
    s.end()


@case("actions: only at the end of a message that gets there")
def not_reached(s):
    s.greet()
    s.envelope()
    s.header("X-Probe-Do", "add X-A v")
    s.header("X-Probe-Verdict", "header=reject", REJECT)
    s.message([("X-Probe-Do", "add X-B v")], add("X-B", "v"), CONTINUE)
    s.end()


NEEDS = [("add X-A v", ADDHDRS), ("insert 0 X-A v", ADDHDRS), ("macro i", ADDHDRS), ("echo", ADDHDRS),
         ("change X-A 1 v", CHGHDRS), ("delete X-A 1", CHGHDRS), ("addrcpt <a@example.test>", ADDRCPT),
         ("addrcptpar <a@example.test> NOTIFY=NEVER", ADDRCPT_PAR), ("delrcpt <a@example.test>", DELRCPT),
         ("chgfrom <a@example.test>", CHGFROM), ("chgfrom <a@example.test> RET=HDRS", CHGFROM), ("body x", CHGBODY),
         ("bigbody 10", CHGBODY), ("bigbody 0", CHGBODY), ("quarantine x", QUARANTINE)]


@each("refused", NEEDS)
def refused_action(s, row):
    action, bit = row
    s.greet(actions=ALL_ACTIONS & ~bit)
    left = [] if bit == ADDHDRS else [refused(action.split(" ")[0])]
    s.message([("X-Probe-Do", action), ("X-Probe-Do", "progress")], *left, (b"p", b""), CONTINUE)
    s.end()


@each("refused, and adding headers is not offered either", NEEDS)
def refused_silently(s, row):
    s.greet(actions=ALL_ACTIONS & ~row[1] & ~ADDHDRS)
    s.message([("X-Probe-Do", row[0]), ("X-Probe-Do", "progress")], (b"p", b""), CONTINUE)
    s.end()


@each("not offered and not parsed: left out without a word", [
    ("change X-A 1", CHGHDRS), ("delete X-A", CHGHDRS), ("delete X-A -1", CHGHDRS), ("addrcpt", ADDRCPT),
    ("addrcptpar <a@example.test>", ADDRCPT_PAR), ("delrcpt", DELRCPT), ("chgfrom", CHGFROM), ("body", CHGBODY),
    ("bigbody x", CHGBODY), ("quarantine", QUARANTINE)])
def refused_unparsed(s, row):
    s.greet(actions=ALL_ACTIONS & ~row[1])
    s.do(row[0])
    s.end()


@case("refused: everything but adding headers")
def refused_all(s):
    s.greet(actions=ADDHDRS)
    s.message([("X-Probe-Do", action) for action, _ in NEEDS if not action.startswith(("macro", "echo"))],
              add("X-A", "v"), insert(0, "X-A", "v"),
              *(refused(action.split(" ")[0]) for action, bit in NEEDS if bit != ADDHDRS), CONTINUE)
    s.end()


# macros

@case("macro: the stages' values, braces, empty, not set, bytes")
def macro_values(s):
    s.negotiate()
    s.macros("C", "j", "mx.example.test", "{daemon_name}", "")
    s.connect()
    s.macros("H", "{tls_version}", "TLSv1.3")
    s.helo()
    s.macros("M", "i", "Q1", "{mail_addr}", b"s\xff@example.test")
    s.mail()
    s.macros("R", "{rcpt_addr}", "first")
    s.rcpt()
    s.macros("R", "{rcpt_addr}", "second")
    s.rcpt()
    s.macros("T", "{at_data}", "a b = c")
    s.data()
    names = ["j", "{j}", "{daemon_name}", "{tls_version}", "i", "{i}", "{mail_addr}", "{rcpt_addr}", "{at_data}",
             "{msg_id}", "{unset}", "x", "{MAIL_ADDR}", "I", "a b"]
    s.content([("X-Probe-Do", "macro " + name) for name in names])
    s.macros("E", "{msg_id}", "<1@example.test>")
    values = {"j": "mx.example.test", "{j}": "mx.example.test", "{daemon_name}": "", "{tls_version}": "TLSv1.3",
              "i": "Q1", "{i}": "Q1", "{mail_addr}": "s\xff@example.test", "{rcpt_addr}": "second",
              "{at_data}": "a b = c", "{msg_id}": "<1@example.test>"}
    s.eom(*(add("X-Probe-Macro", name + "=" + values[name] if name in values else name) for name in names), CONTINUE)
    s.end()


@case("macro: one-letter name that came with braces")
def macro_braced(s):
    s.negotiate()
    s.connect()
    s.macros("M", "{i}", "Q7")
    s.mail()
    s.rcpt()
    s.data()
    s.content([("X-Probe-Do", "macro i"), ("X-Probe-Do", "macro {i}")])
    s.eom(add("X-Probe-Macro", "i=Q7"), add("X-Probe-Macro", "{i}=Q7"), CONTINUE)
    s.end()


@case("macro: the later stage's value wins, and a new set replaces the old one")
def macro_replaced(s):
    s.negotiate()
    s.connect()
    for _ in range(2):
        s.macros("M", "i", "early", "{once}", "1")
        s.macros("M", "i", "first", "{mail_addr}", "m")
        s.mail()
        s.macros("R", "i", "second")
        s.rcpt()
        s.data()
        s.content([("X-Probe-Do", "macro i"), ("X-Probe-Do", "macro {once}"), ("X-Probe-Do", "macro {mail_addr}")])
        s.macros("E", "i", "third")
        s.eom(add("X-Probe-Macro", "i=third"), add("X-Probe-Macro", "{once}"), add("X-Probe-Macro", "{mail_addr}=m"),
              CONTINUE)
    s.end()


@case("macro: an empty set is a set")
def macro_empty_set(s):
    s.negotiate()
    s.connect()
    for value in ("1", ""):
        if value:
            s.macros("M", "{a}", value)
        else:
            s.send("D", b"M\0\0")
        s.mail()
        s.macros("R", "{b}", "2")
        s.rcpt()
        s.data()
        s.content([("X-Probe-Do", "macro {a}"), ("X-Probe-Do", "macro {b}")])
        s.eom(add("X-Probe-Macro", "{a}=1" if value else "{a}"), add("X-Probe-Macro", "{b}=2"), CONTINUE)
    s.end()


# echo

@each("echo", [
    ("inet", dict(family="4", address="192.0.2.1", port=4242), {}),
    ("inet, port 0", dict(family="4", address="192.0.2.1", port=0), dict(port="0")),
    ("inet, port 65535", dict(family="4", address="255.255.255.255", port=65535),
     dict(port="65535", addr="255.255.255.255")),
    ("inet6", dict(family="6", address="2001:db8::1", port=25), dict(family="inet6", addr="2001:db8::1", port="25")),
    ("inet6, Sendmail's prefix, written out", dict(family="6", address="IPv6:0:0:0:0:0:0:0:1", port=1),
     dict(family="inet6", addr="::1", port="1")),
    ("inet6, prefix in other letters", dict(family="6", address="ipv6:2001:DB8:0:0:1:0:0:1", port=1),
     dict(family="inet6", addr="2001:db8::1:0:0:1", port="1")),
    ("inet6, one zero group is no gap", dict(family="6", address="2001:db8:0:1:1:1:1:1", port=0),
     dict(family="inet6", addr="2001:db8:0:1:1:1:1:1", port="0")),
    ("inet6, mapped", dict(family="6", address="::ffff:192.0.2.1", port=1),
     dict(family="inet6", addr="::ffff:192.0.2.1", port="1")),
    ("inet6, all zero", dict(family="6", address="::", port=1), dict(family="inet6", addr="::", port="1")),
    ("unix", dict(family="L", address="/run/client sock", port=0),
     dict(family="unix", addr="/run/client sock", port="-")),
    ("unix, a port that means nothing", dict(family="L", address="/s", port=7), dict(family="unix", addr="/s", port="-")),
    ("unknown", dict(family="U"), dict(family="unknown", addr="-", port="-")),
    ("empty host", dict(host=""), dict(host="")),
    ("host of any bytes", dict(host=b"\xff host"), dict(host=b"\xff host"))])
def echo_connect(s, row):
    s.negotiate()
    s.connect(**row[1])
    s.helo()
    s.do("echo", seen(**row[2]))
    s.end()


@each("echo, helo", [b"", b"-", b"\xff\xc3(", b"[192.0.2.1]", b"two words"])
def echo_helo(s, name):
    s.negotiate()
    s.connect()
    s.helo(name)
    s.do("echo", seen(helo=name))
    s.end()


@case("echo: without HELO")
def echo_no_helo(s):
    s.negotiate()
    s.connect()
    s.do("echo", seen(helo="-"))
    s.end()


@case("echo: without CONNECT and HELO")
def echo_no_connect(s):
    s.negotiate()
    s.do("echo", seen(host="-", family="unknown", addr="-", port="-", helo="-"))
    s.end()


@each("echo, sender", [
    ("<>", ()), ("", ()), ("plain@example.test", ("SIZE=100",)), (b"<\xff@example.test>", ("BODY=8BITMIME", "SIZE=1")),
    ("<a@example.test>", ("ENVID=x,y", "", "RET=HDRS")), ("<a@example.test>", ("",))])
def echo_sender(s, row):
    sender, args = row
    s.greet()
    s.mail(*args, sender=sender)
    s.rcpt("NOTIFY=NEVER", to="r@example.test")
    s.rcpt(to=b"<\xfe@example.test>")
    s.data()
    s.content([("X-Probe-Do", "echo")])
    s.eom(seen(sender=sender, fromargs=",".join(args) if args else "-", rcpts=b"r@example.test,<\xfe@example.test>"),
          CONTINUE)
    s.end()


BODIES = [("123456789", [b"123456789"], "cbf43926"), ("several chunks", [b"1234", b"5", b"6789"], "cbf43926"),
          ("between CR and LF", [b"abc\r", b"\ndef\r\n"], None), ("NUL and 8 bits", [bytes(range(256))], None),
          ("one byte", [b"\0"], None), ("a full chunk", [b"x" * LIMIT, b"y" * LIMIT, b"z"], None)]


@each("echo, body", BODIES)
def echo_body(s, row):
    whole = b"".join(row[1])
    crc = "%08x" % zlib.crc32(whole)
    assert row[2] in (None, crc)
    s.greet()
    s.do("echo", seen(body=str(len(whole)), crc=crc), body=row[1])
    s.end()


@case("echo: counts headers of this message, steering ones too")
def echo_headers(s):
    s.greet()
    s.message([("A", ""), ("A", "b"), ("X-Probe-Verdict", "eoh=continue"), ("X-Probe-Do", "echo"), ("Z", "z"),
               ("X-Probe-Do", "echo")], seen(headers="6"), seen(headers="6"), CONTINUE)
    s.end()


# what is kept, and for how long

@case("state: nothing of a finished message is left in the next")
def state_finished(s):
    s.greet()
    s.mail("XDATA=continue", sender="<one@example.test>")
    s.rcpt(to="<two@example.test>")
    s.data()
    s.content([("X-Probe-Do", "add X-A v"), ("X-Probe-Verdict", "eom=reject"), ("X-Probe-Verdict", "body=continue"),
               ("X-Probe-Do", "echo")], [b"abc"])
    s.eom(add("X-A", "v"), seen(sender="<one@example.test>", fromargs="XDATA=continue", rcpts="<two@example.test>",
                                headers="4", body="3", crc="352441c2"), REJECT)
    s.do("echo", seen())
    s.send("A")
    s.do("echo", seen())
    s.end()


@case("state: nothing of an aborted message is left in the next")
def state_aborted(s):
    s.greet()
    for depth in range(5):
        s.mail("XDATA=" + ("continue" if depth > 1 else "reject"))
        if depth > 0:
            s.rcpt(to="<gone@example.test>")
        if depth > 1:
            s.data()
        if depth > 2:
            s.header("X-Probe-Do", "add X-Gone v")
            for stage in ("eoh=continue", "body=continue", "eom=reject"):
                s.header("X-Probe-Verdict", stage)
        if depth > 3:
            s.ask("N")
            s.ask("B", b"gone")
        s.send("A")
        s.send("A")
        s.do("echo", seen())
    s.end()


@case("state: nothing of a refused message is left in the next")
def state_refused(s):
    s.greet()
    s.mail("XDATA=reject")
    s.rcpt(to="<gone@example.test>")
    s.data(REJECT)
    s.do("echo", seen())
    s.envelope()
    s.header("X-Probe-Do", "add X-Gone v")
    s.header("X-Probe-Verdict", "eom=reject")
    s.header("X-Probe-Verdict", "body=reject")
    s.ask("N")
    s.ask("B", b"gone", REJECT)
    s.do("echo", seen())
    s.mail(sender="<tempfail@mail.probe.test>", expect=TEMPFAIL)
    s.do("echo", seen())
    s.mail(sender="<accept@mail.probe.test>", expect=ACCEPT)
    s.do("echo", seen())
    s.mail()
    s.rcpt(to="<discard@rcpt.probe.test>", expect=DISCARD)
    s.send("A")
    s.do("echo", seen())
    s.end()


@case("state: HELO inside a message ends it, before and after ABORT")
def state_helo(s):
    s.greet()
    s.mail("XDATA=reject")
    s.rcpt(to="<gone@example.test>")
    s.helo("other.example.test")
    s.send("A")
    s.do("echo", seen(helo="other.example.test"))
    s.end()


@case("state: a new session on the same connection")
def state_quit_nc(s):
    s.negotiate(actions=ALL_ACTIONS & ~CHGBODY, steps=ALL_STEPS & ~SKIP)
    s.connect()
    s.helo()
    s.macros("M", "{m}", "1")
    s.message([("X-Probe-Do", "echo")], seen(), CONTINUE)
    s.send("K")
    s.connect(host="next.example.test", family="U")
    s.message([("X-Probe-Do", "echo"), ("X-Probe-Do", "body x"), ("X-Probe-Do", "macro {m}"),
               ("X-Probe-Verdict", "body=skip")],
              seen(host="next.example.test", family="unknown", addr="-", port="-", helo="-", headers="4", body="1",
                   crc="%08x" % zlib.crc32(b"b")),
              refused("body"), add("X-Probe-Macro", "{m}"), CONTINUE, body=[b"b"])
    s.end()


@case("state: sessions side by side know nothing of each other")
def state_two(s, other):
    s.greet()
    other.negotiate(actions=ADDHDRS)
    other.connect(host="other.example.test", family="U")
    s.mail("XDATA=reject")
    other.mail(sender="<o@example.test>")
    s.rcpt()
    other.rcpt(to="<p@example.test>")
    other.data()
    s.data(REJECT)
    other.content([("X-Probe-Do", "echo"), ("X-Probe-Do", "body x")])
    other.eom(seen(host="other.example.test", family="unknown", addr="-", port="-", helo="-",
                   sender="<o@example.test>", rcpts="<p@example.test>", headers="2"), refused("body"), CONTINUE)
    s.do("body x", (b"b", b"x\r\n"))
    other.end()
    s.end()


# leading space

@case("leading space: kept in what comes, none put in front of what goes", leading=True)
def leading_space(s):
    s.greet(leading=True)
    s.message([("X-Probe-Do", " add X-A v"), ("X-Probe-Do", "add X-A  v"), ("X-Probe-Do", "  insert 1 X-A \tv"),
               ("X-Probe-Do", "\tchange X-A 1 v"), ("X-Probe-Do", " echo"), ("x-probe-verdict", " eom=reject ")],
              add("X-A", "v"), add("X-A", " v"), insert(1, "X-A", "\tv"), change("X-A", 1, "v"), seen(headers="6"),
              REJECT)
    s.end()


@case("leading space: refused actions and macros", leading=True)
def leading_space_own(s):
    s.greet(leading=True, actions=ALL_ACTIONS & ~CHGBODY)
    s.message([("X-Probe-Do", " body x"), ("X-Probe-Do", " macro {none}")],
              refused("body"), add("X-Probe-Macro", "{none}"), CONTINUE)
    s.end()


# the wire

@case("wire: packets in one write, and one byte at a time")
def packets(s):
    s.negotiate()
    parts = [("C", z("mx.example.test") + b"4" + struct.pack("!H", 4242) + z("192.0.2.1")),
             ("D", b"H"  + z("{a}", "b")), ("H", z("client.example.test")), ("M", z("<s@example.test>")),
             ("R", z("<r@example.test>")), ("T", b""), ("L", z("X-Probe-Do", "echo")), ("N", b""), ("E", b"")]
    data = b"".join(struct.pack("!I", len(p) + 1) + text(c) + p for c, p in parts)
    s.raw(data)
    for _ in range(7):
        s.expect(CONTINUE)
    s.expect(seen(), CONTINUE)
    for byte in data[data.index(b"M<") - 4:]:
        s.raw(bytes([byte]))
    for _ in range(5):
        s.expect(CONTINUE)
    s.expect(seen(), CONTINUE)
    s.end()


@case("wire: nothing is said to MACRO, ABORT and QUIT")
def silence(s):
    s.negotiate()
    for command in "CHMRTLNBEU":
        s.macros(command, "{a}", "b")
    s.connect()
    s.send("A")
    s.helo()
    s.send("A")
    s.send("A")
    s.mail()
    s.send("A")
    s.helo()
    s.end()


# odd things that libmilter lets pass, and another probe too: raw actions and raw bytes

@case("BODYEOB with bytes: a chunk of the body")
def end_with_bytes(s):
    s.greet()
    s.envelope()
    s.content([("X-Probe-Do", "echo")])
    s.ask("E", b"123456789", seen(body="9", crc="cbf43926"), CONTINUE)
    s.end()


@each("names, values and addresses go out unchecked", [
    ("add X:A v", add("X:A", "v")), ("add X\tA v", add("X\tA", "v")), ("add \xff v", add("\xff", "v")),
    ("add X-A a\nb", add("X-A", "a\nb")), ("add X-A a\r\n b", add("X-A", "a\r\n b")), ("add X-A a\rb", add("X-A", "a\rb")),
    ("insert 0 X:A a\nb", insert(0, "X:A", "a\nb")), ("change X:A 1 a\nb", change("X:A", 1, "a\nb")),
    ("addrcpt a\nb", (b"+", z("a\nb"))), ("addrcpt  a@x", (b"+", z(" a@x"))), ("delrcpt <<>>", (b"-", z("<<>>"))),
    ("chgfrom <a RET=\n", (b"e", z("<a", "RET=\n"))),
    ("addrcptpar a  b", (b"2", z("a", " b"))), ("quarantine a\nb", (b"q", z("a\nb")))])
def unchecked(s, row):
    s.greet()
    s.do(row[0], row[1])
    s.end()


@case("a header that would not fit a packet is left out")
def too_long(s):
    s.greet()
    s.mail()
    address = "<" + "x" * 700 + "@example.test>"
    for _ in range(100):
        s.rcpt(to=address)
    s.data()
    s.content([("X-Probe-Do", "echo"), ("X-Probe-Do", "add X-A v")])
    s.eom(add("X-A", "v"), CONTINUE)
    s.end()


@each("a string is cut at its first NUL", ["header", "helo", "unknown", "connect"])
def embedded_nul(s, where):
    s.negotiate()
    if where == "connect":
        s.ask("C", z("host") + b"U" + b"reject.connect.probe.test\0")
    s.connect() if where != "connect" else None
    s.ask("H", b"client.example.test" + (b"\0reject.helo.probe.test\0" if where == "helo" else b"\0"))
    s.ask("U", b"PROBE reject\0 not\0" if where == "unknown" else b"FOO\0", REJECT if where == "unknown" else CONTINUE)
    s.envelope()
    s.ask("L", b"X-Probe-Do\0add X-A v\0w\0" if where == "header" else z("X-Probe-Do", "add X-A v"))
    s.ask("N")
    s.eom(add("X-A", "v"), CONTINUE)
    s.end()


@case("quarantine goes out with any verdict")
def quarantine_refused(s):
    s.greet()
    for word, expected in [("reject", REJECT), ("tempfail", TEMPFAIL), ("discard", DISCARD), ("accept", ACCEPT)]:
        s.message([("X-Probe-Do", "quarantine x"), ("X-Probe-Verdict", "eom=" + word)], (b"q", z("x")), expected)
    s.end()


# ---- what only libmilter does --------------------------------------------------------------------------------------

@case("MAIL's macros of the last message, where no new ones come", deviation="D01")
def stale_macros(s):
    s.greet()
    s.macros("M", "{mail_addr}", "first")
    s.do("macro {mail_addr}", add("X-Probe-Macro", "{mail_addr}=first"))
    s.do("macro {mail_addr}", add("X-Probe-Macro", "{mail_addr}=first"))
    s.end()


@case("MAIL's macros that came before HELO", deviation="D01")
def wiped_macros(s):
    s.negotiate()
    s.connect()
    s.macros("M", "{mail_addr}", "first")
    s.helo()
    s.do("macro {mail_addr}", add("X-Probe-Macro", "{mail_addr}"))
    s.end()


@each("no reply to", [
    ("RCPT before MAIL", [("R", z("<r@x>"))]), ("DATA before MAIL", [("T", b"")]),
    ("EOM outside a message", [("E", b"")]), ("HEADER outside a message", [("L", z("A", "b"))]),
    ("EOH outside a message", [("N", b"")]), ("BODY outside a message", [("B", b"x")]),
    ("CONNECT again", [("C", z("x") + b"U")])], deviation="D03")
def out_of_order(s, row):
    s.greet()
    for command, payload in row[1]:
        s.silent(command, payload)
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("no reply to DATA without RCPT, to EOM right after DATA, and to EOM without EOH", deviation="D03")
def out_of_order_inside(s):
    s.greet()
    s.mail()
    s.silent("T")
    s.envelope()
    s.silent("E")
    s.envelope()
    s.header("A", "b")
    s.silent("E")
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("no reply to a CONNECT before the negotiation", deviation="D03")
def connect_first(s):
    s.silent("C", z("reject.connect.probe.test") + b"U")
    s.helo("reject.helo.probe.test", REJECT)        # that and MAIL work: they are reached as from HELO
    s.end()


@case("no reply to CONNECT after an ABORT", deviation="D03")
def abort_first(s):
    s.negotiate()
    s.send("A")
    s.silent("C", z("reject.connect.probe.test") + b"U")
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("no reply to what follows ACCEPT in a message", deviation="D03")
def after_accept(s):
    s.greet()
    s.mail(sender="<accept@mail.probe.test>", expect=ACCEPT)
    s.silent("R", z("<r@x>"))
    s.silent("E")
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("no reply to HELO without NUL", deviation="D04")
def helo_without_nul(s):
    s.negotiate()
    s.connect()
    s.silent("H", b"reject.helo.probe.test")
    s.helo("tempfail.helo.probe.test", TEMPFAIL)
    s.end()


@case("QUIT_NC after a message that was refused: CONNECT is not heard", deviation="D05")
def quit_nc_refused(s):
    s.greet()
    s.message([("X-Probe-Verdict", "eom=reject")], REJECT)
    s.send("K")
    s.silent("C", z("reject.connect.probe.test") + b"U")
    s.do("echo", seen())        # and the old session is still there
    s.end()


@case("RCPT after a refused DATA: no reply", deviation="D07")
def rcpt_after_data(s):
    s.greet()
    s.mail("XDATA=reject")
    s.rcpt()
    s.data(REJECT)
    s.silent("R", z("<r@x>"))
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("a second negotiation: no reply, and CONNECT is not heard after it", deviation="D08")
def second_negotiation(s):
    s.negotiate()
    s.silent("O", struct.pack("!III", 6, 1, 0))
    s.silent("C", z("reject.connect.probe.test") + b"U")
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("BODYEOB with bytes that are refused: two replies", deviation="D09")
def end_with_refused_bytes(s):
    s.greet()
    s.envelope()
    s.content([("X-Probe-Verdict", "body=reject")])
    s.send("E", b"x")
    s.expect(REJECT)
    s.expect(REJECT)
    s.end()


@case("UNKNOWN before CONNECT: that is not heard any more", deviation="D10")
def unknown_first(s):
    s.negotiate()
    s.ask("U", z("PROBE reject"), REJECT)
    s.silent("C", z("reject.connect.probe.test") + b"U")
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("UNKNOWN among the headers: the message is gone", deviation="D10")
def unknown_after_data(s):
    s.greet()
    s.envelope()
    s.header("A", "b")
    s.ask("U", z("FOO"))
    s.silent("L", z("A", "b"))
    s.silent("N")
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@case("UNKNOWN between RCPT and a header: the message is gone", deviation="D10")
def unknown_before_header(s):
    s.greet(version=3, actions=0x3F, steps=0x17F)
    s.envelope(with_data=False)
    s.ask("U", z("FOO"))
    s.silent("L", z("A", "b"))
    s.helo("reject.helo.probe.test", REJECT)
    s.end()


@each("the enhanced code's class is not held against the code", [
    ("550:4.7.1:x", reply("550 4.7.1 x")), ("450:5.7.1:x", reply("450 5.7.1 x")), ("550:2.0.0:x", reply("550 2.0.0 x")),
    ("550:4.7.1:x|y", reply("550-4.7.1 x\r\n550 4.7.1 y"))], deviation="D12")
def class_mismatch(s, row):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=reply:" + row[0], row[1])
    s.end()


@case("control characters in a reply, but CR and LF, go out", deviation="D13")
def control_characters(s):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=reply:550:5.7.1:a\x01\x1b\x7fb", reply("550 5.7.1 a\x01\x1b\x7fb"))
    s.end()


@each("bytes in a reply that are not ASCII go out", [
    ("gr\xc3\xbcn", "gr\xc3\xbcn"), ("\xe9\xff\x80", "\xe9\xff\x80"), ("\xc3\xa9" * 490, "\xc3\xa9" * 490)], deviation="D27")
def foreign_replies(s, row):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=reply:550:5.7.1:" + row[0], reply("550 5.7.1 " + row[1]))
    s.end()


@case("bytes in a reply to CONNECT go out", deviation="D27")
def reply_bytes(s):
    s.negotiate()
    s.connect(host=b"reply:550:5.7.1:\xff_\xfe%.connect.probe.test", expect=reply(b"550 5.7.1 \xff \xfe%%"))
    s.end()


@each("a reply of more than 16,000 bytes goes out", [17, 32], deviation="D28")
def too_long_reply(s, count):
    s.greet()
    s.envelope()
    s.header("X-Probe-Verdict", "header=reply:550:5.7.1:" + long_lines(count, 980), long_reply(count, 980))
    s.end()


@case("a long macro name needs its braces", deviation="D15")
def macro_braces(s):
    s.greet()
    s.macros("M", "{mail_addr}", "a", "plain", "b")
    s.envelope()
    s.content([("X-Probe-Do", "macro " + name) for name in ("mail_addr", "{mail_addr}", "plain", "{plain}")])
    s.eom(add("X-Probe-Macro", "mail_addr"), add("X-Probe-Macro", "{mail_addr}=a"), add("X-Probe-Macro", "plain=b"),
          add("X-Probe-Macro", "{plain}"), CONTINUE)
    s.end()


@case("macros for HEADER, BODY and UNKNOWN are not kept", deviation="D16")
def macros_not_kept(s):
    s.greet()
    s.envelope()
    for command in "LBU":
        s.macros(command, "{%s}" % command, "x")
    s.content([("X-Probe-Do", "macro {%s}" % command) for command in "LBU"])
    s.eom(*(add("X-Probe-Macro", "{%s}" % command) for command in "LBU"), CONTINUE)
    s.end()


@case("a name at EOH and at EOM", deviation="D16")
def macro_eoh_eom(s):
    s.greet()
    s.envelope()
    s.header("X-Probe-Do", "macro {a}")
    s.header("X-Probe-Do", "macro {b}")
    s.macros("N", "{a}", "eoh", "{b}", "eoh")
    s.ask("N")
    s.macros("E", "{a}", "eom")
    s.eom(add("X-Probe-Macro", "{a}=eom"), add("X-Probe-Macro", "{b}=eoh"), CONTINUE)
    s.end()


@each("the client's address as the C library reads and writes it", [
    ("127.1", "4", "127.0.0.1", "inet"), ("0x7f.0.0.1", "4", "127.0.0.1", "inet"), ("010.0.0.1", "4", "8.0.0.1", "inet"),
    ("127.0.0.1 x", "4", "127.0.0.1", "inet"), ("::c000:201", "6", "::192.0.2.1", "inet6"),
    ("::5efe:c000:201", "6", "::5efe:c000:201", "inet6"), ("::ffff:0:c000:201", "6", "::ffff:0:c000:201", "inet6"),
    ("::ffff:0:0", "6", "::ffff:0.0.0.0", "inet6")],
    deviation="D19")
def address_forms(s, row):
    address, family, shown, name = row
    s.negotiate()
    s.connect(family=family, address=address)
    s.helo()
    s.do("echo", seen(family=name, addr=shown))
    s.end()


@each("connection dropped after", [
    ("an unknown command", "Z", b"x"), ("MAIL without NUL", "M", b"<a@b>"), ("MAIL without payload", "M", b""),
    ("HELO without payload", "H", b""), ("MACRO without payload", "D", b""), ("UNKNOWN without payload", "U", b""),
    ("a bracketed address", "C", z("h") + b"6\0\x19" + z("[2001:db8::1]")),
    ("an address that is none", "C", z("h") + b"4\0\x19" + z("unknown")), ("an unknown family", "C", z("h") + b"X\0\x19" + z("x")),
    ("CONNECT without its NUL", "C", z("h") + b"4\0\x19192.0.2.1"),
    ("CONNECT that ends after the port", "C", z("h") + b"4\0\x19")], deviation="D21")
def dropped(s, row):
    s.negotiate()
    s.send(row[1], row[2])
    s.closed()


@case("connection dropped after a version below 2", deviation="D21")
def version_one(s):
    s.send("O", struct.pack("!III", 1, 0xF, 0x3F))
    s.closed()


@case("BODY after SKIP gets a verdict of its own", deviation="D23")
def body_after_skip(s):
    s.greet()
    s.envelope()
    s.content([("X-Probe-Verdict", "body=skip"), ("X-Probe-Do", "echo")])
    s.ask("B", b"1234", SKIPPED)
    s.ask("B", b"56789", SKIPPED)
    s.eom(seen(headers="2", body="9", crc="cbf43926"), CONTINUE)
    s.end()


@case("a refusal of a recipient of mail that did not come by SMTP", deviation="D25")
def refused_local(s):
    s.negotiate()
    s.connect(host="localhost", port=0, address="127.0.0.1")
    s.helo("localhost")
    s.mail(sender="s@example.test")
    s.rcpt(to="reject@rcpt.probe.test", expect=REJECT)
    s.end()


@case("an empty set of macros leaves the one before in place", deviation="D26")
def macro_no_set(s):
    s.greet()
    s.mail()
    s.macros("R", "{rcpt_addr}", "first")
    s.rcpt()
    s.macros("R")
    s.rcpt()
    s.data()
    s.content([("X-Probe-Do", "macro {rcpt_addr}")])
    s.eom(add("X-Probe-Macro", "{rcpt_addr}=first"), CONTINUE)
    s.end()


# ---- the run -------------------------------------------------------------------------------------------------------

class Filter:
    """A running probe. It is ended by its own process id."""

    def __init__(self, command, folder, leading):
        self.path = os.path.join(folder, "leading.sock" if leading else "plain.sock")
        words = [word.replace("{listen}", "unix:" + self.path) for word in shlex.split(command)]
        self.process = subprocess.Popen(words + (["--leading-space"] if leading else []))

    def wait(self, seconds=60):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                sys.exit("the filter ended with code %d before it listened" % self.process.returncode)
            try:
                Session(self.path).close()
                return
            except OSError:
                time.sleep(0.02)
        sys.exit("the filter does not listen on " + self.path)

    def stop(self):
        """Seconds that SIGTERM took; None where it had to be killed, or was gone."""
        if self.process.poll() is not None:
            return None
        start = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(60)
            return time.monotonic() - start
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None


def run(function, path, timeout):
    sessions = []
    try:
        for _ in range(function.__code__.co_argcount - len(function.__defaults__ or ())):
            sessions.append(Session(path, timeout))
        function(*sessions)
    finally:
        for session in sessions:
            session.close()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cmd", help="the filter's command line, with {listen} in it; without: build and run probe.c")
    options.add_argument("--libmilter", action="store_true", help="also run the D cases (they always run without --cmd)")
    options.add_argument("--only", default="", help="run the cases whose name contains this")
    options.add_argument("--timeout", type=float, default=10, help="seconds to wait for a reply")
    options.add_argument("-v", "--verbose", action="store_true", help="name every case")
    options = options.parse_args()

    passed = failed = 0
    filters = {}
    with tempfile.TemporaryDirectory(prefix="probe-") as folder:
        try:
            if options.cmd is None:
                twin = os.path.join(folder, "probe")
                subprocess.run(["cc", "-O1", "-g", "-Wall", "-Wextra", "-o", twin, os.path.join(HERE, "probe.c"),
                                "-lmilter", "-lpthread"], check=True)
                options.cmd, options.libmilter = shlex.quote(twin) + " --listen {listen}", True
            chosen = [c for c in CASES if options.only in c[0] and (options.libmilter or c[2] is None)]
            for leading in sorted({c[1] for c in chosen}):
                filters[leading] = Filter(options.cmd, folder, leading)
            for started in filters.values():
                started.wait()
            for name, leading, _, function in chosen:
                try:
                    run(function, filters[leading].path, options.timeout)
                    passed += 1
                    if options.verbose:
                        print("ok    " + name)
                except (Mismatch, OSError) as error:
                    failed += 1
                    print("FAIL  %s\n      %s" % (name, str(error).strip() or type(error).__name__))
        finally:
            for leading, started in filters.items():
                died = started.process.poll()
                took = started.stop()
                if took is None:
                    failed += 1
                    print("FAIL  the filter ended with code %d during the run" % died if died is not None
                          else "FAIL  the filter was not gone 60 s after SIGTERM")
                else:
                    passed += 1
                    if options.verbose:
                        print("ok    ended %.2f s after SIGTERM" % took)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
