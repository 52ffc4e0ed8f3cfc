# The workloads on pymilter: --listen unix:PATH|inet:PORT@HOST --workload noop|inspect|inspect-nr|rewrite|typical
import os
import sys

import Milter

FOOTER = b"-- \r\nchecked by the bench filter\r\n"


class Noop(Milter.Base):
    def eom(self):
        return Milter.ACCEPT


class Inspect(Milter.Base):
    def begin(self):
        self.headers = 0
        self.length = 0
        self.subject = ""
        self.chunks = []

    def connect(self, host, family, address):
        self.begin()
        return Milter.CONTINUE

    def hello(self, name):
        return Milter.CONTINUE

    def envfrom(self, sender, *parameters):
        self.begin()
        return Milter.CONTINUE

    def envrcpt(self, recipient, *parameters):
        return Milter.CONTINUE

    def header(self, name, value):
        self.headers += 1
        if name.lower() == "subject":
            self.subject = value.lstrip(" ")
        return Milter.CONTINUE

    def eoh(self):
        return Milter.CONTINUE

    def body(self, chunk):
        self.length += len(chunk)
        return Milter.CONTINUE

    def eom(self):
        self.addheader("X-Checked", "h=%d b=%d s=%d" % (self.headers, self.length, len(self.subject)))
        return Milter.CONTINUE

    def abort(self):
        return Milter.CONTINUE


class QuietInspect(Inspect):
    connect = Milter.noreply(Inspect.connect)
    hello = Milter.noreply(Inspect.hello)
    envfrom = Milter.noreply(Inspect.envfrom)
    envrcpt = Milter.noreply(Inspect.envrcpt)
    header = Milter.noreply(Inspect.header)
    eoh = Milter.noreply(Inspect.eoh)
    body = Milter.noreply(Inspect.body)


class Rewrite(Inspect):
    def body(self, chunk):
        self.chunks.append(chunk)
        return Milter.CONTINUE

    def eom(self):
        self.chgheader("Subject", 1, "[CHK] " + self.subject)
        self.addrcpt("<extra@example.net>")
        self.chunks.append(FOOTER)
        self.replacebody(b"".join(self.chunks))
        return Milter.CONTINUE


class Typical(Milter.Base):
    """The library's template, less what this task does not need: state begins at MAIL, the header step has @noreply."""

    def __init__(self):
        self.id = Milter.uniqueID()

    def envfrom(self, sender, *parameters):
        self.subject = None
        return Milter.CONTINUE

    @Milter.noreply
    def header(self, name, value):
        if name.lower() == "subject":
            self.subject = value
        return Milter.CONTINUE

    def eom(self):
        self.addheader("X-Checked", "ok" if self.subject else "no subject")
        return Milter.CONTINUE


ADD = Milter.ADDHDRS
WORKLOADS = {
    "noop": (Noop, 0),
    "inspect": (Inspect, ADD),
    "inspect-nr": (QuietInspect, ADD),
    "rewrite": (Rewrite, Milter.CHGBODY + Milter.CHGHDRS + Milter.ADDRCPT),
    "typical": (Typical, ADD),
}


def main():
    given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    listen = given.get("--listen", "inet:9999@127.0.0.1")
    Milter.factory, actions = WORKLOADS[given.get("--workload", "inspect")]
    Milter.set_flags(actions)
    if listen.startswith("unix:") and os.path.exists(listen[5:]):
        os.unlink(listen[5:])
    Milter.milter.setbacklog(4096)
    Milter.runmilter("bench", listen, 600)


if __name__ == "__main__":
    main()
