"""First lines of the confined process: it binds itself before it reads a byte of anyone's file.

    python -I demarrage.py AS CPU FSIZE NOFILE module ARGUMENTS…
    python -I demarrage.py AS CPU FSIZE NOFILE /path/of/a/program ARGUMENTS…

Limits in bytes and seconds. Set here rather than between fork and exec, which is unsafe in a server with threads.
"""

import os
import resource
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LECTEURS = "extranet.lib.extraction.lecteurs"


def limit(memory: int, cpu: int, file_size: int, files: int) -> None:
    asked = {"AS": memory, "CPU": cpu, "FSIZE": file_size, "NOFILE": files, "CORE": 0}
    for name, value in asked.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        ceiling = resource.getrlimit(kind)[1]
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(kind, (value, value))
    os.nice(10)


def main(arguments: list[str]) -> None:
    limit(*map(int, arguments[:4]))
    program, *rest = arguments[4:]
    if program.startswith("/"):
        os.execve(program, [program, *rest], dict(os.environ))  # noqa: S606
    sys.path.insert(0, str(ROOT))
    import_module(f"{LECTEURS}.{program}").main(*rest)


if __name__ == "__main__":
    main(sys.argv[1:])
