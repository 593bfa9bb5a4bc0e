"""Literals: every fact can be found again by a text whose first occurrence is the fact's own place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.facts.extractor import extractor_for, extractors
from docsfy_action.facts.literals import VERSION
from docsfy_action.facts.model import BlobFacts
from tests.unit.samples import STEADY


def facts_of(path: str, text: str) -> BlobFacts:
    """The facts of a file."""
    extractor = extractor_for(path)
    assert extractor is not None
    return extractor.extract(text.encode("utf-8", "surrogateescape"))


def line_of(text: str, literal: str) -> int:
    """The line that a citation of `literal` leads to."""
    return text.count("\n", 0, text.index(literal)) + 1


WORKFLOW = """name: build and lint
on: [push]
# the job lint is quick
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: make}]
  lint:
    runs-on: ubuntu-latest
    steps: [{run: make lint}]
"""


def test_a_job_is_found_where_it_is_defined() -> None:
    """A workflow's title and comments name its jobs long before they begin."""
    jobs = facts_of(".github/workflows/ci.yml", WORKFLOW).workflows[0].jobs
    assert [(job.id, line_of(WORKFLOW, job.literal)) for job in jobs] == [("build", 5), ("lint", 8)]


def test_a_name_that_stands_nowhere_before_needs_no_literal() -> None:
    """The stored facts stay small where the name alone leads to the right line."""
    (dependency,) = facts_of("requirements.txt", "httpx>=1\n").dependencies
    assert dependency.literal == ""


def test_a_package_that_two_groups_ask_for_is_found_in_each() -> None:
    """Where the whole line stands there twice, the lines behind it tell which one is meant."""
    text = '[dependency-groups]\ntests = [\n    "attrs",\n    "pytest",\n]\ntyping = [\n    "attrs",\n    "mypy",\n]\n'
    found = facts_of("pyproject.toml", text).dependencies
    places = [(d.group, d.name, line_of(text, d.literal or d.name)) for d in found]
    assert places == [("tests", "attrs", 3), ("tests", "pytest", 4), ("typing", "attrs", 7), ("typing", "mypy", 8)]


def test_no_literal_runs_over_carriage_returns() -> None:
    """A literal is bytes of the file, and lines that end in two characters are never joined by one."""
    text = '[dependency-groups]\r\na = [\r\n    "x1",\r\n]\r\nb = [\r\n    "x1",\r\n]\r\n'
    for dependency in facts_of("pyproject.toml", text).dependencies:
        assert (dependency.literal or dependency.name) in text


def test_a_name_further_down_in_its_statement_is_found_there() -> None:
    """An option is declared by a call whose first line does not name it."""
    text = 'import click\n# --cert, --key\n@click.command()\n@click.option(\n    "--cert",\n)\ndef run(cert): ...\n'
    (option,) = facts_of("tool.py", text).options
    assert line_of(text, option.literal) == 5


def test_an_import_is_found_by_its_statement() -> None:
    """Short module names are part of many words above them."""
    text = '"""Legit digital tools."""\nfrom git import Repo\n'
    (found,) = facts_of("tool.py", text).imports
    assert line_of(text, found.literal) == 2


@pytest.mark.parametrize(
    ("path", "text", "literals"),
    [
        (
            "package.json",
            '{\n "author": {"name": "yargs team"},\n "name": "yargs",\n "license": "MIT",\n "engines": {"node": ">=20"}\n}\n',
            {"name": 3, "licence": 4, "requires": 5},
        ),
        (
            "pyproject.toml",
            '# flask >=3.10 MIT\n[project]\nname = "flask"\nrequires-python = ">=3.10"\nlicense = "MIT"\n',
            {"name": 3, "requires": 4, "licence": 5},
        ),
        ("go.mod", "// go 1.25 or newer\n\nmodule example.com/go\n\ngo 1.25\n", {"name": 3, "requires": 5}),
    ],
)
def test_fields_of_a_manifest_are_found_behind_their_keys(path: str, text: str, literals: dict[str, int]) -> None:
    """A package's name, version range and licence are short words that stand in many places."""
    (manifest,) = facts_of(path, text).manifests
    assert {field: line_of(text, literal) for field, literal in manifest.literals} == literals


def test_a_name_that_code_puts_together_is_found_by_its_line() -> None:
    """A prefix and a constant make the name of a variable that stands nowhere in the file."""
    text = 'import os\nPRE = "TOOL_"\na = os.environ[PRE + "HOME"]\n'
    (setting,) = facts_of("a.py", text).settings
    assert (setting.name, line_of(text, setting.literal)) == ("TOOL_HOME", 3)
    again = 'import os\nPRE = "TOOL_"\n# os.environ[PRE + "HOME"]\nos.environ[PRE + "HOME"]\ngo()\n'
    assert line_of(again, facts_of("a.py", again).settings[0].literal) == 4
    assert facts_of("a.py", again.replace("\n", "\r\n")).settings[0].literal == ""
    long = f'import os\nPRE = "TOOL_"\na = os.environ[PRE + "HOME"], "{"x" * 300}"\n'
    assert facts_of("a.py", long).settings[0].literal == ""


def test_versions_of_extractors_tell_of_changed_literals() -> None:
    """Stored facts are read anew when literals are found another way."""
    assert all(extractor.version % 100 == VERSION % 100 and extractor.version >= 100 for extractor in extractors())


@STEADY
@given(st.sampled_from(["ci.yml", "package.json", "Makefile", "a.py", "go.mod"]), st.text(max_size=60), st.booleans())
def test_a_literal_is_always_part_of_its_file(name: str, noise: str, windows: bool) -> None:
    """Whatever stands around a fact, a citation never names text that is not there."""
    body = {
        "ci.yml": WORKFLOW,
        "package.json": '{"name": "a", "scripts": {"a": "b"}, "dependencies": {"a": "1"}}',
        "Makefile": "a: b\n\techo a\n",
        "a.py": "import os\nos.environ['A']\nos.environ['A']\n",
        "go.mod": "module a\n\nrequire a v1\n",
    }[name]
    path = f".github/workflows/{name}" if name == "ci.yml" else name
    text = f"# {noise}\n{body}" if name not in ("package.json", "go.mod") else f"{body}\n{noise}"
    text = text.replace("\n", "\r\n") if windows else text
    data = text.encode("utf-8", "surrogatepass")
    extractor = extractor_for(path)
    assert extractor is not None
    facts = extractor.extract(data)
    literals = [dependency.literal for dependency in facts.dependencies] + [task.literal for task in facts.tasks]
    literals += [setting.literal for setting in facts.settings] + [item.literal for item in facts.imports]
    literals += [job.literal for workflow in facts.workflows for job in workflow.jobs]
    literals += [literal for manifest in facts.manifests for _, literal in manifest.literals]
    assert all(literal.encode("utf-8", "surrogateescape") in data for literal in literals)
