"""What the names of one file are bound to: imports, scopes, assignments and definitions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tree_sitter import Node

from docsfy_action.facts.languages.python.syntax import Source, captures, parameter_names
from docsfy_action.facts.treesitter import ancestors

# Chains of names, bases or parentheses longer than this are nobody's configuration.
MAX_DEPTH = 40
_SCOPES = frozenset({"function_definition", "class_definition", "module"})
HOLD_STATEMENTS = frozenset(
    {
        "block", "if_statement", "elif_clause", "else_clause", "try_statement", "except_clause", "except_group_clause",
        "finally_clause", "with_statement", "for_statement", "while_statement", "match_statement", "case_clause",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a scope gives a name its meaning.

    `kind` is `value` (assigned `node`), `loop` (each element of `node`), `parameter`, `definition`, or `other`.
    """

    kind: str
    node: Node


@dataclass(frozen=True)
class Names:
    """Answers what names in a file mean. Answers are empty or None where the source alone does not say."""

    source: Source
    _scopes: dict[int, Mapping[str, list[Binding]]] = field(default_factory=dict)

    @cached_property
    def import_statements(self) -> list[Node]:
        """All import statements at any depth, in source order."""
        return captures("imports", self.source.root).get("import", [])

    @cached_property
    def imported(self) -> Mapping[str, str]:
        """Local name → dotted name outside, e.g. `t` → `typing`, `Option` → `click.Option`."""
        found: dict[str, str] = {}
        for statement in self.import_statements:
            module = statement.child_by_field_name("module_name")
            prefix = "" if module is None else self.source.text(module)
            for name in statement.children_by_field_name("name"):
                alias = name.child_by_field_name("alias")
                original = name.child_by_field_name("name") if alias is not None else name
                dotted = self.source.text(original) if original is not None else ""
                if prefix:
                    joiner = "" if prefix.endswith(".") else "."
                    local, target = self.source.text(alias or name), f"{prefix}{joiner}{dotted}"
                elif alias is not None:
                    local, target = self.source.text(alias), dotted
                else:
                    local = target = dotted.partition(".")[0]
                found.setdefault(local, target)
        return found

    def imports_from(self, *packages: str) -> bool:
        """Whether anything of one of these top-level packages is imported."""
        return any(dotted.partition(".")[0] in packages for dotted in self.imported.values())

    def written(self, node: Node | None) -> str:
        """A dotted name as written; empty where the node is none."""
        parts: list[str] = []
        while node is not None and node.type == "attribute":
            attribute = node.child_by_field_name("attribute")
            parts.append(self.source.text(attribute) if attribute is not None else "")
            node = node.child_by_field_name("object")
        if node is None or node.type != "identifier":
            return ""
        parts.append(self.source.text(node))
        return ".".join(reversed(parts))

    def qualify(self, node: Node | None) -> str:
        """The dotted name that an identifier or attribute stands for, imports followed; empty for other expressions
        and where a local variable has the name of an import."""
        head, dot, rest = self.written(node).partition(".")
        if head not in self.imported or node is None:
            return f"{head}{dot}{rest}"
        return "" if self._is_local(node, head) else f"{self.imported[head]}{dot}{rest}"

    def _is_local(self, node: Node, name: str) -> bool:
        functions = (scope for scope in ancestors(node) if scope.type == "function_definition")
        return any(name in self.bindings(function) for function in functions)

    def bindings(self, scope: Node) -> Mapping[str, list[Binding]]:
        """What a function, class or module binds, in source order."""
        known = self._scopes.get(scope.id)
        if known is None:
            found: dict[str, list[Binding]] = {}
            for name, binding in self._bound_in(scope):
                found.setdefault(name, []).append(binding)
            known = self._scopes[scope.id] = found
        return known

    def lookup(self, identifier: Node) -> list[Binding]:
        """The bindings of an identifier in the nearest scope that has any."""
        name = self.source.text(identifier)
        in_class_body = True
        for scope in ancestors(identifier):
            # Functions do not see the names of the class around them.
            if scope.type not in _SCOPES or (scope.type == "class_definition" and not in_class_body):
                continue
            if found := self.bindings(scope).get(name):
                return found
            in_class_body = False
        return []

    def latest(self, identifier: Node) -> Binding | None:
        """The last binding before the place where the identifier stands, else the first one."""
        found = self.lookup(identifier)
        before = [binding for binding in found if binding.node.start_byte < identifier.start_byte]
        if before:
            return before[-1]
        return found[0] if found else None

    def constant(self, identifier: Node) -> Node | None:
        """The expression that a name is bound to, if it is bound exactly once."""
        found = self.lookup(identifier)
        return found[0].node if len(found) == 1 and found[0].kind == "value" else None

    def definition(self, dotted: str) -> Node | None:
        """The class or function of this file with that qualified name."""
        scope = self.source.root
        for part in dotted.split("."):
            found = [b.node for b in self.bindings(scope).get(part, []) if b.kind == "definition"]
            if not found:
                return None
            scope = found[-1]
        return scope

    def class_named(self, dotted: str) -> Node | None:
        """The class of this file with that qualified name."""
        found = self.definition(dotted) if dotted else None
        return found if found is not None and found.type == "class_definition" else None

    def resolve(self, node: Node | None) -> Node | None:
        """Follows names and `Class.attribute` to the expression behind them; the node itself where it is no name."""
        for _ in range(MAX_DEPTH):
            if node is None:
                return None
            if node.type == "identifier":
                node = self.constant(node)
            elif node.type == "attribute":
                node = self._class_attribute(node)
            elif node.type == "parenthesized_expression" and node.named_child_count == 1:
                node = node.named_children[0]
            else:
                return node
        return None

    def bases(self, holder: Node) -> tuple[str, ...]:
        """The qualified names of a class's bases."""
        arguments = holder.child_by_field_name("superclasses")
        children = arguments.named_children if arguments is not None else []
        named = (child.child_by_field_name("value") if child.type == "subscript" else child for child in children)
        return tuple(name for child in named if (name := self.qualify(child)))

    def ancestry(self, holder: Node) -> tuple[str, ...]:
        """The qualified names of all bases that this file shows, those of its own base classes included."""
        found: dict[str, None] = {}
        pending = [holder]
        while pending:
            for base in self.bases(pending.pop()):
                if base not in found:
                    found[base] = None
                    inner = self.class_named(base)
                    pending.extend([inner] if inner is not None else [])
        return tuple(found)

    def _class_attribute(self, node: Node) -> Node | None:
        owner, _, name = self.written(node).rpartition(".")
        holder = self.class_named(owner)
        values = self.bindings(holder).get(name, []) if holder is not None else []
        return values[0].node if len(values) == 1 and values[0].kind == "value" else None

    def _bound_in(self, scope: Node) -> Iterator[tuple[str, Binding]]:
        if scope.type == "function_definition":
            for parameter in parameter_names(scope):
                yield self.source.text(parameter).lstrip("*"), Binding("parameter", parameter)
        body = scope if scope.type == "module" else scope.child_by_field_name("body")
        pending = list(reversed(body.named_children)) if body is not None else []
        while pending:
            node = pending.pop()
            if node.type in HOLD_STATEMENTS:
                yield from self._bound_by_header(node)
                pending.extend(reversed(node.named_children))
            elif node.type == "expression_statement":
                for child in node.named_children:
                    yield from self._assigned(child)
            else:
                definition = node.child_by_field_name("definition") if node.type == "decorated_definition" else node
                if definition is not None and definition.type in ("function_definition", "class_definition"):
                    name = definition.child_by_field_name("name")
                    yield self.source.text(name) if name is not None else "", Binding("definition", definition)

    def _bound_by_header(self, node: Node) -> Iterator[tuple[str, Binding]]:
        if node.type == "for_statement":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                kind = "loop" if left.type == "identifier" else "other"
                yield from ((name, Binding(kind, right)) for name in self._targets(left))
        elif node.type == "with_statement":
            items = [item for clause in node.named_children for item in clause.named_children]
            for pattern in (child for item in items for child in item.named_children if child.type == "as_pattern"):
                alias = pattern.child_by_field_name("alias")
                if alias is not None:
                    yield self.source.text(alias), Binding("other", pattern.named_children[0])

    def _assigned(self, node: Node) -> Iterator[tuple[str, Binding]]:
        chain: list[Node] = []
        value: Node | None = node
        while value is not None and value.type in ("assignment", "augmented_assignment"):
            chain.append(value)
            value = value.child_by_field_name("right")
        for assignment in chain:
            left = assignment.child_by_field_name("left")
            if left is None or value is None:
                continue
            plain = assignment.type == "assignment"
            if plain and left.type in ("identifier", "attribute"):
                yield self.source.text(left), Binding("value", value)
            elif (
                plain
                and value.type in ("expression_list", "tuple")
                and left.named_child_count == value.named_child_count
            ):
                for target, item in zip(left.named_children, value.named_children, strict=True):
                    yield self.source.text(target), Binding("value", item)
            else:
                yield from ((name, Binding("other", value)) for name in self._targets(left))

    def _targets(self, node: Node) -> Iterator[str]:
        if node.type in ("identifier", "attribute"):
            yield self.source.text(node)
        elif node.type in ("pattern_list", "tuple_pattern", "list_pattern"):
            yield from (self.source.text(child) for child in node.named_children)
