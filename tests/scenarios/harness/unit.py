"""The system calls that a unit of systemd leaves to its program (SystemCallFilter=), held by the kernel as systemd would have it."""
import ctypes
import os
import platform
import re
import struct
import subprocess

from .subject import Skipped

ANALYZE, NUMBERS = "/usr/bin/systemd-analyze", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2


class UnitFilter:
    """Entered by a process at its start (Subject, `container=`); a call that is not left to it ends it with SIGSYS."""

    def __init__(self, unit):
        if platform.machine() != "x86_64" or not os.path.exists(ANALYZE) or not os.path.exists(NUMBERS):
            raise Skipped("wants x86-64, systemd-analyze and the numbers of the system calls (libc6-dev)")
        with open(unit) as file:
            lines = re.findall(r"^SystemCallFilter=(.*)$", file.read(), re.M)
        allowed = group("@default")
        for line in lines:
            for name in line.removeprefix("~").split():
                named = group(name) if name.startswith("@") else {name}
                allowed = allowed - named if line.startswith("~") else allowed | named
        with open(NUMBERS) as file:
            numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", file.read()))
        steps = [struct.pack("HBBI", LOAD, 0, 0, 0)]
        for number in sorted(int(numbers[name]) for name in allowed if name in numbers):
            steps += [struct.pack("HBBI", JUMP_IF_EQUAL, 0, 1, number), struct.pack("HBBI", RETURN, 0, 0, ALLOW)]
        self.code = b"".join([*steps, struct.pack("HBBI", RETURN, 0, 0, KILL)])
        self.libc = ctypes.CDLL(None, use_errno=True)

    def enter(self):
        code = ctypes.create_string_buffer(self.code, len(self.code))
        program = struct.pack("HxxxxxxP", len(self.code) // 8, ctypes.addressof(code))
        self.libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if self.libc.prctl(SECCOMP, FILTER, program):
            raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def group(name):
    """The calls of a group, those of the groups in it included."""
    names = set()
    for line in subprocess.run([ANALYZE, "syscall-filter", name], capture_output=True, text=True, check=True).stdout.splitlines()[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            names |= group(word) if word.startswith("@") else {word}
    return names
