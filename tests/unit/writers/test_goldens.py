"""Whole sites of small projects against the expected ones; `make goldens` writes these anew."""

import pytest

from docsfy_action.verify.markdown import normalise
from docsfy_action.verify.references import verify_page
from tests.unit.writers.projects import (
    HERE,
    PROJECTS,
    project_commits,
    project_pages,
    project_remote,
    project_texts,
)
from tests.unit.writers.sites import evidence_of


@pytest.mark.parametrize("name", PROJECTS)
def test_the_pages_of_a_project_are_as_expected(name: str, update_goldens: bool) -> None:
    """Every page of the site stands below `goldens/` as it is written, and no other."""
    folder = HERE / "goldens" / name
    pages = project_pages(name)
    if update_goldens:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        for slug, text in pages.items():
            (folder / f"{slug}.md").write_text(text, encoding="utf-8")
    assert sorted(path.stem for path in folder.glob("*.md")) == sorted(pages)
    for slug, text in pages.items():
        assert text == (folder / f"{slug}.md").read_text(encoding="utf-8"), slug


@pytest.mark.parametrize("name", PROJECTS)
def test_every_page_is_in_the_page_format(name: str) -> None:
    """Normalising changes nothing of an expected page: what is stored reads the same to every reader of Markdown."""
    for path in sorted((HERE / "goldens" / name).glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert normalise(text) == text, path.name


@pytest.mark.parametrize("name", PROJECTS)
def test_every_reference_of_the_pages_exists_in_the_commit(name: str) -> None:
    """Nothing on a page names what is not there, each page has the page format, and all quotations are word by word."""
    pages = project_pages(name)
    evidence = evidence_of(project_texts(name), pages, remote=project_remote(name), commits=project_commits(name))
    for slug, text in pages.items():
        verdict = verify_page(slug, text, evidence)
        assert [finding.message for finding in verdict.unresolved] == [], slug
        assert [f"{finding.line}: {finding.message}" for finding in verdict.malformed] == [], slug
        assert verdict.checked, slug


@pytest.mark.parametrize("name", PROJECTS)
def test_a_second_run_writes_the_same_bytes(name: str) -> None:
    """Pages depend on nothing but the commit."""
    assert project_pages(name) == project_pages(name)
