"""The usage guide: what is shown of a definition that users start from."""

from tests.unit.writers.sites import pages_of

BASE = '''
class Base:
    def first(self):
        """Is first."""

    def called(self):
        """Is called in the README."""

    def silent(self): ...


class Session(Base):
    """Holds things."""

    def __init__(self, path: str = ""):
        """Make one."""

    def own(self):
        """Is its own."""
'''
README = (
    "# L\n\n```python\nSession().called()\nother(1)\nPoint(1)\n```\n\n```python\nSession()\nother(2)\nPoint(2)\n```\n"
)
REST = '\n\ndef other(a):\n    """Does."""\n\n\n'


def usage(library: str, **more: str) -> str:
    """The guide to a library of one module."""
    return pages_of({"lib.py": library, "README.md": README, **more})["usage"]


def test_methods_that_samples_call_come_first_wherever_they_are_defined() -> None:
    """Inherited ones count as well; the rest stands in the order of the source, and constructors are told apart."""
    page = usage(BASE + REST + "class Point(Base):\n    '''At.'''\n")
    section = page.partition("## Session\n")[2].partition("\n## ")[0]
    rows = [line.partition("](")[0].strip("| [`") for line in section.split("\n") if line.startswith("| [`")]
    assert rows == ["called", "own", "first"]
    assert "It is created by [`Session.__init__`](src:lib.py#Session.__init__):" in page


def test_a_type_that_is_made_of_its_fields_shows_them() -> None:
    """A data class has no constructor of its own: its fields say what it takes."""
    fields = "".join(f"    f{number}: int = {number}\n" for number in range(10))
    page = usage(
        BASE + REST + f"from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    '''A point.'''\n\n{fields}"
    )
    assert "It is made of these fields:\n\n| Name | Type | Value |\n| --- | --- | --- |\n| [`f0`]" in page
    assert "| [`f7`](src:lib.py#Point.f7) | `int` | `7` |" in page
    assert "`f8`" not in page
    assert "Two more are in [its reference](doc:lib.py#Point)." in page


def test_each_definition_is_called_what_it_is() -> None:
    """In the words of its language, with the name of the module that users import."""
    manifest = '{"name": "kit", "exports": "./index.ts"}'
    text = (
        "/** A. */\nexport interface Shape { x: number }\n\n/** B. */\nexport class Client { constructor(a: Shape) {} }\n\n"
        "/** C. */\nexport function make(): Client { return new Client({x: 1}) }\n"
    )
    readme = "# K\n\n```ts\nmake(); new Client(); let s: Shape\n```\n\n```ts\nmake(); new Client(); let s: Shape\n```\n"
    page = pages_of({"package.json": manifest, "index.ts": text, "README.md": readme})["usage"]
    assert "is an interface of kit, defined in" in page
    assert "is a class of kit, defined in" in page
    assert "is a function of kit, defined in" in page
