"""`python -I pesee.py COMMAND…`: runs it, writes the seconds it took and its largest resident memory in MB (10⁶ bytes).

A process apart, and small: what the system tells of a child begins with the memory of its parent.
"""

import json
import os
import subprocess
import sys
import time


def main(command: list[str]) -> None:
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    print(json.dumps([time.monotonic() - started, used.ru_maxrss * 1024 / 1e6, os.waitstatus_to_exitcode(status)]))


if __name__ == "__main__":
    main(sys.argv[1:])
