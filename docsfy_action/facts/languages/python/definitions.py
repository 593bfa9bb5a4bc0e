"""Classes and functions of a Python file as symbols: signature, parameters, bases, decorators, documentation."""

from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.python.syntax import Source, docstring
from docsfy_action.facts.model import Parameter, Symbol, SymbolKind
from docsfy_action.facts.treesitter import span

ENUM_BASES = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"})
# Special methods that users call through syntax of their own (`with`, `for`, `x[…]`, `x(…)`, `await`, operators) are
# public; those that only say how an object is made, compared, shown or looked up are not.
PUBLIC_DUNDERS = frozenset(
    f"__{name}__"
    for name in (
        "call enter exit aenter aexit iter next aiter anext await getitem setitem delitem contains len reversed "
        "add sub mul matmul truediv floordiv mod divmod pow and or xor lshift rshift neg pos invert abs"
    ).split()
)


def is_public(name: str) -> bool:
    """Whether a qualified name is public by Python's rule: no segment begins with `_`, `PUBLIC_DUNDERS` aside."""
    return all(not part.startswith("_") or part in PUBLIC_DUNDERS for part in name.split("."))


def class_symbol(source: Source, whole: Node, node: Node, name: str) -> Symbol:
    """A class; `whole` is its definition with decorators. Enumerations are told apart by their direct bases."""
    arguments = node.child_by_field_name("superclasses")
    bases = tuple(
        source.folded(child)
        for child in (arguments.named_children if arguments is not None else ())
        if child.type not in ("keyword_argument", "comment", "dictionary_splat")
    )
    is_enum = any(base.rpartition(".")[2] in ENUM_BASES for base in bases)
    return Symbol(
        name=name,
        kind=SymbolKind.ENUM if is_enum else SymbolKind.CLASS,
        span=span(whole),
        signature=_head(source, node),
        doc=docstring(source, node),
        bases=bases,
        decorators=decorators_of(source, whole),
        public=is_public(name),
        body=source.digest(whole),
    )


def function_symbol(source: Source, whole: Node, node: Node, name: str, *, in_class: bool) -> Symbol:
    """A function, method or property. The parameter that receives the object or class (`self`) is left out of
    `parameters`; the signature shows it."""
    decorators = decorators_of(source, whole)
    kind = SymbolKind.FUNCTION
    if in_class:
        kind = SymbolKind.PROPERTY if any(map(_makes_property, decorators)) else SymbolKind.METHOD
    parameters = tuple(_parameters(source, node))
    if in_class and "staticmethod" not in decorators and parameters and not parameters[0].name.startswith("*"):
        parameters = parameters[1:]
    return Symbol(
        name=name,
        kind=kind,
        span=span(whole),
        signature=_head(source, node),
        doc=docstring(source, node),
        parameters=parameters,
        returns=source.folded(node.child_by_field_name("return_type")),
        decorators=decorators,
        public=is_public(name),
        body=source.digest(whole),
    )


def decorators_of(source: Source, whole: Node) -> tuple[str, ...]:
    """The decorators of a definition as source text."""
    if whole.type != "decorated_definition":
        return ()
    found = (child.named_children for child in whole.named_children if child.type == "decorator")
    return tuple(source.folded(expression[0]) for expression in found if expression)


def _makes_property(decorator: str) -> bool:
    last = decorator.partition("(")[0].rpartition(".")[2]
    return last.endswith("property") or ("." in decorator and last in ("setter", "getter", "deleter"))


def _head(source: Source, node: Node) -> str:
    """The declaration up to the colon before the body."""
    body = node.child_by_field_name("body")
    limit = body.start_byte if body is not None else node.end_byte
    colons = [child.start_byte for child in node.children if child.type == ":" and child.start_byte <= limit]
    end = colons[-1] if colons else limit
    return source.folded_between(node.start_byte, end, [child for child in node.children if child.start_byte < end])


def _parameters(source: Source, function: Node) -> Iterator[Parameter]:
    parameters = function.child_by_field_name("parameters")
    keyword_only = False
    for child in parameters.named_children if parameters is not None else ():
        kind = child.type
        if kind == "keyword_separator":
            keyword_only = True
            continue
        name = child.child_by_field_name("name")
        if kind in ("identifier", "list_splat_pattern", "dictionary_splat_pattern", "tuple_pattern"):
            name = child
        elif kind == "typed_parameter":
            name = child.named_children[0]
        if name is None:
            continue
        starred = name.type in ("list_splat_pattern", "dictionary_splat_pattern")
        yield Parameter(
            name=source.folded(name),
            annotation=source.folded(child.child_by_field_name("type")),
            default=source.folded(child.child_by_field_name("value")),
            keyword_only=keyword_only and not starred,
        )
        keyword_only = keyword_only or name.type == "list_splat_pattern"
