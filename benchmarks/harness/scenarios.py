"""What is measured under load. Each has a name, by which --only picks it, and the options of the load generator."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scenario:
    name: str
    workload: str
    about: str
    tcp: bool = False
    size: str = "small"
    connections: int = 16
    slow: int = 0
    group: str = "load"
    mta: str = "postfix"
    options: tuple = field(default=())
    at: int = 0                     # where on a curve
    ours: tuple = ()                # the workload that AttrMilter runs, where it is written another way, and options of its program

    @property
    def expected(self):
        return "block" if self.workload.startswith("block") else self.workload

    def load_options(self):
        return ["--workload", self.expected, "--size", self.size, "--connections", str(self.connections), "--mta", self.mta,
                *(["--slow", str(self.slow)] if self.slow else []), *self.options]


def _load():
    yield Scenario("typical", "typical", "what people write: look at the subject, add one header")
    yield Scenario("noop", "noop", "no step is sent; accept at the end")
    yield Scenario("inspect", "inspect", "17 steps with a reply each, one header added")
    yield Scenario("inspect-nr", "inspect-nr", "the same, only the end is replied to")
    yield Scenario("rewrite", "rewrite", "body replaced, subject changed, recipient added")
    yield Scenario("inspect-large", "inspect", "1 MiB body", size="large")
    yield Scenario("inspect-nr-large", "inspect-nr", "1 MiB body", size="large")
    yield Scenario("rewrite-large", "rewrite", "1 MiB body", size="large")
    yield Scenario("rewrite-pieces-large", "rewrite", "1 MiB body that the engine keeps in memory, and a footer behind it", size="large", ours=("rewrite-pieces",))
    yield Scenario("rewrite-spooled-large", "rewrite", "1 MiB body that the engine keeps in a temporary file, and a footer behind it", size="large",
                   ours=("rewrite-pieces", "--body-memory", "262144"))
    yield Scenario("typical-sendmail", "typical", "written as Sendmail does: a packet a write", mta="sendmail")
    yield Scenario("inspect-sendmail", "inspect", "written as Sendmail does: a packet a write", mta="sendmail")
    yield Scenario("tcp-typical", "typical", "over TCP", tcp=True)
    yield Scenario("tcp-noop", "noop", "over TCP", tcp=True)
    yield Scenario("tcp-inspect", "inspect", "over TCP", tcp=True)
    yield Scenario("tcp-rewrite-large", "rewrite", "over TCP, 1 MiB body", tcp=True, size="large")
    yield Scenario("newconn-typical", "typical", "a connection for each message", options=("--per-connection", "1"))
    yield Scenario("newconn-inspect", "inspect", "a connection for each message", options=("--per-connection", "1"))
    yield Scenario("tcp-newconn-inspect", "inspect", "a connection for each message, over TCP", tcp=True, options=("--per-connection", "1"))
    yield Scenario("inspect-c1", "inspect", "one connection", connections=1)
    yield Scenario("inspect-c256", "inspect", "256 connections", connections=256)
    yield Scenario("inspect-c2000", "inspect", "2,000 connections", connections=2000, options=("--drain", "20"))
    yield Scenario("inspect-c8", "inspect", "8 connections", connections=8)
    yield Scenario("slow-readers", "rewrite", "8 connections with 1 MiB bodies beside 8 that read their new body at 16 KiB each 50 ms", size="large", connections=8, slow=8,
                   options=("--slow-readers",), ours=("rewrite-pieces",))
    yield Scenario("inspect-slow500", "inspect", "8 connections beside 500 that send a byte every 50 ms", connections=8, slow=500)


def _curves():
    for count in (10, 30, 100, 300, 1000):
        yield Scenario(f"headers-{count}", "inspect", "header fields", group="headers", at=count, options=("--headers", str(count)))
    for count in (1, 10, 100, 1000):
        yield Scenario(f"recipients-{count}", "inspect", "recipients", group="recipients", at=count, options=("--recipients", str(count)))
    for workload in ("inspect", "rewrite"):
        for kib in (1, 16, 256, 1024, 4096, 16384, 65536):
            yield Scenario(f"body-{workload}-{kib}k", workload, "KiB of body", group=f"body-{workload}", at=kib, size=str(kib * 1024), connections=2,
                           options=("--drain", "30"))


def _blocking():
    yield Scenario("block-one", "block-one", "15 connections beside one whose handler blocks 100 ms at RCPT", connections=15, group="block",
                   options=("--special", "1"))
    yield Scenario("block-none", "block-one", "the same 15 connections without it", connections=15, group="block")
    yield Scenario("block-all", "block-all", "16 connections whose handlers all block 20 ms at RCPT; 800/s is ideal", group="block")


LOAD, CURVES, BLOCKING = list(_load()), list(_curves()), list(_blocking())
ALL = LOAD + CURVES + BLOCKING


def pick(scenarios, only):
    """Those whose name or group is given, or begins with what is given before a star."""
    if not only:
        return scenarios
    return [scenario for scenario in scenarios
            if any(text in (scenario.name, scenario.group) or (text.endswith("*") and scenario.name.startswith(text[:-1])) for text in only)]
