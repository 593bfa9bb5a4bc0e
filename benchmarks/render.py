"""What rendering costs: a full build, a second one, one page changed, and plain MkDocs with Material, side by side.

`python -m benchmarks.render [--output FILE] [PAGES ...]` prints a table and writes JSON. Each build is a process of its
own, imports included; what a changed page costs is compared with the full build of the same run.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.render_pages import synthetic_spec
from docsfy_action.site.cache import DirectoryCache
from docsfy_action.site.model import SiteSpec
from docsfy_action.site.render import render_site

MKDOCS_YML = """\
site_name: Synthetic
site_url: https://example.github.io/synthetic/
use_directory_urls: false
theme:
  name: material
  font: false
  features: [navigation.prune, navigation.indexes, navigation.top, navigation.footer, toc.follow, content.code.copy]
markdown_extensions:
  admonition: {}
  footnotes: {}
  sane_lists: {}
  tables: {}
  toc: {permalink: true}
  pymdownx.details: {}
  pymdownx.highlight: {pygments_lang_class: true}
  pymdownx.magiclink: {}
  pymdownx.quotes: {callouts: true}
  pymdownx.superfences:
    custom_fences:
      - {name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }
  pymdownx.tabbed: {alternate_style: true}
  pymdownx.tasklist: {custom_checkbox: true}
  pymdownx.tilde: {subscript: false}
nav:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One build: seconds of processor time, peak memory, size of the site and of what is remembered."""

    pages: int
    build: str
    cpu_seconds: float
    peak_mib: float
    site_mib: float
    cache_mib: float
    share_of_full: float = 0.0


BUILDS: dict[str, Callable[[int], SiteSpec]] = {
    "full, nothing remembered": synthetic_spec,
    "second": synthetic_spec,
    "one page edited": lambda count: synthetic_spec(count, edited=count // 2),
    "one page renamed": lambda count: synthetic_spec(count, renamed=count // 2),
}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=[30, 300, 1000])
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "render.json")
    parser.add_argument("--build", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        name, folder = arguments.build
        spec = BUILDS[name](arguments.pages[0])
        render_site(spec, output_dir=Path(folder) / "site", cache=DirectoryCache(Path(folder) / "cache"))
        return
    results = [result for pages in arguments.pages or [30, 300, 1000] for result in measure(pages)]
    report = {
        "machine": f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}",
        "results": [asdict(result) for result in results],
    }
    arguments.output.write_text(json.dumps(report, indent=2) + "\n", "utf-8")


def measure(pages: int) -> list[Measurement]:
    """All builds of a site of this size, one after the other on one cache."""
    results: list[Measurement] = []
    with tempfile.TemporaryDirectory() as folder:
        results.append(plain_mkdocs(pages, Path(folder) / "mkdocs"))
        for name in BUILDS:
            command = [sys.executable, "-m", "benchmarks.render", str(pages), "--build", name, folder]
            results.append(run(command, pages, name, Path(folder) / "site", Path(folder) / "cache"))
    full = next(result.cpu_seconds for result in results if result.build.startswith("full"))
    results = [
        Measurement(**{**asdict(result), "share_of_full": round(result.cpu_seconds / full, 3)}) for result in results
    ]
    for result in results:
        print(
            f"{result.pages:5} pages  {result.build:26} {result.cpu_seconds:7.2f} s  {result.share_of_full:6.3f}  "
            f"{result.peak_mib:5.0f} MiB  site {result.site_mib:6.1f} MiB  remembered {result.cache_mib:6.1f} MiB",
            flush=True,
        )
    return results


def plain_mkdocs(pages: int, folder: Path) -> Measurement:
    """The same pages by `mkdocs build` with Material: what one would run without this program."""
    (folder / "docs").mkdir(parents=True)
    spec = synthetic_spec(pages)
    for page in spec.pages:
        (folder / "docs" / f"{page.slug}.md").write_text(page.markdown, "utf-8")
    nav = "  - index.md\n" + "".join(
        f"  - {section.title}: [{', '.join(f'{slug}.md' for slug in section.slugs)}]\n" for section in spec.sections
    )
    (folder / "mkdocs.yml").write_text(MKDOCS_YML + nav, "utf-8")
    config = str(folder / "mkdocs.yml")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--config-file", config]
    result = run(command, pages, "plain MkDocs with Material", folder / "site", folder / "none")
    shutil.rmtree(folder)
    return result


def run(command: list[str], pages: int, name: str, site: Path, cache: Path) -> Measurement:
    """Run one build to its end."""
    process = subprocess.Popen(command, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} failed with status {process.returncode}")
    return Measurement(
        pages=pages,
        build=name,
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 2),
        peak_mib=round(usage.ru_maxrss / 1024, 1),
        site_mib=size(site),
        cache_mib=size(cache),
    )


def size(folder: Path) -> float:
    """MiB of all files of a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024**2, 1)


if __name__ == "__main__":
    main()
