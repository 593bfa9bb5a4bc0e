"""The facts of small source files against expected ones; `pytest --update-goldens` writes these anew."""

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path

import pytest

from docsfy_action.facts.extractor import extractor_for
from tests.unit.facts.golden import UNREAD

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").iterdir())


def plain(value: object) -> object:
    """Facts as JSON: what a field's default says is left out, a lone span becomes `start-end`."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        present = {field.name: getattr(value, field.name) for field in fields(value)}
        if set(present) == {"start", "end"}:
            return f"{present['start']}-{present['end']}"
        defaults = {field.name: field.default for field in fields(value)}
        # Hashes say nothing to a reader of the expected file; other tests hold what they must do.
        return {k: plain(v) for k, v in present.items() if v != defaults[k] and k not in UNREAD}
    return value


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_facts_of_a_file_are_as_expected(fixture: Path, update_goldens: bool) -> None:
    """Everything that the extractor reads out of a fixture is in its expected file, and nothing else."""
    extractor = extractor_for(fixture.name)
    assert extractor is not None
    assert extractor.name == "python"
    found = json.dumps(plain(extractor.extract(fixture.read_bytes())), indent=1, ensure_ascii=False) + "\n"
    expected = HERE / "golden" / f"{fixture.name}.json"
    if update_goldens:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
