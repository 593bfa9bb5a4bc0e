"""Commands and options that scripts declare, one module per library; only those whose package is imported are run."""

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.help_text import help_facts
from docsfy_action.facts.languages.ecmascript.commands.cac import Cac
from docsfy_action.facts.languages.ecmascript.commands.chains import ChainReader
from docsfy_action.facts.languages.ecmascript.commands.citty import citty_facts
from docsfy_action.facts.languages.ecmascript.commands.commander import Commander
from docsfy_action.facts.languages.ecmascript.commands.option_tables import meow_facts, parse_args_facts
from docsfy_action.facts.languages.ecmascript.commands.yargs import Yargs
from docsfy_action.facts.languages.ecmascript.exports import Exports
from docsfy_action.facts.languages.ecmascript.values import PACKAGE, Script
from docsfy_action.facts.treesitter import captures, line

__all__ = ["command_facts"]


def command_facts(script: Script, exported: Exports, blob: bytes) -> CommandFacts:
    """All that a file says about the command line of a program."""
    parts: list[CommandFacts] = []
    parts.extend(
        ChainReader(script, library(script)).facts()
        for library in (Commander, Cac)
        if script.imports_any(*library.packages)
    )
    if script.imports_any(*Yargs.packages) or (b"handler" in blob and b"builder" in blob):
        yargs = Yargs(script)
        reader = ChainReader(script, yargs)
        yargs.read_modules(reader, exported)
        parts.append(reader.facts())
    if script.imports_any("meow"):
        parts.append(meow_facts(script))
    if b"parseArgs" in blob and script.imports_any("node:util", "util"):
        parts.append(parse_args_facts(script))
    if script.imports_any("citty"):
        parts.append(citty_facts(script, exported))
    found = CommandFacts.joined(parts)
    if found != CommandFacts() or b"sage" not in blob or b"--" not in blob:
        return found
    texts = captures(PACKAGE, "texts", script.grammar, script.root).get("text", [])
    return help_facts((line(node), script.string(node, holes=True) or "") for node in texts)
