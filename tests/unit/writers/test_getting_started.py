"""Getting started: requirements and exact commands, taken from manifests, tasks and the README."""

import pytest

from docsfy_action.facts.model import Task
from docsfy_action.facts.modules import Located
from docsfy_action.writers.builtin.getting_started import task_command, task_literal
from tests.unit.writers.sites import pages_of


def page_of(texts: dict[str, str], clone_url: str = "") -> str:
    """The page of a sample."""
    return pages_of(texts, clone_url=clone_url)["getting-started"]


@pytest.mark.parametrize(
    ("manifest", "text", "asked", "command"),
    [
        ("pyproject.toml", '[project]\nname = "t"\nrequires-python = ">=3.12"\n', "Python [`>=3.12`]", "pip install ."),
        ("package.json", '{"name": "t", "engines": {"node": ">=20"}}', "Node.js [`>=20`]", "npm install"),
        ("go.mod", "module example.com/t\n\ngo 1.23\n", "Go [`1.23`]", "go build ./..."),
        ("Cargo.toml", '[package]\nname = "t"\nrust-version = "1.80"\n', "Rust [`1.80`]", "cargo build"),
    ],
)
def test_requirements_and_commands_follow_from_the_manifest(manifest: str, text: str, asked: str, command: str) -> None:
    """The version asked for is shown with its source, and the command is that of the ecosystem."""
    page = page_of({manifest: text})
    assert f"-   {asked}(src:{manifest}?" in page
    assert f"From a clone of the repository:\n\n```console\n{command}\n```" in page


def test_a_manifest_without_a_version_says_so() -> None:
    """It is no promise that any version will do."""
    assert "-   Python; [`pyproject.toml`](src:pyproject.toml) names no version" in page_of(
        {"pyproject.toml": '[project]\nname = "t"\n'}
    )


def test_a_manifest_that_is_no_package_gives_no_commands() -> None:
    """An action is not installed from a clone."""
    texts = {"action.yml": "name: T\ndescription: Acts.\nruns:\n  using: docker\n", "Makefile": "test:\n\ttrue\n"}
    page = page_of(texts)
    assert "## Install" not in page
    assert "## Requirements" not in page


def test_packages_that_come_along_are_named() -> None:
    """One or several; a development dependency is not among them."""
    one = page_of({"pyproject.toml": '[project]\nname = "t"\ndependencies = ["click"]\n'})
    assert "-   One package that is installed along with it: `click`" in one
    go = "module x.y/z\n\nrequire g.h/a v1.0.0\n"
    assert "-   One package that is built into it: `g.h/a`" in page_of({"go.mod": go})
    two = '[project]\nname = "t"\ndependencies = ["click", "rich"]\n\n[dependency-groups]\ndev = ["pytest"]\n'
    assert "-   Two packages that are installed along with it: `click` and `rich`" in page_of({"pyproject.toml": two})


def test_the_clone_is_made_where_its_address_is_known() -> None:
    """The folder is the one that git makes."""
    manifest = {"pyproject.toml": '[project]\nname = "t"\n'}
    page = page_of(manifest, "https://github.com/acme/sample.git")
    assert "git clone https://github.com/acme/sample.git\ncd sample\npip install .\n" in page
    assert "git clone" not in page_of(manifest)


GO = {"go.mod": "module example.com/t\n"}
MAIN = "package main\n\nfunc main() {}\n"


def test_go_programs_are_installed_and_packages_got() -> None:
    """The command names the folder that holds the program; the README's own words win."""
    assert "With the Go toolchain:\n\n```console\ngo install example.com/t/cmd/t@latest\n```" in page_of(
        {**GO, "cmd/t/main.go": MAIN}
    )
    assert "go install example.com/t@latest" in page_of({**GO, "main.go": MAIN})
    assert "go get example.com/t@latest" in page_of({**GO, "t.go": "package t\n"})
    readme = "# T\n\n## Install\n\n```sh\nbrew install t\n```\n"
    page = page_of({**GO, "main.go": MAIN, "README.md": readme})
    assert "With the Go toolchain" not in page
    assert "[`README.md`](src:README.md) gives this command:\n\n```console\nbrew install t\n```" in page


def test_tests_of_go_need_no_task() -> None:
    """The toolchain finds them; a task of the project wins."""
    assert "The Go toolchain finds and runs all tests:\n\n```console\ngo test ./...\n```" in page_of(GO)
    page = page_of({**GO, "Makefile": "test:\n\tgo test -race ./...\n"})
    assert "[`test`](src:Makefile?test%3A) in [`Makefile`](src:Makefile) runs `go test -race ./...`:" in page
    assert "finds and runs all tests" not in page


def test_a_task_without_a_plain_command_is_named() -> None:
    """A line with placeholders is not what the shell is given."""
    page = page_of({"Makefile": "PYTHON = python3\n\ntest:\n\t$(PYTHON) -m pytest\n"})
    assert (
        "[`test`](src:Makefile?test%3A) is a task of [`Makefile`](src:Makefile):\n\n```console\nmake test\n```" in page
    )


def test_a_program_is_asked_for_its_help() -> None:
    """Declared ones, else the first that can be started."""
    texts = {
        **GO,
        "cmd/first/main.go": f"// Command first.\n{MAIN}",
        "cmd/second/main.go": f"// Command second.\n{MAIN}",
    }
    page = page_of(texts)
    assert "The command `first`, which starts in [`cmd/first/main.go`](src:cmd/first/main.go), explains itself:" in page
    assert "second --help" not in page
    declared = {
        "pyproject.toml": '[project]\nname = "t"\n\n[project.scripts]\nrun = "a:main"\n',
        "a.py": "def main(): ...\n",
    }
    assert "The command `run`, declared in [`pyproject.toml`](src:pyproject.toml), explains itself:" in page_of(
        declared
    )


def test_containers_are_built_and_started() -> None:
    """An image for those without the toolchain, services for those who want all of it."""
    texts = {
        "Dockerfile": "FROM debian\n",
        "compose.yaml": "services:\n  web:\n    build: .\n  db:\n    image: postgres\n",
        "Makefile": "x:\n\ttrue\n",
    }
    page = page_of(texts)
    assert "-   Or only a container engine: [`Dockerfile`](src:Dockerfile) builds an image" in page
    assert "```console\ndocker build .\n```" in page
    assert (
        "[`compose.yaml`](src:compose.yaml) starts `web` and `db` together:\n\n```console\ndocker compose up\n```"
        in page
    )


def test_an_image_that_cannot_be_built_from_the_repository_is_not_offered() -> None:
    """A Dockerfile that copies what a release has built, or what another place holds, fails in a clone."""
    texts = {"Dockerfile": "FROM debian\nCOPY --from=busybox /bin/x /x\nCOPY tool ./src /app/\n", "src/a.c": ""}
    texts["Makefile"] = "x:\n\ttrue\n"
    assert "docker build" not in page_of(texts)
    assert "docker build ." in page_of({**texts, "tool": ""})


def readme_with(*samples: str) -> dict[str, str]:
    """A package with a README that has these code blocks below the heading Installation."""
    blocks = "".join(f"```sh\n{sample}\n```\n\n" for sample in samples)
    return {"pyproject.toml": '[project]\nname = "t-x"\n', "README.md": f"# T\n\n## Installation\n\n{blocks}"}


def test_commands_that_install_stand_under_one_sentence() -> None:
    """They are shown to be copied, without prompts; what a program prints is none of them."""
    page = page_of(
        readme_with(
            "$ pip install t-x", "pip install t-x", "$ pip install t_x[all]", "$ t-x --bad\nerror: unknown option"
        )
    )
    shown = "```console\npip install t-x\n```\n\n```console\npip install t_x[all]\n```"
    assert f"[`README.md`](src:README.md) gives these commands:\n\n{shown}\n\nFrom a clone" in page
    assert "unknown option" not in page


def test_documents_tell_how_to_install_where_the_readme_does_not() -> None:
    """The command has to name the package itself, not one that has it as an extra."""
    other = "Other\n=====\n\n.. code-block:: text\n\n    $ pip install sdk[t-x]\n"
    docs = {
        "docs/a.rst": other,
        "docs/install.rst": "Install\n=======\n\n.. code-block:: text\n\n    $ pip install T-X\n",
    }
    page = page_of({"pyproject.toml": '[project]\nname = "t-x"\n', **docs})
    assert "[`docs/install.rst`](src:docs/install.rst) gives this command:\n\n```console\npip install T-X\n```" in page


def test_a_library_is_not_used_by_the_tasks_of_its_developers() -> None:
    """Only what starts the project itself is use, and only the first task that tests is shown."""
    scripts = '"dev": "vite", "test": "vitest", "tests": "vitest"'
    library = page_of({"package.json": f'{{"name": "t", "scripts": {{{scripts}}}}}'})
    assert "npm run dev" not in library
    assert "npm test" in library
    assert "npm run tests" not in library
    assert "npm run dev" in page_of({"package.json": f'{{"name": "t", "private": true, "scripts": {{{scripts}}}}}'})


README = """```python
import t
```

# T

## Usage *today*

```js+jinja
{{ t }}
```

```console
$ t --help
```

## Other things

```python
other = 1
```
"""


def test_samples_of_the_readme_are_shown_with_their_heading() -> None:
    """Those that show use: above all headings, or below one that says so; shell sessions are installations."""
    page = page_of({"pyproject.toml": '[project]\nname = "t"\n', "README.md": README})
    assert "An example from [`README.md`](src:README.md):\n\n```python\nimport t\n```" in page
    assert "under “Usage today”:\n\n```js+jinja\n{{ t }}\n```" in page
    assert "other = 1" not in page


def test_a_language_that_cannot_be_highlighted_is_shown_as_text() -> None:
    """What the README calls its sample is not what the site must know."""
    readme = "# T\n\n## Usage\n\n```nosuchlanguage\nx\n```\n"
    assert "```text\nx\n```" in page_of({"pyproject.toml": '[project]\nname = "t"\n', "README.md": readme})


def test_the_next_pages_are_those_that_exist() -> None:
    """Nothing is promised that the site does not have."""
    assert "## Next steps\n\n-   [Development](development.md) – " in page_of({"Makefile": "x:\n\ttrue\n"})
    lonely = page_of({"package.json": '{"name": "t"}'})
    assert "## Next steps" not in lonely


@pytest.mark.parametrize(
    ("runner", "name", "command", "literal"),
    [
        ("make", "test", "make test", "test"),
        ("npm", "test", "npm test", '"test"'),
        ("npm", "lint", "npm run lint", '"lint"'),
        ("tox", "py312", "tox -e py312", "py312"),
        ("just", "go", "just go", "go"),
        ("invoke", "go", "invoke go", "go"),
    ],
)
def test_a_task_is_run_and_found_by_the_habits_of_its_runner(
    runner: str, name: str, command: str, literal: str
) -> None:
    """What is typed, and the text that leads to the task's line rather than to any mention of its name."""
    task = Located(path="x", item=Task(name=name, runner=runner, line=1))
    assert task_command(task) == command
    assert task_literal(task) == literal
