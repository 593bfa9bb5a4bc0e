"""What holds for the facts of any Python file, well-formed or not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.extractor import MAX_BLOB_BYTES
from docsfy_action.facts.languages.python import EXTRACTORS
from docsfy_action.facts.languages.python.definitions import is_public
from docsfy_action.facts.model import Span, SymbolKind

(PYTHON,) = EXTRACTORS
LINES = [
    "import os, click, typer, argparse", "from os import environ as e", "from pydantic_settings import BaseSettings",
    "class A(BaseSettings):", "    x: int = Field(1, alias='X')", "    def f(self, a, *, b=1): ...", "    @property",
    "@click.command()", "@click.option('--x', default=1)", "@app.command()", "def f(x: int = typer.Option(1)):", "    pass",
    "app = typer.Typer()", "p = argparse.ArgumentParser()", "p.add_argument('--y')", "s = p.add_subparsers()",
    "q = s.add_parser('q')", "os.environ['X']", "e.get(NAME, 'd')", "NAME = NAME + 'x'", "for NAME in ('a', 'b'):",
    "try:", "except KeyError:", "if TYPE_CHECKING:", "'''doc", "'''", "f'{x", "(", ")", "]", "\\", "\t", "type X[T] = T",
    "__all__ = ['f'] + A", "#: doc", "async def", "lambda: (yield)", "\x00", "é = 1", "print 'old'", "match x:", "    case 1:",
]  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=16), st.sampled_from(["\n", "\r\n", " "]))
def test_mixed_up_code_never_fails(lines: list[str], end: str) -> None:
    """Whatever the order of the lines, facts come out, the same each time."""
    data = end.join(lines).encode()
    assert PYTHON.extract(data) == PYTHON.extract(data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_that_are_no_python_never_fail(data: bytes) -> None:
    """Foreign bytes give facts, at worst with an error."""
    assert PYTHON.extract(data).lines == data.count(b"\n") + (not data.endswith(b"\n") if data else 0)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 30_000,
        b"<!--" * 10_000,
        b"x = " + b"(" * 5_000 + b")" * 5_000,
        b"x = " + b'"a" + ' * 5_000 + b'"a"',
        b"".join(b" " * depth + b"class A:\n" for depth in range(300)),
        b"a." * 20_000 + b"b",
        b"a = " * 5_000 + b"1",
        b"A = A + A\nB = f'{B}'\nimport os\nos.environ[A], os.environ[B]",
        b"import os\n" + b"".join(b"A%d = A%d + A%d\n" % (n, n + 1, n + 1) for n in range(60)) + b"os.environ[A0]",
        b"import click\nD = dict(**D)\n@click.command(**D)\ndef f(): ...",
        b"import argparse\ndef g(): return g()\ng().add_argument('--x')\ndef f(p):\n  f(p)\n  p.add_argument('--y')",
        b"from pydantic_settings import BaseSettings\nclass A(B, BaseSettings): x: int\nclass B(A): y: int",
    ],
)
def test_hostile_files_are_read_in_a_moment(data: bytes) -> None:
    """Deep nesting and definitions that refer to themselves end somewhere."""
    PYTHON.extract(data)


def test_only_python_files_are_claimed() -> None:
    """Sources and stubs, by their ending."""
    claimed = [path for path in ("a.py", "b/c.pyi", "d.pyc", "e.txt", "py") if PYTHON.claims(path)]
    assert claimed == ["a.py", "b/c.pyi"]
    assert PYTHON.is_code


def test_a_file_over_the_limit_is_not_read() -> None:
    """Its lines are counted and its size is given as the reason."""
    facts = PYTHON.extract(b"x = 1\n" * (MAX_BLOB_BYTES // 6 + 1))
    assert facts.lines == MAX_BLOB_BYTES // 6 + 1
    assert facts.error == "larger than 1,000,000 bytes"
    assert not facts.symbols


def test_line_ends_byte_order_mark_and_old_encodings_change_nothing() -> None:
    """The same text in other bytes has the same facts."""
    text = '# -*- coding: latin-1 -*-\n"""Größe."""\nX = "ä"\n\n\ndef f(a,\n      b):\n    """Doc\n    é."""\n'
    expected = PYTHON.extract(text.encode())
    assert expected.doc == "Größe."
    assert PYTHON.extract(text.encode("latin-1")) == expected
    assert PYTHON.extract(text.replace("\n", "\r\n").encode()) == expected
    assert PYTHON.extract(b"\xef\xbb\xbf" + text.encode()) == expected


def test_bytes_of_an_undeclared_encoding_become_replacement_characters() -> None:
    """What cannot be decoded costs its own characters, not the file."""
    facts = PYTHON.extract(b'"""Gr\xf6\xdfe."""\nX = 1\n')
    assert facts.doc == "Gr\ufffd\ufffde."
    assert [symbol.name for symbol in facts.symbols] == ["X"]


def test_a_syntax_error_names_its_line_and_keeps_the_rest() -> None:
    """Definitions before and after the broken one are there."""
    facts = PYTHON.extract(b"def a(): ...\n\ndef b(:\n    pass\n\ndef c(): ...\n")
    assert facts.error == "syntax error on line 3"
    assert [symbol.name for symbol in facts.symbols] == ["a", "c"]


def test_a_body_hash_follows_the_source_text_and_not_its_place() -> None:
    """Moving a definition keeps its hash; changing its body, a decorator or an overload changes it."""

    def body(source: str) -> str:
        return PYTHON.extract(source.encode()).symbols[-1].body

    plain = body("def f():\n    return 1\n")
    assert body("\n\nX = 1\n\n\ndef f():\n    return 1\n") == plain
    changed = ["def f():\n    return 2\n", "@cache\ndef f():\n    return 1\n"]
    changed.append("@overload\ndef f(): ...\ndef f():\n    return 1\n")
    assert len({plain, *map(body, changed)}) == 4


def test_a_setter_belongs_to_its_property() -> None:
    """One symbol, at the getter, that changes when the setter does."""
    source = "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, value): {}\n"
    before, after = (PYTHON.extract(source.format(text).encode()).symbols[1] for text in ("pass", "return"))
    assert (before.kind, before.span, before.decorators) == (
        SymbolKind.PROPERTY,
        Span(start=2, end=3),
        ("property", "x.setter"),
    )
    assert replace(before, body=after.body) == after
    assert before.body != after.body


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("Client", True),
        ("Client.get", True),
        ("_Client.get", False),
        ("Client._get", False),
        ("Client.__init__", False),
        ("Client.__call__", True),
        ("Client.__enter__", True),
        ("Client.__repr__", False),
        ("__version__", False),
        ("_", False),
    ],
)
def test_names_are_public_without_a_leading_underscore(name: str, public: bool) -> None:
    """Every segment counts; special methods that users reach through syntax are public."""
    assert is_public(name) is public


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("def f(\n    a: int,  # why\n    b = {\n        1: 2,\n    },\n): ...", "def f(a: int, b = {1: 2,},)"),
        ("async  def f() -> dict[\n  str, int\n]: ...", "async def f() -> dict[str, int]"),
        ("class A(\n    B,\n    metaclass=M,\n): ...", "class A(B, metaclass=M,)"),
        ("def f(x='a:b', *, y: str='): ...'): ...", "def f(x='a:b', *, y: str='): ...')"),
        ("def f(a=\\\n1): ...", "def f(a= 1)"),
    ],
)
def test_signatures_are_source_text_on_one_line(source: str, signature: str) -> None:
    """White space is folded and comments go; nothing else is touched, so that the text is found in the file."""
    assert PYTHON.extract(source.encode()).symbols[0].signature == signature


@pytest.mark.parametrize(
    ("source", "exports"),
    [
        ("", None),
        ("__all__ = [n for n in dir()]", None),
        ("__all__ = []", ()),
        ("__all__: list[str] = ['a', 'b']", ("a", "b")),
        ("__all__ = ('a',) + other.__all__ + ['b']", ("a", "b")),
        ("__all__ = ['a']\n__all__.append('b')\n__all__ += ['a', 'c']", ("a", "b", "c")),
        ("NAMES = ['a']\n__all__ = NAMES", ("a",)),
        ("if x:\n    __all__ = ['a']", ("a",)),
        ("def f():\n    __all__ = ['a']", None),
    ],
)
def test_exports_are_the_literal_names_of_all(source: str, exports: tuple[str, ...] | None) -> None:
    """What is computed is left out; without any literal there is no list."""
    assert PYTHON.extract(source.encode()).exports == exports


@pytest.mark.parametrize(
    ("source", "main"),
    [
        ("if __name__ == '__main__':\n    run()", True),
        ('if "__main__" == __name__: run()', True),
        ("if __name__ != '__main__': pass", False),
        ("#!/usr/bin/env python\n", True),
        ("def f():\n    if __name__ == '__main__': pass", False),
    ],
)
def test_a_file_runs_when_it_has_a_main_guard_or_a_shebang(source: str, main: bool) -> None:
    """Guards in either order at module level count."""
    assert PYTHON.extract(source.encode()).main is main
