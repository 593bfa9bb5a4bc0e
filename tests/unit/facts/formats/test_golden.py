"""The facts of one realistic file of each format; `pytest --update-goldens` writes the expected files anew."""

from collections.abc import Iterator

import pytest

from docsfy_action.facts.model import BlobFacts, Container
from tests.unit.facts.formats.samples import EXTRACTORS, HERE, Fixture, fixtures
from tests.unit.facts.golden import as_json, check, plain

CASES = sorted({fixture.case for fixture in fixtures()})
NAMED = ("manifests", "dependencies", "entry_points", "tasks", "settings", "action_inputs", "containers")
# tox makes names out of patterns; the name of a manifest may be put together from several lines.
COMPUTED = ("tox-ini", "tox-toml", "maven", "gradle", "gradle-catalogue", "markdown", "restructuredtext")


@pytest.mark.parametrize("case", CASES)
def test_facts_are_as_expected(case: str, update_goldens: bool) -> None:
    """Everything that is read out of the files of a case is in its expected file, and nothing else."""
    files = [fixture for fixture in fixtures() if fixture.case == case]
    found = {fixture.path: {"extractor": fixture.extractor.name, "facts": plain(fixture.facts)} for fixture in files}
    check(HERE / "golden" / f"{case}.json", as_json(found), update=update_goldens)


def test_every_extractor_has_a_fixture() -> None:
    """A format without a golden file would be a format that nobody has looked at."""
    covered = {fixture.extractor.name for fixture in fixtures()}
    assert covered == {extractor.name for extractor in EXTRACTORS}


def named_facts(facts: BlobFacts) -> Iterator[tuple[str, int]]:
    """(name, line) of every fact that stands in the file by its name."""
    for kind in NAMED:
        for fact in getattr(facts, kind):
            is_stage = isinstance(fact, Container) and fact.kind == "image"
            if fact.name and not is_stage:
                yield fact.name.partition(":")[0], fact.line
    for workflow in facts.workflows:
        for job in workflow.jobs:
            yield job.id, job.line
            yield from ((step.uses or step.name, step.line) for step in job.steps if step.name or step.uses)


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda fixture: f"{fixture.case}/{fixture.path}")
def test_a_fact_s_line_holds_its_name(fixture: Fixture) -> None:
    """The line that a fact gives is one on which, or on the next, its name can be read; an alias stands for one."""
    lines = fixture.data.decode().split("\n")
    for name, line in named_facts(fixture.facts):
        if fixture.extractor.name not in COMPUTED:
            around = "\n".join(lines[line - 1 : line + 1])
            assert name in around or "*" in around or name == "runs", (name, line)
    for document in fixture.facts.documents:
        for sample in document.samples:
            assert sample.text.split("\n")[0].strip() in lines[sample.line - 1]
        for heading in document.headings:
            assert heading.text.split()[0].strip("`.()") in lines[heading.line - 1]
