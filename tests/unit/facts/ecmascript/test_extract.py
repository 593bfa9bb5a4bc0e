"""What holds for the facts of every script."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import BlobFacts, Symbol

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())
JUNK = [b"", b"(", b")", b"{", b"}", b"'", b"`", b",", b".", b"\xff", b"\r\n", b"/**", b"=>", b"import "]
SOURCES = [(path.name, path.read_bytes()) for path in FIXTURES]


def extract(source: str | bytes, path: str = "file.ts") -> BlobFacts:
    """Facts of a text, read as the file `path`."""
    extractor = extractor_for(path)
    assert extractor is not None
    return extractor.extract(source.encode() if isinstance(source, str) else source)


def symbol(source: str, name: str, path: str = "file.ts") -> Symbol:
    """The definition of that name."""
    return next(found for found in extract(source, path).symbols if found.name == name)


def squeezed(source: str) -> str:
    """Text without any white space."""
    return "".join(source.split())


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_what_facts_quote_stands_in_the_source(fixture: Path) -> None:
    """Signatures, types, defaults and values are the file's own text, white space and comments aside."""
    source = fixture.read_text(encoding="utf-8")
    plain = squeezed(re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL))
    facts = extract(source, fixture.name)
    for found in facts.symbols:
        parameters = [text for p in found.parameters for text in (p.name, p.annotation, p.default)]
        quoted = [
            found.signature,
            found.returns,
            found.value,
            *parameters,
            *found.bases,
            *found.decorators,
            *found.overloads,
        ]
        for text in quoted:
            assert squeezed(text) in plain
    lines = {fact.line for kind in (facts.commands, facts.options, facts.settings, facts.imports) for fact in kind}
    assert all(0 < line <= facts.lines for line in lines)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.js", "javascript"),
        ("a.mjs", "javascript"),
        ("a.cjs", "javascript"),
        ("a.jsx", "javascript"),
        ("a.ts", "typescript"),
        ("a.d.ts", "typescript"),
        ("a.mts", "typescript"),
        ("a.cts", "typescript"),
        ("a.tsx", "typescript"),
        ("a.test.ts", "typescript"),
        ("a.min.js", None),
        ("a.min.mjs", None),
        ("a.json", None),
    ],
)
def test_files_are_claimed_by_their_ending(path: str, name: str | None) -> None:
    """Scripts of every kind are claimed, minified ones are not."""
    extractor = extractor_for(path)
    assert (extractor.name if extractor is not None else None) == name


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/** @file About it. */\n\nexport const a = 1", "@file About it."),
        ("/** About it. */\n\nexport const a = 1", "About it."),
        ("/** About it. */\nimport a from 'a'", "About it."),
        ("/** Of a. */\nexport const a = 1", ""),
        ("/** Copyright 2026 */\n/** About it. */\nimport a from 'a'", "About it."),
        ("/* eslint-disable */\nimport a from 'a'", ""),
        ("// This file says much.\n// In two lines.\n\nfoo()", "This file says much.\nIn two lines."),
        ("// @ts-check\n\nfoo()", ""),
        ("// short\n\nfoo()", ""),
        ("#!/usr/bin/env node\n'use strict'\n\n/** Starts it all. */\n\nfoo()", "Starts it all."),
        ("// Only a comment in the whole file.", "Only a comment in the whole file."),
        ("/** First. */\n/** Of a. */\nconst a = 1", "First."),
        ("foo()\n/** Later. */\n\nbar()", ""),
    ],
)
def test_the_comment_on_the_file_is_told_from_others(source: str, doc: str) -> None:
    """The file's comment says so, or stands apart at its top; licences and directives are none."""
    assert extract(source).doc == doc


def test_a_comment_on_the_file_is_not_one_on_its_first_definition() -> None:
    """What says that it is about the file documents nothing else."""
    assert symbol("/** @module tides */\nexport function f() {}", "f").doc == ""


@pytest.mark.parametrize(
    ("comment", "doc"),
    [
        ("/** One. */", "One."),
        ("/**\n * One.\n *   - two\n *\n * Three. \n */", "One.\n  - two\n\nThree."),
        ("/**\n   One.\n */", "One."),
        ("/** One\n * @param a - A *star*\n **/", "One\n@param a - A *star*"),
        ("/**\r\n * One.\r\n * Two.\r\n */", "One.\nTwo."),
    ],
)
def test_comments_lose_their_markers(comment: str, doc: str) -> None:
    """Stars and blanks at the margin are markers, the rest is text."""
    assert symbol(f"{comment}\nfunction f() {{}}", "f").doc == doc


def test_the_last_comment_above_counts() -> None:
    """Other comments may stand between a definition and its JSDoc."""
    source = "/** No. */\n/** Yes. */\n// eslint-disable-next-line\nfunction f() {}\n/* No. */\nfunction g() {}"
    assert [found.doc for found in extract(source).symbols] == ["Yes.", ""]


@pytest.mark.parametrize("tag", ["@internal", "@private", "@hidden", "@ignore", "@access private"])
def test_what_its_comment_hides_is_not_public(tag: str) -> None:
    """A tag takes an exported definition out of the public ones; in running text it does not."""
    assert not symbol(f"/** Text.\n * {tag}\n */\nexport function f() {{}}", "f").public
    assert symbol(f"/** Not {tag} */\nexport function f() {{}}", "f").public


@pytest.mark.parametrize(("hidden", "public", "overloads"), [(0, False, 1), (1, True, 2), (2, True, 2)])
def test_a_hidden_overload(hidden: int, public: bool, overloads: int) -> None:
    """Hiding the first signature hides the function, hiding another only that one."""
    signatures = [f"export function f(a: {kind}): void" for kind in ("string", "number", "boolean")]
    signatures[hidden] = f"/** @internal */\n{signatures[hidden]}"
    found = symbol("\n".join([*signatures, "export function f(a: any) {}"]), "f")
    assert (found.public, len(found.overloads) or 1) == (public, overloads)


def test_hashes_follow_the_code() -> None:
    """A definition's hash changes with its code and only then."""
    one, two = (extract(f"/** {a} */\nfunction f() {{ {a}() }}\nfunction g() {{}}").symbols for a in "ab")
    assert one[0].body != two[0].body
    assert one[1].body == two[1].body


@pytest.mark.parametrize(
    ("blob", "error"),
    [
        (b"a\0", "binary"),
        (b"x" * 1_000_001, "larger than 1,000,000 bytes"),
        (b"f();" * 2000, "minified"),
        (b"<?xml?><TS/>", "XML"),
    ],
)
def test_blobs_that_are_no_source_say_so(blob: bytes, error: str) -> None:
    """Binary, huge and minified files have no facts but their reason."""
    assert extract(blob) == BlobFacts(lines=1, error=error)


def test_short_files_may_have_long_lines() -> None:
    """One long line in a small file is no sign of a minifier."""
    assert extract(f"export const a = '{'x' * 3000}'").exports == ("a",)


CIRCLES = """
import { Command } from 'commander'
import { defineCommand } from 'citty'
const a = b, b = a
process.env[a]
const one = new Command('one'), two = new Command('two')
one.addCommand(two); two.addCommand(one); one.addCommand(one)
const x = defineCommand({ meta: { name: 'x' }, subCommands: { y } })
const y = defineCommand({ meta: { name: 'y' }, subCommands: { x } })
const table = { ...table }
defineCommand({ args: table })
"""


def test_circles_of_names_end() -> None:
    """Names that stand for each other, and commands that hold each other, are read without end in neither."""
    assert [command.name for command in extract(CIRCLES).commands] == ["one", "one two", "x", "x y"]


def test_long_sums_are_read_as_a_whole() -> None:
    """A text put together from many parts is one text."""
    source = "import { Command } from 'commander'\nnew Command('a').description(" + "'a' + " * 100 + "'b')"
    assert extract(source).commands[0].help == "a" * 100 + "b"


@pytest.mark.parametrize("opening", ["(", "{a:", "[", "`${", "f(", "class { x = ", "() => {", "a.b = "])
def test_deep_nesting_is_survived(opening: str) -> None:
    """However deep code is nested, extraction ends with facts."""
    for depth in (150, 2000):
        assert extract(f"export const good = 1\nconst x = {opening * depth}").lines == 2


@settings(max_examples=60, deadline=2000)
@given(st.data())
def test_damaged_source_never_raises(data: st.DataObject) -> None:
    """Any cut or change of a source file gives facts, perhaps with an error."""
    name, source = data.draw(st.sampled_from(SOURCES))
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(source)), st.integers(0, len(source)))))
    junk = data.draw(
        st.sampled_from(
            [b"", b"(", b")", b"{", b"}", b"'", b"`", b",", b".", b"\xff", b"\r\n", b"/**", b"=>", b"import "]
        )
    )
    assert extract(source[:start] + junk + source[end:], name).lines >= 0


def test_files_that_take_too_long_to_parse_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parser gives up, the file has no facts, and says so."""
    monkeypatch.setattr("docsfy_action.facts.languages.ecmascript.extract.parse_bounded", lambda *_: None)
    assert extract("const a = 1") == BlobFacts(lines=1, error="no code that the grammar understands")


def test_text_without_structure_is_given_up() -> None:
    """Where the grammar finds thousands of loose tokens, the file is no code."""
    assert extract("const x = " + "(" * 2000).error == "no code that the grammar understands"


def test_code_that_was_put_out_of_use_is_no_comment_on_the_file() -> None:
    """Slashes in front of a statement make no prose of it; a sentence that begins with a keyword is one."""
    code = '// import { Type } from "./types.js";\n\nimport { b } from "./b.js";\n'
    assert not extract(code).doc
    assert (
        extract("// Import of all that parsers need.\n\nimport './b.js';\n").doc == "Import of all that parsers need."
    )
    assert extract("// return values are cached for a while\n\nimport './b.js';\n").doc
