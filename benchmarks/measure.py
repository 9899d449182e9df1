"""Runs one command and prints its exit status, CPU seconds (user and system), wall seconds and peak memory in bytes.

A program of its own, because the system counts the memory of the process that starts a command as the command's: this one loads
next to nothing and so stays below whatever it measures. Arguments: a file for what the command prints, one for its error output, the
seconds after which the command and whatever it started are killed (0: never), then the command.
"""

import os
import signal
import sys
import time


def main() -> None:
    output, errors, seconds, *command = sys.argv[1:]
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    streams = [(0, os.devnull, os.O_RDONLY), (1, output, new), (2, errors, new)]
    actions = [(os.POSIX_SPAWN_OPEN, number, path, flags, 0o600) for number, path, flags in streams]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions, setpgroup=0)
    for reason in (signal.SIGALRM, signal.SIGINT):  # a group of its own also has to be told that somebody interrupts the benchmark
        signal.signal(reason, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(int(seconds))
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit)


if __name__ == "__main__":
    main()
