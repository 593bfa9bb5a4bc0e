"""What readers of command lines make of less common code: who starts a parser, what may be repeated, how help ends."""

import pytest

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.languages.ecmascript import EXTRACTORS as SCRIPTS
from docsfy_action.facts.languages.go import EXTRACTORS as GO
from docsfy_action.facts.languages.python import EXTRACTORS as PYTHON
from docsfy_action.facts.model import BlobFacts
from tests.unit.samples import code_base


def read(extractors: tuple[Extractor, ...], text: str) -> BlobFacts:
    """The facts of a file."""
    return extractors[0].extract(text.encode())


@pytest.mark.parametrize(
    ("made", "commands"),
    [
        ("add_help=False", 0),
        ("add_help=False, prog=''", 0),
        ("add_help=False, prog='tool'", 1),
        ("add_help=False, description='Does.'", 1),
        ("", 1),
    ],
)
def test_a_parser_without_help_name_and_description_is_no_program(made: str, commands: int) -> None:
    """It reads lines of a file; a parser that users start can say what it is."""
    text = f"import argparse\nparser = argparse.ArgumentParser({made})\nparser.add_argument('--pre')\n"
    assert len(read(PYTHON, text).commands) == commands


@pytest.mark.parametrize("help_flag", ["'-h', '--help', action='store_true'", "'-?', action='help'"])
def test_a_parser_with_a_help_flag_of_its_own_is_a_program(help_flag: str) -> None:
    """The framework's flag is replaced, not given up."""
    text = f"import argparse\np = argparse.ArgumentParser(add_help=False)\np.add_argument({help_flag})\n"
    assert len(read(PYTHON, text).commands) == 1


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('a', nargs='*')\n", True),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--a', action='append')\n", True),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('a', nargs='?')\n", False),
        ("import click\n@click.command()\n@click.option('--a', multiple=True)\ndef f(a): ...\n", True),
        ("import click\n@click.command()\n@click.argument('a', nargs=-1)\ndef f(a): ...\n", True),
        ("import click\n@click.command()\n@click.argument('a')\ndef f(a): ...\n", False),
        ("import typer\napp = typer.Typer()\n@app.command()\ndef f(a: list[str]): ...\n", True),
        ("import typer\napp = typer.Typer()\n@app.command()\ndef f(a: str): ...\n", False),
    ],
)
def test_what_may_be_given_several_times(text: str, repeated: bool) -> None:
    """Each framework has its own word for it."""
    assert [option.repeated for option in read(PYTHON, text).options] == [repeated]


@pytest.mark.parametrize(
    ("calls", "examples", "details"),
    [
        (".addHelpText('after', 'Examples:\\n  $ x')", "Examples:\n  $ x", ""),
        (".addHelpText('after', 'See the manual')", "", "See the manual"),
        (".addHelpText('after')", "", ""),
    ],
)
def test_text_that_commander_adds_to_the_help(calls: str, examples: str, details: str) -> None:
    """Examples are told from anything else by their name."""
    (command,) = read(SCRIPTS, f"import {{ program }} from 'commander'\nprogram{calls}.parse()\n").commands
    assert (command.examples, command.details) == (examples, details)


@pytest.mark.parametrize(
    ("said", "usage", "help_text"),
    [
        ("Does it.\\n\\nUsage: $0 <file>", "<file>", "Does it."),
        ("$0 <file>", "<file>", ""),
        ("Does it.", "", "Does it."),
        ("Usage: $0", "", ""),
    ],
)
def test_what_yargs_calls_usage_may_be_a_description(said: str, usage: str, help_text: str) -> None:
    """What stands before the usage line says what the program does."""
    (command,) = read(SCRIPTS, f"import yargs from 'yargs'\nyargs().usage('{said}').parse()\n").commands
    assert (command.usage, command.help) == (usage, help_text)


def test_what_yargs_demands_or_describes_is_an_option() -> None:
    """Declared or not; an alias that was given before belongs to it."""
    facts = read(SCRIPTS, "import yargs from 'yargs'\nyargs().alias('f', 'file').demandOption('f').hide('g').parse()\n")
    assert [(option.flags, option.required) for option in facts.options] == [(("-f", "--file"), True)]


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ('paragraph("Edits it.")', "Edits it."),
        ('templates.LongDesc(i18n.T("Edits it."))', "Edits it."),
        ('strings.ToUpper("edits")', ""),
        ('paragraph("a", "b")', ""),
    ],
)
def test_functions_that_lay_text_out_are_seen_through(said: str, read_as: str) -> None:
    """Those of the package itself, and of the packages that are made for it; others may change the text."""
    text = f'package main\n\nimport "github.com/spf13/cobra"\n\nvar c = &cobra.Command{{Use: "edit", Long: {said}}}\n'
    (command,) = read(GO, text).commands
    assert command.details == read_as


def test_a_flag_may_have_another_package_s_constant_as_its_default() -> None:
    """Its name says more than nothing."""
    text = """package main

import ("github.com/spf13/cobra"; "example.com/styles")

var c = &cobra.Command{Use: "edit"}

func init() { c.Flags().String("style", styles.Auto, "the style") }
"""
    assert [option.default for option in read(GO, text).options] == ["styles.Auto"]


def test_a_program_takes_no_commands_from_outside_its_package() -> None:
    """Plugins lie in the package of the program; a script of the developers is none of its commands."""
    parser = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--version')\n"
    texts = {
        "pyproject.toml": '[project]\nname = "tool"\n\n[project.scripts]\ntool = "tool.run:main"\n',
        "tool/__init__.py": "",
        "tool/run.py": "def main(): ...\n",
    }
    assert [len(p.commands) for p in code_base({**texts, "tasks/release.py": parser}).programs if p.name == "tool"] == [
        0
    ]
    assert [len(p.commands) for p in code_base({**texts, "tool/plugin.py": parser}).programs if p.name == "tool"] == [1]
