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


def example(readme: str, **more: str) -> str:
    """Where the example of a function `go` comes from, and what it shows."""
    library = 'def go(a):\n    """Goes."""\n\n\ndef stop(a):\n    """Stops."""\n'
    page = pages_of({"lib.py": library, "README.md": readme, **more})["usage"]
    return page.partition("\n## go\n")[2].partition("\n## ")[0].partition("An example from ")[2]


def test_an_example_calls_what_it_is_an_example_of() -> None:
    """A sample that only imports, defines or mentions something shows no use of it; one that hands it over is second best."""
    mentions = (
        "```python\nfrom lib import go\n```\n\n```python\n# go(1)\nstop(1)\n```\n\n```python\ndef go(a): ...\n```\n\n"
    )
    handed = "```python\nstop(go)\n```\n\n"
    called = "```python\nlib.go(2)\nstop(2)\n```\n\n"
    assert "lib.go(2)" in example(f"# L\n\n{mentions}{handed}{called}")
    assert "stop(go)" in example(f"# L\n\n{mentions}{handed}", **{"t_test.py": "from lib import go, stop\n"})
    assert not example(f"# L\n\n{mentions}{mentions}")


def test_examples_come_from_what_is_up_to_date_and_in_english() -> None:
    """Guides before the project's history and older versions, those before translations."""
    readme = "# L\n\n```python\nstop(1)\n```\n\n```python\nstop(2)\n```\n"
    sample = "# U\n\n```python\ngo({})\n```\n\n```python\nlib.go(9)\n```\n"
    texts = {
        path: sample.format(number)
        for number, path in enumerate(("docs/v1/a.md", "CHANGELOG.md", "docs/de/a.md", "docs/use.md"))
    }
    for expected in ("docs/use.md", "docs/v1/a.md", "CHANGELOG.md"):
        assert example(readme, **texts).startswith(f"[`{expected}`]"), expected
        del texts[expected]
