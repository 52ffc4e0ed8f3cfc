#!/usr/bin/env python3
"""Measures milter libraries side by side. See README.md.

  bench.py all --out results.jsonl        everything: load, curves, blocking handlers, start, idle memory, real mail servers
  bench.py load|curves|block|start|idle|e2e --out results.jsonl       a part of it; rows are appended
  bench.py report results.jsonl... > RESULTS.md
  bench.py chart RESULTS.md > cpu.svg    its picture, which the README shows
  bench.py ab --before FOLDER --after FOLDER      two builds of Milter.BenchFilter, interleaved: see ab.sh
  bench.py list
"""
import argparse
import pathlib
import signal
import sys

from harness import ab, chart, e2e, measure, proc, report, scenarios
from harness.peers import PEERS, chosen, versions


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["all", "load", "curves", "block", "start", "idle", "e2e", "report", "chart", "ab", "list"])
    parser.add_argument("files", nargs="*", help="for report and chart")
    parser.add_argument("--out", help="file of rows, one JSON object a line")
    parser.add_argument("--peers", type=lambda text: text.split(","), help="names from list; all that are built otherwise")
    parser.add_argument("--only", type=lambda text: text.split(","), help="scenarios or groups, a star at the end stands for the rest")
    parser.add_argument("--before", help="for ab: a build of Milter.BenchFilter")
    parser.add_argument("--after", help="for ab: another")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--duration", type=float, default=3, help="seconds measured")
    parser.add_argument("--warmup", type=float, help="seconds before, instead of each peer's own (10 for JIT, 1 for the others)")
    parser.add_argument("--foreign", type=float, default=0.05, help="CPUs that other programs may use in a run that counts as quiet")
    parser.add_argument("--retries", type=int, default=2, help="how often a run that was not quiet is done again")
    parser.add_argument("--start-reps", type=int, default=11)
    parser.add_argument("--idle", type=lambda text: [int(count) for count in text.split(",")], help="numbers of held connections (1000,10000)")
    parser.add_argument("--idle-reps", type=int, default=3)
    parser.add_argument("--e2e-reps", type=int, default=5)
    parser.add_argument("--e2e-messages", type=int, default=2_000)
    parser.add_argument("--quick", action="store_true", help="shows that all works: one short run each, no figures to trust")
    settings = parser.parse_args()
    if settings.quick:
        settings.reps = settings.start_reps = settings.idle_reps = settings.e2e_reps = 1
        settings.duration, settings.warmup, settings.retries = 0.5, 0.3, 0
        settings.e2e_messages = 100
    settings.idle = settings.idle or ([200] if settings.quick else [1_000, 10_000])
    return settings


def interrupted(number, frame):
    raise KeyboardInterrupt


def main():
    settings = parse()
    if settings.part == "list":
        print("peers:", ", ".join(peer.name + ("" if peer.built else " (not built)") for peer in PEERS))
        for scenario in scenarios.ALL:
            print(f"  {scenario.group:14} {scenario.name:22} {scenario.about}")
        return 0
    if settings.part == "report":
        print(report.report(report.read(settings.files)))
        return 0
    if settings.part == "chart":
        print(chart.chart(pathlib.Path(settings.files[0]).read_text()))
        return 0
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    if settings.part == "ab":
        bench = measure.Bench(settings)
        try:
            return ab.compare(bench, settings.before, settings.after, settings.reps)
        finally:
            proc.stop_all()
            bench.close()
    peers = chosen(settings.peers)
    bench = measure.Bench(settings)
    parts = {
        "load": lambda: measure.run_all(bench, peers, scenarios.pick(scenarios.LOAD, settings.only)),
        "block": lambda: measure.run_all(bench, peers, scenarios.pick(scenarios.BLOCKING, settings.only)),
        "start": lambda: measure.start_all(bench, peers),
        "idle": lambda: measure.idle_all(bench, peers),
        "curves": lambda: measure.run_all(bench, peers, scenarios.pick(scenarios.CURVES, settings.only)),
        "e2e": lambda: e2e.run_all(bench, peers),
    }
    wrong = 0
    try:
        bench.emit({"kind": "machine", **report.machine(), "versions": versions(), "command": " ".join(sys.argv), "foreign_limit": settings.foreign})
        for part in parts if settings.part == "all" else [settings.part]:
            wrong += parts[part]()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    finally:
        proc.stop_all()
        bench.close()
    if wrong:
        print(f"{wrong} runs with errors", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
