"""`noxfile.py`: sessions of nox with what they run, read without running the file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Task

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

    from docsfy_action.facts.formats.syntax.python_literals import Literals

_RUNS = ("run", "run_always", "run_install")


def _read(text: str) -> BlobFacts:
    # The grammar takes as long to load as many files to read: only repositories with a noxfile pay for it.
    from docsfy_action.facts.formats.syntax.python_literals import Literals, parse_python, walk

    literals = Literals(parse_python(text))
    definitions = (node for node in walk(literals.source.root) if node.type == "decorated_definition")
    return BlobFacts(tasks=unique(task for node in definitions for task in _tasks(literals, node)))


def _tasks(literals: "Literals", decorated: "SyntaxNode") -> Iterator[Task]:
    from docsfy_action.facts.languages.python.syntax import docstring, line_of

    function = decorated.child_by_field_name("definition")
    named = function.child_by_field_name("name") if function is not None else None
    said = _session(literals, decorated)
    if function is None or named is None or said is None or function.type != "function_definition":
        return
    name = said["name"].text if "name" in said else literals.source.text(named)
    if is_name(name):
        yield Task(
            name=name,
            runner="nox",
            line=said["name"].line if "name" in said else line_of(function),
            run=unique(_runs(literals, function)),
            doc=one_line(docstring(literals.source, function).partition("\n\n")[0]),
            needs=said["requires"].texts if "requires" in said else (),
        )


def _session(literals: "Literals", decorated: "SyntaxNode") -> dict[str, Node] | None:
    """The arguments of the session decorator; None where there is no such decorator."""
    for child in decorated.named_children:
        if child.type == "decorator" and child.named_child_count:
            called = child.named_children[0]
            name = literals.function(called) if called.type == "call" else literals.source.text(called)
            if name in ("nox.session", "session", "nox_uv.session"):
                return literals.arguments(called) if called.type == "call" else {}
    return None


def _runs(literals: "Literals", function: "SyntaxNode") -> Iterator[str]:
    from docsfy_action.facts.formats.syntax.python_literals import walk

    for node in walk(function):
        if node.type == "call" and literals.function(node).rpartition(".")[2] in _RUNS:
            words = tuple(value.text for value in literals.positional(node))
            if words:
                yield " ".join(f'"{word}"' if " " in word or not word else word for word in words)


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "noxfile.py"


EXTRACTORS = (Extractor(name="noxfile", version=1, claims=_claims, extract=reader(_read)),)
