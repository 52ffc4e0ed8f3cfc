"""Rows to Markdown. Medians of the quiet runs; a figure of a run that was not quiet has a star."""
import json
import os
import platform
import statistics

from .peers import BASE, BEFORE, COMMIT, FLOOR, OURS, PEERS
from .scenarios import BLOCKING, CURVES, LOAD


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) // 1024 // 1024
    return {"cores": os.cpu_count(), "cpu": model, "memory_gib": memory + 1, "kernel": platform.release()}


def read(files):
    rows = []
    for name in files:
        with open(name) as file:
            rows += [json.loads(line) for line in file if line.strip()]
    return rows


def command(text):
    """A command as one would type it, wherever it was run and whatever folder its rows went to."""
    program, *options = text.split(" ")
    return " ".join([f"benchmarks/{os.path.basename(program)}", *(os.path.basename(option) if option.startswith("/") else option for option in options)])


def table(head, lines):
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in [head, rule, *lines]) + "\n"


class Figures:
    """The runs of one scenario and one peer."""

    def __init__(self, rows, limit):
        self.all = rows
        right = [row for row in rows if "failed" not in row and not row.get("errors")]
        quiet = [row for row in right if row.get("foreign", 0) <= limit]
        self.used = quiet or sorted(right, key=lambda row: row["foreign"])[:1]
        self.star = "" if quiet else "*"
        self.wrong = len(rows) - len(right)

    def median(self, key):
        values = [row[key] for row in self.used if row.get(key) is not None]
        return statistics.median(values) if values else None

    def show(self, key, form="{:.2f}", scale=1.0):
        value = self.median(key)
        if value is None:
            return "errors" if self.wrong else "–"
        return form.format(value * scale) + self.star

    def ratio(self, key, other, form="{:.2f}"):
        mine, others = self.median(key), other.median(key)
        return "–" if mine is None or not others else form.format(mine / others) + (self.star or other.star)


class Report:
    def __init__(self, rows):
        self.rows = rows
        heads = [row for row in rows if row["kind"] == "machine"]
        self.head = dict(heads[-1]) if heads else {}
        if heads:
            # Parts may have been measured one after the other, while something else was changed.
            commits = dict.fromkeys(row["versions"][COMMIT] for row in heads if COMMIT in row["versions"])
            self.head["versions"] = {**self.head["versions"], COMMIT: ", ".join(commits)}
        self.commands = list(dict.fromkeys(command(row["command"]) for row in heads))
        self.limit = self.head.get("foreign_limit", 0.05)
        measured = {row["peer"] for row in rows if "peer" in row}
        self.peers = [peer.name for peer in PEERS if peer.name in measured]
        self.ours = [name for name in OURS if name in self.peers]

    def figures(self, scenario, peer):
        return Figures([row for row in self.rows if row["kind"] == "run" and row["scenario"] == scenario and row["peer"] == peer], self.limit)

    def measured(self, scenarios):
        names = {row["scenario"] for row in self.rows if row["kind"] == "run"}
        return [scenario for scenario in scenarios if scenario.name in names]

    def of(self, kind, **where):
        return [row for row in self.rows if row["kind"] == kind and "failed" not in row and all(row[key] == value for key, value in where.items())]

    def preface(self):
        runs = [row for row in self.rows if row["kind"] == "run"]
        loud = sum(1 for row in runs if "failed" not in row and row["foreign"] > self.limit)
        wrong = sum(1 for row in runs if "failed" in row or row["errors"])
        yield "# Results\n"
        yield "Written by `bench.py report`. What is measured, how, and how fair it is: [README](README.md). Ratios count, absolute times belong to this machine.\n"
        yield table(["what", "here"], [[key, value] for key, value in {
            "cores": self.head.get("cores"), "CPU": self.head.get("cpu"), "memory": f"{self.head.get('memory_gib')} GiB", "kernel": self.head.get("kernel"),
            **self.head.get("versions", {})}.items()])
        yield "Commands:\n\n```sh\nbenchmarks/setup.sh\n" + "\n".join(self.commands) + "\n```\n"
        yield (f"{len(runs)} runs under load. A run counts as quiet where other programs used at most {self.limit} CPUs while it was measured; {loud} were not, and are used "
               f"(with a star) only where a row has no quiet run. {wrong} runs had errors or did not finish; they are in no median and are named below.\n")

    def summary(self):
        scenarios = self.measured(LOAD)
        if not scenarios or not self.ours or BASE not in self.peers:
            return
        yield f"## AttrMilter against {BASE} and the floor\n"
        yield (f"One core for the server. Rate: messages a second, times {BASE}'s; more is better. CPU: server CPU seconds a message, times {BASE}'s and the floor's; "
               "less is better. Best other: the peer, neither ours nor the floor, that needs least CPU for it. Before: our build of an older commit, in the same run. Latency in ms.\n")
        lines = []
        for scenario in scenarios:
            base, floor = self.figures(scenario.name, BASE), self.figures(scenario.name, FLOOR)
            others = [self.figures(scenario.name, peer) for peer in self.peers if peer not in (*OURS, *BEFORE.values(), FLOOR)]
            best = min((other for other in others if other.median("cpu_100k") is not None), key=lambda other: other.median("cpu_100k"), default=base)
            for name in self.ours:
                mine = self.figures(scenario.name, name)
                if not mine.all:
                    continue
                lines.append([f"{scenario.name}, {name.removeprefix('attrmilter-')}", mine.ratio("rate", base), mine.ratio("cpu_100k", base),
                              mine.ratio("cpu_100k", best), mine.ratio("cpu_100k", floor, "{:.2f}"),
                              mine.ratio("cpu_100k", self.figures(scenario.name, BEFORE.get(name, ""))), mine.show("p99_us", "{:.2f}", 1e-3), base.show("p99_us", "{:.2f}", 1e-3),
                              mine.show("p999_us", "{:.2f}", 1e-3), base.show("p999_us", "{:.2f}", 1e-3)])
        yield table(["scenario", f"rate / {BASE}", f"CPU / {BASE}", "CPU / best other", "CPU / floor", "CPU / before", "p99", f"p99 {BASE}", "p99.9", f"p99.9 {BASE}"], lines)

    def side_by_side(self):
        scenarios = self.measured(LOAD)
        for title, key, form, scale in (("Messages a second", "rate", "{:,.0f}", 1), ("Server CPU seconds for 100,000 messages", "cpu_100k", "{:.2f}", 1)):
            if scenarios:
                yield f"## {title}\n"
                yield table(["scenario", *self.peers], [[scenario.name, *(self.figures(scenario.name, peer).show(key, form, scale) for peer in self.peers)]
                                                        for scenario in scenarios])

    def details(self):
        scenarios = self.measured(LOAD)
        if scenarios:
            yield "## Each scenario\n"
        for scenario in scenarios:
            yield f"### {scenario.name}\n"
            yield f"{scenario.about}. Workload {scenario.workload}, {'TCP' if scenario.tcp else 'unix socket'}, {scenario.connections} connections.\n"
            base, lines = self.figures(scenario.name, BASE), []
            for peer in self.peers:
                one = self.figures(scenario.name, peer)
                if not one.all:
                    continue
                rates = [row["rate"] for row in one.used]
                lines.append([peer, one.show("rate", "{:,.0f}"), one.ratio("rate", base), f"{min(rates):,.0f}–{max(rates):,.0f}" if rates else "–",
                              one.show("p50_us", "{:.2f}", 1e-3), one.show("p99_us", "{:.2f}", 1e-3), one.show("p999_us", "{:.2f}", 1e-3),
                              one.show("cpu_100k"), one.ratio("cpu_100k", base), one.show("server_cpu"), one.show("load_cpu"), one.show("waits", "{:.0f}"),
                              one.show("peak_kb", "{:.1f}", 1 / 1024), f"{len(one.used)}/{len(one.all)}"])
            yield table(["peer", "msg/s", "ratio", "range", "p50 ms", "p99 ms", "p99.9 ms", "CPU s/100k", "ratio", "server CPU", "load CPU", "waits", "peak RSS MiB", "runs"], lines)
            for row in self.rows:
                if row["kind"] == "cannot" and row["scenario"] == scenario.name:
                    yield f"{row['peer']}: {row['reason']}.\n"
            for peer in self.peers:
                for row in self.figures(scenario.name, peer).all:
                    if "failed" in row or row["errors"]:
                        yield f"{peer}, run {row['repetition']}: {row.get('failed') or str(row['errors']) + ' errors, the first: ' + row['first_error']}.\n"

    def curves(self):
        for group in dict.fromkeys(scenario.group for scenario in self.measured(CURVES)):
            scenarios = [scenario for scenario in self.measured(CURVES) if scenario.group == group]
            peers = [peer for peer in self.peers if any(self.figures(scenario.name, peer).all for scenario in scenarios)]
            yield f"## Curve: {scenarios[0].about}, workload {scenarios[0].workload}\n"
            for title, key, form, scale in (("Server CPU, ms a message", "cpu_100k", "{:.3f}", 0.01), ("Peak RSS, MiB", "peak_kb", "{:.1f}", 1 / 1024)):
                yield f"{title}:\n"
                yield table([scenarios[0].about, *peers], [[scenario.at, *(self.figures(scenario.name, peer).show(key, form, scale) for peer in peers)] for scenario in scenarios])

    def blocking(self):
        measured = {scenario.name for scenario in self.measured(BLOCKING)}
        if not measured:
            return
        yield "## Handlers that block\n"
        yield ("16 connections on one core. Beside one: messages a second on 15 connections while the handler of a sixteenth sleeps 100 ms at each RCPT, and without it. "
               "All: each sleeps 20 ms, so 800/s is what 16 connections can have at most.\n")
        lines = []
        for peer in self.peers:
            one, none, every = (self.figures(name, peer) for name in ("block-one", "block-none", "block-all"))
            if one.all or every.all:
                lines.append([peer, one.show("rate", "{:,.0f}"), none.show("rate", "{:,.0f}"), one.ratio("rate", none), one.show("p99_us", "{:.2f}", 1e-3),
                              every.show("rate", "{:,.0f}"), every.show("p99_us", "{:.2f}", 1e-3), every.show("cpu_100k")])
        yield table(["peer", "beside one, msg/s", "without it", "share", "p99 ms", "all, msg/s", "p99 ms", "CPU s/100k"], lines)

    def at_rest(self):
        def median(rows, key):
            return statistics.median(row[key] for row in rows)

        lines = []
        for peer in self.peers:
            rows = self.of("start", peer=peer)
            if rows:
                lines.append([peer, f"{median(rows, 'startup_ms'):.1f}", f"{median(rows, 'start_cpu'):.2f}", f"{median(rows, 'rss_kb') / 1024:.1f}",
                              f"{median(rows, 'pss_kb') / 1024:.1f}", f"{median(rows, 'threads'):.0f}", len(rows)])
        if lines:
            yield "## Start\n"
            yield "From exec to the first connect that succeeds, on one core; memory half a second later.\n"
            yield table(["peer", "ms", "CPU s", "RSS MiB", "PSS MiB", "threads", "runs"], lines)
        lines = []
        for peer in self.peers:
            for count in sorted({row["count"] for row in self.of("idle")}):
                rows = self.of("idle", peer=peer, count=count)
                if rows:
                    lines.append([f"{peer}, {count:,}", f"{median(rows, 'ready'):,.0f}", f"{median(rows, 'rss_per_connection_kb'):.2f}",
                                  f"{median(rows, 'pss_per_connection_kb'):.2f}", f"{median(rows, 'before_rss_kb') / 1024:.1f}",
                                  f"{median(rows, 'held_rss_kb') / 1024:.1f}", f"{median(rows, 'threads'):.0f}", f"{median(rows, 'idle_cpu'):.3f}", len(rows)])
        if lines:
            yield "## Held connections\n"
            yield "Open, after HELO, silent. KiB a connection: what the server has grown by, after it had worked for three seconds.\n"
            yield table(["peer, connections", "held", "KiB a connection, RSS", "PSS", "RSS before, MiB", "with them", "threads", "CPU", "runs"], lines)

    def end_to_end(self):
        def median(rows, key):
            return statistics.median(row[key] for row in rows)

        rows = self.of("e2e")
        if not rows:
            return
        yield "## Behind Postfix and Sendmail\n"
        yield (f"`smtp-source`, 10 SMTP sessions at once, a new one for each 2 KiB message. Nothing is pinned; queues are in memory. Rate: messages a second; times {BASE}'s "
               "in the same row's MTA, socket and workload; and of the rate without a filter. Filter CPU is the filter's, all CPU the whole machine's.\n")
        lines = []
        for mta in dict.fromkeys(row["mta"] for row in rows):
            of_mta = [row for row in rows if row["mta"] == mta]
            none = [row for row in of_mta if row["peer"] == "none"]
            for transport, workload in dict.fromkeys((row["transport"], row["workload"]) for row in of_mta if row["peer"] != "none"):
                group = [row for row in of_mta if (row["transport"], row["workload"]) == (transport, workload) and row["peer"] != "none"]
                base = [row for row in group if row["peer"] == BASE]
                for peer in dict.fromkeys(row["peer"] for row in group):
                    mine = [row for row in group if row["peer"] == peer]
                    rate = median(mine, "rate")
                    lines.append([f"{mta}, {transport}, {workload}, {peer}", f"{rate:,.0f}", f"{rate / median(base, 'rate'):.2f}" if base else "–",
                                  f"{rate / median(none, 'rate'):.2f}" if none else "–", f"{median(mine, 'filter_cpu_100k'):.1f}", f"{median(mine, 'all_cpu_100k'):.0f}", len(mine)])
        yield table(["MTA, socket, workload, filter", "msg/s", f"times {BASE}", "of no filter", "filter CPU s/100k", "all CPU s/100k", "runs"], lines)

    def failures(self):
        failed = [row for row in self.rows if "failed" in row and row["kind"] != "run"]
        if failed:
            yield "## Not measured\n"
            yield "".join(f"- {row['kind']}, {row.get('mta', '')} {row['peer']}: {row['failed']}\n" for row in failed)


def report(rows):
    page = Report(rows)
    sections = (page.preface, page.summary, page.side_by_side, page.blocking, page.at_rest, page.end_to_end, page.curves, page.details, page.failures)
    return "\n".join(text for section in sections for text in section()).rstrip()
