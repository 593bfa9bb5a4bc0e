"""Evidence reads a commit's blobs afresh, remembers what it read, and notes what a verdict rests on."""

import sys
from functools import partial
from threading import Thread

import pytest

from docsfy_action.facts.model import Span
from docsfy_action.verify.evidence import ENTRY_BYTES, CommitEvidence, Recent, words_of
from docsfy_action.verify.files import Files
from docsfy_action.verify.folding import fold
from docsfy_action.verify.offers import bare_address, package_name
from docsfy_action.verify.recording import Recording
from docsfy_action.verify.resolving import Scope
from tests.unit.verify.commits import SHA, Blobs, evidence
from tests.unit.verify.shop import FILES


@pytest.fixture
def commit() -> CommitEvidence:
    """The sample repository."""
    return evidence({**FILES, "big.py": "x = 1\n" * 200_000, "no-utf8.txt": b"caf\xe9 \xff"})


def test_blobs_are_read_once(commit: CommitEvidence) -> None:
    """Words, folded text and facts of a file cost one reading each, however often they are asked for."""
    reader = commit.reader
    assert isinstance(reader, Blobs)
    for _ in range(3):
        assert "Client" in commit.words("src/shop/client.py")
        assert "classClient(Base):" in commit.folded("src/shop/client.py")
        assert commit.definitions("src/shop/client.py")["Client.get"] == Span(start=32, end=34)
    assert reader.reads == ["src/shop/client.py"] * 3


def test_only_what_was_asked_for_last_is_kept() -> None:
    """The files of which something is kept have at most so many bytes; a large one pushes others out, and may stand alone."""
    recent: Recent[str] = Recent(1_000)
    made: list[str] = []

    def ask(path: str, size: int) -> str:
        def make() -> tuple[str, int]:
            made.append(path)
            return path.upper(), size

        return recent.get(path, make)

    for path, size in (("a", 100), ("b", 100), ("c", 100), ("a", 100), ("d", 100), ("a", 100), ("b", 100)):
        assert ask(path, size) == path.upper()
    assert made == ["a", "b", "c", "d", "b"]
    ask("huge", 5_000)
    ask("huge", 5_000)
    assert made[5:] == ["huge"]


def test_what_is_not_there_is_empty(commit: CommitEvidence) -> None:
    """Unknown paths, files without extractor and files too large to extract have no definitions."""
    assert commit.read("lost.py") is None
    assert commit.words("lost.py") == frozenset()
    assert commit.facts("lost.py") is None
    assert commit.facts("no-utf8.txt") is None
    assert commit.facts("big.py") is None
    assert commit.definitions("big.py") == {}
    assert commit.commit_text("f" * 40) is None
    assert "wait" in (commit.commit_text(SHA) or "")


def test_the_offers_of_a_commit(commit: CommitEvidence) -> None:
    """Packages, programs, tasks, services and variables come from its manifests; documents are not among them."""
    offers = commit.commands
    assert {"acme-shop", "@acme/shop-web"} <= offers.packages
    assert {"httpx", "pytest", "vite"} <= offers.dependencies
    assert {"shop", "shop-web"} <= offers.programs
    assert offers.go_modules == {"github.com/acme/shop"}
    assert {"test", "lint"} <= offers.tasks["make"]
    assert offers.has_task("build")
    assert not offers.has_task("deploy")
    assert {"shop", "postgres"} <= offers.services
    assert "SHOP_LOG_LEVEL" in offers.environment
    assert offers.remotes == {"github.com/acme/shop"}
    assert "pyproject.toml" in offers.sources
    assert "README.md" not in offers.sources


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/Acme/Shop.git",
        "git@github.com:acme/shop.git",
        "ssh://git@github.com/acme/shop/",
        "git+https://u:p@github.com/acme/shop",
    ],
)
def test_addresses_of_one_repository_are_one(address: str) -> None:
    """However it is written, it is the same place to clone from."""
    assert bare_address(address) == "github.com/acme/shop"


def test_package_names_have_a_normal_form() -> None:
    """`Typing_Extensions` and `typing-extensions` are one package."""
    assert package_name("Typing__Ext.x") == "typing-ext-x"


def test_words_are_those_that_readers_of_the_file_see() -> None:
    """As written, with escapes read, with entities read; dashes may join words."""
    words = words_of('a_b --dry-run "caf\\xe9\\n\\u00fcber\\tend" R&eacute;sum&eacute;')
    assert {"a_b", "--dry-run", "dry", "café", "über", "end", "Résumé"} <= words


def test_a_word_that_the_source_breaks_in_two_is_one() -> None:
    """Adjacent string literals, and those that a plus joins, are one text; two words of one literal are not."""
    text = 'help="use the"\n    "project length", "one" + "two", \'four\' f\'five\''
    assert {"theproject", "onetwo", "fourfive"} <= words_of(text)
    assert words_of('"one", "two"') == {"one", "two"}
    assert "helloworld" not in words_of('"hello world"')


@pytest.mark.parametrize(
    ("path", "written", "laid_out"),
    [
        ("a.py", 'def f(a, b="# x")', 'def f(\n    a,  # first, isn\'t it\n    b="# x",\n)'),
        ("a.go", "func F(a int, b string)", "func F(\n\ta int, // it's\n\tb string, /* c */\n)"),
        ("a.ts", "f(a: 'x' | \"//y\"): void", "f(\n  a: 'x' | \"//y\", // z\n): void"),
    ],
)
def test_layout_and_comments_fold_away(path: str, written: str, laid_out: str) -> None:
    """A signature is the same on one line and over several with comments; strings stay as they are."""
    assert fold(written, path) == fold(laid_out, path)
    assert fold(written, path) != fold(written.replace("a", "c"), path)


def test_ways_to_name_a_path() -> None:
    """Whole, by the end, as a module, as a pattern, by a suffix; folders too."""
    files = Files(
        ["src/pkg/__init__.py", "src/pkg/mod.py", "web/index.ts", "cmd/tool/main.go", "README.md", ".env.example"]
    )
    assert files.folders == {"src", "src/pkg", "web", "cmd", "cmd/tool"}
    assert files.holds("src/pkg")
    assert not files.holds("pkg")
    assert not files.holds("")
    assert files.ending("pkg/mod.py") == ("src/pkg/mod.py",)
    assert files.ending("kg/mod.py") == ()
    assert files.ending("pkg") == ("src/pkg",)
    assert files.module(("pkg", "mod")) == ("src/pkg/mod.py",)
    assert files.module(("src", "pkg")) == ("src/pkg/__init__.py", "src/pkg")
    assert files.module(("web",)) == ("web/index.ts", "web")
    assert files.module(("nothing",)) == ()
    assert files.match("**/*.py") == "src/pkg/__init__.py"
    assert files.match("src/*") == "src/pkg"
    assert files.match("*.md") == "README.md"
    assert files.match("*.rs") == ""
    assert files.with_suffix(".ts") == "web/index.ts"
    assert files.with_suffix(".rs") == ""
    assert files.first_in("src") == "src/pkg/__init__.py"
    assert files.first_in("lost") == ""


def test_a_recording_notes_every_positive_answer(commit: CommitEvidence) -> None:
    """Each file that an answer came from is noted; a folder by one of its files; what is missing is not."""
    recording = Recording(commit)
    assert not recording.files.holds("lost")
    assert recording.files.ending("lost.py") == ()
    assert recording.files.match("*.rs") == ""
    assert recording.files.with_suffix(".rs") == ""
    assert recording.used == set()
    assert recording.files.folders == commit.files.folders
    assert recording.files.first_in("cmd") == "cmd/shopd/main.go"
    assert recording.anchors is commit.anchors
    assert recording.commit_text(SHA) == commit.commit_text(SHA)
    assert recording.words_present(["Client"]) == {"Client"}
    assert recording.lines_present(["pytest -q"]) == {"pytest -q"}
    assert recording.used == set()
    steps = [
        (recording.files.holds("cmd"), "cmd/shopd/main.go"),
        (recording.files.ending("shop/cli.py"), "src/shop/cli.py"),
        (recording.files.module(("shop", "client")), "src/shop/client.py"),
        (recording.files.match("*.toml"), "pyproject.toml"),
        (recording.files.with_suffix(".mod"), "go.mod"),
        (recording.read("Makefile"), "Makefile"),
        (recording.words("tox.ini"), "tox.ini"),
        (recording.folded("noxfile.py"), "noxfile.py"),
        (recording.facts("web/cli.js"), "web/cli.js"),
        (recording.definitions("src/shop/__init__.py"), "src/shop/__init__.py"),
    ]
    assert all(answer is not None and answer is not False for answer, _ in steps)
    assert recording.used == {path for _, path in steps}
    assert "package.json" in recording.commands.sources <= recording.used


def test_files_are_remembered_for_several_threads() -> None:
    """Pages that are written at the same time ask for the same files, and none of them sees another's bookkeeping."""
    recent: Recent[int] = Recent(3 * (ENTRY_BYTES + 10))
    wrong: list[str] = []

    def ask(seed: int) -> None:
        for step in range(3_000):
            number = (step * seed) % 7
            try:
                if recent.get(str(number), partial(_pair, number)) != number:
                    wrong.append(str(number))
            except KeyError as error:
                wrong.append(repr(error))

    threads = [Thread(target=ask, args=(seed,)) for seed in (1, 2, 3, 5)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []
    for number in (10, 11, 12):
        recent.get(str(number), partial(_pair, number))
    # The count of bytes has not drifted: the last three are still there.
    assert [recent.get(str(number), partial(_pair, 0)) for number in (10, 11, 12)] == [10, 11, 12]


def _pair(number: int) -> tuple[int, int]:
    return number, 10


def test_a_page_reads_the_words_of_each_cited_file_once() -> None:
    """However many names are looked for, and however little the evidence remembers."""
    commit = evidence({f"{name}.py": f"{name} = 1\n" * 9 for name in "abc"})
    commit._words = Recent(1)  # remembers one file
    scope = Scope(commit, ["a.py", "b.py", "c.py"])
    assert [scope.says(word) for word in ("b", "c", "nothing", "a", "b", "c", "nowhere")] == [
        True, True, False, True, True, True, False,
    ]  # fmt: skip
    reader = commit.reader
    assert isinstance(reader, Blobs)
    assert sorted(reader.reads) == ["a.py", "b.py", "c.py"]
