"""When the imports of a Python file happen."""

import pytest

from docsfy_action.facts.languages.python import EXTRACTORS
from docsfy_action.facts.model import ImportTime

(PYTHON,) = EXTRACTORS


@pytest.mark.parametrize(
    ("source", "when"),
    [
        ("import m", ImportTime.LOAD),
        ("from m import x", ImportTime.LOAD),
        ("try:\n    import m\nexcept ImportError:\n    pass", ImportTime.LOAD),
        ("class A:\n    import m", ImportTime.LOAD),
        ("if sys.version_info > (3,):\n    import m", ImportTime.LOAD),
        ("if __name__ == '__main__':\n    import m", ImportTime.LOAD),
        ("def f():\n    import m", ImportTime.DEFERRED),
        ("class A:\n    async def f(self):\n        if x:\n            from m import y", ImportTime.DEFERRED),
        ("if TYPE_CHECKING:\n    import m", ImportTime.TYPING),
        ("if typing.TYPE_CHECKING:\n    from m import x", ImportTime.TYPING),
        ("if t . TYPE_CHECKING:\n    if x:\n        import m", ImportTime.TYPING),
        ("if (TYPE_CHECKING):\n    import m", ImportTime.TYPING),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import m", ImportTime.LOAD),
        ("if not TYPE_CHECKING:\n    import m", ImportTime.LOAD),
        ("if not TYPE_CHECKING:\n    pass\nelse:\n    import m", ImportTime.TYPING),
        ("if x:\n    pass\nelif TYPE_CHECKING:\n    import m", ImportTime.TYPING),
        ("if MY_TYPE_CHECKING:\n    import m", ImportTime.LOAD),
        ("def f():\n    if TYPE_CHECKING:\n        import m", ImportTime.TYPING),
    ],
)
def test_when_an_import_happens(source: str, when: ImportTime) -> None:
    """As the file is loaded, when a function runs, or only in the eyes of a type checker."""
    assert [item.when for item in PYTHON.extract(source.encode()).imports] == [when]
