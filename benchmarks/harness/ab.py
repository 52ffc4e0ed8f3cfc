"""One filter, two builds: CPU of a message before and after, interleaved, with the build before a second time for the spread of the machine."""
import os
import statistics
import subprocess

from . import measure, proc

# Enough for a second of the server's CPU or more, whose clock ticks a hundred times a second.
MESSAGES = {"noop": 300_000, "typical": 300_000, "inspect": 40_000}
BEFORE, AFTER, AGAIN = "before", "after", "before again"


def run(listen, workload, messages):
    command = [measure.LOAD, "run", "--listen", listen, "--workload", workload, "--warmup", "0", "--duration", "120", "--messages", str(messages)]
    child = proc.Child(command, measure.LOAD_CORE, stdout=subprocess.PIPE)
    with proc.bounded(child, 150):
        return child.process.stdout.read()


def once(bench, folder, workload):
    listen = bench.listen(tcp=False)
    # Compiled whole at the first call, so that no tier comes in the middle.
    os.environ["DOTNET_TieredCompilation"] = "0"
    with proc.server(["dotnet", os.path.join(folder, "Milter.BenchFilter.dll"), "--listen", listen, "--workload", workload], listen, measure.SERVER_CORE) as server:
        run(listen, workload, MESSAGES[workload] // 5)
        before = server.cpu()
        if not run(listen, workload, MESSAGES[workload]):
            raise proc.Failed(f"{workload} of {folder} did not end")
        return (server.cpu() - before) / MESSAGES[workload] * 1e6


def compare(bench, before, after, reps):
    """Prints medians and each figure, in microseconds; the median of `before again` says what differs by itself."""
    folders = {BEFORE: before, AFTER: after, AGAIN: before}
    print("| workload | build | median, µs | difference | each |\n| --- | --- | ---: | ---: | --- |")
    for workload in MESSAGES:
        figures = {name: [] for name in folders}
        for repetition in range(reps):
            order = list(folders)
            for name in order[repetition % 3:] + order[:repetition % 3]:
                figures[name].append(once(bench, folders[name], workload))
        base = statistics.median(figures[BEFORE])
        for name, values in figures.items():
            median = statistics.median(values)
            print(f"| {workload} | {name} | {median:.2f} | {(median / base - 1) * 100:+.1f} % | {' '.join(f'{value:.2f}' for value in sorted(values))} |", flush=True)
    return 0
