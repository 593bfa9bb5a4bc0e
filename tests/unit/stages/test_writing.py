"""Writing: what is owed is written and saved, what is kept is read back, and both are reported."""

from docsfy_action.lifecycle import PageAction
from docsfy_action.plan.plan import Known, Plan, make_plan
from docsfy_action.stages.planning import Knowledge, digest_of, known_records
from docsfy_action.stages.writing import report_plan, write_pages
from docsfy_action.state.model import PageRecord
from docsfy_action.state.store import Loaded
from docsfy_action.writers.pages import write_page
from tests.unit.stages.runs import MemoryStore, knowledge_of, loaded, new_run, record

KNOWLEDGE = knowledge_of({"lib.py": "def f(): ...\n"})


def plan_of(knowledge: Knowledge, *known: Known) -> Plan:
    """The plan when these pages are known."""
    provenances = {slug: page.provenance for slug, page in knowledge.inputs.items()}
    return make_plan(knowledge.outline.pages(), provenances, {page.slug: page for page in known})


def kept(slug: str) -> Known:
    """A page that has not changed."""
    page = KNOWLEDGE.inputs[slug]
    return Known(slug=slug, identity=page.spec.identity, title="", provenance=page.provenance, intact=True)


def stored(slug: str, store: MemoryStore) -> PageRecord:
    """A page whose text is in the store."""
    text = f"# Stored {slug}\n"
    found = record(slug, text)
    store.texts[slug, found.content_digest] = text
    return found


def test_new_pages_are_written_and_saved_one_by_one() -> None:
    """Each with its record, its reason and its time in the report; progress is shown."""
    store, (run, out) = MemoryStore(), new_run()
    pages = write_pages(plan_of(KNOWLEDGE), KNOWLEDGE, store, Loaded(), run)
    slugs = [spec.slug for spec in KNOWLEDGE.outline.pages()]
    assert list(pages) == store.saved == list(run.pages) == slugs
    index = pages["index"]
    assert index.written
    assert index.text == write_page(KNOWLEDGE.inputs["index"])
    assert index.record.content_digest == digest_of(index.text)
    assert index.record.input_digest == KNOWLEDGE.inputs["index"].provenance.digest
    assert run.pages["index"].action is PageAction.WRITE
    assert run.pages["index"].reason == "new page"
    assert run.pages["index"].seconds == 1.0
    assert f"{len(slugs)} of {len(slugs)}" in out.getvalue()


def test_kept_pages_are_read_back() -> None:
    """Nothing is written for them, and their record stays."""
    store, (run, _) = MemoryStore(), new_run()
    before = loaded(stored("index", store))
    pages = write_pages(plan_of(KNOWLEDGE, kept("index")), KNOWLEDGE, store, before, run)
    assert not pages["index"].written
    assert pages["index"].text == "# Stored index\n"
    assert "index" not in store.saved
    assert pages["index"].reason == "nothing it was made from changed"


def test_a_kept_page_whose_text_is_gone_is_written_after_all() -> None:
    """Whether the record is missing, has no text, or the text cannot be read."""
    for before in (Loaded(), loaded(record("index", stored=False)), loaded(record("index", "# Lost\n"))):
        store, (run, _) = MemoryStore(), new_run()
        pages = write_pages(plan_of(KNOWLEDGE, kept("index")), KNOWLEDGE, store, before, run)
        assert pages["index"].written
        assert pages["index"].reason == "its stored text is missing or damaged"


def test_the_newest_record_of_a_page_counts() -> None:
    """What a run that died had finished is newer than the manifest."""
    found = known_records(loaded(record("a"), record("b"), finished=(record("a", "# New\n"),)))
    assert found["a"].content_digest == digest_of("# New\n")
    assert sorted(found) == ["a", "b"]
    assert known_records(Loaded()) == {}


def test_the_plan_is_reported_before_it_is_carried_out() -> None:
    """Every page that will be written, kept or removed, with its reason and what it is made from."""
    run, _ = new_run()
    gone = Known(slug="old", identity="x", title="Old", provenance=KNOWLEDGE.inputs["index"].provenance, intact=True)
    report_plan(plan_of(KNOWLEDGE, kept("index"), gone), KNOWLEDGE, run)
    actions = {slug: page.action for slug, page in run.pages.items()}
    assert actions["index"] is PageAction.KEEP
    assert actions["api-lib"] is PageAction.WRITE
    assert actions["old"] is PageAction.REMOVE
    assert "symbol lib.py#f" in run.pages["api-lib"].inputs
