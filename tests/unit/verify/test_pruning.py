"""What names things that do not exist is cut out, and nothing else; what remains is a page without findings, or is given up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.findings import Finding
from docsfy_action.verify.markdown import normalise
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.pruning import Pruned, Withered, prune
from docsfy_action.verify.references import verify_page
from docsfy_action.verify.sentences import sentences
from docsfy_action.verify.tidying import text_of
from docsfy_action.verify.tree import Code, Inline, Text
from tests.unit.samples import STEADY
from tests.unit.verify.commits import evidence
from tests.unit.verify.shop import ANCHORS, FILES, PAGE

SHOP = evidence(FILES, anchors=ANCHORS)
FILLER = (
    "The shop sells things, and this paragraph says so at some length, in order that little of the page has to go. " * 4
)
LEAD = f"# Using the shop\n\nThe shop has a [`Client`](src:src/shop/client.py#Client).\n\n{FILLER}\n"


def _check(markdown: str) -> tuple[Finding, ...]:
    verdict = verify_page("shop", markdown, SHOP)
    return (*verdict.unresolved, *verdict.malformed)


def _pruned(body: str) -> Pruned:
    """The outcome for a page with this body behind its lead, without the lead."""
    lead = normalise(LEAD)
    result = prune(normalise(f"{LEAD}\n{body}"), _check)
    assert isinstance(result, Pruned), result
    assert result.markdown.startswith(lead), result.markdown
    return Pruned(markdown=result.markdown[len(lead) :].strip("\n"), removed=result.removed)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("Call `Client.get`. Or call `Client.fetch_all`. It answers.", "Call `Client.get`. It answers."),
        ("Call `Client.fetch_all`. It answers.", "It answers."),
        ("It is good. Call `no_such_name` with `--no-such-flag` and <q>eats apples</q>. It is.", "It is good. It is."),
        ("It answers, e.g. Paris. Use `no_such_name` e.g. in Paris. Done.", "It answers, e.g. Paris. Done."),
        ("Good.  \nSee `no_such_name` now.  \nBad.", "Good.  \nBad."),
        ("One.\n\nCall `Client.fetch_all`.\n\nTwo.", "One.\n\nTwo."),
        ("See [the guide](guide.md). See [the client](client.md).", "See [the client](client.md)."),
        ("Look at [it](src:src/shop/none.py). Look here.", "Look here."),
        ("- `Client.get` gets.\n- `Client.fetch_all` fetches.\n- `Basket` holds.", "-   `Client.get` gets.\n-   `Basket` holds."),
        ("1. One `Client`.\n2. Two `no_such_name`.\n3. Three.", "1.  One `Client`.\n2.  Three."),
        ("- Take `no_such_name`.\n\n  Take `Basket`. Take `nor_this_name`.\n- Other.", "-   Other."),
        ("- `no_such_name`:\n  - inner\n- `Basket` holds.", "-   `Basket` holds."),
        ("- Outer:\n  - `no_such_name`\n- Other.", "-   Other."),
        ("Text. The names:\n\n- `no_such_name`\n- `nor_this_name`\n\nMore.", "Text.\n\nMore."),
        ("| Name | What |\n| --- | --- |\n| `Client` | a |\n| `no_such_name` | b |",
         "| Name | What |\n| --- | --- |\n| `Client` | a |"),
        ("These:\n\n| Name |\n| --- |\n| `no_such_name` |\n\nMore.", "More."),
        ("| `no_such_name` |\n| --- |\n| `Client` |\n\nMore.", "More."),
        ("Text. Run this:\n\n```console\nshop vend --no-such-flag\n```\n\nMore.", "Text.\n\nMore."),
        ("```console\nmake deploy\n```\n\nMore.", "More."),
        ("Text.\n\n```python\nfrom shop import Nothing\n```\n\nMore.", "Text.\n\nMore."),
        ("- Do:\n\n  ```console\n  make deploy\n  ```\n\n- More.", "-   More."),
        ("## Head\n\nUse `no_such_name`.\n\n## Tail\n\nMore.", "## Tail\n\nMore."),
        ("## Head\n\n### Sub\n\nUse `no_such_name`.\n\n## Tail\n\nMore.", "## Tail\n\nMore."),
        ("## The `no_such_name` call\n\nText.\n\n### Sub\n\nText.\n\n## Tail\n\nMore.", "## Tail\n\nMore."),
        ("> [!NOTE]\n> Good. Use `no_such_name`.", "> [!NOTE]\n> Good."),
        ("> [!NOTE]\n> Use `no_such_name`.\n\nMore.", "More."),
        ("> It eats `three` apples.\n\n— [`Client`](src:src/shop/client.py#Client)\n\nMore.", "More."),
        ("It says <q>eats apples</q> [here](src:src/shop/client.py). More.", "More."),
        ("Use **`no_such_name`** now. Then *stop*.", "Then *stop*."),
        ("好。用 `no_such_name`。好的。", "好。好的。"),
        ("## Use\n\nUse `no_such_name`.\n\n## More\n\nSee [use](#use). Text.", "## More\n\nText."),
    ],
)  # fmt: skip
def test_the_smallest_unit_goes(body: str, left: str) -> None:
    """Sentence, row, item, fence with the words that lead to it, section without content: no more, and no less."""
    result = _pruned(body)
    assert result.markdown == left
    assert result.removed


def test_what_was_removed_is_told() -> None:
    """Each unit that went is named by what readers saw of it."""
    assert _pruned("One `no_such_name` is. Fine.\n\n- `nor_this_name` too\n\nEnd.").removed == (
        "One no_such_name is.",
        "`nor_this_name` too",
    )


def test_a_right_page_is_not_touched() -> None:
    """Without findings nothing happens."""
    page = normalise(PAGE)
    assert prune(page, _check) == Pruned(markdown=page, removed=())


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (f"# The `no_such_name`\n\nText.\n\n{FILLER}", "title"),
        (f"# Title\n\nThe `no_such_name` is all.\n\n## Text\n\n{FILLER}", "first paragraph"),
        (f"# Title\n\nText.\n\n{FILLER}\n\n- `no_such_name` {FILLER.replace('. ', ', ')}", "percent"),
        ("# Title\n\nUse `no_such_name`.", "first paragraph"),
    ],
)
def test_a_page_that_loses_too_much_is_given_up(page: str, reason: str) -> None:
    """Title, first paragraph, or more than a third of the page: the rest is not what was asked for."""
    result = prune(normalise(page), _check)
    assert isinstance(result, Withered)
    assert reason in result.reason


def test_a_finding_that_cannot_be_found_is_given_up() -> None:
    """Where no cut helps, that is said instead of trying for ever."""
    finding = Finding(kind="format", slug="x", text="", heading="", line=99, message="It is wrong.")
    result = prune(normalise(LEAD), lambda _: [finding])
    assert isinstance(result, Withered)
    assert "It is wrong." in result.reason


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", " Two!", " Three?", " Four"]),
        ("See e.g. Paris or i.e. London. End.", ["See e.g. Paris or i.e. London.", " End."]),
        ("Version 1.2.3 is out. and small", ["Version 1.2.3 is out. and small"]),
        ('He said "stop." Then left.', ['He said "stop."', " Then left."]),
        ("一。二！三", ["一。", "二！", "三"]),
        ("", []),
    ],
)
def test_sentences_end_where_readers_see_it(text: str, parts: list[str]) -> None:
    """At marks before a blank, not in abbreviations and numbers, and not where the next word is in lower case."""
    assert [text_of(one) for one in sentences((Text(text=text),) if text else ())] == parts


@STEADY
@given(
    st.lists(
        st.text(alphabet="aA. !?。e.g", max_size=12).map(lambda text: Text(text=text)) | st.just(Code(text="x.y")),
        max_size=8,
    )
)
def test_sentences_lose_nothing(children: list[Inline]) -> None:
    """Put together, the sentences are what was taken apart."""
    assert "".join(text_of(one) for one in sentences(children)) == text_of(children)


GOOD = [
    "`Client.get` gets.",
    "Text (see [`Basket`](src:src/shop/client.py#Basket)).",
    "`a | b` and **bold**.",
    "Is `--dry-run` on?",
]
BAD = [
    "Use `no_such_name`.",
    "See [x](none.md)!",
    "`Client.fetch_all` and [it](src:none.py).",
    "It is **`nor_this_name`**",
    "<q>eats apples</q>",
]
SENTENCES = st.lists(st.sampled_from(GOOD) | st.sampled_from(GOOD + BAD), min_size=1, max_size=4).map(" ".join)
FENCES = st.sampled_from(
    [
        "```python\nx = `1`\n# no\n```",
        "```console\nmake test\n```",
        "```console\nmake deploy\n```",
        "```text\n| a |\n\n- b\n```",
        "~~~yaml\na: 1\n~~~",
    ]
)
TABLES = st.lists(SENTENCES, min_size=1, max_size=3).map(
    lambda rows: "\n".join(["| A | B |", "| - | - |", *(f"| {row.replace('|', '&#124;')} | x |" for row in rows)])
)


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


LEAVES = (
    SENTENCES | FENCES | TABLES | SENTENCES.map("> [!TIP]\n> {}".format) | SENTENCES.map("Look at this:\n\n> {}".format)
)
LISTS = st.lists(st.tuples(SENTENCES, LEAVES | st.none()), min_size=1, max_size=3).map(
    lambda items: "\n".join(
        f"-   {_indented(text if more is None else f'{text}{chr(10)}{chr(10)}{more}{chr(10)}')}" for text, more in items
    )
)
BLOCKS = st.lists(
    LEAVES | LISTS | st.sampled_from(["## Head", "### Sub", "## Other `no_such_name`"]), min_size=1, max_size=7
).map("\n\n".join)


@STEADY
@given(BLOCKS)
def test_what_remains_holds(body: str) -> None:
    """Whatever a page is made of: nothing unresolved is left, the format is kept, code is that of the page, or it is given up."""
    page = normalise(f"{LEAD}\n{FILLER}\n\n{FILLER}\n\n{body}")
    known = [finding for finding in _check(page) if finding.kind == "format"]
    if known:
        return
    result = prune(page, _check)
    if isinstance(result, Withered):
        assert "percent" in result.reason or "no way" not in result.reason
        return
    assert _check(result.markdown) == ()
    assert normalise(result.markdown) == result.markdown
    left = [fence.text for fence in parse_page(result.markdown).fences]
    before = iter(fence.text for fence in parse_page(page).fences)
    assert all(text in before for text in left)
    assert bool(result.removed) == (result.markdown != page)
