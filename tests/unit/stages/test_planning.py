"""What is known of pages before they are decided."""

from docsfy_action.facts.model import BlobFacts, Document, Role, SourceFile
from docsfy_action.stages.planning import _description, _title, digest_of, known_pages
from docsfy_action.state.store import Loaded
from tests.unit.stages.runs import loaded, record


def test_nothing_is_known_before_the_first_run() -> None:
    """Every page is then new."""
    assert known_pages(Loaded()) == {}


def test_pages_of_the_last_run_are_known_with_what_they_were_made_from() -> None:
    """A page is intact if its text is there; a failed one is owed."""
    known = known_pages(
        loaded(record("a"), record("b", failed=True), record("c", stored=False), record("d"), lost=("d",))
    )
    assert known["a"].provenance.digest == "input of a"
    assert {slug: (page.intact, page.failed) for slug, page in known.items()} == {
        "a": (True, False), "b": (True, True), "c": (False, False), "d": (False, False),
    }  # fmt: skip


def test_pages_that_a_dead_run_finished_win() -> None:
    """They are newer than the manifest, and there even where the manifest's text was lost."""
    newer = record("a", "# New\n", identity="newer")
    known = known_pages(loaded(record("a"), finished=(newer, record("b")), lost=("a",)))
    assert known["a"].identity == "newer"
    assert known["a"].intact
    assert known["b"].intact


def test_a_text_is_known_by_its_digest() -> None:
    """The digest is over the bytes that are stored: SHA-256 of UTF-8."""
    assert digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest_of("ä") != digest_of("a")


def document(lead: str) -> SourceFile:
    """A document that begins with these words."""
    facts = BlobFacts(documents=(Document(title="T", line=1, lead=lead),))
    return SourceFile(path="a.md", blob="", language="markdown", role=Role.DOCUMENT, facts=facts)


def test_a_handwritten_page_is_described_by_its_first_sentence() -> None:
    """As plain text: without links, marks and what comes after; nothing where there is no text."""
    assert (
        _description(document("Tells **how** to [use](x.md) `it` and my_name. More."))
        == "Tells how to use it and my_name."
    )
    assert _description(document("x" * 300)) == "x" * 200
    assert _description(None) == ""
    assert _description(SourceFile(path="a", blob="", language="", role=Role.OTHER, facts=BlobFacts())) == ""


def test_a_handwritten_page_is_called_by_its_first_heading() -> None:
    """Unless it has none, or one of which no anchor could be made."""
    assert _title("# How to\n\nText\n") == "How to"
    assert _title("Text\n") == ""
    assert _title("# !!!\n") == ""
