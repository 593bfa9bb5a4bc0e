"""Expressions of one file evaluated as far as their source shows it: strings, lists of strings, call arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from docsfy_action.facts.languages.python.names import MAX_DEPTH, Names
from docsfy_action.facts.languages.python.syntax import Source, docstring, parameter_names, string_parts, string_prefix
from docsfy_action.facts.treesitter import ancestors

HOLE = "…"
MAX_TEXT = 20_000
MAX_DEFAULT = 200
_LITERALS = frozenset({"string", "concatenated_string", "integer", "float", "true", "false", "none", "unary_operator"})
_TRANSPARENT_CALLS = frozenset({"dedent", "cleandoc", "_", "gettext", "gettext_lazy"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call by position and by name; `complete` is False where `*args` or `**kwargs` hide some."""

    positional: tuple[Node, ...] = ()
    named: Mapping[str, Node] = field(default_factory=dict)
    complete: bool = True

    def get(self, name: str, position: int | None = None) -> Node | None:
        """The argument called `name`, or the one at `position`."""
        if name in self.named:
            return self.named[name]
        return self.positional[position] if position is not None and position < len(self.positional) else None


@dataclass(frozen=True)
class Values:
    """Evaluates expressions without running anything. None means that the source does not say."""

    names: Names
    _strings: dict[tuple[int, bool], str | None] = field(default_factory=dict)
    _arguments: dict[int, Arguments] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """The file."""
        return self.names.source

    def string(self, node: Node | None, *, holes: bool = False, depth: int = 0) -> str | None:
        """The text of a string expression: literals, constants, sums and f-strings of them, `dedent(…)`.

        With `holes`, the parts of a sum or f-string that cannot be read become `…`; otherwise the whole is then None.
        """
        if node is None or depth > MAX_DEPTH:
            return None
        key = (node.id, holes)
        if key not in self._strings:
            # A name that is defined by itself finds this None and ends there.
            self._strings[key] = None
            text = self._string(node, holes, depth)
            self._strings[key] = text if text is None or len(text) <= MAX_TEXT else None
        return self._strings[key]

    def scalar(self, node: Node | None, depth: int = 0) -> str | None:
        """The text of a string or number, or of a constant that holds one."""
        if (text := self.string(node, depth=depth)) is not None:
            return text
        found = self.names.resolve(node)
        return self.source.text(found) if found is not None and found.type in ("integer", "float") else None

    def strings(self, node: Node | None, depth: int = 0) -> tuple[str, ...] | None:
        """The strings in a literal list, tuple, set, dict (its keys), enum class, or `list(…)` of one of these."""
        if node is None or depth > MAX_DEPTH:
            return None
        if node.type in ("identifier", "attribute"):
            values = self.enum_values(self.names.written(node))
            found = self.names.resolve(node)
            return values if values is not None or found is None else self.strings(found, depth + 1)
        if node.type == "call":
            return self._strings_of_call(node, depth)
        items = [child for child in node.named_children if child.type != "comment"]
        if node.type == "dictionary":
            texts = [self.scalar(item.child_by_field_name("key")) for item in items]
        elif node.type in ("list", "tuple", "set", "expression_list"):
            texts = [self.scalar(item) for item in items]
        else:
            return None
        return _all_or_none(texts)

    def each(self, node: Node | None) -> tuple[str, ...]:
        """Every string an expression takes: the one it is, or those of the literal collection that a loop runs over."""
        if node is None:
            return ()
        if (text := self.string(node)) is not None:
            return (text,)
        found = self.names.latest(node) if node.type == "identifier" else None
        return (self.strings(found.node) or ()) if found is not None and found.kind == "loop" else ()

    def enum_values(self, name: str) -> tuple[str, ...] | None:
        """The values of the members of an enum class of this file, if all are strings."""
        holder = self.names.class_named(name)
        if holder is None or not any(base.endswith("Enum") for base in self.names.bases(holder)):
            return None
        bound = (bindings[0] for bindings in self.names.bindings(holder).values() if len(bindings) == 1)
        return _all_or_none([self.string(binding.node) for binding in bound if binding.kind == "value"]) or None

    def shown(self, node: Node | None) -> str:
        """An expression as a reader should see it: a constant of this file by its value, else the source text."""
        if node is None:
            return ""
        found = self.names.resolve(node) if node.type in ("identifier", "attribute") else node
        return self.source.folded(found if found is not None and found.type in _LITERALS else node)

    def default(self, node: Node | None) -> str:
        """A default value as a reader should see it; empty for `None`, `...` and local variables, which say nothing."""
        shown = self.shown(node)
        local = node is not None and node.type == "identifier" and shown.islower() and shown.isidentifier()
        return "" if shown in ("None", "...") or local or len(shown) > MAX_DEFAULT else shown

    def arguments(self, call: Node | None, depth: int = 0) -> Arguments:
        """The arguments of a call; `**NAME` and `**dict(…)` of a literal dictionary in this file are read, too."""
        if call is None:
            return Arguments()
        if call.id not in self._arguments:
            self._arguments[call.id] = self._read_arguments(call, depth)
        return self._arguments[call.id]

    def mapping(self, node: Node | None, depth: int = 0) -> Mapping[str, Node] | None:
        """The entries of a literal `{…}` or `dict(…)` whose keys are strings."""
        found = self.names.resolve(node)
        if found is None or depth > MAX_DEPTH:
            return None
        if found.type == "call" and self.names.written(found.child_by_field_name("function")) == "dict":
            return self.arguments(found, depth).named
        if found.type != "dictionary":
            return None
        entries: dict[str, Node] = {}
        for pair in found.named_children:
            key, value = self.string(pair.child_by_field_name("key")), pair.child_by_field_name("value")
            if key is not None and value is not None:
                entries[key] = value
        return entries

    def _read_arguments(self, call: Node, depth: int) -> Arguments:
        holder = call.child_by_field_name("arguments")
        positional: list[Node] = []
        named: dict[str, Node] = {}
        complete = True
        for child in holder.named_children if holder is not None and holder.type == "argument_list" else ():
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and value is not None:
                    named[self.source.text(name)] = value
            elif child.type == "dictionary_splat":
                spread = self.mapping(child.named_children[0] if child.named_child_count else None, depth + 1)
                complete = complete and spread is not None
                named.update(spread or {})
            elif child.type == "list_splat":
                found = self.names.resolve(child.named_children[0] if child.named_child_count else None)
                complete = complete and found is not None and found.type in ("list", "tuple")
                if found is not None and found.type in ("list", "tuple"):
                    positional.extend(item for item in found.named_children if item.type != "comment")
            elif child.type != "comment":
                positional.append(child)
        return Arguments(tuple(positional), named, complete)

    def _string(self, node: Node, holes: bool, depth: int) -> str | None:
        match node.type:
            case "string":
                return self._literal(node, holes, depth)
            case "concatenated_string":
                return self._joined(node.named_children, holes, depth)
            case "binary_operator" if node.child_count == 3 and node.children[1].type == "+":
                return self._joined([node.children[0], node.children[2]], holes, depth)
            case "parenthesized_expression":
                return self._joined(node.named_children, holes, depth)
            case "call":
                return self._string_of_call(node, holes, depth)
            case "identifier" | "attribute":
                return self._string_of_name(node, holes, depth)
        return None

    def _string_of_name(self, node: Node, holes: bool, depth: int) -> str | None:
        name = self.names.written(node)
        if name == "__doc__":
            return docstring(self.source, self.source.root) or None
        if name.endswith(".__doc__"):
            holder = self.names.definition(name.removesuffix(".__doc__"))
            return docstring(self.source, holder) or None if holder is not None else None
        found = self.names.resolve(node)
        return None if found is None else self.string(found, holes=holes, depth=depth + 1)

    def _literal(self, node: Node, holes: bool, depth: int) -> str | None:
        if "b" in string_prefix(self.source, node):
            return None
        texts: list[str] = []
        for part in string_parts(self.source, node):
            text = part if isinstance(part, str) else self.scalar(part, depth + 1)
            if text is None and not holes:
                return None
            texts.append(HOLE if text is None else text)
        return "".join(texts)

    def _joined(self, nodes: Sequence[Node], holes: bool, depth: int) -> str | None:
        texts = [self.string(n, holes=holes, depth=depth + 1) for n in nodes if n.type != "comment"]
        known = [text for text in texts if text is not None]
        if not known or (len(known) < len(texts) and not holes):
            return None
        return "".join(HOLE if text is None else text for text in texts)

    def _string_of_call(self, node: Node, holes: bool, depth: int) -> str | None:
        """`textwrap.dedent("…")`, `inspect.cleandoc("…")` and `"…".strip()` leave the words as they are."""
        function = node.child_by_field_name("function")
        arguments = self.arguments(node).positional
        if function is None:
            return None
        if self.names.qualify(function).rpartition(".")[2] in _TRANSPARENT_CALLS and len(arguments) == 1:
            return self.string(arguments[0], holes=holes, depth=depth + 1)
        if (template := self._returned_template(function)) is not None:
            return self._filled(node, template, holes, depth)
        method = function.child_by_field_name("attribute")
        if method is None or arguments or self.source.text(method) not in ("strip", "lstrip", "rstrip"):
            return None
        text = self.string(function.child_by_field_name("object"), holes=holes, depth=depth + 1)
        return None if text is None else text.strip()

    def _returned_template(self, function: Node) -> Node | None:
        """The f-string that a function of this file returns, if that is all it does."""
        definition = self.names.definition(self.names.written(function) or "?")
        body = definition.child_by_field_name("body") if definition is not None else None
        statements = [child for child in body.named_children if child.type != "comment"] if body is not None else []
        if statements and statements[0].type == "expression_statement" and len(statements) > 1:
            statements = statements[1:]
        if len(statements) != 1 or statements[0].type != "return_statement" or not statements[0].named_child_count:
            return None
        returned = statements[0].named_children[0]
        return returned if returned.type == "string" else None

    def _filled(self, call: Node, template: Node, holes: bool, depth: int) -> str | None:
        """An f-string with the arguments of a call for the parameters of the function that it stands in."""
        function = next(parent for parent in ancestors(template) if parent.type == "function_definition")
        names = [self.source.text(name) for name in parameter_names(function)]
        arguments = self.arguments(call)
        texts: list[str | None] = []
        for part in string_parts(self.source, template):
            if not isinstance(part, str) and self.source.text(part) in names:
                name = self.source.text(part)
                texts.append(self.string(arguments.get(name, names.index(name)), holes=holes, depth=depth + 1))
            else:
                texts.append(part if isinstance(part, str) else self.scalar(part, depth + 1))
        if None in texts and not holes:
            return None
        return "".join(HOLE if text is None else text for text in texts)

    def _strings_of_call(self, node: Node, depth: int) -> tuple[str, ...] | None:
        function = node.child_by_field_name("function")
        name = self.names.written(function)
        arguments = self.arguments(node).positional
        if name in ("list", "tuple", "sorted", "set", "frozenset") and len(arguments) == 1:
            found = self.strings(arguments[0], depth + 1)
            return tuple(sorted(found)) if found is not None and name == "sorted" else found
        if function is not None and function.type == "attribute" and name.endswith(".keys"):
            return self.strings(function.child_by_field_name("object"), depth + 1)
        return None


def _all_or_none(texts: Sequence[str | None]) -> tuple[str, ...] | None:
    known = tuple(text for text in texts if text is not None)
    return known if len(known) == len(texts) else None
