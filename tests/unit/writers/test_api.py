"""API reference pages: headings, signatures, and what is said of each definition."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docsfy_action.outline.model import Outline, Section
from docsfy_action.writers.builtin import api, signatures
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.pages import documented_symbols, select_inputs
from tests.unit.samples import STEADY
from tests.unit.writers.sites import context_of, pages_of


def python_page(text: str) -> str:
    """The reference of one module."""
    return pages_of({"lib.py": text, "setup.cfg": "[metadata]\nname = lib\n"})["api-lib"]


LONG = "a_parameter_with_a_rather_long_name"


@pytest.mark.parametrize(
    ("signature", "lines"),
    [
        (f"def f({LONG}_1: int, {LONG}_2: str = 'x, y') -> None", [f"{LONG}_1: int", f"{LONG}_2: str = 'x, y'"]),
        (f"def f({LONG}_1: dict[str, int], {LONG}_2=(1, 2),)", [f"{LONG}_1: dict[str, int]", f"{LONG}_2=(1, 2)"]),
        (f"def f({LONG}=lambda a, b: (a, b), {LONG}_2: bool = 1 < 2)",
         [f"{LONG}=lambda a, b: (a, b)", f"{LONG}_2: bool = 1 < 2"]),
        (f"function f({LONG}: Map<string, A<B, C>>, {LONG}_2: (a: A, b) => void): void",
         [f"{LONG}: Map<string, A<B, C>>", f"{LONG}_2: (a: A, b) => void"]),
        (f"func (c *Client) Get({LONG} <-chan int, {LONG}_2 map[string]int) (int, error)",
         [f"{LONG} <-chan int", f"{LONG}_2 map[string]int"]),
        (f"type Params<{LONG} extends Schema<A, B>, {LONG}_2 = (a: A) => B,> = Other<A>",
         [f"{LONG} extends Schema<A, B>", f"{LONG}_2 = (a: A) => B"]),
    ],
)  # fmt: skip
def test_a_long_signature_has_a_parameter_a_line(signature: str, lines: list[str]) -> None:
    """It is broken between parameters only: not in strings, brackets, type arguments or function types. A comma stands
    behind each."""
    shown = signatures.layout(signature).split("\n")
    assert [line.strip() for line in shown[1:-1]] == [f"{line}," for line in lines]
    assert all(line.startswith("    ") for line in shown[1:-1])


def test_no_comma_stands_behind_what_takes_all_the_rest() -> None:
    """TypeScript does not allow it."""
    assert (
        signatures.layout(f"function f({LONG}_{LONG}: string, ...{LONG}: T[])").split("\n")[2] == f"    ...{LONG}: T[]"
    )


@pytest.mark.parametrize(
    "signature",
    ["def f(a, b)", f"def {LONG}_{LONG}_{LONG}()", f"class {LONG}_{LONG}_{LONG}", f"def f({LONG}_{LONG}_{LONG}, 'open"],
)
def test_what_is_short_or_cannot_be_broken_stays(signature: str) -> None:
    """A signature without parameters, or without an end, is shown as it is."""
    assert signatures.layout(signature) == signature


def test_a_short_signature_has_no_comma_at_its_end() -> None:
    """It is left over from where the source has a parameter a line; a tuple keeps its own."""
    assert signatures.layout("def f(a, b=(1,),) -> int") == "def f(a, b=(1,)) -> int"


@settings(STEADY, max_examples=200)
@given(st.text(alphabet="ab ,:(){}[]<>=-'\"`\\\nlmd", max_size=60))
@example("(,)")
@example("(a,)")
@example("(<lambda)")
def test_breaking_a_signature_changes_white_space_and_the_last_comma_only(text: str) -> None:
    """Whatever the text, nothing else is added or lost, so that it can be found in the source."""
    signature = f"{text}(a{'b' * 90})"
    before, after = ("".join(part.split()) for part in (signature, signatures.layout(signature)))
    assert before.replace(",", "") == after.replace(",", "")
    assert abs(before.count(",") - after.count(",")) <= 1


def test_kinds_are_told_as_readers_know_them() -> None:
    """Async, abstract, class and static methods, data classes and properties are named as such."""
    page = python_page(
        '''
from abc import abstractmethod
from dataclasses import dataclass

@dataclass(frozen=True)
class Point:
    """A point."""

    @staticmethod
    def origin(): ...

    @classmethod
    def of(cls): ...

    @abstractmethod
    async def move(self): ...

    @property
    def length(self): ...
'''
    )
    kinds = [line.partition(" · ")[0] for line in page.split("\n") if " · [" in line]
    assert kinds == ["Data class", "Static method", "Class method", "Abstract async method", "Property"]


def test_parameters_are_shown_where_there_is_a_word_on_them() -> None:
    """A table without descriptions would repeat the signature; documented names that the signature lacks stay."""
    page = python_page(
        '''
def told(self, a: int, *args: str, b=1, **options):
    """Does.

    Args:
        a: The first.
        *args: The rest.
        verbose (bool): One of the options.
    """

def untold(a: int, b=1):
    """Does."""
'''
    )
    assert page.count("**Parameters**") == 1
    assert "| `a` | `int` | – | <q>The first.</q> |" in page
    assert "| `*args` | `str` | – | <q>The rest.</q> |" in page
    assert "| `b` | – | `1` | – |" in page
    assert "| <q>`verbose`</q> | <q>`bool`</q> | – | <q>One of the options.</q> |" in page
    assert "`self` |" not in page


def test_the_constructor_is_told_with_its_class() -> None:
    """Its words are shown where they add something, its parameters may be documented by the class."""
    page = python_page(
        '''
class A:
    """Is a thing.

    Args:
        size: How large.
    """

    def __init__(self, size: int): ...

class B:
    """Is another."""

    def __init__(self, size: int):
        """Make one.

        Args:
            size: How wide.
        """
'''
    )
    assert "Created by [`A.__init__`]" in page
    assert "<q>How large.</q>" in page
    assert "> Make one." in page
    assert "<q>How wide.</q>" in page
    assert "A.__init__\n" not in page


def test_what_comes_out_is_told() -> None:
    """Returned, yielded and raised values, each with its type where it is known; several as a list."""
    page = python_page(
        '''
def f():
    """Does.

    Returns:
        int: How many.

    Raises:
        KeyError: If it is missing.
        ValueError: If it is bad.

    Note:
        Slow.

    Example:
        >>> f()
        1

    Example:
        >>> f()
        2
    """
'''
    )
    assert "**Returns**\n\n> `int` – How many." in page
    assert "> -   `KeyError` – If it is missing.\n> -   `ValueError` – If it is bad." in page
    assert "**Note**\n\n> Slow." in page
    assert "**Example" in page


def test_a_note_without_text_is_its_title() -> None:
    """`@deprecated` alone says enough."""
    page = pages_of({"a.ts": "/**\n * Does.\n * @deprecated\n */\nexport function f(): void {}\n"})["api-a"]
    assert "**Deprecated**" in page
    assert page.rstrip().endswith("**Deprecated**")


def test_base_classes_lead_to_their_place() -> None:
    """What a base of this repository passes on is listed, what a class overrides is not; other bases are named."""
    page = python_page(
        '''
class Base(Exception):
    """Base."""

    def kept(self): ...
    def changed(self): ...

class Child(Base):
    """Child."""

    def changed(self): ...

class Selfish(Selfish): ...
'''
    )
    assert "extends `Exception`" in page
    assert "Inherited from [`Base`](doc:lib.py#Base): [`kept`](doc:lib.py#Base.kept)." in page
    assert page.count("Inherited from") == 1
    assert "extends `Selfish`" in page


def test_members_of_an_enumeration_are_members() -> None:
    """Attributes have the name that their owner gives them; long values are left to the source."""
    page = python_page(
        f"from enum import Enum\n\nclass Kind(Enum):\n    A = 1\n\nclass Other:\n    b: int = 2\n\nLONG = '{'x' * 70}'\n"
    )
    assert "**Members**" in page
    assert "**Attributes**" in page
    assert "x" * 70 not in page
    assert "[`LONG`](src:lib.py#LONG)" in page


def test_overloads_are_the_signatures_that_callers_may_use() -> None:
    """The implementation's own signature is not shown."""
    page = python_page(
        "from typing import overload\n\n@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n"
        "def f(a): return a\n"
    )
    assert "def f(a: int) -> int\ndef f(a: str) -> str\n```" in page


def test_names_that_would_share_an_anchor_get_the_name_of_their_module_or_a_number() -> None:
    """Every heading of a page has an anchor of its own, and links to definitions find it."""
    texts = {
        "p/__init__.py": "",
        "p/a.py": "class Client: ...\n\nclass client: ...\n\nclass CLIENT: ...\n",
        "p/b.py": "class Client: ...\n",
    }
    page = pages_of(texts)["api-p"]
    headings = [line.removeprefix("### ") for line in page.split("\n") if line.startswith("### ")]
    assert headings == ["Client", "p.a.client", "CLIENT (2)", "p.b.Client"]
    homes = documented_symbols(select_inputs(context_of(texts)))
    assert homes[("p/b.py", "Client")] == ("api-p", "pbclient")


def test_a_thousand_definitions_of_one_name_are_an_error() -> None:
    """The search for a free heading ends."""
    taken = {"f", *(f"f-{number}" for number in range(2, 1000))}
    with pytest.raises(AssertionError, match="thousand"):
        api._unique("f", "", taken)


def test_titles_name_modules_as_their_language_does() -> None:
    """A Python module, a package, a Go package, a script."""
    texts = {
        "lone.py": "# The module lone.\ndef f(): ...\n",
        "go.mod": "module x.y/tool\n",
        "tool.go": "// Package tool does.\npackage tool\n\nfunc F() {}\n",
        "web.js": "export const a = 1;\n",
    }
    pages = pages_of(texts)
    titles = {slug: text.partition("\n")[0] for slug, text in pages.items() if slug.startswith("api-")}
    assert titles == {"api-lone": "# Module lone", "api-tool": "# Package tool", "api-web": "# Module web.js"}
    package = pages_of({"p/__init__.py": "def f(): ...\n", "setup.py": "setup(name='p')\n"})
    assert package["api-p"].startswith("# Package p\n")


def test_data_is_documented_under_its_owner() -> None:
    """Constants and attributes have no heading of their own: links lead to the table or the class."""
    texts = {
        "p/__init__.py": "LIMIT = 1\n\nclass A:\n    size: int = 1\n\n    def go(self): ...\n",
        "p/b.py": "OTHER = 2\n",
    }
    homes = documented_symbols(select_inputs(context_of(texts)))
    assert homes[("p/__init__.py", "LIMIT")] == ("api-p", "constants-and-variables-of-p")
    assert homes[("p/__init__.py", "A.size")] == ("api-p", "a")
    assert homes[("p/__init__.py", "A.go")] == ("api-p", "ago")
    assert homes[("p/b.py", "OTHER")] == ("api-p", "constants-and-variables-of-pb")


def test_only_pages_of_the_reference_document_symbols() -> None:
    """Guides mention definitions, the reference documents them."""
    context = context_of({"lib.py": "def f(): ...\n"})
    (page,) = (page for page in context.outline.pages() if page.writer == "api")
    without = Context(code=context.code, outline=Outline(sections=(Section(title="", pages=()),)))
    assert documented_symbols(select_inputs(context)) == {("lib.py", "f"): (page.slug, "f")}
    assert documented_symbols(select_inputs(without)) == {}


def test_constants_come_last_and_show_their_values() -> None:
    """Readers look for what they call first; what is a tag of a Go field is no value."""
    go = """package tool

// Limit is the most.
const Limit = 10

// T is a thing.
type T struct {
\t// Size of it.
\tSize int `json:"size"`
}

func F() {}
"""
    page = pages_of({"go.mod": "module x.y/tool\n", "tool.go": go})["api-tool"]
    headings = [line for line in page.split("\n") if line.startswith("## ")]
    assert headings == ["## T", "## F", "## Constants and variables"]
    assert "| [`Limit`](src:tool.go#Limit) | `10` | <q>Limit is the most.</q> |" in page
    assert "json" not in page


def test_a_constant_that_holds_a_function_is_shown_like_one() -> None:
    """Its type is its signature, which no cell of a table could hold."""
    page = pages_of({"a.ts": "/** Reads. */\nexport const parse: (text: string) => Result = make();\n"})["api-a"]
    assert "## parse\n\nConstant" in page
    assert "> Reads." in page


def test_methods_of_the_language_are_named_only_where_nothing_is_said_of_them() -> None:
    """A heading and a signature for `__enter__` would tell a reader nothing; links lead to the class."""
    text = '''
class A:
    """Is."""

    def __enter__(self): ...
    def __call__(self, x):
        """Call it."""
    def __exit__(self, *args): ...
'''
    page = python_page(text)
    assert "It also defines [`__enter__`](src:lib.py#A.__enter__) and [`__exit__`](src:lib.py#A.__exit__)." in page
    assert "### A.\\_\\_call\\_\\_\n" in page
    assert "### A.\\_\\_enter" not in page
    homes = documented_symbols(select_inputs(context_of({"lib.py": text})))
    assert homes[("lib.py", "A.__exit__")] == ("api-lib", "a")


def test_scripts_are_called_by_what_users_import() -> None:
    """The specifier is the title, the heading and the name in sentences; the file is a link."""
    manifest = '{"name": "kit", "exports": {".": "./src/index.ts", "./more": "./src/more.ts"}}'
    texts = {"package.json": manifest, "src/index.ts": "export const A = 1;\n", "src/more.ts": "export const B = 2;\n"}
    page = pages_of(texts)["api-kit"]
    assert page.startswith("# Package kit\n")
    assert "## The package itself\n\nDefined in [`src/index.ts`](src:src/index.ts)." in page
    assert "## kit/more\n" in page
    alone = pages_of({"package.json": manifest.replace("more.ts", "none.ts"), "src/index.ts": texts["src/index.ts"]})[
        "api-kit"
    ]
    assert "This page documents one constant of kit, defined in [`src/index.ts`](src:src/index.ts)." in alone
