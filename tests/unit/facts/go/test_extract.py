"""What holds for the facts of every Go file."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.languages.go import EXTRACTORS
from docsfy_action.facts.languages.go.imports import default_name
from docsfy_action.facts.languages.go.strings import dedented, formatted
from docsfy_action.facts.model import BlobFacts

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())
JUNK = [b"", b"(", b")", b"{", b"}", b'"', b"`", b",", b".", b"\xff", b"\r\n", b"/*", b"&cobra.Command{"]
SOURCES = [path.read_bytes() for path in FIXTURES]


def extract(source: str | bytes) -> BlobFacts:
    """Facts of a text."""
    return EXTRACTORS[0].extract(source.encode() if isinstance(source, str) else source)


def squeezed(source: str) -> str:
    """Text without any white space."""
    return "".join(source.split())


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_what_facts_quote_stands_in_the_source(fixture: Path) -> None:
    """Signatures, types, values and tags are the file's own text, white space and comments aside; lines are its lines."""
    source = fixture.read_text(encoding="utf-8")
    plain = squeezed("\n".join(line.split("//")[0] for line in source.split("\n")))
    facts = extract(source)
    for symbol in facts.symbols:
        quoted = (
            symbol.signature,
            symbol.returns,
            *(p.annotation.removeprefix("...") for p in symbol.parameters),
            *symbol.bases,
        )
        assert all(squeezed(text) in plain for text in quoted)
        own = source.split("\n")[symbol.span.start - 1 : symbol.span.end]
        assert symbol.name.rpartition(".")[2] in "\n".join(own)
    lines = {fact.line for kind in (facts.commands, facts.options, facts.settings, facts.imports) for fact in kind}
    assert all(0 < line <= facts.lines for line in lines)


@pytest.mark.parametrize(("path", "claimed"), [("a/b.go", True), ("a_test.go", True), ("b.gox", False), ("go", False)])
def test_files_are_claimed_by_their_ending(path: str, claimed: bool) -> None:
    """Every `.go` file is Go; whether it is a test is decided elsewhere."""
    extractor = extractor_for(path)
    assert (extractor is not None and extractor.name == "go") == claimed


def test_hashes_follow_the_code() -> None:
    """A definition's hash changes with its code and only then."""
    one = extract("package p\n\n// A\nfunc F() { a() }\n\nfunc G() {}\n")
    two = extract("package p\n\n\n// B\nfunc F() { b() }\n\nfunc G() {}\n")
    assert one.symbols[0].body != two.symbols[0].body
    assert one.symbols[1].body == two.symbols[1].body


@pytest.mark.parametrize(
    ("blob", "error"), [(b"a\0", "binary"), (b"//" + b"x" * 1_000_000, "larger than 1,000,000 bytes")]
)
def test_blobs_that_are_no_source_say_so(blob: bytes, error: str) -> None:
    """Binary and huge files have no facts but their reason."""
    assert extract(blob) == BlobFacts(lines=1, error=error)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("fmt", "fmt"),
        ("github.com/urfave/cli/v2", "cli"),
        ("gopkg.in/yaml.v3", "yaml"),
        ("github.com/mattn/go-isatty", "isatty"),
        ("github.com/x/tool-go", "tool"),
        ("v2", "v2"),
    ],
)
def test_package_names_follow_from_paths(path: str, name: str) -> None:
    """An import without alias is known by the name that Go's tools expect from its path."""
    assert default_name(path) == name


def test_formats_are_filled_with_what_is_known() -> None:
    """Verbs take their argument in order or by number; an unknown one leaves a hole."""
    assert formatted("%s is %q, 100%% %d", ["a", "b", None]) == 'a is "b", 100% …'
    assert formatted("%[2]s %[1]s %s %v", ["a", "b"]) == "b a b …"


def test_dedented_text_keeps_its_inner_indentation() -> None:
    """The margin that all lines share goes, and blank lines around the text."""
    assert dedented("\n\t\ta\n\n\t\t\tb\n\t") == "a\n\n\tb"


LONG = 'package p\nimport "github.com/spf13/cobra"\nvar c = &cobra.Command{Use: "c", Long: ' + '"a" + ' * 200 + '"b"}\n'
CIRCLES = """package p
import ("github.com/spf13/cobra"; "github.com/urfave/cli/v2"; "os")
var a = &cobra.Command{Use: "a"}
var b = &cobra.Command{Use: "b"}
var flags = append(flags, flags...)
var x = &cli.Command{Name: "x", Flags: flags, Commands: []*cli.Command{y}}
var y = &cli.Command{Name: "y", Commands: []*cli.Command{x}}
var k = k
func init() { a.AddCommand(b); b.AddCommand(a); a.AddCommand(a); cmd := cmd; a.AddCommand(cmd); p := q; q := p; a.AddCommand(p) }
var e = os.Getenv(k)
"""


def test_long_and_circular_expressions_are_read() -> None:
    """Texts put together from many parts are read as a whole; names that stand for themselves end."""
    assert extract(LONG).commands[0].details == "a" * 200 + "b"
    assert [command.name for command in extract(CIRCLES).commands] == ["a", "a b", "x", "x y"]


@pytest.mark.parametrize("opening", ["(", "{", "[]T{", "struct { A ", "func() {", "f("])
def test_deep_nesting_is_survived(opening: str) -> None:
    """However deep code is nested, extraction ends, with facts as long as it still is code."""
    assert extract(f"package p\nvar x = {opening * 150}").package == "p"
    assert extract(f"package p\nvar x = {opening * 2000}").lines == 2


@settings(max_examples=60, deadline=2000)
@given(st.data())
def test_damaged_source_never_raises(data: st.DataObject) -> None:
    """Any cut or change of a source file gives facts, perhaps with an error."""
    source = data.draw(st.sampled_from(SOURCES))
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(source)), st.integers(0, len(source)))))
    junk = data.draw(st.sampled_from(JUNK))
    assert extract(source[:start] + junk + source[end:]).lines >= 0


def test_files_that_take_too_long_to_parse_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parser gives up, the file has no facts, and says so."""
    monkeypatch.setattr("docsfy_action.facts.languages.go.extract.parse_bounded", lambda *_: None)
    assert extract("package p") == BlobFacts(lines=1, error="no code that the grammar understands")


def test_text_without_structure_is_given_up() -> None:
    """Where the grammar finds thousands of loose tokens, the file is no code."""
    assert extract("package p\\nvar x = " + "(" * 2000).error == "no code that the grammar understands"
