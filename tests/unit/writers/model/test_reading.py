"""A completion is a page or is rejected; what stands around the page goes, and code on it stays character for character."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docsfy_action.verify.diagrams import is_diagram
from docsfy_action.verify.markdown import normalise
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.structure import malformed
from docsfy_action.writers.model.reading import END, LONGEST, Read, Rejected, Rejection, read_completion
from tests.unit.samples import STEADY

TITLE = "Using the client"
PAGE = """\
# Using the client

Make a `Client` and call `get`.

```python
# not a heading
print("<think>", "</think>")
```
"""
ANSWER = f"{PAGE}\n{END}\n"


def _read(text: str, title: str = TITLE) -> Read:
    result = read_completion(text, title=title)
    assert isinstance(result, Read), result
    return result


def _rejected(text: str) -> Rejected:
    result = read_completion(text, title=TITLE)
    assert isinstance(result, Rejected), result
    return result


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        ANSWER.replace("\n", "\r\n"),
        f"\ufeff\n\n{ANSWER}",
        f"{PAGE}{END}",
        f"{PAGE}\n{END}\n\nLet me know if you need anything else!",
        f"Here is the page you asked for:\n\n{ANSWER}",
        f"Sure!\n\n---\n\n{ANSWER}",
        f"```markdown\n{ANSWER}```",
        f"```markdown\n{PAGE}```\n{END}",
        f"````md\n{ANSWER}````\n",
        f"~~~\n{ANSWER}~~~\n",
        f"Here it is:\n\n```markdown\n{ANSWER}```\nEnjoy.",
        f"<think>Which client?\n\n# Draft\n</think>\n{ANSWER}",
        f"<think>one</think><thinking>two</thinking>{ANSWER}",
        f"<THINK>a <think>b</think> c</THINK>\n\n{ANSWER}",
        f"The client, hm.\n```\nopen\n</think>\n\n{ANSWER}",
        f"</think><think>\n{ANSWER}",
        f"<think>I write:\n\n{ANSWER}",
        f"<think>a <think> b </think>\n{ANSWER}",
        f"---\ntitle: Using the client\n---\n\n{ANSWER}",
        ANSWER.replace("# Using the client", "# The client", 1),
        ANSWER.replace("# Using the client", "## Using the client", 1),
        ANSWER.replace("# Using the client", "Using the client\n================", 1),
    ],
)
def test_what_stands_around_a_page_goes(answer: str) -> None:
    """Thoughts, remarks, fences around the page and front matter go; a title that differs becomes the one asked for."""
    assert _read(answer).markdown == normalise(PAGE)
    assert not _read(answer).findings


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("", Rejection.EMPTY),
        (" \n\u00a0\n", Rejection.EMPTY),
        (PAGE, Rejection.TRUNCATED),
        (PAGE[:-5], Rejection.TRUNCATED),
        (f"{PAGE[:-5]}\n{END}", Rejection.TRUNCATED),
        (f"{PAGE}\n<!-- a note\n\n{END}", Rejection.TRUNCATED),
        (f"{PAGE}\n<pre>\n\n{END}", Rejection.TRUNCATED),
        ("<think>What shall I write?", Rejection.TRUNCATED),
        ("<think>What shall I write?</think>", Rejection.TRUNCATED),
        ("I'm sorry, but I can't help with that.", Rejection.REFUSED),
        (f"I cannot write this page.\n\n{END}", Rejection.REFUSED),
        ("The repository is empty.", Rejection.NO_PAGE),
        (f"{END}", Rejection.NO_PAGE),
        (f"# Using the client\n\n{END}", Rejection.NO_PAGE),
        (f"Done, I wrote the file `docs/client.md`.\n\n{END}", Rejection.NO_PAGE),
        (f"# Using the client\n\nText.\n\n<think>\n\nmore\n\n</think>\n\n{END}", Rejection.NO_PAGE),
        (f"# Using the client\n\nText <think>hm</think> text.\n\n{END}", Rejection.NO_PAGE),
        (f"# Using the client\n\n{'x' * LONGEST}\n{END}", Rejection.NO_PAGE),
    ],
)
def test_what_is_no_whole_page_is_rejected(answer: str, kind: Rejection) -> None:
    """Nothing, refusals, remarks, cut off pages and pages with thoughts inside are rejected, and a reason is given."""
    rejected = _rejected(answer)
    assert rejected.kind is kind
    assert all(reason.endswith(".") or reason.count(":") for reason in rejected.reasons)


def test_a_page_without_title_gets_one_and_is_reported() -> None:
    """Where no title was written the page is kept under the one asked for, with a finding."""
    read = _read(f"The client speaks HTTP, and this text is long enough to matter.\n\n## Use\n\nCall it.\n\n{END}")
    assert read.markdown.startswith("# Using the client\n\nThe client speaks HTTP")
    assert [finding.kind for finding in read.findings] == ["format"]


def test_several_titles_become_sections() -> None:
    """A page has one title: further ones become sections, and their sections stay below them."""
    read = _read(f"# Using the client\n\n# Make\n\na\n\n## How\n\nb\n\n#### Deep\n\nc\n\n# Call\n\nd\n\n{END}")
    assert [(h.level, h.text) for h in parse_page(read.markdown).headings] == [
        (1, "Using the client"),
        (2, "Make"),
        (3, "How"),
        (4, "Deep"),
        (2, "Call"),
    ]


def test_text_before_several_titles_is_not_a_remark() -> None:
    """Where sections were written as titles, what stands before the first of them is the page's own."""
    read = _read(f"The client speaks HTTP.\n\n# Make\n\na\n\n# Call\n\nb\n\n{END}")
    assert read.markdown.startswith("# Using the client\n\nThe client speaks HTTP.\n\n## Make\n")


def test_headings_alike_are_told_apart() -> None:
    """Headings of the same text get their section's name in front, or a number."""
    read = _read(f"# Using the client\n\n## A\n\n### Use\n\na\n\n## B\n\n### Use\n\nb\n\n## A\n\nc\n\n{END}")
    assert [h.text for h in parse_page(read.markdown).headings][1:] == ["A", "Use", "B", "B: Use", "A (2)"]
    assert not malformed("x", parse_page(read.markdown))


def test_the_end_mark_in_code_is_code() -> None:
    """A page may show the end mark in a fence; the last one ends it."""
    answer = f"# Using the client\n\n```text\n{END}\n```\n\nMore.\n\n{END}\n"
    assert f"```text\n{END}\n```\n\nMore." in _read(answer).markdown
    assert _rejected(answer.rpartition("```")[0]).kind is Rejection.TRUNCATED


def test_a_page_about_thinking_keeps_its_code() -> None:
    """Marks of thoughts in code are code, also where what follows them looks like a title."""
    page = "# Using the client\n\nIt strips `</think>`.\n\n```console\n</think>\n# Using the client\n```\n"
    for answer in (f"{page}\n{END}", f"Here:\n\n{page}\n{END}", f"<think>x</think>{page}\n{END}"):
        assert _read(answer).markdown == normalise(page)


def test_diagrams_are_drawn() -> None:
    """A fence with a diagram as data becomes the text that the diagram compiler writes, wherever it stands."""
    nodes = '[{"id": "a", "label": "src"}, {"id": "b", "label": "db", "external": true}]'
    data = f'{{"nodes": {nodes}, "edges": [{{"source": "a", "target": "b"}}]}}'
    read = _read(
        f"# T\n\n```diagram\n{data}\n```\n\n- item\n\n  ```diagram\n  {data}\n  ```\n\n```json\n{data}\n```\n\n{END}"
    )
    fences = parse_page(read.markdown).fences
    assert [is_diagram(fence.text) for fence in fences] == [True, True, False]
    assert [fence.language for fence in fences] == ["mermaid", "mermaid", "json"]
    assert not read.findings


@pytest.mark.parametrize(
    ("fence", "message"),
    [
        ("```diagram\n{\n```", "Invalid JSON"),
        ("```diagram\n[]\n```", "object"),
        ('```diagram\n{"nodes": []}\n```', "nodes"),
        ('```diagram\n{"nodes": [{"id": "a", "label": " "}]}\n```', "nodes.0.label"),
        ('```diagram\n{"nodes": [{"id": "a", "label": "a"}], "edges": [{"source": "a", "target": "b"}]}\n```', "no node `b`"),
        ('```diagram\n{"nodes": [{"id": "a", "label": "a"}, {"id": "a", "label": "b"}]}\n```', "same `id`"),
        ('```diagram\n{"nodes": [{"id": "a", "label": "a"}], "style": "red"}\n```', "style"),
        ('```diagram\n{"nodes": [{"id": "a", "label": "a"}], "groups": [{"id": "g", "label": "g", "members": ["x"]}]}\n```',
         "`x`"),
        ('```diagram\n{"nodes": [{"id": "a", "label": "a"}],\n"groups": [{"id": "g", "label": "g", "members": ["a", "a"]}]}\n```',
         "two groups"),
        ("```mermaid\ngraph TD; A-->B\n```", "as data"),
    ],
)  # fmt: skip
def test_diagrams_that_cannot_be_drawn_are_reported(fence: str, message: str) -> None:
    """The finding says what is wrong, and its text is that of the block, which stays on the page."""
    read = _read(f"# T\n\nText.\n\n{fence}\n\n{END}")
    (finding,) = read.findings
    assert (finding.kind, message in finding.message) == ("diagram", True), finding.message
    assert finding.text == parse_page(read.markdown).fences[0].text


def test_relative_links_are_asked_about() -> None:
    """Relative targets go to `link`, citations do not."""
    asked: list[str] = []

    def link(target: str) -> str:
        asked.append(target)
        return f"src:{target}"

    read = read_completion(f"# T\n\n[a](src/a.py) [b](src:b.py) [c](x.md)\n\n{END}", title="T", link=link)
    assert isinstance(read, Read)
    assert asked == ["src/a.py", "x.md"]
    assert "[a](src:src/a.py) [b](src:b.py) [c](src:x.md)" in read.markdown


CODE = st.text(alphabet=st.sampled_from("ab`~#<>|*_[]()\\ \t\n-think/{}\"'&;é\u200b$"), min_size=1, max_size=40)
AROUND = st.sampled_from(
    ["", "Here is the page:\n\n", "<think>a</think>\n", "x</think>\n", "```markdown\n", "<think>a\n", "---\na: b\n---\n",
     "# Other\n"]
)  # fmt: skip


def _fence(code: str) -> str:
    mark = "`" * (max([2, *map(len, code.replace("\n", " ").split())]) + 1)
    return f"{mark}python\n{code}\n{mark}"


def _codes(markdown: str) -> list[str]:
    return [fence.text for fence in parse_page(markdown).fences]


@STEADY
@given(codes=st.lists(CODE, min_size=1, max_size=4), before=AROUND, listed=st.booleans())
def test_code_survives(codes: list[str], before: str, listed: bool) -> None:
    """Every code block of a page that was read is one of the completion's, character for character, and none is lost."""
    indent = "    " if listed else ""
    blocks = [_fence(code) for code in codes]
    if listed:
        blocks = ["-   item\n\n" + "\n".join(f"{indent}{line}" for line in block.split("\n")) for block in blocks]
    page = "# Using the client\n\nText.\n\n" + "\n\n".join(blocks) + "\n"
    after = "\n```" if before.startswith("```") else ""
    result = read_completion(f"{before}{page}\n{END}{after}", title=TITLE)
    assert isinstance(result, Read), result
    written = [text for text in _codes(page) if text.strip()]
    assert _codes(result.markdown) == written


PIECES = st.sampled_from(
    [
        "<think>", "</think>", "<thinking>", "</thinking>", END, "# T", "# ", "## A", "#", "```", "```markdown", "~~~", "````",
        "```diagram", "```mermaid", '{"nodes": []}', "---", "a: b", "text", "- item", "> quote", "| a | b |", "| - | - |",
        "<div>", "</div>", "<pre>", "<!--", "-->", "`", "``", "[", "](", "x.md)", "**", "\\", "    code", "\r", "\0", "\ud800",
        "I'm sorry", "[!NOTE]", "1. ", "***", "&#35;", "Here is the page:", "<b>", "\t", "\n", "\n\n", " ",
    ]
)  # fmt: skip
ANY = st.lists(PIECES | st.text(max_size=5), max_size=30).flatmap(
    lambda pieces: st.lists(st.sampled_from(["\n", "", " ", "\n\n"]), min_size=len(pieces), max_size=len(pieces)).map(
        lambda joints: "".join(piece + joint for piece, joint in zip(pieces, joints, strict=True))
    )
)


@STEADY
@given(text=ANY, ended=st.booleans())
@example(text="# T\n\n- \n\n  ```diagram\n  x\n  ```\n", ended=True)
def test_any_completion_is_read_or_rejected(text: str, ended: bool) -> None:
    """Whatever a model says: a page in the page format with its title, and nothing more to put right, or reasons."""
    result = read_completion(f"{text}\n\n{END}" if ended else text, title="The title")
    if isinstance(result, Rejected):
        assert result.reasons
        return
    assert result.markdown.startswith("# The title\n")
    assert normalise(result.markdown) == result.markdown
    assert not malformed("x", parse_page(result.markdown))


@pytest.mark.parametrize(
    "unit",
    [
        "<think>", "</think>", "<think></think>", "</think># T\n", "# a # ", "#", "# ", "# a\n", "```\n", "``` ",
        "```markdown\n# T\n", "---\n", "---\n---\n", "> ", "- ", "a\n", "<!--", "<div>\n", f"{END}\n", f"{END} ", "`", "[a](",
        "**a", "\\", "| ", " ", "\n", "&",
    ],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["{}", "# Using the client\n\n{}\n\n" + END, "<think>{}"])
def test_time_grows_with_the_length(unit: str, frame: str) -> None:
    """Repetitions of what the reader looks for do not hold it up."""
    text = frame.format(unit * (20_000 // len(unit)))
    started = time.process_time()
    read_completion(text, title=TITLE)
    assert time.process_time() - started < 3
