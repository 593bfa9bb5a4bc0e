"""Whole docstrings against their expected form; `pytest --update-goldens` writes the expected files anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docsfy_action.facts.docstrings import ParsedDoc
from docsfy_action.facts.docstrings.python import parse
from tests.unit.facts.golden import check

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").glob("*.txt"))


def shown(doc: ParsedDoc) -> Iterator[str]:
    """A parsed docstring as text that a person can check."""
    yield f"=== summary\n{doc.summary}\n"
    yield f"=== body\n{doc.body}\n"
    for kind in ("parameters", "returns", "yields", "raises", "attributes"):
        for item in getattr(doc, kind):
            yield f"=== {kind}: {item.name} ({item.type})\n{item.text}\n"
    for example in doc.examples:
        yield f"=== example\n{example}\n"
    for title, text in doc.notes:
        yield f"=== note: {title}\n{text}\n"


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_docstring_is_taken_apart_as_expected(fixture: Path, update_goldens: bool) -> None:
    """Sections, items and Markdown of a docstring are those of its expected file."""
    found = "".join(shown(parse(fixture.read_text("utf-8").rstrip("\n"))))
    check(HERE / "golden" / f"{fixture.stem}.md", found, update=update_goldens)
