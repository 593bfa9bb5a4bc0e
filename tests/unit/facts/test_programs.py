"""What can be started by name, and which commands and options belong to it."""

from docsfy_action.facts.model import BlobFacts, EntryPoint, Option, Role, SourceFile
from docsfy_action.facts.programs import Program
from tests.unit.samples import code_base

CLICK = """
import click

@click.group()
def cli():
    "Keeps notes."

@cli.command()
@click.option("--title", help="What to call it.")
@click.option("--secret", hidden=True)
def add(title, secret):
    "Adds a note."

@cli.command(hidden=True)
def debug():
    "For developers."
"""
ENTRY = '[project]\nname = "notes"\n\n[project.scripts]\n{}\n'


def programs(texts: dict[str, str]) -> dict[str, Program]:
    """Programs of a sample by name."""
    return {program.name: program for program in code_base(texts).programs}


def shown(program: Program) -> dict[str, list[str]]:
    """Options by command."""
    return {command.name: [option.item.name for option in command.options] for command in program.commands}


def test_a_declared_entry_point_is_a_program_with_its_commands() -> None:
    """The function that the manifest names is the program itself; hidden options are left out."""
    found = programs({"pyproject.toml": ENTRY.format('notes = "notes.cli:cli"'), "notes/__init__.py": "",
                      "notes/cli.py": CLICK})["notes"]  # fmt: skip
    assert found.path == "notes/cli.py"
    assert found.entry is not None
    assert found.entry.path == "pyproject.toml"
    assert found.root is not None
    assert found.root.command.item.help == "Keeps notes."
    assert set(shown(found)) >= {"", "add"}
    assert "--secret" not in shown(found)["add"]
    assert [command.name for command in found.subcommands] == ["add"]


def test_a_program_without_commands_has_no_root() -> None:
    """An entry point whose code defines no options is a program all the same."""
    found = programs({"pyproject.toml": ENTRY.format('run = "app:main"'), "app.py": "def main(): ...\n"})["run"]
    assert found.root is None
    assert found.commands == ()


def test_code_that_imports_in_a_circle_is_walked_once() -> None:
    """Modules that import each other do not keep the search for commands going."""
    texts = {
        "pyproject.toml": ENTRY.format('run = "p.a:main"'),
        "p/__init__.py": "",
        "p/a.py": "from p import b, c\n\ndef main(): ...\n",
        "p/b.py": "from p import a, c\n",
        "p/c.py": command_file("work"),
    }
    assert list(shown(programs(texts)["run"])) == ["work"]


def command_file(name: str) -> str:
    """A module with one command."""
    return f"import click\n\n@click.command()\ndef {name}():\n    'Does it.'\n"


def test_commands_go_to_the_program_that_is_nearest_by_imports() -> None:
    """Of two programs, the one whose code leads to a file in fewer steps owns its commands; equals share them."""
    texts = {
        "pyproject.toml": ENTRY.format('one = "p.one:main"\ntwo = "p.two:main"'),
        "p/__init__.py": "",
        "p/one.py": "from p import shared, far\n\ndef main(): ...\n",
        "p/two.py": "from p import shared, middle\n\ndef main(): ...\n",
        "p/middle.py": "from p import far\n",
        "p/shared.py": command_file("both"),
        "p/far.py": command_file("near"),
    }
    assert {name: list(shown(program)) for name, program in programs(texts).items()} == {
        "one": ["both", "near"], "two": ["both"],
    }  # fmt: skip


def test_commands_that_nothing_imports_belong_to_the_only_program() -> None:
    """Plugins found at run time are not imported; with one program there is no doubt whose they are."""
    texts = {
        "pyproject.toml": ENTRY.format('notes = "notes.cli:cli"'),
        "notes/__init__.py": "",
        "notes/cli.py": CLICK,
        "notes/plugin.py": "import click\n\n@click.command()\ndef extra():\n    'More.'\n",
    }
    assert "notes/plugin.py" in {c.command.path for c in programs(texts)["notes"].commands}
    two = {**texts, "pyproject.toml": ENTRY.format('notes = "notes.cli:cli"\nother = "notes.other:main"'),
           "notes/other.py": "def main(): ...\n"}  # fmt: skip
    paths = {c.command.path for program in programs(two).values() for c in program.commands}
    assert "notes/plugin.py" not in paths


def test_tests_define_no_commands() -> None:
    """A parser in a test is not the program's."""
    texts = {
        "pyproject.toml": ENTRY.format('notes = "notes.cli:cli"'),
        "notes/__init__.py": "",
        "notes/cli.py": CLICK,
        "tests/test_cli.py": "import click\n\n@click.command()\ndef fake():\n    'No.'\n",
    }
    assert "fake" not in shown(programs(texts)["notes"])


def test_an_entry_point_that_leads_nowhere_is_no_program() -> None:
    """A module that the commit does not hold cannot be documented, and names are declared once."""
    texts = {"pyproject.toml": ENTRY.format('gone = "missing.cli:main"'), "app.py": "def main(): ...\n"}
    assert programs(texts) == {}
    twice = {
        "pyproject.toml": ENTRY.format('run = "app:main"'),
        "sub/pyproject.toml": ENTRY.format('run = "app:main"'),
        "app.py": "def main(): ...\n",
    }
    (program,) = code_base(twice).programs
    assert program.entry is not None
    assert program.entry.path == "pyproject.toml"


def test_npm_programs_are_found_behind_built_files() -> None:
    """`bin` may name a file as it is, one that is built from `src`, or one that is not there."""
    package = '{"name": "tool", "bin": {"tool": "./dist/cli.js", "plain": "./run.js", "gone": "./dist/none.js"}}'
    found = programs({"package.json": package, "src/cli.ts": "export {};\n", "run.js": "\n"})
    assert {name: program.path for name, program in found.items()} == {"tool": "src/cli.ts", "plain": "run.js"}


def test_npm_programs_are_found_below_a_folder_that_is_no_build_folder() -> None:
    """The part behind the first folder may be where the source lies."""
    found = programs({"package.json": '{"name": "t", "bin": {"t": "./lib/bin.js"}}', "bin.ts": "export {};\n"})
    assert found["t"].path == "bin.ts"
    odd = programs({"package.json": '{"name": "t", "bin": {"t": "./odd/bin.js"}}', "bin.ts": "export {};\n"})
    assert odd["t"].path == "bin.ts"


def test_go_programs_are_named_like_their_folder() -> None:
    """`package main` is a program; a major version at the end of the module's name is not its name."""
    texts = {
        "go.mod": "module example.com/tool/v2\n",
        "main.go": "package main\n\nfunc main() {}\n",
        "cmd/helper/main.go": "package main\n\nfunc main() {}\n",
        "lib/lib.go": "package lib\n",
    }
    assert {name: program.path for name, program in programs(texts).items()} == {
        "tool": "main.go", "helper": "cmd/helper/main.go",
    }  # fmt: skip


SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--x")

if __name__ == "__main__":
    parser.parse_args()
"""


def test_python_scripts_with_options_are_programs_by_path() -> None:
    """Without a declared program, a script with a main guard and options is started by its path, a package by `-m`."""
    quiet = "if __name__ == '__main__':\n    pass\n"
    texts = {"p/__init__.py": "", "p/__main__.py": SCRIPT, "tool.py": SCRIPT, "quiet.py": quiet}
    assert set(programs(texts)) == {"python -m p", "python tool.py"}


def test_scripts_are_passed_over_where_programs_are_declared() -> None:
    """A project that says what its programs are is believed; Go commands beside them still count."""
    texts = {
        "pyproject.toml": ENTRY.format('notes = "notes.cli:cli"'),
        "notes/__init__.py": "",
        "notes/cli.py": CLICK,
        "scripts/tool.py": SCRIPT,
        "go/main.go": "package main\n\nfunc main() {}\n",
    }
    assert set(programs(texts)) == {"notes", "go"}


def test_a_script_that_cannot_be_imported_is_a_program_by_its_path() -> None:
    """A script that no import can name keeps what it defines itself; a script in another language gets no name."""
    found = programs({"my-tools/run-it.py": SCRIPT, "cli.js": "#!/usr/bin/env node\n"})
    assert {name: shown(program) for name, program in found.items()} == {"python my-tools/run-it.py": {"": ["--x"]}}


def test_the_same_command_defined_twice_keeps_the_richer_one() -> None:
    """Of two definitions of one command, the one with options is shown."""
    bare = "import click\n\n@click.command()\ndef run():\n    'Runs.'\n"
    rich = "import click\n\n@click.command()\n@click.option('--fast')\ndef run():\n    'Runs.'\n"
    texts = {
        "pyproject.toml": ENTRY.format('t = "p:main"'),
        "p/__init__.py": "from p import a, b\n\ndef main(): ...\n",
        "p/a.py": bare,
        "p/b.py": rich,
    }
    assert shown(programs(texts)["t"])["run"] == ["--fast"]
    swapped = {**texts, "p/a.py": rich, "p/b.py": bare}
    assert shown(programs(swapped)["t"])["run"] == ["--fast"]


def test_a_manifest_target_without_a_folder_is_tried_as_it_stands() -> None:
    """A manifest that writes just a file name means the file beside it."""
    entry = SourceFile(path="pkg/m.json", blob="", language="package-json", role=Role.CONFIG,
                       facts=BlobFacts(entry_points=(EntryPoint(name="t", line=1, target="cli"),)))  # fmt: skip
    code = code_base({"pkg/cli.js": "\n"})
    files = {**code.files, "pkg/m.json": entry}
    (program,) = type(code)(name="x", files=files).programs
    assert program.path == "pkg/cli.js"


def test_options_alone_make_a_file_part_of_a_program() -> None:
    """A file with options but no command of its own is still asked about."""
    option = SourceFile(path="flags.py", blob="", language="python", role=Role.SOURCE,
                        facts=BlobFacts(options=(Option(name="--x", line=1, flags=("--x",)),)))  # fmt: skip
    code = code_base(
        {"pyproject.toml": ENTRY.format('run = "app:main"'), "app.py": "import flags\n\ndef main(): ...\n"}
    )
    (program,) = type(code)(name="x", files={**code.files, "flags.py": option}).programs
    assert program.commands == ()


def test_what_developers_build_with_is_no_program_of_the_project() -> None:
    """Mains in a folder of scripts are left out beside those that users get; where there are no others, they are all."""
    main = "package main\n\nfunc main() {}\n"
    module = {"go.mod": "module example.com/gh\n", "script/build.go": main}
    assert list(programs({**module, "cmd/gh/main.go": main})) == ["gh"]
    assert list(programs(module)) == ["script"]
