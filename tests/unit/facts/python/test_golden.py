"""The facts of small source files against expected ones; `make goldens` writes these anew."""

from pathlib import Path

import pytest

from docsfy_action.facts.extractor import extractor_for
from tests.unit.facts.golden import compare

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_facts_of_a_file_are_as_expected(fixture: Path, update_goldens: bool) -> None:
    """Everything that the extractor reads out of a fixture is in its expected file, and nothing else."""
    extractor = extractor_for(fixture.name)
    assert extractor is not None
    assert extractor.name == "python"
    compare(fixture, extractor, update=update_goldens)
