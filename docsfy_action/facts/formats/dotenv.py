"""`.env` files. Templates are documentation: their values are defaults. Of any other such file names alone are read.

The two are extractors of different names, so that facts stored for a template are never those of another file that
happens to hold the same bytes.
"""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.model import BlobFacts, Setting, SettingKind

_TEMPLATE_WORDS = frozenset({"example", "examples", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults"})
_OTHER_FORMATS = frozenset(
    "py pyi js mjs cjs ts tsx go rs rb php java kt cs sh md rst txt json yml yaml toml gpg enc".split()
)
_LINE = re.compile(r"(?P<off>#\s?)?(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s?=(?P<value>.*)")
_QUOTED = re.compile(r"""(?P<quote>["'`])(?P<inside>(?:[^\\]|\\.)*?)(?P=quote)\s*(?:#.*)?""")
_REQUIRED = re.compile(r"[\[(]\s*required\s*[\])]|^required\b", re.IGNORECASE)


def _read_template(text: str) -> BlobFacts:
    on: dict[str, Setting] = {}
    off: dict[str, Setting] = {}
    for is_on, setting in _settings(text):
        (on if is_on else off).setdefault(setting.name, setting)
    settings = {**off, **on}.values()
    return BlobFacts(settings=tuple(sorted(settings, key=lambda setting: setting.line)))


def _settings(text: str) -> Iterator[tuple[bool, Setting]]:
    """(whether it is switched on, setting) of each line; those in comments are what a user may switch on."""
    comments: list[str] = []
    for line, raw in enumerate(text.split("\n"), start=1):
        said = raw.strip()
        found = _LINE.fullmatch(said)
        if found is not None and _is_setting(found):
            value, behind = _value(found["value"])
            doc = _doc(comments) or behind
            comments = []
            setting = Setting(
                name=found["name"],
                kind=SettingKind.ENVIRONMENT,
                line=line,
                default=value,
                doc=doc,
                template=True,
                required=_REQUIRED.search(doc) is not None,
            )
            yield found["off"] is None, setting
        elif said.startswith("#"):
            comments.append(said)
        else:
            comments = []


def _is_setting(found: re.Match[str]) -> bool:
    """Whether a line sets a variable; in a comment only what looks like one: upper case, and no sentence behind it."""
    name = found["name"]
    if not is_name(name):
        return False
    value = found["value"].strip()
    return found["off"] is None or (name.isupper() and (" " not in value or value[0] in "\"'"))


def _value(written: str) -> tuple[str, str]:
    """(value, comment behind it)."""
    if quoted := _QUOTED.fullmatch(written.strip()):
        return one_line(quoted["inside"]), ""
    if written.lstrip().startswith(("'", '"')):  # goes on over the next lines
        return "", ""
    value, _, comment = written.partition(" #")
    return one_line(value), one_line(comment.lstrip("# "))


def _doc(comments: list[str]) -> str:
    """The comment lines right above, from the last empty or ruled one on."""
    kept: list[str] = []
    for comment in reversed(comments):
        said = comment.lstrip("#").strip()
        if not any(letter.isalnum() for letter in said):
            break
        kept.append(said.strip("-=*# "))
    return one_line(" ".join(reversed(kept)))


def _read_names(text: str) -> BlobFacts:
    names: dict[str, int] = {}
    for line, raw in enumerate(text.split("\n"), start=1):
        found = _LINE.fullmatch(raw.strip())
        if found is not None and found["off"] is None and is_name(found["name"]):
            names.setdefault(found["name"], line)
    settings = (Setting(name=name, kind=SettingKind.ENVIRONMENT, line=line) for name, line in names.items())
    return BlobFacts(settings=tuple(settings))


def _words(path: str) -> list[str]:
    """The words of the file's name if it is an environment file, else nothing."""
    if "env" not in path.lower():
        return []
    base = path.rpartition("/")[2].lower()
    words = re.split(r"[-_.]+", base.strip("."))
    if "env" not in words or words[-1] in _OTHER_FORMATS:
        return []
    is_environment = base.startswith(".env") or base.endswith(".env") or ".env." in base
    return words if is_environment or not _TEMPLATE_WORDS.isdisjoint(words) else []


def _claims_template(path: str) -> bool:
    return not _TEMPLATE_WORDS.isdisjoint(_words(path))


def _claims_names(path: str) -> bool:
    return bool(_words(path)) and not _claims_template(path)


EXTRACTORS = (
    Extractor(name="dotenv", version=1, claims=_claims_names, extract=reader(_read_names)),
    Extractor(name="dotenv-template", version=1, claims=_claims_template, extract=reader(_read_template)),
)
