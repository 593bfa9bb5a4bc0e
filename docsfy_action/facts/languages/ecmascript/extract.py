"""One script as facts."""

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.commands import command_facts
from docsfy_action.facts.languages.ecmascript.comments import file_comment
from docsfy_action.facts.languages.ecmascript.exports import exports
from docsfy_action.facts.languages.ecmascript.imports import imports
from docsfy_action.facts.languages.ecmascript.settings import settings
from docsfy_action.facts.languages.ecmascript.symbols import symbols
from docsfy_action.facts.languages.ecmascript.values import Script
from docsfy_action.facts.model import BlobFacts, Setting
from docsfy_action.facts.treesitter import NO_CODE, count_lines, is_wreck, parse_bounded, syntax_error, unreadable

# No person writes lines like that: bundled or minified code.
MAX_AVERAGE_LINE = 500


def extract(grammar: str, blob: bytes) -> BlobFacts:
    """All that a script says; where it cannot be parsed as a whole, what could be read of it."""
    lines = count_lines(blob)
    reason = unreadable(blob)
    if not reason and len(blob) > MAX_AVERAGE_LINE * max(lines, 10):
        reason = "minified"
    if not reason and blob.lstrip().startswith(b"<?xml"):
        # Qt keeps translations in XML files that end in `.ts`.
        reason = "XML"
    if reason:
        return BlobFacts(lines=lines, error=reason)
    grammar, root = _parsed(grammar, blob)
    if root is None or is_wreck(root):
        return BlobFacts(lines=lines, error=NO_CODE)
    exported = exports(root)
    found = imports(root, grammar, blob)
    script = Script(root, grammar, found)
    commands = command_facts(script, exported, blob)
    return BlobFacts(
        lines=lines,
        doc=file_comment(root),
        main=blob.startswith(b"#!"),
        exports=tuple(exported.names) if exported.found else None,
        export_aliases=exported.aliases,
        symbols=symbols(root, exported),
        error=syntax_error(root),
        imports=found,
        commands=commands.commands,
        command_links=commands.links,
        options=commands.options,
        settings=_together(settings(script, blob), commands.settings),
    )


def _parsed(grammar: str, blob: bytes) -> tuple[str, Node | None]:
    root = parse_bounded(grammar, blob)
    if grammar == "javascript" and root is not None and root.has_error:
        # Flow's annotations read like TypeScript's.
        typed = parse_bounded("tsx", blob)
        if typed is not None and not typed.has_error:
            return "tsx", typed
    return grammar, root


def _together(read: tuple[Setting, ...], declared: tuple[Setting, ...]) -> tuple[Setting, ...]:
    return tuple(sorted((*read, *declared), key=lambda setting: (setting.line, setting.name)))
