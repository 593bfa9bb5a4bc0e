"""Facts between runs."""

from pathlib import Path

from docsfy_action.facts.model import BlobFacts, Option, Parameter, Span, Symbol, SymbolKind, Workflow
from docsfy_action.state.blob_cache import BlobCache
from docsfy_action.state.facts_store import FactsStore

FACTS = BlobFacts(
    lines=3,
    doc="Says hello — ünïcode.",
    exports=("hello",),
    symbols=(
        Symbol(
            name="hello",
            kind=SymbolKind.FUNCTION,
            span=Span(start=1, end=2),
            signature="def hello(*names: str)",
            parameters=(Parameter(name="*names", annotation="str"),),
        ),
    ),
    options=(Option(name="loud", line=1, flags=("-l", "--loud"), choices=("a",)),),
    workflows=(Workflow(name="ci", line=1, triggers=(("push", "branches: main"),)),),
)
KEY = ("python", 1, "a" * 40)


def _store(path: Path) -> tuple[BlobCache, FactsStore[BlobFacts]]:
    cache = BlobCache(path)
    return cache, FactsStore(cache, BlobFacts)


def test_facts_come_back_with_their_types(tmp_path: Path) -> None:
    """Nested values, enumerations, tuples, and the difference between no list and an empty one survive."""
    items = {KEY: FACTS, ("python", 1, "b" * 40): BlobFacts(exports=()), ("go", 7, "b" * 40): BlobFacts()}
    cache, store = _store(tmp_path / "facts")
    store.put_many(items)
    assert store.get_many([*items, ("python", 2, "a" * 40), ("ruby", 1, "a" * 40)]) == items
    assert isinstance(store.get_many([KEY])[KEY].symbols[0].kind, SymbolKind)
    cache.close()


def test_stored_values_of_another_form_are_unknown(tmp_path: Path) -> None:
    """What is no facts, for example of an older program, is read from the code again and named in a warning."""
    cache, store = _store(tmp_path / "facts")
    cache.put_many("python@1", {"a" * 40: b'{"lines":"many"}', "b" * 40: b"not json", "c" * 40: b'{"lines":1}'})
    keys = [("python", 1, letter * 40) for letter in "abc"]
    assert store.get_many(keys) == {keys[2]: BlobFacts(lines=1)}
    assert cache.warnings == ["2 stored facts could not be used and are read from the code again."]
    cache.close()


def test_facts_that_are_no_unicode_are_not_stored(tmp_path: Path) -> None:
    """Odd bytes in a file cost a reading at every run, but never the run."""
    cache, store = _store(tmp_path / "facts")
    store.put_many({KEY: BlobFacts(doc="\udcff"), ("go", 1, "b" * 40): FACTS})
    assert store.get_many([KEY, ("go", 1, "b" * 40)]) == {("go", 1, "b" * 40): FACTS}
    cache.close()
