"""What a user could pick instead without a key, measured beside this program in one run on the same repository.

    python -m benchmarks.rivals REPOSITORY PACKAGE --out benchmarks/results/rivals.json

REPOSITORY is a clone of a Python library, PACKAGE the folder of its package inside it (`httpx`, `src/flask`). Each rival gets
an environment of its own below `--environments` (kept between calls) with the library's dependencies, which pdoc imports, and
is run as its own documentation tells. Figures are of whole processes with their children: processor seconds, wall seconds, peak
memory of the largest process; the median of `--runs`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.process import PROGRAM, Figures, measure, median, surroundings

RIVALS: Mapping[str, tuple[str, ...]] = {
    "pdoc": ("pdoc",),
    "sphinx": ("sphinx", "sphinx-autoapi", "furo"),
    "mkdocstrings": ("mkdocs", "mkdocs-material", "mkdocstrings[python]", "mkdocs-gen-files", "mkdocs-literate-nav"),
    "repowise": ("repowise",),
}
SPHINX = "extensions = ['autoapi.extension']\nautoapi_dirs = [{package!r}]\nhtml_theme = 'furo'\nproject = 'x'\n"
MKDOCS = """site_name: x
theme: {{name: material}}
docs_dir: {docs}
plugins:
  - search
  - gen-files: {{scripts: [{script}]}}
  - mkdocstrings: {{handlers: {{python: {{paths: [{root}]}}}}}}
"""
GENERATE = """import mkdocs_gen_files
from pathlib import Path
root = Path({root!r})
for path in sorted(Path({package!r}).rglob("*.py")):
    parts = list(path.relative_to(root).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    with mkdocs_gen_files.open("/".join(parts) + ".md", "w") as page:
        page.write("::: " + ".".join(parts))
"""


def rival_command(name: str, binary: Path, repository: Path, package: Path, work: Path) -> Sequence[str]:
    """The command that makes the rival's site, with its configuration written beside it."""
    if name == "pdoc":
        return (str(binary / "pdoc"), "-o", str(work / "site"), str(package))
    if name == "sphinx":
        (work / "conf.py").write_text(SPHINX.format(package=str(package)))
        (work / "index.rst").write_text("x\n=\n")
        return (str(binary / "sphinx-build"), "-q", "-E", "-b", "html", str(work), str(work / "site"))
    if name == "mkdocstrings":
        (work / "docs").mkdir()
        (work / "docs" / "index.md").write_text("# x\n")
        script = work / "pages.py"
        script.write_text(GENERATE.format(root=str(package.parent), package=str(package)))
        (work / "mkdocs.yml").write_text(MKDOCS.format(docs=work / "docs", script=script, root=package.parent))
        return (str(binary / "mkdocs"), "build", "-q", "-f", str(work / "mkdocs.yml"), "-d", str(work / "site"))
    return (str(binary / "repowise"), "init", "--no-prose", "--yes", str(work / repository.name))


def install(name: str, environments: Path, repository: Path) -> Path:
    """The rival's environment; its folder of programs."""
    folder = environments / name
    if not (folder / "bin" / "python").exists():
        subprocess.run((sys.executable, "-m", "venv", str(folder)), check=True)
        subprocess.run((str(folder / "bin" / "pip"), "-q", "install", *RIVALS[name], str(repository)), check=True)
    return folder / "bin"


def size(folder: Path) -> int:
    """MB on disk."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) // 1_000_000


def checkout(clone: Path, commit: str) -> None:
    """Put a commit into the work tree."""
    subprocess.run(("git", "-C", str(clone), "checkout", "-q", "--detach", commit), check=True, capture_output=True)


def ours(repository: Path, work: Path, runs: int, environment: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Full run, second run, and a run one commit later."""
    found: dict[str, list[Figures]] = {"full": [], "second": [], "one_commit": []}
    for number in range(runs):
        clone = work / f"ours-{number}"
        subprocess.run(("git", "clone", "-q", str(repository), str(clone)), check=True)
        words = (*PROGRAM, "--cache-dir", str(work / f"state-{number}"))
        checkout(clone, "HEAD~1")
        found["full"].append(measure(words, clone, environment))
        found["second"].append(measure(words, clone, environment))
        checkout(clone, "origin/HEAD")
        found["one_commit"].append(measure(words, clone, environment))
    return {name: median(figures) for name, figures in found.items()}


def main() -> int:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("package")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "docsfy-rivals")
    parser.add_argument("--only", nargs="*", default=list(RIVALS))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    repository = options.repository.resolve()
    inherited = surroundings()
    results: dict[str, object] = {"subject": repository.name, "python": sys.version.split()[0], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        results["docsfy-action"] = ours(repository, work, options.runs, inherited)
        for name in options.only:
            binary = install(name, options.environments, repository)
            figures = []
            for number in range(options.runs):
                place = work / f"{name}-{number}"
                place.mkdir()
                copy = place / repository.name
                subprocess.run(("git", "clone", "-q", str(repository), str(copy)), check=True)
                words = rival_command(name, binary, repository, copy / options.package, place)
                environment = {**inherited, "PYTHONPATH": str((copy / options.package).parent), "HOME": str(place)}
                figures.append(measure(words, place, environment))
                shutil.rmtree(place)
            results[name] = {**median(figures), "installed_mb": size(binary.parent)}
            print(name, results[name], flush=True)
    full = results["docsfy-action"]["full"]["processor"]  # type: ignore[index]  # built above
    results["full_run_against"] = {
        name: round(full / results[name]["processor"], 2)  # type: ignore[index]  # built above
        for name in options.only
    }
    text = json.dumps(results, indent=1)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text + "\n")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
