"""One Go file as facts."""

from docsfy_action.facts.languages.go.commands import command_facts
from docsfy_action.facts.languages.go.imports import imports
from docsfy_action.facts.languages.go.settings import settings
from docsfy_action.facts.languages.go.symbols import package_clause, symbols
from docsfy_action.facts.languages.go.values import GoFile
from docsfy_action.facts.model import BlobFacts, Setting
from docsfy_action.facts.treesitter import NO_CODE, count_lines, is_wreck, parse_bounded, syntax_error, unreadable


def extract(blob: bytes) -> BlobFacts:
    """All that a Go file says; where the text is no Go, what could be read of it, and `error`."""
    lines = count_lines(blob)
    if reason := unreadable(blob):
        return BlobFacts(lines=lines, error=reason)
    root = parse_bounded("go", blob)
    if root is None or is_wreck(root):
        return BlobFacts(lines=lines, error=NO_CODE)
    package, doc = package_clause(root)
    found = imports(root)
    file = GoFile(root, found)
    commands = command_facts(file, blob)
    return BlobFacts(
        lines=lines,
        doc=doc,
        package=package,
        main=package == "main" and "main" in file.functions,
        symbols=symbols(root),
        imports=found,
        commands=commands.commands,
        command_links=commands.links,
        options=commands.options,
        settings=_together(settings(file, blob), commands.settings),
        error=syntax_error(root),
    )


def _together(read: tuple[Setting, ...], declared: tuple[Setting, ...]) -> tuple[Setting, ...]:
    return tuple(sorted((*read, *declared), key=lambda setting: (setting.line, setting.kind, setting.name)))
