"""Documents real repositories from nothing and records what came of it.

    python -m benchmarks.real REPOSITORY [REPOSITORY …] --out benchmarks/results/real.json

Each repository is cloned aside; figures are of the whole process: processor seconds, and peak memory in MB.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.process import PROGRAM, measure, surroundings


def document(source: Path, work: Path) -> dict[str, object]:
    """One full run on a clone of `source`."""
    clone = work / source.name
    subprocess.run(("git", "clone", "-q", str(source), str(clone)), check=True)
    url = subprocess.run(
        ("git", "-C", str(source), "config", "remote.origin.url"), capture_output=True, text=True, check=False
    )
    if url.stdout.startswith("http"):
        subprocess.run(("git", "-C", str(clone), "remote", "set-url", "origin", url.stdout.strip()), check=True)
    words = (*PROGRAM, "--cache-dir", str(work / f"state-{source.name}"))
    inherited = dict(surroundings())
    figures = measure(words, clone, inherited)
    report = json.loads((clone / "_docsfy" / "report.json").read_text())
    return {
        "repository": url.stdout.strip(),
        "commit": report["commit"],
        "status": report["status"],
        "pages": report["pages_total"],
        "failed_pages": report["pages_failed"],
        "references_checked": sum(page["references_checked"] for page in report["pages"]),
        "unresolved_references": report["unresolved_references"],
        "quoted_unresolved": sum(page["quoted_unresolved"] for page in report["pages"]),
        "processor_seconds": round(figures.processor, 1),
        "peak_mb": round(figures.memory),
    }


def main() -> int:
    """Document and write the result; exit status 1 where a run was not clean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as work:
        for source in options.repositories:
            results[source.name] = document(source.resolve(), Path(work))
            print(source.name, results[source.name], flush=True)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1) + "\n")
    return 1 if any(one["unresolved_references"] or one["failed_pages"] for one in results.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
