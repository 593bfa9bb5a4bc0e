"""Bad input: whatever bytes a repository holds, an extractor returns facts that can be stored and shown."""

import json
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsfy_action.facts.extractor import MAX_BLOB_BYTES, Extractor
from docsfy_action.facts.model import BlobFacts
from tests.unit.facts.formats.samples import EXTRACTORS, extract, fixtures
from tests.unit.facts.golden import plain

BY_NAME = {extractor.name: extractor for extractor in EXTRACTORS}
SAMPLES = {fixture.extractor.name: fixture.data for fixture in fixtures() if fixture.data.count(b"\n") > 2}
MAX_NAME = 214
PIECES = st.sampled_from(
    [b"\n", b" ", b"\t", b'"', b"'", b"`", b"[", b"]", b"{", b"}", b"(", b")", b":", b"=", b"#", b"\\", b"<", b">", b"|",
     b"*", b"&a ", b"*a", b"<<: ", b"- ", b"..", b"::", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\xe2\x80\xa8",
     b"\xed\xa0\x80", "ß".encode(), b"\\ud800", b"\\U0000d800", b"$", b"%", b"@", b"&#0;", b"<!--", b"<a", b"9" * 5_000]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A file in which pieces are cut out, doubled, or replaced by what some format gives a meaning."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        middle = draw(st.one_of(PIECES, st.just(data[start:end] * 2), st.just(b""), st.binary(max_size=8)))
        data = data[:start] + middle + data[end:]
    return data


def check(facts: BlobFacts, data: bytes) -> None:
    """What holds for all facts: they can be written as UTF-8, and point at lines that the blob has."""
    text = json.dumps(plain(facts), ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    assert facts.lines == data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))
    check_lines(facts, max(facts.lines, 1))


def check_lines(value: object, last: int) -> None:
    """Every `line` is one of the file's; every name is short and on one line."""
    if isinstance(value, tuple):
        for item in value:
            check_lines(item, last)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            item = getattr(value, field.name)
            if field.name == "line":
                assert 1 <= item <= last
            elif field.name in ("name", "id") and not is_label(value):
                assert "\n" not in item
                assert len(item) <= MAX_NAME
            else:
                check_lines(item, last)


def is_label(value: object) -> bool:
    """Whether a fact's name is a sentence that a person wrote, such as that of a workflow's step."""
    return type(value).__name__ in ("Workflow", "Step", "Job", "Manifest")


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_damaged_files_never_raise(name: str) -> None:
    """A file of the format with random damage gives facts or an error, never an exception."""
    extractor: Extractor = BY_NAME[name]

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.one_of(damaged(SAMPLES.get(name, b"PORT=1\n")), st.binary(max_size=60)))
    def run(data: bytes) -> None:
        check(extractor.extract(data), data)

    run()


@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda extractor: extractor.name)
def test_blobs_over_the_limit_are_refused(extractor: Extractor) -> None:
    """More than 1 MB is not read; the error says so, and the lines are still counted."""
    facts = extractor.extract(b"a\n" * (MAX_BLOB_BYTES // 2 + 1))
    assert facts == BlobFacts(lines=MAX_BLOB_BYTES // 2 + 1, error="larger than 1 MB, not read")


@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda extractor: extractor.name)
def test_an_empty_file_has_no_facts_that_name_something(extractor: Extractor) -> None:
    """Nothing is made up for an empty file."""
    facts = extractor.extract(b"")
    assert facts.lines == 0
    named = (facts.dependencies, facts.tasks, facts.entry_points, facts.settings, facts.containers, facts.workflows)
    assert not any(named)


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("package.json", '{"a": ' * 100 + "1" + "}" * 100, "nested too deeply"),
        ("package.json", '{"name": "a",, }]', "closes what is not open"),
        ("package.json", '{"name": ', "ends too early"),
        ("package.json", "{'name': 1}", "line 1 holds something unexpected"),
        ("pyproject.toml", "a = " + "[" * 100 + "]" * 100, "nested too deeply"),
        ("pyproject.toml", ".".join("a" * 100) + " = 1", "nested too deeply"),
        ("pyproject.toml", "[project\n", "not TOML"),
        (".github/workflows/a.yml", "a: " + "[" * 100 + "]" * 100, "nested too deeply"),
        (".github/workflows/a.yml", "".join(f"{' ' * n}a:\n" for n in range(100)), "nested too deeply"),
        (".github/workflows/a.yml", "a: b: c\n", "not YAML: line 1"),
        (".github/workflows/a.yml", 'a: "\\UFFFFFFFF"\n', "not YAML"),
        (".github/workflows/a.yml", "? [a]\n: b\n", "used as a key on line 1"),
        ("pom.xml", '<!DOCTYPE a [<!ENTITY b "c">]><project>&b;</project>', "document type"),
        ("pom.xml", "<project><a></project>", "not XML"),
        ("pom.xml", "", "not XML"),
        ("pom.xml", "<a>" * 100 + "</a>" * 100, "nested too deeply"),
        ("setup.py", "setup(name='a')\n" + "#" * 64_000, "more than 64 KB"),
        ("setup.py", "<!--" * 15_000, "too many errors"),
    ],
)
def test_what_cannot_be_read_says_why(path: str, text: str, reason: str) -> None:
    """An unreadable file has an error in words, and no facts."""
    facts = extract(path, text)
    assert reason in facts.error
    assert facts == BlobFacts(lines=facts.lines, error=facts.error)


def test_aliases_that_expand_without_end_are_refused() -> None:
    """The billion laughs: each alias holds the one before ten times."""
    bomb = "a: &a0 [x]\n" + "".join(f"b{n}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(9))
    assert "expanded too far" in extract("compose.yaml", bomb).error


def test_an_alias_inside_of_itself_is_nothing() -> None:
    """YAML allows a list that holds itself; facts cannot."""
    facts = extract("compose.yaml", "services: {web: &w {image: a, depends_on: [*w, b]}}\n")
    assert facts.containers[0].depends_on == ("b",)


def test_line_ends_that_only_some_parsers_know_do_not_shift_lines() -> None:
    """Lines are counted as git and forges do: by line feeds, with or without a carriage return before."""
    text = '# a\u2028b\x0c\r\n[project]\r\nname = "tides"\r\n'
    assert extract("pyproject.toml", text).manifests[0].line == 3
    workflow = "# a\u2028b\x85\r\non: push\r\njobs:\r\n  a: {}\r\n"
    assert extract(".github/workflows/a.yml", workflow).workflows[0].jobs[0].line == 4


def test_text_in_utf_16_is_read() -> None:
    """Some editors write project files in UTF-16."""
    text = "<Project><PropertyGroup><PackageId>Tides</PackageId></PropertyGroup></Project>"
    assert extract("Tides.csproj", text.encode("utf-16")).manifests[0].name == "Tides"
