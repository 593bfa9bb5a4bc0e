"""What holds for the pages of any small Python package, however its names, signatures and doc comments look."""

from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.citations import parse_citation
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.references import verify_page
from docsfy_action.writers.pages import documented_symbols, select_inputs, write_page
from tests.unit.samples import STEADY
from tests.unit.writers.sites import context_of, evidence_of

NAMES = st.sampled_from(
    ["Client", "get", "_hidden", "__call__", "main", "index", "naïve", "HTTP2", "a", "p", "Client_"]
)
TYPES = st.sampled_from(["", "int", "dict[str, int]", '"Client"', "str | None", "Callable[..., None]", "tuple[()]"])
DEFAULTS = st.sampled_from(["", "1", "'a|b'", '"`tick`"', "lambda x, y: (x, y)", "{'k': [1, 2]}", "b'\\x00'", "..."])
WORDS = st.sampled_from(
    [
        "Plain words.",
        "With `code`.",
        "*stars* and _lines_",
        "<b>raw</b> & html",
        "a | b",
        "# heading",
        "```",
        "- item",
        "> quote",
        "[link](other.md)",
        "[doc](doc:p/x.py#y)",
        "<q>odd</q>",
        "1. one",
        "Args:\n    a: What | it is.",
        "    indented",
        "Returns:\n    int: A `number`.",
        ":param a: thing",
        "Example:\n    >>> a\n    1",
        "\\",
        "Ünïcode – “quotes”",
        "&amp; &lt; \u200b",
        "| a | b |\n|---|---|\n| 1 | `x|y` |",
        "``a`b``",
        "![i](x.png)",
        "====\nTitle\n====",
        ".. note:: Hm",
        "Parameters\n----------\na : int, optional\n    What.",
        "~~gone~~ ***both***",
        "https://example.com/a_b_c",
        "<https://example.com>",
        "@param a - b",
        "`unclosed",
        "*",
        "\\* \\n",
        "{: .attr }",
        "[^1]: foot",
    ]
)
DOCS = st.lists(WORDS, max_size=4).map("\n\n".join)


@st.composite
def parameters(draw: st.DrawFn) -> str:
    """A parameter list."""
    names = draw(st.lists(NAMES, max_size=3, unique=True))
    parts = []
    for name in names:
        annotation, default = draw(TYPES), draw(DEFAULTS)
        parts.append(name + (f": {annotation}" if annotation else "") + (f" = {default}" if default else " = 0"))
    return ", ".join(parts)


def quoted(doc: str, indent: str) -> str:
    """A docstring, or nothing."""
    body = doc.replace("\\", "\\\\").replace('"""', "")
    return f'{indent}"""{body} """\n' if body.strip() else ""


@st.composite
def functions(draw: st.DrawFn, indent: str = "") -> str:
    """A function or method."""
    receiver = "self, " if indent else ""
    returns = draw(TYPES)
    head = f"{indent}{draw(st.sampled_from(['def', 'async def']))} {draw(NAMES)}({receiver}{draw(parameters())})"
    return f"{head}{f' -> {returns}' if returns else ''}:\n{quoted(draw(DOCS), indent + '    ')}{indent}    ...\n"


@st.composite
def classes(draw: st.DrawFn) -> str:
    """A class with members."""
    base = draw(st.sampled_from(["", "(Exception)", "(Client)", "(Enum)", "(Generic[T], metaclass=M)"]))
    inside = draw(
        st.lists(
            functions(indent="    ") | st.sampled_from(["    field: int = 1\n", "    OTHER = 'x|y'\n"]), max_size=3
        )
    )
    return f"class {draw(NAMES)}{base}:\n{quoted(draw(DOCS), '    ')}    ...\n{''.join(inside)}"


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A whole module."""
    definitions = draw(st.lists(functions() | classes() | st.just("LIMIT: int = 10\n"), max_size=4))
    return "\n".join([quoted(draw(DOCS), ""), *definitions])


PATHS = ("p/__init__.py", "p/core.py", "p/client.py", "p/_impl.py", "p/sub/__init__.py", "lone.py")


@settings(STEADY, max_examples=15)
@given(st.dictionaries(st.sampled_from(PATHS), modules(), min_size=1, max_size=4), st.booleans())
def test_pages_of_any_package_are_written_and_hold(files: dict[str, str], reexport: bool) -> None:
    """Writing never fails, each page has the page format, and every link to a documented definition finds it."""
    texts = dict(files)
    if reexport and "p/core.py" in texts:
        texts["p/__init__.py"] = "from p.core import *\nfrom .core import Client\n" + texts.get("p/__init__.py", "")
    context = context_of(texts)
    inputs = select_inputs(context)
    pages = {slug: write_page(page) for slug, page in inputs.items()}
    assert pages == {slug: write_page(page) for slug, page in select_inputs(context_of(texts)).items()}
    homes = documented_symbols(inputs)
    evidence = evidence_of(texts, pages)
    for slug, text in pages.items():
        page = parse_page(text)
        for link in page.links:
            cited = parse_citation(link.target)
            if cited is not None and cited.scheme == "doc":
                known = (cited.path, cited.symbol) in homes
                assert known or cited.symbol in evidence.definitions(cited.path), (slug, link.target)
        verdict = verify_page(slug, text, evidence)
        assert [(f.line, f.text, f.message) for f in (*verdict.malformed, *verdict.unresolved)] == [], text
    for slug, anchor in homes.values():
        assert anchor in parse_page(pages[slug]).anchors, (slug, anchor)
