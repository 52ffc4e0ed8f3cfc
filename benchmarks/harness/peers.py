"""The servers that are compared, and what each of them can't do."""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(HERE, "build")


class Peer:
    def __init__(self, name, program, *command, warmup=1.0, blocks=False, cannot=None):
        self.name = name
        self.program = program                  # the file without which it is not there
        self.command = [*command, program] if command else [program]
        self.warmup = warmup                    # seconds before its figures are steady
        self.blocks = blocks                    # has block-one and block-all
        self.cannot = cannot or (lambda scenario: None)

    def start(self, listen, workload, *options):
        return [*self.command, "--listen", listen, "--workload", workload, *options]

    @property
    def ours(self):
        return self.name.startswith("attrmilter")

    @property
    def built(self):
        return os.path.exists(self.program)


def pmilter_cannot(scenario):
    if scenario.workload == "inspect-nr":
        return "protocol 2: replies can't be waived"
    if scenario.connections + scenario.slow > 32:
        return "a process for each connection"
    return None


def floor_cannot(scenario):
    return "no handlers" if scenario.workload.startswith("block") else None


PEERS = [
    Peer("libmilter", f"{BUILD}/libmilter", blocks=True),
    Peer("attrmilter-jit", os.environ.get("ATTRMILTER_BENCH_FILTER", f"{BUILD}/attrmilter-jit/Milter.BenchFilter"), warmup=10.0, blocks=True),
    Peer("attrmilter-r2r", f"{BUILD}/attrmilter-r2r/Milter.BenchFilter", warmup=10.0, blocks=True),
    Peer("attrmilter-aot", f"{BUILD}/attrmilter-aot/Milter.BenchFilter", blocks=True),
    Peer("before-jit", f"{BUILD}/before-jit/Milter.BenchFilter", warmup=10.0, blocks=True),
    Peer("before-aot", f"{BUILD}/before-aot/Milter.BenchFilter", blocks=True),
    Peer("go-milter", f"{BUILD}/go-milter"),
    Peer("pymilter", f"{HERE}/peers/pymilter/filter.py", "/usr/bin/python3"),
    Peer("pmilter", f"{HERE}/peers/pmilter/filter.pl", "/usr/bin/perl", cannot=pmilter_cannot),
    Peer("floor", f"{BUILD}/floor", cannot=floor_cannot),
]
BASE, FLOOR = "libmilter", "floor"
COMMIT = "AttrMilter, commit"
OURS = ("attrmilter-jit", "attrmilter-r2r", "attrmilter-aot")
BEFORE = {"attrmilter-jit": "before-jit", "attrmilter-aot": "before-aot"}


def chosen(names):
    if not names:
        return [peer for peer in PEERS if peer.built]
    known = {peer.name: peer for peer in PEERS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"no such peer: {', '.join(unknown)}; there are {', '.join(known)}")
    missing = [name for name in names if not known[name].built]
    if missing:
        raise SystemExit(f"not built: {', '.join(missing)}; run benchmarks/setup.sh")
    return [known[name] for name in names]


def versions():
    """Name and version of all that is measured or measures."""
    found = {}

    def ask(name, command, pick=lambda text: text.strip().splitlines()[0]):
        if shutil.which(command[0]):
            result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
            if result.returncode == 0 and result.stdout.strip():
                found[name] = pick(result.stdout)

    for package in ("libmilter1.0.1", "python3-milter", "golang-github-emersion-go-milter-dev", "libsendmail-pmilter-perl", "postfix", "gcc"):
        ask(package, ["dpkg-query", "-W", "-f", "${Version}", package])
    ask("python3", ["/usr/bin/python3", "--version"])
    ask("perl", ["/usr/bin/perl", "-e", "print $^V"])
    ask("go", ["go", "version"])
    ask(".NET SDK", ["dotnet", "--version"])
    ask(".NET runtime", ["dotnet", "--list-runtimes"], lambda text: [line.split()[1] for line in text.splitlines() if ".NETCore.App" in line][-1])
    ask(COMMIT, ["git", "-C", HERE, "describe", "--always", "--dirty"])
    aot = os.path.join(BUILD, "attrmilter-aot", "framework")
    if os.path.exists(aot):
        with open(aot) as file:
            found["attrmilter-aot was compiled for"] = file.read().strip()
    return found
