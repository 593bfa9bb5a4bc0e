"""Every reference of a page is looked up in the commit: right ones pass, and each wrong one is found as what it is."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.findings import Finding
from docsfy_action.verify.references import collect_words, verify_page
from tests.unit.verify.commits import evidence
from tests.unit.verify.shop import ANCHORS, FILES, PAGE


@pytest.fixture(scope="module")
def commit() -> CommitEvidence:
    """The sample repository."""
    return evidence(FILES, anchors=ANCHORS)


def findings(markdown: str, commit: CommitEvidence) -> list[tuple[str, str]]:
    """Kind and text of everything wrong with a page."""
    verdict = verify_page("page", markdown, commit)
    return [(finding.kind, finding.text) for finding in (*verdict.unresolved, *verdict.malformed)]


def test_a_page_in_which_all_is_right_has_no_findings(commit: CommitEvidence) -> None:
    """Paths, symbols, commands, flags, variables, links, diagrams, quotations: nothing is reported falsely."""
    verdict = verify_page("page", PAGE, commit)
    assert verdict.unresolved == ()
    assert verdict.malformed == ()
    assert verdict.checked > 50
    assert verdict.quoted_unresolved == 0
    assert {"src/shop/client.py", "src/shop/cli.py", "pyproject.toml"} <= verdict.cited
    assert verdict.targets == {"index.md", "client.md#clientget"}


# (what stands on the page, what it is changed to, kind of the one finding, its text)
MUTATIONS = [
    ("(src:src/shop/client.py#Client)", "(src:src/shop/server.py#Client)", "path", "src:src/shop/server.py#Client"),
    ("[`Client`](src:src/shop/client.py#Client)", "[`Clint`](src:src/shop/client.py#Clint)", "symbol",
     "src:src/shop/client.py#Clint"),
    ("[`Client`]", "[`Server`]", "symbol", "src:src/shop/client.py#Client"),
    ("[`src/shop/client.py`]", "[`src/shop/cli.py`]", "symbol", "src:src/shop/client.py"),
    ("client.py#Client.__init__", "client.py#Client.__exit__", "symbol", "src:src/shop/client.py#Client.__exit__"),
    ("[`get`](doc:src/shop/client.py#Client.get)", "[`got`](doc:src/shop/client.py#Client.got)", "symbol",
     "doc:src/shop/client.py#Client.got"),
    ("?TIMEOUT%20%3D%2030", "?TIMEOUT%20%3D%2060", "literal", "src:src/shop/client.py?TIMEOUT%20%3D%2060"),
    ("`Client.close`", "`Client.shutdown`", "name", "Client.shutdown"),
    ("`Client.get` uses", "`Basket.get` uses", "name", "Basket.get"),
    ("`shop.Client`", "`shop.Trolley`", "name", "shop.Trolley"),
    ("`shop.client.Client`", "`shop.client.Trolley`", "name", "shop.client.Trolley"),
    ("`httpx.get`", "`httpx.fetch_slowly`", "name", "httpx.fetch_slowly"),
    ("`acme-shop`", "`acme-store`", "name", "acme-store"),
    ("| `timeout` |", "| `patience` |", "name", "patience"),
    ("`int`, by default `TIMEOUT`", "`int`, by default `Patience(5)`", "name", "Patience(5)"),
    ("`src/shop/`", "`src/store/`", "path", "src/store/"),
    ("`shop/cli.py`", "`shop/main.py`", "path", "shop/main.py"),
    ("`shop/cli.py`", "`web/cli.py`", "path", "web/cli.py"),
    ("`items.json`", "`things.json`", "path", "things.json"),
    ("`src/**/*.json`", "`src/**/*.xml`", "path", "src/**/*.xml"),
    ("`build/report.json`", "`build/summary.json`", "path", "build/summary.json"),
    ("`SHOP_LOG_LEVEL`", "`SHOP_LOG_COLOUR`", "environment", "SHOP_LOG_COLOUR"),
    ("[`SHOP_API_TOKEN`]", "[`SHOP_API_SECRET`]", "symbol", "src:src/shop/client.py?SHOP_API_TOKEN"),
    ("`--dry-run`", "`--wet-run`", "flag", "--wet-run"),
    ("`--max-price=5`", "`--min-price=5`", "flag", "--min-price=5"),
    ("`--wait-long`", "`--wait-forever`", "flag", "--wait-forever"),
    ("acme/shop.git", "evil/shop.git", "command", "git clone https://github.com/evil/shop.git"),
    ("cd shop", "cd store", "command", "cd store"),
    ('".[dev]"', '".[all]"', "command", 'pip install -e ".[all]"'),
    ("-m shop.cli", "-m shop.tui", "command", "python -m shop.tui sell --max-price 3 | tee log.txt"),
    ("$ shop --dry-run", "$ shop --wet-run", "command", "shop --wet-run"),
    ("make test", "make tests", "command", "make tests && npm run build"),
    ("npm run build", "npm run bundle", "command", "make test && npm run bundle"),
    ("cmd/shopd@latest", "cmd/shopctl@latest", "command", "go install github.com/acme/shop/cmd/shopctl@latest"),
    ("tox -e docs", "tox -e documents", "command", "tox -e documents"),
    ("nox -s tests", "nox -s lint", "command", "nox -s lint"),
    ("shopctl sync --now", "shopctl sync --later", "command", "shopctl sync --later"),
    ("check.sh --fast", "verify.sh --fast", "command", "./scripts/verify.sh --fast"),
    ("(index.md)", "(start.md)", "link", "start.md"),
    ("(client.md#clientget)", "(client.md#clientput)", "anchor", "client.md#clientput"),
    ("(#settings)", "(#options)", "anchor", "#options"),
    ("(index.md)", "(ftp://x.org/a)", "link", "ftp://x.org/a"),
    ("```console", "```konsole", "fence", "konsole"),
    ('["shop.client"]', '["shop.server"]', "diagram", "shop.server"),
    ("flowchart TD", "graph TD", "diagram", "mermaid"),
    ("politely", "rudely", "quotation", "Speaks HTTP, rudely. It retries three times."),
    ("<q>Get one item.</q>", "<q>Get all items.</q>", "quotation", "Get all items."),
    ("timeout: int = TIMEOUT)", "timeout: int = 60)", "signature", "def __init__(self, url: str, *, timeout: int = 60) -> None"),
    ("Teach the client", "Teach the server", "quotation", "Teach the server to wait"),
    ("commit:0123", "commit:1123", "commit", "commit:1123456789abcdef0123456789abcdef01234567"),
    ("# Using the shop", "Using the shop", "format", ""),
    ("## Settings", "#### Settings", "format", "Settings"),
    ("## Commands", "## Settings", "format", "Settings"),
    ("## Commands", "# Commands", "format", "Commands"),
    ("See [the", "See <b>x</b> [the", "format", "<b>"),
    ("See [the", "See ![x](a.png) [the", "format", "![x]"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "kind", "text"), MUTATIONS, ids=[f"{m[2]}: {m[1]}" for m in MUTATIONS])
def test_each_corrupted_reference_is_found_as_what_it_is(
    right: str, wrong: str, kind: str, text: str, commit: CommitEvidence
) -> None:
    """One corruption, and the findings hold it with its kind; nothing else on the page is reported for it."""
    assert right in PAGE
    found = findings(PAGE.replace(right, wrong, 1), commit)
    assert (kind, text) in found
    assert {one[0] for one in found} <= {kind, *EXTRA.get(wrong, ())}


# Corruptions that break a second thing: the anchor of a heading that was renamed, the source of a quotation.
EXTRA: dict[str, tuple[str, ...]] = {
    "(src:src/shop/server.py#Client)": ("signature", "quotation"),
    "(src:src/shop/client.py#Clint)": ("symbol",),
    "#### Settings": (),
    "commit:1123": ("quotation",),
    "[`got`](doc:src/shop/client.py#Client.got)": (),
}


def test_a_quotation_needs_a_source(commit: CommitEvidence) -> None:
    """A quotation far from any citation is reported, one with its source behind it in the section is not."""
    assert findings("# T\n\n> Speaks HTTP.\n", commit) == [("source", "Speaks HTTP.")]
    assert findings("# T\n\n> Speaks HTTP.\n\nFrom [it](src:src/shop/client.py).\n", commit) == []
    assert findings("# T\n\n> Speaks HTTP.\n\n## U\n\nFrom [it](src:src/shop/client.py).\n", commit) != []


def test_a_directive_in_a_quotation_is_shown_in_words() -> None:
    """Where the source says `versionchanged` or `seealso`, the quotation may say it in words; elsewhere it may not."""
    text = '"""Do it.\n\n* one\n\n  .. versionchanged:: 2.0 It went.\n\n.. seealso:: this\n"""\n'
    commit = evidence({"a.py": text, "b.py": text.replace("versionchanged", "note").replace("seealso", "note")})
    page = (
        "# T\n\n[it](src:{})\n\n> * one\n>\n>     **Changed in version 2.0:** It went.\n>\n>     **See also:** this\n"
    )
    assert findings(page.format("a.py"), commit) == []
    assert [kind for kind, _ in findings(page.format("b.py"), commit)] == ["quotation"]


def test_an_attribution_behind_a_quotation_wins(commit: CommitEvidence) -> None:
    """A paragraph that begins with a dash names the source of the quotation before it."""
    page = "# T\n\n[x](src:Makefile)\n\n> Speaks HTTP.\n\n— [`client.py`](src:src/shop/client.py)\n"
    assert findings(page, commit) == []
    assert findings(page.replace("—", "See"), commit) == [("quotation", "Speaks HTTP.")]


def test_a_cell_is_quoted_from_the_source_in_its_row(commit: CommitEvidence) -> None:
    """In a table the citation of the row counts, before or behind the quotation, not that of the row above."""
    table = "# T\n\n| a | b | c |\n| --- | --- | --- |\n| [x](src:Makefile) | | |\n| y | <q>Close it.</q> | {} |\n"
    assert findings(table.format("[z](src:src/shop/client.py)"), commit) == []
    assert findings(table.format(""), commit) == [("quotation", "Close it.")]


def test_names_in_quotations_are_only_counted(commit: CommitEvidence) -> None:
    """What a quoted text names is the repository's own affair: unresolved names are counted, not reported."""
    page = "# T\n\n[Guide](src:docs/guide.md)\n\n> The mythical `unicorn_mode` is only planned.\n"
    verdict = verify_page("page", page, commit)
    assert verdict.unresolved == ()
    assert verdict.quoted_unresolved == 1
    bare = verify_page("page", "# T\n\n`unicorn_mode`\n", commit)
    assert [finding.text for finding in bare.unresolved] == ["unicorn_mode"]


def test_words_survive_entities_and_escapes_of_the_source(commit: CommitEvidence) -> None:
    """A quotation is compared with what readers of the source see: `&amp;` is no word, `doesn't` is two."""
    page = "# T\n\n[R](src:README.md)\n\n> Shop sells things & counts them. It doesn't sleep.\n"
    assert findings(page, commit) == []


def test_diagrams_may_hold_values_and_outsiders(commit: CommitEvidence) -> None:
    """A label that claims nothing is let pass; one quotation after the other may come from the same file."""
    diagram = '```mermaid\nflowchart LR\n    a["3.11"]\n    b(["httpx"])\n    a -->|"asks"| b\n```'
    page = f"# T\n\n{diagram}\n\n[c](src:src/shop/client.py)\n\n> Close it.\n\nand\n\n> Get one item.\n\n<q>…</q>\n"
    assert findings(page, commit) == []


def test_a_callout_is_no_quotation(commit: CommitEvidence) -> None:
    """GitHub's callouts are the page's own words, and its names are checked as such."""
    assert findings("# T\n\n> [!NOTE]\n> Not from anywhere, see `frobnicate_all`.\n", commit) == [
        ("name", "frobnicate_all")
    ]


def test_findings_say_where(commit: CommitEvidence) -> None:
    """Line and heading lead to the place, also inside fences and wrapped paragraphs."""
    page = "# T\n\n## Part\n\none\ntwo `frobnicate_all`\n\n```console\n$ make lint\n$ make up\n```\n"
    found = verify_page("slug", page, commit).unresolved
    assert [(one.slug, one.heading, one.line, one.where) for one in found] == [
        ("slug", "Part", 6, "Part, line 6"),
        ("slug", "Part", 10, "Part, line 10"),
    ]
    assert Finding(kind="name", slug="a", text="b", heading="", line=3, message="c").where == "line 3"


def test_words_of_many_pages_are_looked_up_at_once() -> None:
    """After `collect_words` of all pages was asked for, verifying asks the commit nothing that is new."""
    commit = evidence(FILES, anchors=ANCHORS)
    words, lines = collect_words(PAGE, commit)
    assert {"30", "True"}.isdisjoint(words)
    assert "shopctl sync --now" in lines
    commit.words_present(words)
    commit.lines_present(lines)
    commit.grep_words = lambda words, *, exclude_documents: pytest.fail(f"asked for {words}")
    verify_page("page", PAGE, commit)


def test_a_verdict_changes_only_with_what_it_rests_on() -> None:
    """Taking away any file that is not named in `cited` leaves a verdict without weak references as it was."""
    page = "# T\n\n[`Client`](src:src/shop/client.py#Client), `shop.client.Client`, `src/shop/`, `items.json`, `make lint`\n"
    verdict = verify_page("page", page, evidence(FILES))
    assert verdict.unresolved == ()
    assert verdict.weak == 0
    for path in set(FILES) - verdict.cited:
        rest = {name: text for name, text in FILES.items() if name != path}
        assert verify_page("page", page, evidence(rest)).unresolved == (), path
    lost = {name: text for name, text in FILES.items() if not name.startswith("src/shop/data")}
    assert "src/shop/data/items.json" in verdict.cited
    assert [one.text for one in verify_page("page", page, evidence(lost)).unresolved] == ["items.json"]


def test_a_thousand_invented_names_are_caught(commit: CommitEvidence) -> None:
    """Names made up of the repository's own words in the usual shapes: at least 995 of 1,000 are reported."""
    code = "\n".join(FILES.values())
    vocabulary: list[str] = sorted({found.lower() for found in re.findall(r"[A-Za-z][a-z]{3,}", code)})
    draw = random.Random(7)

    def word() -> str:
        return draw.choice(vocabulary)

    shapes: list[Callable[[], str]] = [
        lambda: f"{word()}_{word()}", lambda: f"{word().title()}{word().title()}", lambda: f"{word()}{word().title()}()",
        lambda: f"--{word()}-{word()}", lambda: f"{word().upper()}_{word().upper()}", lambda: f"src/shop/{word()}_{word()}.py",
        lambda: f"src/{word()}/{word()}.ts", lambda: f"{word()}.{word()}_{word()}", lambda: f"Client.{word()}_{word()}",
        lambda: f"shop.client.{word()}{word()}", lambda: f"{word()}-{word()}",
    ]  # fmt: skip
    names: set[str] = set()
    while len(names) < 1_000:
        name = shapes[len(names) % len(shapes)]()
        if name.strip("()") not in code and name.lower() not in code.lower():
            names.add(name)
    page = "# T\n\n[c](src:src/shop/client.py)\n\n" + "\n\n".join(f"`{name}`" for name in sorted(names))
    caught = {finding.text for finding in verify_page("page", page, commit).unresolved}
    assert len(names & caught) >= 995, sorted(names - caught)[:20]


def test_real_names_are_never_reported(commit: CommitEvidence) -> None:
    """Every path, definition, signature, flag and variable of the commit passes as a bare code span."""
    names = set(FILES)
    for path in FILES:
        facts = commit.facts(path)
        if facts is None:
            continue
        names |= {symbol.name for symbol in facts.symbols} | {symbol.signature for symbol in facts.symbols}
        names |= {flag for option in facts.options for flag in option.flags} | {one.name for one in facts.settings}
        names |= {task.name for task in facts.tasks} | {one.name for one in facts.dependencies}
    page = "# T\n\n" + "\n\n".join(f"`` {name} ``" for name in sorted(names) if "`" not in name)
    assert len(names) > 50
    assert [finding.text for finding in verify_page("page", page, commit).unresolved] == []


MARKUP = st.sampled_from(
    [
        "# ", "\n\n", "> ", "`", "``", "<q>", "</q>", "[", "](", ")", "src:", "doc:", "commit:", "a.py", "#", "?", "%", "--x",
        "$A_B", "```console\n", "```mermaid\nflowchart TD\n", "```\n", "| a |\n| - |\n", "— ", "pip install ", "make ", "\\",
        "'", '"', "(", "{", "*", "/", ".", "::", "git clone ", "https://", "@", "é", "\x00", "\ud800", "-   ", " ", "go run ",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKUP | st.text(max_size=4), max_size=25).map("".join))
def test_any_page_gets_a_verdict(page: str) -> None:
    """Whatever a model or a damaged store hands in: no exception, and the same verdict twice."""
    commit = evidence({"a.py": "A_B = 1\n", "Makefile": "x:\n\ttrue\n"})
    assert verify_page("page", page, commit) == verify_page("page", page, commit)


@pytest.mark.parametrize("text", ["(" * 50_000, "a." * 30_000, "a-" * 30_000, "<" * 50_000, "{" * 50_000, "/x" * 30_000,
                                  "1." * 30_000, '"' * 50_000, "$A_" * 20_000, "--x" * 20_000, "a b " * 20_000])  # fmt: skip
def test_monstrous_code_spans_take_bounded_time(text: str, commit: CommitEvidence) -> None:
    """Long code spans, commands and quotations are read in seconds."""
    page = f"# T\n\n`{text}`\n\n```console\n$ {text}\n```\n\n[c](src:Makefile)\n\n> {text}\n"
    verify_page("page", page, commit)
