"""The MTA's side of the milter protocol for whole messages, as Postfix plays it: one message after the other on one connection, edits of the header applied."""
import socket
import struct

NO = {"C": 0x1, "H": 0x2, "M": 0x4, "R": 0x8, "B": 0x10, "L": 0x20, "N": 0x40, "T": 0x200}
SILENT = {"C": 0x1000, "H": 0x2000, "M": 0x4000, "R": 0x8000, "T": 0x10000, "L": 0x80, "N": 0x40000, "B": 0x80000}
SPACE = 0x100000
ALL = 0x1FFFFF
CHUNK = 65535


def split(message):
    """Header fields as (name, what follows the colon), and the body, of a message with CR LF."""
    head, _, body = message.partition(b"\r\n\r\n")
    fields = []
    for line in head.split(b"\r\n"):
        if line[:1] in b" \t" and fields:
            fields[-1][1] += b"\n" + line
        else:
            name, _, value = line.partition(b":")
            fields.append([name, value])
    return [tuple(field) for field in fields], body


class Verdict(Exception):
    """The filter has said no."""


class Filter:
    def __init__(self, path, client="203.0.113.9", name="mail.example.org"):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.client, self.name = client, name
        self.send(self.frame("O", struct.pack("!III", 6, 0x1FF, ALL)))
        command, reply = self.read()
        if command != "O":
            raise Verdict(f"no negotiation: {command}")
        self.steps = struct.unpack("!III", reply[:12])[2]

    @staticmethod
    def frame(command, data=b""):
        return struct.pack("!I", len(data) + 1) + command.encode() + data

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        size = struct.unpack("!I", self.take(4))[0]
        data = self.take(size)
        return chr(data[0]), data[1:]

    def take(self, size):
        data = bytearray()
        while len(data) < size:
            more = self.socket.recv(min(1 << 20, size - len(data)))
            if not more:
                raise Verdict("the filter hung up")
            data += more
        return bytes(data)

    def macros(self, command, **values):
        text = b"".join(f"{name if len(name) == 1 else '{' + name + '}'}\0{value}\0".encode() for name, value in values.items())
        return self.frame("D", command.encode() + text)

    def step(self, command, data=b""):
        """Sends what waits and the step, and the reply is a go, unless it is not sent or not replied to."""
        if self.steps & NO[command]:
            return
        self.waiting += self.frame(command, data)
        if len(self.waiting) > 1 << 20:
            self.flush()
        if not self.steps & SILENT[command]:
            self.flush()
            reply, more = self.read()
            if reply == "s":
                self.skips = True
            elif reply != "c":
                raise Verdict(f"{command}: {reply} {more!r}")

    def flush(self):
        if self.waiting:
            self.send(bytes(self.waiting))
            self.waiting = bytearray()

    def open(self):
        """Tells the session's beginning."""
        self.waiting = bytearray()
        self.waiting += self.macros("C", j="bench.example", daemon_name="bench.example", v="Postfix 3.7.11")
        self.step("C", f"{self.name}\0".encode() + b"4" + struct.pack("!H", 40000) + f"{self.client}\0".encode())
        self.step("H", f"{self.name}\0".encode())

    def message(self, fields, body, sender="joe@example.org", to="ann@example.com"):
        """Tells a message; the result is the fields after the filter, and the bytes of a new body, or None."""
        self.skips = False
        self.waiting += self.macros("M", i="4F2B1C0D", mail_addr=sender)
        self.step("M", f"<{sender}>\0".encode())
        self.step("R", f"<{to}>\0".encode())
        self.waiting += self.macros("T", i="4F2B1C0D")
        self.step("T")
        for name, value in fields:
            if not self.steps & SPACE and value[:1] == b" ":
                value = value[1:]
            self.step("L", name + b"\0" + value + b"\0")
        self.step("N")
        for at in range(0, len(body), CHUNK):
            if not self.skips:
                self.step("B", body[at:at + CHUNK])
        self.waiting += self.macros("E", i="4F2B1C0D") + self.frame("E")
        self.flush()
        return self.end(list(fields))

    def end(self, fields):
        new = None
        while True:
            command, data = self.read()
            if command in "ac":
                self.waiting += self.frame("A")
                return fields, new
            if command == "p":
                continue
            if command == "b":
                new = (new or 0) + len(data)
            elif command in "hi":
                at = struct.unpack("!I", data[:4])[0] if command == "i" else len(fields)
                name, value = (data[4:] if command == "i" else data).rstrip(b"\0").split(b"\0", 1)
                # Positions count from the MTA's own Received, which filters are not shown.
                fields.insert(max(0, at - 1) if command == "i" else at, (name, value if self.steps & SPACE else b" " + value))
            elif command in "mq":
                continue
            else:
                raise Verdict(f"{command} {data!r}")

    def close(self):
        self.send(bytes(self.waiting) + self.frame("Q"))
        self.socket.close()
