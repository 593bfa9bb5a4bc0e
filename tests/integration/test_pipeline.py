"""The main job from end to end on a small real repository."""

import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest

from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.references import Draft, draft_page
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.registry import WRITERS, PageWriter
from tests.integration.program import LIBRARY, Outcome, Program, commit, git, library

FIRST = LIBRARY["src/shop/cart.py"].splitlines().index("class Cart:") + 1
LAST = len(LIBRARY["src/shop/cart.py"].splitlines())
CLASS_LINES, MOVED_LINES = f"{FIRST}-L{LAST}", f"{FIRST + 2}-L{LAST + 2}"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on the sample library."""
    return Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)


def assert_ready(outcome: Outcome) -> None:
    """The run ended well and everything it says was found in the commit."""
    assert outcome.status == 0, outcome.printed
    assert outcome.report["status"] == "ready"
    assert outcome.report["unresolved_references"] == 0
    assert outcome.report["pages_failed"] == 0


def test_a_first_run_makes_a_whole_site(program: Program) -> None:
    """Every kind of page there is something to say for, its Markdown twin, llms.txt, and links to lines at a commit."""
    outcome = program()
    assert_ready(outcome)
    site = program.site()
    slugs = set(outcome.pages("write"))
    assert {"index", "getting-started", "architecture", "command-line", "configuration", "development", "dependencies",
            "recent-changes"} <= slugs  # fmt: skip
    assert {f"{slug}.html" for slug in slugs} | {f"{slug}.md" for slug in slugs} <= site.keys()
    assert {"llms.txt", "llms-full.txt", "404.html", ".nojekyll", "sitemap.xml"} <= site.keys()
    head = git(program.folder, "rev-parse", "HEAD")
    api = next(text.decode() for name, text in site.items() if name.startswith("api-") and name.endswith(".md"))
    assert f"https://github.com/somebody/shop/blob/{head}/src/shop/cart.py#L{CLASS_LINES}" in api
    assert "What one of it costs, in cents." in api


def test_a_second_run_does_nothing(program: Program) -> None:
    """The same commit and inputs: up to date, every page kept, the site untouched."""
    program()
    before = program.site()
    outcome = program()
    assert_ready(outcome)
    assert outcome.report["stage"] == "up_to_date"
    assert not outcome.pages("write", "remove", "fail")
    assert program.site() == before


def test_a_page_that_was_refused_is_not_made_again_from_the_same(program: Program) -> None:
    """The embedded writer makes the same of the same commit, so the page is reported as withheld with what was found in
    it, and nothing is read; a page that failed for another reason is tried again."""
    program()
    manifest = next((program.folder.parent / "state").rglob("manifest.json"))
    before = manifest.read_text()

    def fail(**changes: object) -> Outcome:
        stored = json.loads(before)
        page = next(page for page in stored["pages"] if page["slug"] == "development")
        page.update({"failed": True, "reason": "withheld: words", "findings": ["name: `x` is not there."], **changes})
        manifest.write_text(json.dumps(stored))
        return program()

    withheld = fail(refused_digest="0" * 64)
    assert withheld.report["stage"] == "up_to_date"
    assert withheld.pages("fail") == {"development": "withheld: words"}
    assert "The page `development` was withheld: `x` is not there." in withheld.printed
    deferred = fail(refused_digest="")
    assert_ready(deferred)
    assert set(deferred.pages("write")) == {"development"}


def test_a_site_that_is_gone_or_changed_is_made_again_without_writing(program: Program) -> None:
    """The output folder may be empty on a runner; the pages come from the state."""
    program()
    before = program.site()
    (program.folder / "_docsfy" / "site" / "index.html").write_text("somebody's change")
    (program.folder / "_docsfy" / "site" / "usage.html").unlink(missing_ok=True)
    outcome = program()
    assert_ready(outcome)
    assert outcome.report["stage"] == "up_to_date"
    assert not outcome.pages("write")
    assert program.site() == before


def test_a_change_rewrites_only_the_pages_made_from_it(program: Program) -> None:
    """A new default of an option changes the command line page; the reason names the option."""
    program()
    cli = LIBRARY["src/shop/cli.py"].replace("default=1", "default=2")
    commit(program.folder, {"src/shop/cli.py": cli}, "Dearer")
    outcome = program()
    assert_ready(outcome)
    written = outcome.pages("write")
    assert "changed its default" in written["command-line"]
    assert set(written) <= {"command-line", "recent-changes"}


def test_code_that_only_moves_rewrites_nothing_but_its_links_follow(program: Program) -> None:
    """Line numbers are no reason; the permalinks are resolved anew."""
    program()
    cart = LIBRARY["src/shop/cart.py"].replace("import os\n", "import os\n\n# A comment.\n")
    head = commit(program.folder, {"src/shop/cart.py": cart}, "A comment")
    outcome = program()
    assert_ready(outcome)
    assert set(outcome.pages("write")) <= {"recent-changes"}
    api = next(
        text.decode() for name, text in program.site().items() if name.startswith("api-") and name.endswith(".md")
    )
    assert f"blob/{head}/src/shop/cart.py#L{MOVED_LINES}" in api


def test_a_deleted_symbol_disappears_from_the_site(program: Program) -> None:
    """After the commit that deletes a method, no file of the site names it."""
    program()
    assert any(b"Cart.total" in text for text in program.site().values())
    cart = LIBRARY["src/shop/cart.py"].split("    def total")[0]
    commit(program.folder, {"src/shop/cart.py": cart, "tests/test_cart.py": None}, "No sums")
    outcome = program()
    assert_ready(outcome)
    assert any("`Cart.total` is gone" in reason for reason in outcome.pages("write").values())
    assert not [name for name, text in program.site().items() if b"Cart.total" in text]


def test_the_incremental_site_is_the_full_site(program: Program, tmp_path: Path) -> None:
    """After several commits both ways give the same bytes, redirects of removed pages aside."""
    program()
    commit(program.folder, {"src/shop/money.py": None}, "No money")
    assert_ready(program())
    commit(
        program.folder,
        {"src/shop/gift.py": '"""Gifts."""\n\n\ndef wrap() -> str:\n    """Wrap it."""\n    return ""\n'},
        "Gifts",
    )
    assert_ready(program())
    incremental = program.site()
    program.state = tmp_path / "another state"
    assert_ready(program())
    full = program.site()
    stubs = {name for name, text in incremental.items() if b'http-equiv="refresh"' in text}
    assert {name: text for name, text in incremental.items() if name not in stubs} == full


def test_a_page_that_goes_leaves_a_redirect(program: Program) -> None:
    """The address of a removed page leads to a page that exists; nothing lists it."""
    program()
    commit(
        program.folder,
        {
            "pyproject.toml": LIBRARY["pyproject.toml"].replace(
                'dependencies = ["httpx>=0.27", "click>=8", "rich"]\n', ""
            )
        },
        "Alone",
    )
    commit(
        program.folder,
        {
            "src/shop/cart.py": LIBRARY["src/shop/cart.py"]
            .replace('int(os.environ.get("SHOP_LIMIT", "10"))', "10")
            .replace("import os\n\n", "")
        },
        "Fixed",
    )
    outcome = program()
    assert_ready(outcome)
    assert "configuration" in outcome.pages("remove")
    site = program.site()
    assert b'http-equiv="refresh"' in site["configuration.html"]
    assert b"configuration" not in site["llms.txt"] + site["sitemap.xml"]
    assert_ready(program("--force"))
    assert "configuration.html" in program.site()


def test_force_writes_every_page_again(program: Program) -> None:
    """The result is the same, the reason is the flag."""
    program()
    before = program.site()
    outcome = program("--force")
    assert_ready(outcome)
    assert set(outcome.pages("write").values()) == {"`force` was given"}
    assert program.site() == before


def test_a_dry_run_leaves_nothing_behind(program: Program) -> None:
    """It tells the pages and reasons, and writes neither site nor state."""
    outcome = program("--dry-run")
    assert outcome.status == 0
    assert outcome.pages("write")
    assert not (program.folder / "_docsfy" / "site").exists()
    assert not program.state.exists()


def test_a_corrupted_fact_is_found_and_healed(program: Program) -> None:
    """A stored fact that the commit does not bear out never reaches the site: it is read again."""
    program()
    before = program.site()
    (database,) = program.state.rglob("facts.sqlite")
    changed = 0
    with sqlite3.connect(database) as connection:
        table = next(
            iter(
                connection.execute(
                    "select name from sqlite_master where type='table' and sql like '%blob%' or sql like '%value%'"
                )
            )
        )[0]
        columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
        value = next(name for name in columns if name in ("value", "data", "content", "bytes", "entry"))
        for rowid, stored in list(connection.execute(f"select rowid, {value} from {table}")):
            changed += _corrupt(connection, table, value, rowid, stored)
    assert changed
    outcome = program("--force")
    assert_ready(outcome)
    assert program.site() == before
    assert not any(b"Trolley" in text for text in before.values())


def _corrupt(connection: sqlite3.Connection, table: str, column: str, rowid: int, stored: bytes) -> int:
    """Rename the class in a stored entry, in whatever way the entry is packed."""
    for head in range(80):
        try:
            text = zlib.decompress(stored[head:])
        except zlib.error:
            continue
        if b"Cart" not in text:
            return 0
        connection.execute(
            f"update {table} set {column} = ? where rowid = ?",
            (stored[:head] + zlib.compress(text.replace(b"Cart", b"Trolley")), rowid),
        )
        return 1
    return 0


def test_only_what_a_verdict_rests_on_makes_a_page_be_verified_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit to a file that a page cites has it looked at, a commit to any other file does not."""
    looked_at: list[str] = []

    def noted(slug: str, markdown: str, evidence: Evidence) -> Draft:
        looked_at.append(slug)
        return draft_page(slug, markdown, evidence)

    monkeypatch.setattr("docsfy_action.stages.verifying.draft_page", noted)
    first = program()
    assert set(looked_at) == set(first.pages("write"))
    looked_at.clear()
    commit(program.folder, {"NOTES": "Nothing cites this file.\n"}, "Notes")
    program()
    assert "configuration" not in looked_at
    cart = LIBRARY["src/shop/cart.py"].replace("import os\n", "import os\n\n# A comment.\n")
    commit(program.folder, {"src/shop/cart.py": cart}, "A comment")
    assert "configuration" in program().pages("keep")
    assert "configuration" in looked_at


def test_a_clone_without_blobs_is_completed_before_its_configuration_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`filter: blob:none` and no checkout: `.docsfy.yml` and the MkDocs file that it names are fetched like all else, the
    clone itself stays as it was, and the site is that of a whole clone."""
    origin = library(tmp_path / "origin" / "shop")
    steering = {".docsfy.yml": "site-name: Corner shop\nmkdocs-config: docs.yml\n", "docs.yml": "site_author: Ada\n"}
    commit(origin, steering, "Steer")
    git(origin, "config", "uploadpack.allowFilter", "true")
    folder = tmp_path / "shop"
    clone = ("clone", "--quiet", "--filter=blob:none", "--no-checkout", origin.as_uri(), str(folder))
    git(tmp_path, *clone)
    missing = git(folder, "rev-list", "--objects", "--missing=print", "HEAD").count("?")
    assert missing > len(LIBRARY)
    partial = Program(folder, tmp_path / "state", monkeypatch, capsys)
    outcome = partial()
    assert_ready(outcome)
    assert b"Corner shop" in partial.site()["index.html"]
    assert b'content="Ada"' in partial.site()["index.html"]
    assert partial().report["stage"] == "up_to_date"
    assert git(folder, "rev-list", "--objects", "--missing=print", "HEAD").count("?") == missing
    git(tmp_path, "clone", "--quiet", origin.as_uri(), str(tmp_path / "whole" / "shop"))
    whole = Program(tmp_path / "whole" / "shop", tmp_path / "other-state", monkeypatch, capsys)
    assert_ready(whole())
    assert whole.site() == partial.site()


def test_links_to_the_source_start_with_the_address_that_was_given(program: Program) -> None:
    """`repo-url` moves the links and nothing else: the state stays that of the repository's own home."""
    program()
    outcome = program("--repo-url", "https://codeberg.org/mirror/shop")
    assert_ready(outcome)
    assert not outcome.pages("remove")
    pages = {name: data.decode() for name, data in program.site().items() if name.endswith(".html")}
    head = git(program.folder, "rev-parse", "HEAD")
    assert f"https://codeberg.org/mirror/shop/commit/{head}" in pages["index.html"]
    assert any("https://codeberg.org/mirror/shop/src/commit/" in page for page in pages.values())
    assert not any("github.com/somebody" in page for page in pages.values())
    assert [path.name for path in program.state.rglob("manifest.json")] == ["manifest.json"]


HANDWRITTEN = {
    ".docsfy.yml": "pages:\n  handwritten: [docs/a.md, docs/b.md]\n",
    "docs/a.md": "# Alpha\n\nSee [the part](b.md#the-part), [b](b.md) and [my own](#own).\n\n## Own\n\nText.\n",
    "docs/b.md": "# Beta\n\n## The part\n\nText.\n",
}


def full_site(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What a run without any state makes of the same commit, redirects aside."""
    full = Program(program.folder, tmp_path / "no-state", monkeypatch, program._capsys)
    assert full().status == 0
    return full.site()


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"docs/b.md": "# Beta\n\n## Another part\n\nText.\n"}, "See [the part](b.md), [b](b.md) and [my own](#own)."),
        (
            {"docs/b.md": None, ".docsfy.yml": "pages:\n  handwritten: [docs/a.md]\n"},
            "See the part, b and [my own](#own).",
        ),
    ],
)
def test_links_of_a_page_written_by_hand_follow_what_goes(
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str | None],
    shown: str,
) -> None:
    """The heading or page that it links to is gone: the site is built, its words stay, and a full run says the same."""
    commit(program.folder, HANDWRITTEN, "Pages")
    assert_ready(program())
    assert "[the part](b.md#the-part)" in program.site()["a.md"].decode()
    commit(program.folder, change, "Change")
    assert_ready(program())
    incremental = program.site()
    assert shown in incremental["a.md"].decode()
    stubs = {name for name, data in incremental.items() if b'http-equiv="refresh"' in data}
    full = full_site(program, tmp_path, monkeypatch)
    assert {name: data for name, data in incremental.items() if name not in stubs} == full


@pytest.mark.parametrize("anchor", ["", "#total"])
def test_a_kept_page_that_links_to_what_is_gone_is_found_and_written_anew(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anchor: str
) -> None:
    """Even where a writer forgot to count a link among what its page is made from: verification looks at the pages and
    headings that a kept page links to, and the site is that of a full run."""
    usual = WRITERS["development"]
    links = {"on": True}

    def select(spec: PageSpec, context: Context) -> object:
        # The digest does not tell; what is written follows the outline all the same.
        slugs = {page.slug for page in context.outline.pages()}
        links["on"] = "b" in slugs and "## The part" in context.texts.get("docs/b.md", "")
        return usual.select(spec, context)

    def write(page: Any) -> str:
        return usual.write(page) + (f"\nSee [b](b.md{'#the-part' if anchor else ''}).\n" if links["on"] else "")

    monkeypatch.setitem(WRITERS, "development", PageWriter(select=select, write=write))
    commit(program.folder, HANDWRITTEN, "Pages")
    assert_ready(program())
    assert "See [b](b.md" in program.site()["development.md"].decode()
    gone: dict[str, str | None] = {"docs/b.md": "# Beta\n\n## Another part\n\nText.\n"}
    if not anchor:
        gone = {"docs/b.md": None, ".docsfy.yml": "pages:\n  handwritten: [docs/a.md]\n"}
    commit(program.folder, gone, "Change")
    outcome = program()
    assert_ready(outcome)
    assert outcome.pages("write")["development"] == "what it says does not hold for this commit"
    incremental = program.site()
    assert "See [b]" not in incremental["development.md"].decode()
    stubs = {name for name, data in incremental.items() if b'http-equiv="refresh"' in data}
    full = full_site(program, tmp_path, monkeypatch)
    assert {name: data for name, data in incremental.items() if name not in stubs} == full


def test_pinned_pages_are_made_or_named(program: Program) -> None:
    """What is said of a page that the embedded writer has is taken over; of others the run says what they need."""
    pins = "pages:\n  pin:\n    - {slug: development, title: Working on it, section: Guides}\n    - upgrading\n"
    commit(program.folder, {".docsfy.yml": pins}, "Pin")
    outcome = program()
    assert_ready(outcome)
    assert "nothing to say: upgrading." in outcome.printed
    site = program.site()
    assert site["development.md"].startswith(b"# Working on it\n")
    llms = site["llms.txt"].decode()
    assert llms.index("## Guides") < llms.index("[Working on it](") < llms.index("## Reference")


@pytest.mark.parametrize(
    ("language", "shown", "said"),
    [("de", "de", "page language follow `de`."), ("la", "en", "want of a translation to `la`.")],
)
def test_another_language_is_that_of_the_frame(program: Program, language: str, shown: str, said: str) -> None:
    """The embedded writer writes English and says so; words are found by the rules of both languages."""
    outcome = program("--language", language)
    assert_ready(outcome)
    assert "The embedded writer writes English; " in outcome.printed
    assert said in outcome.printed
    site = program.site()
    assert f'<html lang="{shown}"' in site["index.html"].decode()
    languages = json.loads(site["search/search_index.json"])["config"]["lang"]
    assert languages == list(dict.fromkeys([shown, "en"]))
    assert "writes English" not in program("--language", "en-GB").printed
