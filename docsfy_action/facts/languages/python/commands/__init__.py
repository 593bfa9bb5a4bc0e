"""Command lines that a Python file defines: argparse, optparse, click and typer."""

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands.click_commands import read_click
from docsfy_action.facts.languages.python.commands.model import CommandLine
from docsfy_action.facts.languages.python.commands.parsers import read_parsers
from docsfy_action.facts.languages.python.commands.typer_commands import read_typer


def read_command_line(calls: Calls) -> CommandLine:
    """The commands and options of a file, of whichever framework."""
    return read_parsers(calls) + read_click(calls) + read_typer(calls)


__all__ = ["CommandLine", "read_command_line"]
