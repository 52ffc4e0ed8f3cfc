"""An MTA's end of a connection, byte by byte: what a scenario sends, and what it waits for."""
import socket
import struct
import time

ACTIONS = 0x1FF
STEPS = 0x1FFFFF
LARGE = 0x30000000

# Of each command: not sent, not replied to (SMFIP_NO*, SMFIP_NR_*).
WAIVED = {
    "C": (0x1, 0x1000), "H": (0x2, 0x2000), "M": (0x4, 0x4000), "R": (0x8, 0x8000), "T": (0x200, 0x10000), "L": (0x20, 0x80),
    "N": (0x40, 0x40000), "B": (0x10, 0x80000), "U": (0x100, 0x20000), "E": (0, 0), "D": (0, ~0), "A": (0, ~0), "Q": (0, ~0),
}
VERDICTS = "crtadys"
PROGRESS = "p"


class Gone(Exception):
    """The filter has closed the connection, or does not answer in time."""


def frame(command, payload=b""):
    return struct.pack(">Ic", len(payload) + 1, command.encode()) + payload


def connect(address, patience):
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    wire = socket.socket(family, socket.SOCK_STREAM)
    wire.settimeout(patience)
    try:
        wire.connect(address)
    except OSError as error:
        wire.close()
        raise Gone(f"not connected: {error}") from error
    return wire


class Mta:
    """One connection to the filter. Every wait ends after `patience` seconds with Gone."""

    def __init__(self, address, patience=10.0, steps=STEPS, negotiates=True):
        self.wire = connect(address, patience)
        self.patience = patience
        self.read = bytearray()
        self.waived = 0
        self.progress = self.changes = 0
        self.text = b""
        if negotiates:
            self.negotiate(steps)

    def negotiate(self, steps=STEPS):
        self.send(frame("O", struct.pack(">III", 6, ACTIONS, steps)))
        command, payload = self.frame()
        if command != "O":
            raise Gone(f"no negotiation but {command!r}")
        self.waived = struct.unpack(">I", payload[8:12])[0]

    def send(self, data):
        try:
            self.wire.sendall(data)
        except OSError as error:
            raise Gone(f"not sent: {error}") from error

    def frame(self, patience=None):
        """The next frame: its letter and payload."""
        until = time.monotonic() + (patience or self.patience)
        while True:
            if len(self.read) >= 4:
                length = struct.unpack_from(">I", self.read)[0]
                if len(self.read) >= 4 + length:
                    command, payload = chr(self.read[4]), bytes(self.read[5:4 + length])
                    del self.read[:4 + length]
                    return command, payload
            left = until - time.monotonic()
            if left <= 0:
                raise Gone("no reply in time")
            self.wire.settimeout(left)
            try:
                data = self.wire.recv(262144)
            except TimeoutError:
                continue
            except OSError as error:
                raise Gone(f"lost: {error}") from error
            if not data:
                raise Gone("the filter has closed the connection")
            self.read += data

    def reply(self, patience=None):
        """The next verdict's letter; notices and changes before it are counted."""
        while True:
            command, payload = self.frame(patience)
            if command in VERDICTS:
                self.text = payload
                return command
            if command == PROGRESS:
                self.progress += 1
            else:
                self.changes += 1

    def play(self, steps):
        """Sends steps, as many in one write as need no reply in between; gives the letters of the replies."""
        waiting, replies = bytearray(), ""
        for command, payload in steps:
            skipped, unreplied = WAIVED[command]
            if self.waived & skipped:
                continue
            waiting += frame(command, payload)
            if not self.waived & unreplied and command not in "DAQ":
                self.send(waiting)
                waiting.clear()
                replies += self.reply()
                if replies[-1] in "try" and command != "U":
                    break
        if waiting:
            self.send(waiting)
        return replies

    def opening(self, deeds=None, fields=(), body=b"hello\r\n", queue="QUEUEID", bodies=None):
        """The steps of a message up to what stands before its end."""
        yield "C", b"client.example.com\0" + b"4" + struct.pack(">H", 4711) + b"192.0.2.1\0"
        yield "H", b"client.example.com\0"
        yield "M", b"<from@example.com>\0"
        yield "R", b"<to@example.net>\0"
        yield "D", b"Ti\0" + queue.encode() + b"\0"
        yield "T", b""
        if deeds:
            yield "L", b"X-Do\0 " + deeds.encode() + b"\0"
        for name, value in fields:
            yield "L", name.encode() + b"\0 " + value.encode() + b"\0"
        yield "N", b""
        for piece in bodies or ([body] if body else []):
            yield "B", piece

    def message(self, deeds=None, **details):
        """A whole message; gives the letter of its last verdict."""
        return self.play([*self.opening(deeds, **details), ("E", b"")])[-1]

    def begin(self, deeds=None, **details):
        """A message whose end is sent, and not waited for."""
        self.play(self.opening(deeds, **details))
        self.send(frame("E"))

    def close(self):
        self.wire.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def sessions_until_the_end(address):
    """Sessions one after the other until the listener is gone: (sessions, how many were connected and then reset before a word came)."""
    sessions = resets = 0
    while True:
        try:
            mta = Mta(address, 5, negotiates=False)
        except Gone:
            return sessions, resets
        sessions += 1
        try:
            mta.negotiate()
            mta.send(frame("Q"))
        except Gone:
            resets += 1
        finally:
            mta.close()
