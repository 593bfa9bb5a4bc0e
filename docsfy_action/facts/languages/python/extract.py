"""Puts together everything that is read out of one Python file."""

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands import read_command_line
from docsfy_action.facts.languages.python.environment import read_environment
from docsfy_action.facts.languages.python.imports import read_exports, read_imports, runs_when_started
from docsfy_action.facts.languages.python.names import Names
from docsfy_action.facts.languages.python.settings import read_settings
from docsfy_action.facts.languages.python.symbols import read_symbols
from docsfy_action.facts.languages.python.syntax import docstring, parse
from docsfy_action.facts.languages.python.values import Values
from docsfy_action.facts.model import BlobFacts
from docsfy_action.facts.treesitter import count_lines, syntax_error, unreadable

# A file that falls apart into more pieces is no Python; queries take time that grows with the square of their number.
MAX_LOOSE_NODES = 5_000


def extract(data: bytes) -> BlobFacts:
    """The facts of one `.py` or `.pyi` file, whatever its bytes are."""
    lines = count_lines(data)
    if reason := unreadable(data):
        return BlobFacts(lines=lines, error=reason)
    source = parse(data)
    if source is None:
        return BlobFacts(lines=lines, error="syntax errors everywhere")
    error = syntax_error(source.root)
    if source.root.is_error and source.root.child_count > MAX_LOOSE_NODES:
        return BlobFacts(lines=lines, error=error)
    names = Names(source)
    values = Values(names)
    calls = Calls(values)
    exports = read_exports(values)
    command_line = read_command_line(calls)
    return BlobFacts(
        lines=lines,
        doc=docstring(source, source.root),
        main=runs_when_started(source),
        exports=exports,
        symbols=read_symbols(names, exports),
        imports=read_imports(names),
        commands=command_line.commands,
        options=command_line.options,
        command_links=command_line.links,
        settings=(*read_environment(calls), *command_line.settings, *read_settings(values)),
        error=error,
    )
