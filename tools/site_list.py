"""Reads the list of repositories that the workflow `many.yml` documents, and writes the matrix of its jobs.

Runs on a runner's own Python, with nothing installed. Takes `REPOSITORIES`, `SITE_URL`, `GITHUB_SERVER_URL` and
`GITHUB_REPOSITORY` from the environment and writes `matrix` and `site-url` to `GITHUB_OUTPUT`.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MOST = 256  # a job matrix has at most this many jobs
_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_KEYS = {"url", "ref", "name"}


@dataclass(frozen=True)
class Entry:
    """A repository of the list: where it is, what of it is documented (empty: the default branch), and what the folder of
    its site is called (empty: derived)."""

    url: str
    ref: str = ""
    name: str = ""


def read_list(text: str, server: str) -> tuple[Entry, ...]:
    """The entries of a list: JSON (addresses, or objects with `url`, `ref` and `name`), or one a line with an optional ref
    behind a blank; `#` begins a comment. `owner/name` is short for a repository of `server`. ValueError says what is wrong."""
    text = text.strip()
    entries = _from_json(text) if text.startswith("[") else _from_lines(text)
    found = tuple(Entry(url=_address(entry.url, server), ref=entry.ref, name=entry.name) for entry in entries)
    if not found:
        raise ValueError("the list of repositories is empty")
    if len(found) > MOST:
        raise ValueError(f"the list has {len(found)} repositories; a matrix has at most {MOST} jobs")
    return found


def matrix(entries: tuple[Entry, ...], site_url: str) -> dict[str, list[dict[str, str]]]:
    """The matrix: a job for each repository, with the name of its folder and the address that its site will have."""
    include = [
        {"url": entry.url, "ref": entry.ref, "name": name, "site-url": f"{site_url}{name}/"}
        for entry, name in zip(entries, names(entries), strict=True)
    ]
    return {"include": include}


def names(entries: tuple[Entry, ...]) -> list[str]:
    """A folder for each site: the name that was given, else that of the repository, with its owner before it where two
    repositories are called the same. ValueError where that does not tell them apart."""
    parts = [[part for part in urlsplit(entry.url).path.removesuffix(".git").split("/") if part] for entry in entries]
    same = Counter(part[-1].lower() for part in parts)
    found = [
        entry.name or ("-".join(part[-2:]) if same[part[-1].lower()] > 1 else part[-1])
        for entry, part in zip(entries, parts, strict=True)
    ]
    for name, count in Counter(name.lower() for name in found).items():
        if count > 1:
            raise ValueError(f"two sites would be called {name!r}; give them a name in the list")
    for name in found:
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} cannot be the name of a folder in the site; give the repository a name in the list"
            )
    return found


def base_url(said: str, repository: str) -> str:
    """Where the index will stand, ending in a slash: what was said, else where GitHub Pages serves the repository's site."""
    if said:
        return said.rstrip("/") + "/"
    owner, _, name = repository.lower().partition("/")
    return f"https://{owner}.github.io/" + ("" if name == f"{owner}.github.io" else f"{repository.partition('/')[2]}/")


def _from_json(text: str) -> list[Entry]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the list of repositories is no JSON: {error}") from None
    found = []
    for item in items:
        values = {"url": item} if isinstance(item, str) else item
        if (
            not isinstance(values, dict)
            or "url" not in values
            or not values.keys() <= _KEYS
            or not all(isinstance(value, str) for value in values.values())
        ):
            raise ValueError(f"{json.dumps(item)[:100]} is neither an address nor an object with url, ref and name")
        found.append(Entry(**values))
    return found


def _from_lines(text: str) -> list[Entry]:
    found = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 2:
            raise ValueError(f"{line.strip()[:100]!r} has more than an address and a ref")
        if words:
            found.append(Entry(*words))
    return found


def _address(text: str, server: str) -> str:
    if _SHORT.fullmatch(text):
        return f"{server}/{text}"
    try:
        parts = urlsplit(text)
        # Asking for the host is what finds some addresses that are none.
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.password
        usable = usable and bool(parts.path.strip("/"))
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or " " in text:
        raise ValueError(f"{text[:100]!r} is no repository: write owner/name or https://host/owner/name")
    return text


def main(environ: Mapping[str, str]) -> int:
    """Writes the outputs; 1 and an error of the workflow where the list cannot be used."""
    try:
        entries = read_list(environ.get("REPOSITORIES", ""), environ.get("GITHUB_SERVER_URL", "https://github.com"))
        site_url = base_url(environ.get("SITE_URL", ""), environ.get("GITHUB_REPOSITORY", ""))
        value = json.dumps(matrix(entries, site_url))
    except ValueError as error:
        text = str(error).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        print(f"::error title=The list of repositories cannot be used::{text}")
        return 1
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"matrix={value}\nsite-url={site_url}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
