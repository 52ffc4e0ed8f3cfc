#!/usr/bin/env python3
"""Runs scenarios against one build of the scenario program: run.py --program FILE [--short] [--jobs N] [--json FILE] [ROW or NAME]...

Exit code: 0 where all is as wanted, 1 where a fault was seen, 2 where something could not run.
"""
import argparse
import concurrent.futures
import json
import os
import resource
import sys
import time

from families import ALL_FAMILIES  # noqa: F401  (declares the scenarios)
from harness import stage

WORDS = {stage.WANTED: "as wanted", stage.FAULT: "FAULT", stage.COULD_NOT_RUN: "could not run", stage.SKIPPED: "skipped"}


def chosen(given):
    """Scenarios and transports; the short form takes the default transport alone."""
    names = [name.lower() for name in given.names]
    for one in stage.ALL:
        if (not names or one.row.lower() in names or one.name in names) and (one.short or not given.short):
            transports = [name for name in one.transports if name in (given.transport, stage.ONE) or not given.transport]
            for transport in transports[:1] if given.short else transports:
                yield one, transport


def play(index, transport, program, short):
    one = stage.ALL[index]
    code, seen, seconds = stage.play(one, program, transport, short)
    return {"row": one.row, "name": one.name, "transport": transport, "wanted": one.wanted, "code": code, "seen": seen, "seconds": round(seconds, 1)}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", help="the scenario program")
    parser.add_argument("--short", action="store_true", help="the cheap ones, in their short form")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--transport", choices=stage.BOTH)
    parser.add_argument("--json", help="a file for the results")
    parser.add_argument("--list", action="store_true", help="only tell which there are")
    parser.add_argument("names", nargs="*", help="rows or names")
    return parser.parse_args()


def main():
    given = arguments()
    work = list(chosen(given))
    if given.list:
        for one in dict.fromkeys(one.name for one, _ in work):
            details = next(known for known in stage.ALL if known.name == one)
            print(f"{details.row:4} {one:36} {'short' if details.short else '':6} {'/'.join(details.transports):14} at most {details.bound} s: {details.wanted}")
        return 0
    if not work:
        print("There is no scenario of that name; --list tells them.", file=sys.stderr)
        return stage.COULD_NOT_RUN
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    results, begin = [], time.monotonic()
    print(f"{len(work)} scenarios, {given.jobs} at a time, each within its bound: at most {sum(one.bound for one, _ in work)} s", flush=True)
    with concurrent.futures.ProcessPoolExecutor(given.jobs) as pool:
        futures = [pool.submit(play, stage.ALL.index(one), transport, os.path.abspath(given.program), given.short) for one, transport in work]
        for future, (one, _) in zip(futures, work):
            result = future.result()
            results.append(result)
            print(f"{result['row']} {result['name']} ({result['transport']}, {result['seconds']:.0f} of at most {one.bound} s): {WORDS[result['code']]}: {result['seen']}", flush=True)
            if given.json:
                with open(given.json, "w") as file:
                    json.dump(results, file, indent=1)
    codes = [result["code"] for result in results]
    print(f"{codes.count(stage.WANTED)} as wanted, {codes.count(stage.FAULT)} faults, {codes.count(stage.COULD_NOT_RUN)} could not run, {codes.count(stage.SKIPPED)} skipped, in {time.monotonic() - begin:.0f} s")
    return stage.FAULT if stage.FAULT in codes else stage.COULD_NOT_RUN if stage.COULD_NOT_RUN in codes else stage.WANTED


if __name__ == "__main__":
    sys.exit(main())
