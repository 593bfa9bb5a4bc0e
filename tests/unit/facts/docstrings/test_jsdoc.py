"""JSDoc and TSDoc comments as structure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.docstrings.jsdoc import parse
from docsfy_action.facts.docstrings.model import DocItem
from tests.unit.facts.docstrings.page_format import texts, violations


def test_summary_and_body() -> None:
    """The first paragraph is the summary; further ones and remarks are the body."""
    doc = parse("Adds two\nlevels.\n\nIt may fail.\n@remarks\nMore of it.")
    assert (doc.summary, doc.body) == ("Adds two levels.", "It may fail.\n\nMore of it.")


def test_a_summary_of_its_own() -> None:
    """What `@summary` says is the summary, the description then is the body."""
    doc = parse("Long text.\n@summary Short text.")
    assert (doc.summary, doc.body) == ("Short text.", "Long text.")


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("@param a", DocItem(name="a")),
        ("@param a the first", DocItem(name="a", text="the first")),
        ("@param a - the first", DocItem(name="a", text="the first")),
        ("@param {string} a - the first", DocItem(name="a", type="string", text="the first")),
        ("@param a {string} the first", DocItem(name="a", type="string", text="the first")),
        ("@arg {{a: {b: string}}} [a={}] The first", DocItem(name="a", type="{a: {b: string}}", text="The first")),
        ("@argument {Array<string>} [a] - x", DocItem(name="a", type="Array<string>", text="x")),
        ("@param {...string} a.b.c x", DocItem(name="a.b.c", type="...string", text="x")),
        ("@param ...a x", DocItem(name="...a", text="x")),
        ("@param {string", DocItem(name="{string")),
        ("@param a: the first", DocItem(name="a", text="the first")),
        ("@param a - the first\n  goes on", DocItem(name="a", text="the first goes on")),
        ("@param a\n  the first", DocItem(name="a", text="the first")),
        ("@param a - one of:\n  - `x`\n  - `y`", DocItem(name="a", text="one of:\n\n-   `x`\n-   `y`")),
        ("@param a - x\n\n  y", DocItem(name="a", text="x\n\ny")),
    ],
)
def test_parameters(line: str, item: DocItem) -> None:
    """Name, type and description are found in all the ways people write them."""
    assert parse(line).parameters == (item,)


def test_a_parameter_is_listed_once() -> None:
    """A second mention fills in what the first left out."""
    doc = parse("@param a\n@param {string} a - x\n@param a - y\n@param\n@param {number}")
    assert doc.parameters == (DocItem(name="a", type="string", text="x"),)


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("@returns {string} the level", (DocItem(type="string", text="the level"),)),
        ("@return the level", (DocItem(text="the level"),)),
        ("@returns - the level", (DocItem(text="the level"),)),
        ("@returns {Promise<{a: string}>}", (DocItem(type="Promise<{a: string}>"),)),
        ("@returns {@link Level} it", (DocItem(text="`Level` it"),)),
        ("@returns", ()),
    ],
)
def test_returns(line: str, items: tuple[DocItem, ...]) -> None:
    """What comes back has a type, a description, or both."""
    assert parse(line).returns == items
    assert parse(line.replace("@return", "@yield")).yields == items


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("@throws {TypeError} if bad", DocItem(name="TypeError", text="if bad")),
        ("@exception {TypeError}", DocItem(name="TypeError")),
        ("@throws RangeError when out", DocItem(name="RangeError", text="when out")),
        ("@throws {@link TideError} - if so", DocItem(name="TideError", text="if so")),
        ("@throws when out of range", DocItem(text="when out of range")),
    ],
)
def test_exceptions(line: str, item: DocItem) -> None:
    """The error's name is found in braces, in a link, or by its ending."""
    assert parse(line).raises == (item,)


def test_properties_are_attributes() -> None:
    """Properties of an object type are its attributes."""
    assert parse("@property {number} x - across\n@prop y").attributes == (
        DocItem(name="x", type="number", text="across"),
        DocItem(name="y"),
    )


@pytest.mark.parametrize(
    ("source", "example"),
    [
        ("@example\nadd(1, 2)\n// 3", "```javascript\nadd(1, 2)\n// 3\n```"),
        ("@example const a: Level = add(x as any)", "```typescript\nconst a: Level = add(x as any)\n```"),
        ("@example <caption>With *text*</caption>\nadd()", "With *text*\n\n```javascript\nadd()\n```"),
        ("@example Adding two\nadd(1)", "Adding two\n\n```javascript\nadd(1)\n```"),
        (
            "@example\nUse it so:\n```ts\n@Component()\nclass A {}\n```",
            "Use it so:\n\n```ts\n@Component()\nclass A {}\n```",
        ),
        ("@example\n@Component()\nclass A {}", "```javascript\n@Component()\nclass A {}\n```"),
        ("@example\n$ npm run tides", "```console\n$ npm run tides\n```"),
        ("@example\nnpx tides", "npx tides"),
        ('@example\n{ "a": 1 }', '```json\n{ "a": 1 }\n```'),
        ("@example\n<Tide station={x} />", "```html\n<Tide station={x} />\n```"),
        ("@example\njust words", "just words"),
    ],
)
def test_examples(source: str, example: str) -> None:
    """An example is Markdown where it has fences, else an optional title and code in the language that it looks like."""
    assert parse(source).examples == (example,)


def test_empty_examples_are_none() -> None:
    """A tag without anything behind it says nothing."""
    assert parse("@example\n\n@example").examples == ()


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("@deprecated use {@link sum}", ("Deprecated", "use `sum`")),
        ("@deprecated", ("Deprecated", "")),
        ("@since 1.2.0", ("Since", "1.2.0")),
        ("@see Client.get", ("See also", "`Client.get`")),
        ("@see https://example.com/a", ("See also", "[https://example.com/a](https://example.com/a)")),
        ("@see {@link https://example.com | the site}", ("See also", "[the site](https://example.com)")),
        ("@see a\n@see the rest of it", ("See also", "-   `a`\n-   the rest of it")),
        ("@default 'x'", ("Default", "`'x'`")),
        ("@defaultValue `x`", ("Default", "`x`")),
        ("@beta", ("Beta", "")),
        ("@fires tide#change", ("Emits", "tide#change")),
        ("@template T - the type\n@typeParam K", ("Type parameters", "-   `T`: the type")),
        ("Text.\n\n!!! note\n    Mind it.", ("Note", "Mind it.")),
    ],
)
def test_notes(source: str, note: tuple[str, str]) -> None:
    """What readers need besides the description has a title; several notes of one kind are a list."""
    assert parse(source).notes == (note,)


def test_tags_for_tools_are_left_out() -> None:
    """What only steers tools, or is for the authors, says nothing to readers."""
    doc = parse(
        "Text.\n@internal\n@category Tides\n@privateRemarks Secret.\n@type {string}\n@module tides\n@file About it."
    )
    assert list(filter(None, texts(doc))) == ["Text.", "About it."]


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("See {@link Client} and {@linkcode Client.get}.", "See `Client` and `Client.get`."),
        ("See {@link Client | the client} or [text]{@link Q}.", "See the client or `text`."),
        ("See {@link https://example.com}.", "See [https://example.com](https://example.com)."),
        ("See {@link\nClient} at {@inheritDoc X} all.", "See `Client` at all."),
        ("Has {@code a < b} in it.", "Has `a < b` in it."),
        ("A <b>bold</b> <code>x</code> thing.", "A bold `x` thing."),
        (
            "*Emphasis*, `code` and [a link](https://example.com).",
            "*Emphasis*, `code` and [a link](https://example.com).",
        ),
        ("A [local link](./other.md).", "A local link."),
        ("mail@example.com is no tag", "mail@example.com is no tag"),
    ],
)
def test_running_text_becomes_markdown(source: str, markdown: str) -> None:
    """Inline tags and simple HTML become Markdown; links that lead nowhere from a page are text."""
    assert parse(source).summary == markdown


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("S.\n\n<p>One</p><ul><li>a</li><li>b</li></ul>", "One\n\n-   a\n-   b"),
        ("S.\n\n<pre><code>x()\n</code></pre>", "```javascript\nx()\n```"),
        ("S.\n\n- a\n  goes on\n- b\n  - c", "-   a goes on\n\n-   b\n\n    -   c"),
        ("S.\n\n| a | b |\n| - | - |\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("S.\n\n## Heading\n\n> quoted\n\n    code()", "**Heading**\n\n> quoted\n\n```javascript\ncode()\n```"),
        ("S.\n\nOne\n    two\n  three", "One two three"),
        ("S.\n\n```\n@tag\n  x\n```\n@since 1", "```text\n@tag\n  x\n```"),
        ("S.\n\n> ```\n> a()\n> ```", "> ```javascript\n> a()\n> ```"),
    ],
)
def test_blocks(source: str, body: str) -> None:
    """Markdown's blocks stay what they are, in the form that pages have."""
    assert parse(source).body == body


@settings(max_examples=150, deadline=1000)
@given(st.text(alphabet="aB #*-1.[]()`_<>&:/\\|\n\t@{}param=", max_size=200))
def test_every_comment_keeps_to_the_page_format(source: str) -> None:
    """No comment makes the parser fail, and what comes out can stand in a page."""
    doc = parse(source)
    assert "\n" not in doc.summary
    assert [violations(text) for text in texts(doc)] == [[] for _ in texts(doc)]
