"""A cgroup with so much memory, as a container is one."""
import os

from .subject import Skipped

# (folder, the limit, the most that was in use): version 2 where it has the controller, else version 1.
VERSIONS = (("/sys/fs/cgroup", "memory.max", "memory.peak"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes"))


class Container:
    """Made for a stage, and gone with it. A process enters it at its start (Subject, `container=`)."""

    def __init__(self, stage, mebibytes):
        self.path = None
        for parent, limit, peak in VERSIONS:
            path = f"{parent}/attrmilter-scenario-{os.getpid()}-{stage.starts}"
            try:
                os.mkdir(path)
            except OSError:
                continue
            if not os.path.exists(f"{path}/{limit}"):
                os.rmdir(path)
                continue
            self.path, self._peak = path, f"{path}/{peak}"
            stage.ends.callback(os.rmdir, path)
            with open(f"{path}/{limit}", "w") as file:
                file.write(str(mebibytes * 2**20))
            return
        raise Skipped("no cgroup with a limit of memory can be made here (root? a container without delegation?)")

    def enter(self):
        with open(f"{self.path}/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))

    def peak(self):
        try:
            with open(self._peak) as file:
                return int(file.read())
        except OSError:
            return 0
