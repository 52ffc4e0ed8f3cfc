#!/usr/bin/env python3
"""Prints the results of two runs of run.py as one table: table.py BEFORE.json AFTER.json

Exit code: 0 where all is as wanted afterwards, 1 where not, 2 where something could not run.
"""
import json
import sys

WORDS = ("as wanted", "FAULT", "could not run", "skipped")
# Of (code before, code after).
VERDICTS = {(1, 0): "mended", (0, 0): "as before", (0, 1): "WORSE", (1, 1): "STILL THERE", (2, 0): "as wanted", (None, 0): "as wanted"}


def load(path):
    with open(path) as file:
        return {(result["name"], result["transport"]): result for result in json.load(file)}


def main():
    before, after = load(sys.argv[1]), load(sys.argv[2])
    print("| row | scenario | transport | wanted | before | after | verdict |\n| --- | --- | --- | --- | --- | --- | --- |")
    for key, now in after.items():
        then = before.get(key)
        verdict = VERDICTS.get((then and then["code"], now["code"]), WORDS[now["code"]])
        was = f"{WORDS[then['code']]}: {then['seen']}" if then else "not run"
        cells = (now["row"], now["name"], now["transport"], now["wanted"], was, f"{WORDS[now['code']]}: {now['seen']}", verdict)
        print("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    codes = [now["code"] for now in after.values()]
    return 1 if 1 in codes else 2 if 2 in codes else 0


if __name__ == "__main__":
    sys.exit(main())
