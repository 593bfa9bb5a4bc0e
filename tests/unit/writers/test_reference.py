"""Reference and project pages: configuration, services, dependencies, actions, development, recent changes."""

from datetime import UTC, datetime

import pytest

from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.modules import Located
from docsfy_action.repository.snapshot import Commit
from docsfy_action.writers.builtin import changes, configuration, dependencies, services
from tests.unit.writers.sites import pages_of


def page_of(slug: str, texts: dict[str, str], *commits: Commit) -> str:
    """One page of a sample."""
    return pages_of(texts, commits=commits)[slug]


SETTINGS = "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n\nclass {}(BaseSettings):\n{}"


def test_each_variable_is_told_with_every_place_that_reads_it() -> None:
    """Its default, whether it must be set, what a template says of it; templates are named as such."""
    texts = {
        "p/a.py": "import os\n\nLEVEL = os.environ.get('LEVEL', 'low')\nKEY = os.environ['KEY']\n",
        "p/b.py": "import os\n\nLEVEL = os.environ.get('LEVEL')\n",
        ".env.example": "# How *loud* it is\nLEVEL=high\nUNUSED=1\n",
    }
    page = page_of("configuration", texts)
    assert (
        "sample reads three environment variables. A template to copy is in [`.env.example`](src:.env.example)." in page
    )
    level = next(line for line in page.split("\n") if line.startswith("| `LEVEL`"))
    assert level.startswith("| `LEVEL` | `'low'` | ")
    assert "<q>How \\*loud\\* it is</q>" in level
    assert level.endswith(
        "| [`.env.example`](src:.env.example?LEVEL), [`p/a.py`](src:p/a.py?LEVEL) and [`p/b.py`](src:p/b.py?LEVEL) |"
    )
    assert "| `KEY` | required | – | [`p/a.py`](src:p/a.py?" in page
    assert "One variable of these stands in a template, but no code was found that reads it by name." in page


def test_what_a_settings_class_reads_is_not_called_unread() -> None:
    """The variable of a field need not stand in the code by its name."""
    texts = {"a.py": SETTINGS.format("Settings", "    level: int = 1\n"), ".env.example": "LEVEL=1\nA=1\nB=2\n"}
    page = page_of("configuration", texts)
    assert "Two variables of these stand in a template, but no code was found that reads them by name." in page
    assert "sample reads three environment variables and one setting." in page


def test_without_templates_and_defaults_there_are_no_words_on_them() -> None:
    """Columns and sentences that would be empty are left out."""
    page = page_of("configuration", {"a.py": "import os\n\nX = os.environ.get('X')\n"})
    assert "template" not in page
    assert "| Variable | Default | Where |\n| --- | --- | --- |\n| `X` | none | " in page


def test_settings_classes_are_told_field_by_field() -> None:
    """Each class under its name; two of one name are told apart by their file, and no two headings are the same."""
    one = SETTINGS.format("Settings", '    level: int = 1\n    name: str = Field(description="Who it is.")\n')
    two = SETTINGS.format("Config", "    level: int = 2\n")
    page = page_of("configuration", {"p/__init__.py": "", "p/a.py": one, "p/b.py": two, "p/other.py": two})
    assert "## Settings\n\nRead by [`Settings`](src:p/a.py#Settings).\n" in page
    assert "| [`level`](src:p/a.py?level) | `LEVEL` | `1` | `int` | – |" in page
    assert "| [`name`](src:p/a.py?name) | `NAME` | required | `str` | <q>Who it is.</q> |" in page
    assert "## Config settings of p/b.py" in page
    assert "## Config settings of p/other.py" in page
    assert "sample reads four settings." in page


def test_settings_without_a_class_are_read_in_their_file() -> None:
    """Other languages have keys rather than classes."""
    item = Setting(name="level", kind=SettingKind.SETTING, line=1)
    value = configuration.ConfigurationInput(
        title="s",
        options=(),
        environment=(),
        settings=(("", "a.go", (Located(path="a.go", item=item),)),),
        templates=(),
    )
    assert "## Other settings\n\nRead in [`a.go`](src:a.go).\n" in configuration.write(value)


def test_variables_that_set_options_are_told_with_their_command() -> None:
    """What is not given on the command line is taken from them."""
    texts = {
        "pyproject.toml": '[project]\nname = "t"\n\n[project.scripts]\nrun = "tool:cli"\n',
        "tool.py": "import click\n\n@click.command()\n@click.option('-x', '--ex', envvar='T_X')\ndef cli(ex):\n    'Runs.'\n",
    }
    page = page_of("configuration", texts)
    assert "sample reads one environment variable.\n" in page
    assert "| `T_X` | none | [`--ex`](src:tool.py?--ex) of `run` | [`tool.py`](src:tool.py?T_X) |" in page
    derived = "import click\n\n@click.command(context_settings={'auto_envvar_prefix': 'T'})\n"
    derived += "@click.option('--ex', default='a')\ndef cli(ex):\n    'Runs.'\n"
    alone = page_of("configuration", {**texts, "tool.py": derived})
    assert "| `T_EX` | `run` | [`--ex`](src:tool.py?--ex) | `'a'` |" in alone


def test_services_are_told_from_libraries_settings_and_containers() -> None:
    """Only what there is: each part has its heading."""
    texts = {
        "a.py": "import os\nimport redis\n\nURL = os.environ['REDIS_URL']\n",
        "Dockerfile": 'FROM debian\nENV A=1\nEXPOSE 80\nVOLUME /data\nENTRYPOINT ["run"]\n',
        "compose.yaml": "services:\n  db:\n    image: postgres:16\n  web:\n    build: .\n    depends_on: [db]\n",
    }
    page = page_of("data-and-services", texts)
    assert "| Redis | [`redis`](src:a.py?redis) | [`a.py`](src:a.py) |" in page
    assert "-   [`REDIS_URL`](src:a.py?REDIS_URL) in [`a.py`](src:a.py)" in page
    assert (
        "builds an image from `debian`; it starts `run`; it listens on `80`; it keeps data in `/data`. It is given one"
        in page
    )
    assert (
        "[`db`](src:compose.yaml?db) is a service of [`compose.yaml`](src:compose.yaml) that runs `postgres:16`."
        in page
    )
    assert "it needs `db`" in page
    alone = page_of("data-and-services", {"a.py": "import redis\n"})
    assert "## Containers" not in alone
    assert "## Addresses" not in alone
    assert "## Client libraries" not in page_of("data-and-services", {"Dockerfile": "FROM debian\n"})


def test_a_container_of_which_little_is_known_is_named() -> None:
    """An image without a base, a service that is built."""
    page = page_of("data-and-services", {"compose.yaml": "services:\n  web:\n    build: .\n"})
    assert (
        "[`web`](src:compose.yaml?web) is a service of [`compose.yaml`](src:compose.yaml) that is built from `.`."
        in page
    )
    bare = services.ServicesInput(title="s", services=(), containers=(), addresses=(), dockerfiles=())
    assert services.write(bare).count("##") == 0


MANIFEST = """[project]
name = "t"
dependencies = ["PyYAML>=6", "rich[extra]; python_version > '3.8'", "unused"]

[project.optional-dependencies]
plot = ["numpy"]
"""


def test_dependencies_are_told_by_manifest_and_purpose() -> None:
    """With what is asked for and who imports it, also where package and import have different names."""
    texts = {
        "pyproject.toml": MANIFEST,
        "a.py": "import yaml\nfrom rich.console import Console\n",
        "b.py": "import numpy as np\n",
    }
    page = page_of("dependencies", texts)
    assert (
        "sample asks for three packages at run time and one more for other purposes, declared in [`pyproject.toml`]"
        in page
    )
    assert "| [`PyYAML`](src:pyproject.toml?PyYAML) | `>=6` | [`a.py`](src:a.py) |" in page
    assert (
        "| [`rich`](src:pyproject.toml?rich) | `[extra]` when `python_version > '3.8'` | [`a.py`](src:a.py) |" in page
    )
    assert "| [`unused`](src:pyproject.toml?unused) | – | – |" in page
    assert "| plot | [`numpy`](src:pyproject.toml?numpy) | [`b.py`](src:b.py) |" in page


def test_manifests_without_runtime_packages_have_no_table_for_them() -> None:
    """Each manifest has its heading, and below it only what it asks for."""
    texts = {
        "package.json": '{"name": "t", "devDependencies": {"jest": "^29", "eslint": "^9"}}',
        "sub/package.json": '{"name": "u", "dependencies": {"axios": "1"}}',
    }
    page = page_of("dependencies", texts)
    first, second = page.split("## sub/package.json")
    assert "At run time:" not in first
    assert "For other purposes:" not in second


def test_indirect_packages_are_counted_in_a_sentence() -> None:
    """They are not asked for by the project itself."""
    asked = "require (\n\tg.h/a v1.0.0\n\tg.h/b v1.0.0\n)\n"
    along = "require (\n\tg.h/c v1.0.0 // indirect\n\tg.h/d v1.0.0 // indirect\n)\n"
    go = f"module x.y/z\n\n{asked}\n{along}"
    page = page_of("dependencies", {"go.mod": go, "a.go": 'package a\n\nimport "g.h/a/sub"\n'})
    assert "Two packages are needed only by these: [`g.h/c`](src:go.mod?g.h/c) and [`g.h/d`](src:go.mod?g.h/d)." in page
    assert "| [`g.h/a`](src:go.mod?g.h/a) | `v1.0.0` | [`a.go`](src:a.go) |" in page


@pytest.mark.parametrize(
    ("package", "module", "another"),
    [
        ("python-dateutil", "dateutil.parser", "dateutils"),
        ("typing-extensions", "typing_extensions", "typing"),
        ("Flask", "flask", "flask_cors"),
        ("rich[all]", "rich", "richer.text"),
        ("@scope/x", "@scope/x/deep", "@scope/xy"),
        ("a-b", "a_b.c", "a_bc"),
    ],
)
def test_a_package_is_found_under_the_name_it_is_imported_by(package: str, module: str, another: str) -> None:
    """Known differences, case and dashes; a name that only begins alike is another package."""
    assert dependencies.users_of(package, {module: ("a.py",), another: ("b.py",)}) == ("a.py",)


ACTION = """name: T
description: Does *it*.
inputs:
  where:
    description: Where to look.
    required: true
  level:
    default: '1'
outputs:
  found:
    description: What was found.
runs:
  using: docker
  image: Dockerfile
"""


def test_an_action_is_told_by_inputs_and_outputs() -> None:
    """What must be given, what holds otherwise, what comes out."""
    page = page_of("action", {"action.yml": ACTION})
    assert "[`action.yml`](src:action.yml) declares two inputs and one output.\n\n> Does \\*it\\*." in page
    assert "## Inputs\n\n| Input | Default | Description |" in page
    assert "| [`where`](src:action.yml?where) | required | <q>Where to look.</q> |" in page
    assert "| [`level`](src:action.yml?level) | `1` | – |" in page
    assert "## Outputs\n\n| Output | Description |" in page
    assert "| [`found`](src:action.yml?found) | <q>What was found.</q> |" in page


def test_several_actions_have_a_part_each() -> None:
    """Headings say whose inputs they are; an action without outputs has no table for them."""
    page = page_of(
        "action",
        {"action.yml": ACTION, "sub/action.yml": "name: S\ninputs:\n  x:\n    default: a\nruns:\n  using: node20\n"},
    )
    assert "## action.yml" in page
    assert "### Inputs of sub/action.yml" in page
    assert "### Outputs of action.yml" in page
    assert "### Outputs of sub/action.yml" not in page
    only = page_of(
        "action",
        {"action.yml": ACTION, "sub/action.yml": "name: S\noutputs:\n  y:\n    value: a\nruns:\n  using: node20\n"},
    )
    assert "### Inputs of sub/action.yml" not in only


def commit(number: int, date: tuple[int, int, int], subject: str, *paths: str) -> Commit:
    """A commit of the history."""
    return Commit(sha=f"{number:040x}", date=datetime(*date, tzinfo=UTC), author="A", subject=subject, paths=paths)


def test_changes_are_told_by_month() -> None:
    """Newest first, in the words of their authors; files that several changed, as far as they still exist."""
    page = page_of(
        "recent-changes",
        {"a.py": "x = 1\n", "b.py": "x = 1\n", "CHANGELOG.md": "# Changes\n"},
        commit(3, (2026, 2, 2), "Third `x`", "a.py", "gone.py"),
        commit(2, (2026, 2, 1), "Second", "a.py", "gone.py", "b.py"),
        commit(1, (2025, 2, 1), "First", "b.py"),
    )
    assert "The newest three changes on the documented branch" in page
    assert "What the authors say of releases is in [`CHANGELOG.md`](src:CHANGELOG.md)." in page
    assert "[`a.py`](src:a.py) (2 changes) and [`b.py`](src:b.py) (2 changes)." in page
    february, earlier = page.split("## February 2025")
    assert "## February 2026\n\n-   2026-02-02: <q>Third \\`x\\`</q> ([0000000](commit:" in february
    assert "First" in earlier


def test_a_short_history_has_no_busiest_files() -> None:
    """One change of each file says nothing, and without a changelog nothing is said of one."""
    page = page_of("recent-changes", {"a.py": "x = 1\n"}, commit(1, (2026, 1, 1), "First", "a.py"))
    assert "Where most happened" not in page
    assert "releases" not in page
    empty = changes.write(changes.ChangesInput(title="s", commits=(), touched=(), changelog=""))
    assert empty.count("\n-   ") == 0


def test_a_stage_of_a_build_is_no_image_of_its_own() -> None:
    """Only the last stage is what a build makes; a service says what it is built from."""
    texts = {
        "Dockerfile": "FROM golang AS tools\nRUN make\nFROM scratch\nCOPY --from=tools /x /x\n",
        "compose.yaml": "services:\n  web:\n    build: .\n  job:\n    build: ./missing\n",
    }
    page = page_of("data-and-services", texts)
    assert (
        "The stage [`tools`](src:Dockerfile?tools) of [`Dockerfile`](src:Dockerfile), which is part of the build only, "
        "starts from `golang`." in page
    )
    assert "[`Dockerfile`](src:Dockerfile) builds an image from `scratch`; it takes files from `tools`." in page
    assert "[`compose.yaml`](src:compose.yaml) that is built from [`Dockerfile`](src:Dockerfile)." in page
    assert "that is built from `./missing`." in page


def test_a_list_of_requirements_is_not_what_the_package_needs() -> None:
    """What developers install beside a manifest is told by the command that installs it."""
    texts = {
        "pyproject.toml": '[project]\nname = "t"\ndependencies = ["click"]\n',
        "requirements.txt": "pytest==8\nruff==1\n",
    }
    page = page_of("dependencies", texts)
    assert "sample asks for one package at run time, declared in [`pyproject.toml`](src:pyproject.toml)." in page
    assert "[`requirements.txt`](src:requirements.txt) names two packages." in page
    assert "Installed by `pip install -r requirements.txt`:" in page
    assert page.count("At run time:") == 1


def test_a_package_of_a_workspace_is_used_by_its_own_files() -> None:
    """What another package of the repository imports says nothing about this one; the manifest at the top speaks for all."""
    asked = '{"name": "NAME", "dependencies": {"axios": "1", "ky": "1", "got": "1"}}'
    texts = {
        "package.json": asked.replace("NAME", "top"),
        "sub/package.json": asked.replace("NAME", "sub"),
        "sub/a.js": 'import axios from "axios";\nexport const a = axios;\n',
        "src/b.js": 'import axios from "axios";\nexport const b = axios;\n',
    }
    top, _, sub = page_of("dependencies", texts).partition("## sub/package.json")
    assert "| [`src/b.js`](src:src/b.js) and [`sub/a.js`](src:sub/a.js) |" in top
    assert "| [`sub/a.js`](src:sub/a.js) |" in sub
    assert "src/b.js" not in sub
