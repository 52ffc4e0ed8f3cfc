"""One filter, two builds: CPU of a message before and after, interleaved, with the build before a second time for the spread of the machine, and the build after while somebody listens."""
import os
import statistics
import subprocess

from . import measure, proc

# Enough for a second of the server's CPU or more, whose clock ticks a hundred times a second.
MESSAGES = {"noop": 300_000, "typical": 300_000, "inspect": 40_000}


def run(listen, workload, messages):
    command = [measure.LOAD, "run", "--listen", listen, "--workload", workload, "--warmup", "0", "--duration", "120", "--messages", str(messages)]
    child = proc.Child(command, measure.LOAD_CORE, stdout=subprocess.PIPE)
    with proc.bounded(child, 150):
        return child.process.stdout.read()


def once(bench, folder, workload, options):
    listen = bench.listen(tcp=False)
    # Compiled whole at the first call, so that no tier comes in the middle.
    os.environ["DOTNET_TieredCompilation"] = "0"
    with proc.server(["dotnet", os.path.join(folder, "Milter.BenchFilter.dll"), "--listen", listen, "--workload", workload, *options], listen, measure.SERVER_CORE) as server:
        run(listen, workload, MESSAGES[workload] // 5)
        before = server.cpu()
        if not run(listen, workload, MESSAGES[workload]):
            raise proc.Failed(f"{workload} of {folder} did not end")
        return (server.cpu() - before) / MESSAGES[workload] * 1e6


def compare(bench, before, after, reps):
    """Prints medians and each figure, in microseconds; what `before, again` differs by, it differs by itself."""
    sides = {
        "before": (before, []),
        "after": (after, []),
        "before, again": (before, []),
        "after, meter heard": (after, ["--observed", "meter"]),
        "after, traces heard": (after, ["--observed", "traces"]),
    }
    print("| workload | build | median, µs | difference | each |\n| --- | --- | ---: | ---: | --- |")
    for workload in MESSAGES:
        figures = {name: [] for name in sides}
        for repetition in range(reps):
            order = list(sides)
            turn = repetition % len(order)
            for name in order[turn:] + order[:turn]:
                figures[name].append(once(bench, sides[name][0], workload, sides[name][1]))
        base = statistics.median(figures["before"])
        for name, values in figures.items():
            median = statistics.median(values)
            print(f"| {workload} | {name} | {median:.2f} | {(median / base - 1) * 100:+.1f} % | {' '.join(f'{value:.2f}' for value in sorted(values))} |", flush=True)
    return 0
