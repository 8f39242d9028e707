"""Run one command and print what it took, as JSON: seconds of wall clock and of processor, peak memory, exit code.

`python -I -S launch.py OUTPUT COMMAND...` in the folder and the environment of the command, whose standard output
goes to OUTPUT. A process of its own, since a child's peak memory counts its parent's at the time of the fork: this
one imports next to nothing. Processor time is that of the command and of all processes it waited for; peak memory
is that of the largest one of them.
"""

import os
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
into = [
    (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    (os.POSIX_SPAWN_OPEN, 2, output + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
]
start = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=into)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - start
peak = used.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
code = os.waitstatus_to_exitcode(status)
print(f'{{"wall": {wall}, "cpu": {used.ru_utime + used.ru_stime}, "peak": {peak}, "code": {code}}}')
