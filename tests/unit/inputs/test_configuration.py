"""`.docsfy.yml`: what it may say, and that no content of it does harm."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.errors import InputError
from docsfy_action.inputs.about import Refusal
from docsfy_action.inputs.catalog import specs
from docsfy_action.inputs.configuration import Configuration, input_keys, keys, read_configuration
from docsfy_action.inputs.parsing import parse, with_configuration
from docsfy_action.inputs.steering import HandwrittenPage, PageSteering, PinnedPage, Steering

ROOT = Path(__file__).parents[3]


def read(text: str | bytes) -> Configuration:
    """The file with this content."""
    return read_configuration(text if isinstance(text, bytes) else text.encode(), path=".docsfy.yml")


def problems(text: str | bytes) -> list[tuple[int, str]]:
    """Line and message of everything wrong with this content."""
    return [(problem.line, problem.message) for problem in read(text).problems]


def test_the_example_of_the_documentation_is_valid() -> None:
    """What users copy works, and means what the page says."""
    page = (ROOT / "docs" / "docsfy-yml.md").read_text(encoding="utf-8")
    found = read(page.partition("```yaml\n")[2].partition("```")[0])
    assert found.problems == ()
    assert found.values == {"site-name": "Example", "language": "en"}
    assert found.steering.exclude == ("legacy/", "*.generated.ts")
    assert found.steering.pages == PageSteering(
        pin=(
            PinnedPage(slug="getting-started"),
            PinnedPage(
                slug="upgrading",
                title="Upgrading from 1.x",
                description="What changed for users of 1.x, and what they have to do.",
                section="Guides",
            ),
        ),
        forbid=("recent-changes", "api-internal-*"),
        handwritten=(
            HandwrittenPage(path="docs/why.md", slug="why"),
            HandwrittenPage(path="docs/security.md", slug="security", title="Security", section="Concepts"),
        ),
    )


def test_the_documentation_names_every_key() -> None:
    """A key that nobody can find is no feature."""
    page = (ROOT / "docs" / "docsfy-yml.md").read_text(encoding="utf-8")
    for key in (*keys(), "pages.pin", "pages.forbid", "pages.handwritten"):
        if key != "pages":
            assert f"`{key}`" in page


def test_the_keys_that_a_repository_may_set_are_these() -> None:
    """A new input is refused in the file unless somebody decided otherwise."""
    assert set(input_keys()) == {"project-name", "site-name", "site-url", "repo-url", "mkdocs-config", "language"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~", "null\n", "\ufeff", "site-name:\npages:\n"])
def test_a_file_that_says_nothing_is_fine(text: str) -> None:
    """Empty, comments only, null: nothing is steered, nothing is wrong."""
    assert read(text) == Configuration()


@pytest.mark.parametrize("spec", [spec for spec in specs() if spec.about.refused], ids=lambda spec: spec.name)
def test_what_spends_publishes_runs_or_is_secret_is_refused_with_the_reason(spec: object) -> None:
    """The file may come from a stranger's pull request."""
    found = {spec.name: spec.about.refused for spec in specs()}
    name = spec.name  # type: ignore[attr-defined]  # pytest's parameters are untyped
    [(line, message)] = problems(f"# comment\n{name}: anything\n")
    assert line == 2
    assert message.startswith(f"{name} cannot be set in this file, because {found[name]}.")
    assert f"--{name}" in message


def test_every_reason_is_used() -> None:
    """A reason that no input has is a leftover."""
    assert {spec.about.refused for spec in specs()} == {*Refusal, None}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("site-nam: x", 1, "did you mean 'site-name'?"),
        ("\nsite_url: https://x\n", 2, "did you mean 'site-url'?"),
        ("zzz: x", 1, "'zzz' is not a key; known are "),
        ("site-name: a\nsite-name: b", 2, "twice, first in line 1"),
        ("- a", 1, "must hold keys with values"),
        ("just text", 1, "must hold keys with values"),
        ("site-name: [a]", 1, "site-name must be a text."),
        ("audience:\n  a: b", 2, "audience must be a text."),
        ("exclude: {a: b}", 1, "exclude must be a list."),
        ("exclude: ['!x']", 1, "takes something back"),
        ("exclude: [[a]]", 1, "an entry of exclude must be a text."),
        ("pages: x", 1, "pin, forbid or handwritten"),
        ("pages:\n  pins: [x]", 2, "'pins' is not a key of pages; did you mean 'pin'?"),
        ("pages:\n  provider: x", 2, "'provider' is not a key of pages"),
        ("pages: {pin: [A b]}", 1, "'a-b' would be one"),
        ("pages: {pin: [404]}", 1, "is used by the site itself"),
        ("pages: {pin: [{title: x}]}", 1, "pages.pin: slug: ''"),
        ("pages: {handwritten: [[x]]}", 1, "must be a text or hold the keys path"),
        ("pages: {forbid: [[x]]}", 1, "must be a text"),
        ("pages: {pin: [[x]]}", 1, "must be a text or hold the keys slug"),
        ("pages: {pin: [a, a]}", 1, "'a' is asked for twice"),
        ("pages: {pin: [a-b], forbid: ['a-*']}", 1, "both asked for and forbidden"),
        ("pages: {forbid: [index]}", 1, "landing page"),
        ("pages: {forbid: ['*']}", 1, "landing page"),
        ("pages: {handwritten: [../x.md]}", 1, "'../x.md' is not usable"),
        ("pages: {handwritten: [/x.md]}", 1, "is not usable"),
        ("pages: {handwritten: [.git/x.md]}", 1, "is not usable"),
        ("pages: {handwritten: ['a\\b.md']}", 1, "is not usable"),
        ("pages: {handwritten: [x.rst]}", 1, "not a Markdown file"),
        ("pages: {handwritten: [{path: x.md, titel: y}]}", 1, "did you mean 'title'?"),
        ("pages: {handwritten: [{path: x.md, slug: X}]}", 1, "pages.handwritten: slug: 'X'"),
        ("pages: {handwritten: [a/x.md, b/x.md]}", 1, "'x' is asked for twice"),
        ('instructions: "a\\u0007b"', 1, "control character"),
        ('audience: "\\ud800"', 1, "control character"),
        ('pages: {pin: [{slug: a, title: "x\\ny"}]}', 1, "must be one line"),
        (f"instructions: {'x' * 8001}", 1, "longer than 8000"),
        (f"exclude: [{'a, ' * 301}]", 1, "more than 300"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, says: str) -> None:
    """Each problem names the line and what to do, in words of the file."""
    assert [(found, says in message) for found, message in problems(text)] == [(line, True)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"a: 1\nb: \xff", "not UTF-8"),
        (b"a: [", "not valid YAML"),
        (b"a: b: c", "not valid YAML"),
        (b"--- a\n--- b\n", "not valid YAML"),
        (b"a: \x00", "not valid YAML"),
        (b'a: "\\UFFFFFFFF"', "not valid YAML"),
        (b"%YAML 1." + b"9" * 5000 + b"\n--- a", "not valid YAML"),
        (b"a: !!python/object/apply:os.system [id]", "tags"),
        (b"a: !x y", "tags"),
        (b"a: &x [1]\nb: *x", "aliases"),
        (b"a: &x [*x]", "aliases"),
        (b"[" * 60_000, "nested too deeply"),
        (b"a:\n" + b"".join(b" " * n + b"- \n" for n in range(1, 200)), "nested too deeply"),
        (b"? [a]\n: b", "a key must be text"),
        (b"x" * 70_000, "larger than 64 KiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(content: bytes, says: str) -> None:
    """Neither a bomb nor rubbish gets further than one clear sentence."""
    [(_, message)] = problems(content)
    assert says in message


def test_plain_words_are_text() -> None:
    """YAML 1.1 takes `no` for false and `1.10` for 1.1; the file means what stands there."""
    assert read("language: no\nsite-name: 1.10\nproject-name: 2024-01-01").values == {
        "language": "no",
        "site-name": "1.10",
        "project-name": "2024-01-01",
    }


def test_values_of_inputs_are_validated_with_file_and_line(tmp_path: Path) -> None:
    """An input's own rule holds for the file too, and the error points into it."""
    inputs = parse([], {}, cwd=tmp_path, platform="linux")
    with pytest.raises(InputError) as caught:
        with_configuration(inputs, b"\nsite-url: nowhere\nprovider: claude\nzz: 1\n")
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [
        (".docsfy.yml", 2),
        (".docsfy.yml", 3),
        (".docsfy.yml", 4),
    ]
    assert ".docsfy.yml:2: site-url: 'nowhere'" in caught.value.message


def test_steering_reaches_the_inputs(tmp_path: Path) -> None:
    """The second phase adds steering and leaves everything else as it was."""
    inputs = parse(["--force"], {}, cwd=tmp_path, platform="linux")
    steered = with_configuration(inputs, b"audience: Pilots\nexclude: old/\n")
    assert steered.steering == Steering(audience="Pilots", exclude=("old/",))
    assert steered.force
    assert with_configuration(inputs, None) is inputs


def test_a_forbidden_pattern_matches_slugs() -> None:
    """`*` stands for any text; everything else for itself."""
    pages = PageSteering(forbid=("api-*", "changes"))
    assert [pages.forbids(slug) for slug in ("api-x", "api", "changes", "changes-2")] == [True, False, True, False]


_KEYS = st.one_of(st.sampled_from([*keys(), "provider", "pin", "forbid", "handwritten", "slug", "path"]), st.text())
_VALUES = st.recursive(
    st.one_of(st.text(), st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=10,
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_any_yaml_gives_a_configuration_and_printable_problems(data: object) -> None:
    """Every document of the right syntax is read or explained, never raised on."""
    found = read(yaml.safe_dump(data, allow_unicode=True))
    assert all(problem.message.isprintable() for problem in found.problems)
    assert set(found.values) <= set(input_keys())


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet=" -:[]{}&*!|>'\"%@,?#\nab\t\\", max_size=120)))
def test_any_bytes_give_a_configuration(content: bytes | str) -> None:
    """Rubbish is explained, never raised on."""
    assert all(problem.message.isprintable() for problem in read(content).problems)
