"""Commands and options that Go code declares: one module per framework, run where its package is imported."""

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.help_text import help_facts
from docsfy_action.facts.languages.go.commands.cobra import cobra_facts
from docsfy_action.facts.languages.go.commands.flags import flag_facts
from docsfy_action.facts.languages.go.commands.tagged import tagged_facts
from docsfy_action.facts.languages.go.commands.urfave import urfave_facts
from docsfy_action.facts.languages.go.values import PACKAGE, GoFile
from docsfy_action.facts.treesitter import captures, line

__all__ = ["CommandFacts", "command_facts"]

_COBRA = "github.com/spf13/cobra"
_FLAG_PACKAGES = ("flag", "github.com/spf13/pflag")
_URFAVE = ("github.com/urfave/cli", "gopkg.in/urfave/cli.v1", "gopkg.in/urfave/cli.v2", "github.com/codegangsta/cli")


def command_facts(file: GoFile, blob: bytes) -> CommandFacts:
    """All that a file says about the command line of a program."""
    parts: list[CommandFacts] = []
    if file.imports_any(_COBRA):
        parts.append(cobra_facts(file))
    if file.imports_any(*_FLAG_PACKAGES):
        parts.append(flag_facts(file))
    if file.imports_any(*_URFAVE):
        parts.append(urfave_facts(file))
    if b'help:"' in blob or b'long:"' in blob or b'cmd:"' in blob:
        parts.append(tagged_facts(file))
    found = CommandFacts.joined(parts)
    if found != CommandFacts() or b"sage" not in blob or b"--" not in blob:
        return found
    texts = captures(PACKAGE, "texts", "go", file.root).get("text", [])
    return help_facts((line(node), file.string(node) or "") for node in texts)
