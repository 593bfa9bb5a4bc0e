"""Measures the container image: what a registry sends, layer by layer, and how long it takes until it says something.

Run it from the repository's root, after `make image`: `python -m benchmarks.image [IMAGE]`; prints JSON.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

RUNS = 7
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer's size in bytes, as it is stored and as a registry sends it (gzip, level 6)."""

    size: int
    compressed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Seconds from the engine's command to the first line, and to the end of a program that does nothing."""

    first_line: float
    engine_alone: float


class _Counter:
    """A file that only counts."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def compressed_layers(image: str) -> list[Layer]:
    """The layers of an image, lowest first."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "image.tar"
        subprocess.run(["docker", "save", "--output", str(archive), image], check=True)
        with tarfile.open(archive) as contents:
            manifest = contents.extractfile("manifest.json")
            assert manifest is not None
            names: list[str] = json.load(manifest)[0]["Layers"]
            return [_measured(contents, name) for name in names]


def _measured(contents: tarfile.TarFile, name: str) -> Layer:
    layer = contents.extractfile(name)
    assert layer is not None
    size = 0
    counter = _Counter()
    with _plain(layer) as plain, gzip.GzipFile(fileobj=counter, mode="wb", compresslevel=6, mtime=0) as packed:
        while chunk := plain.read(CHUNK):
            size += len(chunk)
            packed.write(chunk)
    return Layer(size=size, compressed=counter.size)


def _plain(layer: IO[bytes]) -> IO[bytes] | gzip.GzipFile:
    # Docker's own engine saves layers as they came from a registry, which may be compressed already.
    magic = layer.read(2)
    layer.seek(0)
    return gzip.open(layer) if magic == b"\x1f\x8b" else layer


def start_time(image: str) -> Start:
    """Medians over some runs of a step that has nothing to document, and so says so at once."""
    return Start(
        first_line=statistics.median(_seconds_to_first_line(image, []) for _ in range(RUNS)),
        engine_alone=statistics.median(_seconds_to_first_line(image, ["--entrypoint", "true"]) for _ in range(RUNS)),
    )


def _seconds_to_first_line(image: str, options: list[str]) -> float:
    with tempfile.TemporaryDirectory() as workspace:
        command = ["docker", "run", "--rm", "--network", "host", "--workdir", "/github/workspace", *options]
        command += ["-e", "GITHUB_ACTIONS", "-e", "GITHUB_WORKSPACE", "-v", f"{workspace}:/github/workspace", image]
        started = time.perf_counter()
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/github/workspace"},
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            seconds = time.perf_counter() - started
            process.stdout.read()
    return seconds


def main() -> None:
    """Measures and prints."""
    image = sys.argv[1] if len(sys.argv) > 1 else "docsfy-action:dev"
    layers = compressed_layers(image)
    result = {
        "image": image,
        "compressed_mb": round(sum(layer.compressed for layer in layers) / 1e6, 1),
        "layers": [asdict(layer) for layer in layers],
        "start_seconds": {name: round(value, 2) for name, value in asdict(start_time(image)).items()},
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
