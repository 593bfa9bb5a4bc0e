"""The expected files of the facts room: facts as JSON that a person can read, and their comparison."""

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path

from docsfy_action.facts.extractor import Extractor

# Hashes and places say nothing to a reader of the expected file; other tests hold what they must do.
UNREAD = frozenset({"body", "literal", "literals"})


def plain(value: object) -> object:
    """Facts as JSON: what a field's default says is left out, a span becomes `start-end`."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        present = {field.name: getattr(value, field.name) for field in fields(value)}
        if set(present) == {"start", "end"}:
            return f"{present['start']}-{present['end']}"
        defaults = {field.name: field.default for field in fields(value)}
        return {key: plain(item) for key, item in present.items() if item != defaults[key] and key not in UNREAD}
    return value


def as_json(value: object) -> str:
    """Facts, or a dictionary of plain values, as the text of an expected file."""
    shown = value if isinstance(value, dict) else plain(value)
    return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


def check(expected: Path, found: str, *, update: bool) -> None:
    """Compare a text with the expected file, or write that anew."""
    if update:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def compare(fixture: Path, extractor: Extractor, *, update: bool) -> None:
    """Check the facts of a fixture against the expected file in the folder `golden` beside its own."""
    found = as_json(extractor.extract(fixture.read_bytes()))
    check(fixture.parent.parent / "golden" / f"{fixture.name}.json", found, update=update)
