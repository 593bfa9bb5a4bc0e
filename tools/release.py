"""What a release needs beside the image: that tag, version and CHANGELOG agree, its notes, and the action.yml that names the
image by its digest.

`python3 tools/release.py check TAG`, `notes TAG` and `major TAG` read; `pin IMAGE` rewrites action.yml. Runs on a runner's own
Python, with nothing installed.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]

_TAG = re.compile(
    r"v(?P<version>(?P<major>0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?P<pre>-[0-9A-Za-z.-]+)?)"
)
_VERSION = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)
_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}))?[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"^\[[^\]]+\]: \S+$", re.MULTILINE)
_IMAGE = re.compile(r"ghcr\.io/[a-z0-9]+(?:[._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}")
_RUNS = re.compile(r"^  image: (?P<image>.*)$", re.MULTILINE)


class ReleaseError(Exception):
    """A release that must not be made; the text says what to do."""


def version_of(tag: str) -> str:
    """The version that a tag names."""
    match = _TAG.fullmatch(tag)
    if match is None:
        raise ReleaseError(f"{tag!r} is no tag of a release: write it like v1.2.3.")
    return match["version"]


def major_tag(tag: str) -> str:
    """The tag that moves with this release, such as v1; empty for a pre-release, which nobody gets who did not ask for it."""
    version_of(tag)
    match = _TAG.fullmatch(tag)
    assert match is not None
    return "" if match["pre"] else f"v{match['major']}"


def notes(tag: str, changelog: str) -> str:
    """What CHANGELOG says of the version, without its heading."""
    version = version_of(tag)
    headings = list(_HEADING.finditer(changelog))
    found = [index for index, heading in enumerate(headings) if heading["version"] == version]
    if len(found) != 1:
        raise ReleaseError(f"CHANGELOG.md must have one section for {version}; it has {len(found)}.")
    heading = headings[found[0]]
    if heading["date"] is None:
        raise ReleaseError(
            f"The section for {version} in CHANGELOG.md has no date: write `## [{version}] - 2026-01-31`."
        )
    end = headings[found[0] + 1].start() if found[0] + 1 < len(headings) else len(changelog)
    text = _LINK.sub("", changelog[heading.end() : end]).strip()
    if not text:
        raise ReleaseError(f"The section for {version} in CHANGELOG.md is empty: say what changed.")
    return text + "\n"


def check(tag: str, *, module: str, changelog: str) -> None:
    """Raises ReleaseError unless tag, `__version__` (in the text `module`) and CHANGELOG name one version."""
    version = version_of(tag)
    said = _VERSION.findall(module)
    if said != [version]:
        raise ReleaseError(f"The tag says {version}, and docsfy_action/__init__.py {' and '.join(said) or 'nothing'}.")
    notes(tag, changelog)


def pinned(action: str, image: str) -> str:
    """The action.yml that runs this image, named by its digest; the same where it does so already."""
    if not _IMAGE.fullmatch(image):
        raise ReleaseError(f"{image!r} is no image of ghcr.io with its digest.")
    places = list(_RUNS.finditer(action))
    if len(places) != 1:
        raise ReleaseError(f"action.yml names an image in {len(places)} places, not in one.")
    old = places[0]["image"]
    name = image.partition("@")[0]
    if old != "Dockerfile" and not re.fullmatch(rf"docker://{re.escape(name)}@sha256:[0-9a-f]{{64}}", old):
        raise ReleaseError(f"action.yml runs {old!r}, which is neither the Dockerfile nor an image of this repository.")
    start, end = places[0].span("image")
    return f"{action[:start]}docker://{image}{action[end:]}"


def main(argv: Sequence[str], root: Path = ROOT) -> int:
    """Runs one command; 1 and an error of the workflow where the release must not be made."""
    match list(argv):
        case ["check" | "notes" | "major" | "pin" as command, word]:
            pass
        case _:
            sys.stderr.write("Usage: python3 tools/release.py (check TAG | notes TAG | major TAG | pin IMAGE)\n")
            return 2
    try:
        sys.stdout.write(_run(command, word, root))
    except ReleaseError as error:
        print(f"::error title=No release::{error}")
        return 1
    return 0


def _run(command: str, word: str, root: Path) -> str:
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    match command:
        case "check":
            check(word, module=(root / "docsfy_action/__init__.py").read_text("utf-8"), changelog=changelog)
            return ""
        case "notes":
            return notes(word, changelog)
        case "major":
            return major_tag(word) + "\n"
        case _:
            action = root / "action.yml"
            new = pinned(action.read_text("utf-8"), word)
            action.write_text(new, "utf-8", newline="\n")
            return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
