"""The program under measurement as a whole process, started as a user's installation would be."""

import compileall
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import docsfy_action

PROGRAM = (sys.executable, "-m", "docsfy_action")


@cache
def surroundings() -> Mapping[str, str]:
    """The environment of this process without what a runner or a machine that forbids byte code put there.

    Installers write byte code, so a user's program does not compile itself at each start, and neither does this one here.
    """
    compileall.compile_dir(Path(docsfy_action.__file__).parent, quiet=2)
    left_out = ("GITHUB_", "INPUT_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One process with its children: seconds, and peak memory of its largest process in MB."""

    processor: float
    wall: float
    memory: float


def measure(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Figures:
    """Run a command to its end; a command that fails ends the benchmark."""
    started = time.monotonic()
    process = subprocess.Popen(
        words, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if status:
        raise SystemExit(f"{' '.join(words)} failed:\n{output.decode()[-3000:]}")
    return Figures(processor=usage.ru_utime + usage.ru_stime, wall=wall, memory=usage.ru_maxrss / 1024)


def median(figures: Sequence[Figures]) -> dict[str, float]:
    """The middle of each figure."""
    return {
        name: round(statistics.median(asdict(one)[name] for one in figures), 2)
        for name in ("processor", "wall", "memory")
    }
