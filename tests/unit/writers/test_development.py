"""The development page: layout, tasks, tests and continuous integration."""

import pytest

from docsfy_action.facts.model import Step
from docsfy_action.writers.builtin.development import is_plain
from tests.unit.writers.sites import pages_of

ONE_TASK = {"Makefile": "x:\n\ttrue\n"}


def page_of(texts: dict[str, str]) -> str:
    """The page of a sample."""
    return pages_of(texts)["development"]


def test_folders_are_told_by_what_most_of_their_files_are() -> None:
    """A folder whose files are of no known kind is listed without a word."""
    page = page_of(
        {
            **ONE_TASK,
            "src/a.py": "",
            "src/b.py": "",
            "src/c.md": "",
            "tests/test_a.py": "",
            "data/x.bin": "",
            "docs/a.md": "",
        }
    )
    assert "| [`src/`](src:src/) | source |" in page
    assert "| [`tests/`](src:tests/) | tests |" in page
    assert "| [`docs/`](src:docs/) | documents |" in page
    assert "| [`data/`](src:data/) | – |" in page


def test_a_flat_repository_has_no_layout() -> None:
    """Without folders there is nothing to lay out."""
    assert "## Layout" not in page_of(ONE_TASK)


def test_rules_for_contributors_are_linked() -> None:
    """Wherever projects keep them."""
    page = page_of({**ONE_TASK, "CONTRIBUTING.md": "# C\n", ".github/contributing.rst": "C\n=\n", "docs/other.md": ""})
    assert "rules are in [`.github/contributing.rst`](src:.github/contributing.rst) and [`CONTRIBUTING.md`]" in page
    assert "rules are in" not in page_of(ONE_TASK)


MAKEFILE = """
test: build  ## run the tests
\tpytest -q

build:
\techo {long}

all: test build
"""


def test_tasks_are_told_by_file() -> None:
    """What is typed, what it is for, what runs, what runs before; a very long command is left to the source."""
    page = page_of(
        {"Makefile": MAKEFILE.format(long="x" * 90), "package.json": '{"name": "t", "scripts": {"lint": "eslint"}}'}
    )
    assert "Three tasks of [`Makefile`](src:Makefile):" in page
    assert "| `make test` | <q>run the tests</q> | `pytest -q` | `build` | [source](src:Makefile?test%3A) |" in page
    assert "x" * 90 not in page
    assert "| `make all` | – | – | `test` and `build` |" in page
    assert "One task of [`package.json`](src:package.json):" in page
    assert "| `npm run lint` | `eslint` | [source](src:package.json?%22lint%22) |" in page


def test_a_task_of_several_commands_shows_them_in_order() -> None:
    """The first three of them; the others, and those that are programs of their own, are counted."""
    page = page_of({"Makefile": "x:\n\tone\n\ttwo\n\ny:\n\tone\n\ttwo\n\tthree\n\tfour\n\tpython -c 'x = 1'\n"})
    assert "| `make x` | `one` then `two` |" in page
    assert "| `make y` | `one`, `two`, `three` and two more |" in page


def test_tasks_that_differ_in_their_names_only_share_a_row() -> None:
    """An environment for each version of a language says the same many times."""
    names = ["3.11", "3.12", "3.13"]
    tox = f"env_list = {names}\n[env_run_base]\ndescription = 'run the tests'\ncommands = [['pytest', '-q']]\n"
    page = page_of({"tox.toml": tox.replace("'", '"')})
    assert "| `tox -e 3.11`, `tox -e 3.12` and `tox -e 3.13` | <q>run the tests</q> |" in page


def test_tests_are_told_by_folder_and_tool() -> None:
    """How many where, whatever lies below one folder counted together; beside the code where they have no folder; what they
    are written with and what runs them are told apart; nothing where there are no tests."""
    manifest = '[project]\nname = "t"\n\n[dependency-groups]\ndev = ["pytest", "hypothesis", "tox", "pytest-cov"]\n'
    tests = {"tests/test_a.py": "", "tests/deep/test_b.py": "", "tests/test_c.py": "", "sub/tests/test_d.py": ""}
    page = page_of({**ONE_TASK, **tests, "pyproject.toml": manifest})
    assert "Four test files: [`tests/`](src:tests/) (3) and [`sub/tests/`](src:sub/tests/) (1)." in page
    assert "They are written with [`hypothesis`](src:pyproject.toml?hypothesis) and [`pytest`]" in page
    assert "[`pytest`](src:pyproject.toml?pytest) and run by [`tox`](src:pyproject.toml?tox)." in page
    assert "One test file in [`tests/`](src:tests/).\n" in page_of({**ONE_TASK, "tests/test_a.py": ""})
    assert "One test file beside the code." in page_of({"a.go": "package a\n", "a_test.go": "package a\n"})
    assert "## Tests" not in page_of(ONE_TASK)


WORKFLOW = """
name: {name}
on:
  push:
    branches: [main]
  workflow_dispatch:
  deployment:
jobs:
  first:
    name: The *first*
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ["3.11", "3.12"]
    steps:
      - uses: actions/checkout@v5
      - uses: actions/checkout@v4
      - run: make x
  second:
    name: Builds ${{{{ matrix.x }}}}
    runs-on: ${{{{ matrix.os }}}}
    needs: [first]
    if: github.ref == 'refs/heads/main'
    steps:
      - uses: acme/other@v1
"""


def workflows(**names: str) -> dict[str, str]:
    """A repository with these workflows."""
    return {**ONE_TASK, **{f".github/workflows/{key}.yml": WORKFLOW.format(name=name) for key, name in names.items()}}


def test_a_workflow_is_told_by_triggers_and_jobs() -> None:
    """When it runs, on what, how often, after what, and with which commands; placeholders are not shown."""
    page = page_of(workflows(ci="CI"))
    assert "### CI\n\n[`.github/workflows/ci.yml`](src:.github/workflows/ci.yml) runs on a push (" in page
    assert "branches: main" in page
    assert ", by hand and on `deployment`." in page
    first, second = page.split("Job [`second`]")
    assert (
        "Job [`first`](src:.github/workflows/ci.yml?first) (<q>The \\*first\\*</q>) runs on `ubuntu-latest` " in first
    )
    assert (
        "once for each `python` (<q>3.11, 3.12</q>), uses `actions/checkout`, and runs:\n\n```console\nmake x\n```"
        in first
    )
    assert "matrix" not in second
    assert second.startswith(
        "(src:.github/workflows/ci.yml?second) runs after `first` only if <q>github.ref == 'refs/heads/main'</q> holds and "
        "uses `acme/other`."
    )


def job_of(yaml: str) -> str:
    """What is said of a workflow's only job, whose keys these are."""
    lines = "".join(f"    {line}\n" for line in yaml.strip().split("\n"))
    page = page_of({**ONE_TASK, ".github/workflows/a.yml": f"name: A\non: push\njobs:\n  x:\n{lines}"})
    return page.partition("Job [`x`](src:.github/workflows/a.yml?")[2].partition(")")[2].partition("\n")[0]


def test_the_axes_of_a_matrix_are_told_by_their_values() -> None:
    """A few words are shown, many are counted; combinations that are listed one by one have no axis."""
    matrix = "strategy:\n  matrix:\n    os: [linux, windows]\n    py: [{}]\n    include: [{{os: mac, py: 3}}]"
    few = job_of(matrix.format("'3.11', '3.12'"))
    assert few == (
        " runs once for each `os` (<q>linux, windows</q>), `py` (<q>3.11, 3.12</q>) and of one listed combination."
    )
    many = job_of(matrix.format(", ".join(f"'{number}'" for number in range(20, 40))))
    assert "of 20 values of `py`" in many


def test_a_job_that_calls_a_workflow_says_so() -> None:
    """It has no steps of its own."""
    assert job_of("uses: acme/meta/.github/workflows/build.yml@v1") == " calls `acme/meta/.github/workflows/build.yml`."


def test_a_long_condition_is_left_to_the_source() -> None:
    """That there is one is said all the same; `always()` is no condition, but says what it means."""
    assert job_of("if: always()\nsteps: []") == " runs even if a job before it failed."
    assert job_of(f"if: ${{{{ {' || '.join(['github.x'] * 20)} }}}}\nsteps: []") == " runs only under a condition."


def test_workflows_that_share_a_name_are_called_by_their_file() -> None:
    """Also one that is called like a part of the page, and one whose name has no letter."""
    page = page_of(workflows(a="CI", b="CI", c="Tests", d="'***'"))
    headings = [line for line in page.split("\n") if line.startswith("### ")]
    assert headings == ["### CI", "### b.yml", "### c.yml", "### d.yml"]


def test_a_workflow_without_triggers_runs_when_asked() -> None:
    """One that cannot be read further is still named."""
    page = page_of(
        {**ONE_TASK, ".github/workflows/a.yml": "name: A\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps: []\n"}
    )
    assert "runs when it is asked to." in page


def test_scripts_of_several_lines_are_counted() -> None:
    """They are better read where they stand; plain commands of the job are shown all the same."""
    steps = "      - run: |\n          if true; then\n            echo x\n          fi\n      - run: make x\n"
    text = f"name: A\non: push\njobs:\n  x:\n    steps:\n{steps}"
    page = page_of({**ONE_TASK, ".github/workflows/a.yml": text})
    assert "runs one script of several lines and:\n\n```console\nmake x\n```" in page
    alone = page_of({**ONE_TASK, ".github/workflows/a.yml": text.replace("      - run: make x\n", "")})
    assert "runs one script of several lines.\n" in alone


@pytest.mark.parametrize(
    ("lines", "plain"),
    [
        (("make test", "make lint # twice"), True),
        ((), True),
        (tuple("abcdefg"), False),
        (("echo 'open",), False),
        (("# nothing",), False),
        (("for x in y",), False),
        (("cat <<EOF",), False),
        (("first \\\\",), False),
    ],
)
def test_a_plain_step_holds_a_command_a_line(lines: tuple[str, ...], plain: bool) -> None:
    """Loops, conditions, documents, open quotations and long scripts are none."""
    assert is_plain(Step(line=1, run=lines)) is plain


def test_a_command_over_several_lines_is_one_line() -> None:
    """What a backslash continues is read on; the column shows what would be typed."""
    page = page_of({"Makefile": "x:\n\t. venv/activate && \\\n\t    pytest $(ARGS)\n"})
    assert "| `make x` | `. venv/activate && pytest $(ARGS)` |" in page


def test_data_of_tests_does_not_make_a_folder_one_of_tests() -> None:
    """Code beside its tests is source, however many fixtures lie with it; a folder of tests stays one."""
    texts = {"git/a.go": "package git\n", "git/a_test.go": "package git\n", "tests/test_a.py": "import a\n"}
    fixtures = {f"git/fixtures/{number}.txt": "x\n" for number in range(5)}
    page = page_of({**texts, **fixtures})
    assert "| [`git/`](src:git/) | source |\n| [`tests/`](src:tests/) | tests |" in page
