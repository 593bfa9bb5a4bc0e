"""Settings classes: subclasses of pydantic's `BaseSettings`, with the environment variables that set their fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tree_sitter import Node

from docsfy_action.facts.extractor import MAX_NAME_LENGTH
from docsfy_action.facts.languages.python.data import doc_of
from docsfy_action.facts.languages.python.names import MAX_DEPTH
from docsfy_action.facts.languages.python.syntax import captures, clean_docstring
from docsfy_action.facts.languages.python.values import Arguments, Values
from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.treesitter import ancestors, line

_MARKS = (b"BaseSettings", b"SettingsConfigDict")
_BASES = frozenset(
    {
        "pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings",
        "pydantic_settings.main.BaseSettings", "pydantic.env_settings.BaseSettings",
    }
)  # fmt: skip
_NO_FIELDS = frozenset({"model_config", "settings_customise_sources"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What `model_config` or `class Config` says about the names of environment variables."""

    prefix: str = ""
    case_sensitive: bool = False
    known: bool = True

    def variable(self, field_name: str) -> str:
        """The environment variable of a field without an alias."""
        name = self.prefix + field_name
        return name if self.case_sensitive else name.upper()


def read_settings(values: Values) -> tuple[Setting, ...]:
    """The fields of all settings classes of the file in source order."""
    if not any(mark in values.source.data for mark in _MARKS):
        return ()
    classes = captures("classes", values.source.root).get("class", [])
    return tuple(setting for node in classes if _is_settings(values, node) for setting in _fields(values, node))


def _is_settings(values: Values, node: Node) -> bool:
    if any(base in _BASES for base in values.names.ancestry(node)):
        return True
    config = values.names.bindings(node).get("model_config", [])
    maker = config[0].node.child_by_field_name("function") if config and config[0].node.type == "call" else None
    return values.names.qualify(maker) == "pydantic_settings.SettingsConfigDict"


def _fields(values: Values, node: Node) -> Iterator[Setting]:
    body, name = node.child_by_field_name("body"), node.child_by_field_name("name")
    if body is None or name is None:
        return
    outer = [parent.child_by_field_name("name") for parent in ancestors(node) if parent.type == "class_definition"]
    owner = ".".join(values.source.text(part) for part in (*reversed(outer), name) if part is not None)
    configuration = _configuration(values, node, 0)
    statements = body.named_children
    for index, statement in enumerate(statements):
        if statement.type == "expression_statement" and statement.named_child_count:
            assignment = statement.named_children[0]
            setting = _field(values, assignment, configuration) if assignment.type == "assignment" else None
            if setting is not None:
                doc = setting.doc or doc_of(values.source, statements, index)
                yield replace(setting, owner=owner, doc=doc)


def _field(values: Values, assignment: Node, configuration: Configuration) -> Setting | None:
    left, annotation = assignment.child_by_field_name("left"), assignment.child_by_field_name("type")
    if left is None or left.type != "identifier" or annotation is None:
        return None
    name = values.source.text(left)
    kind, field_call = _annotated(values, annotation)
    if (
        name.startswith("_")
        or name in _NO_FIELDS
        or len(name) > MAX_NAME_LENGTH
        or kind.startswith(("ClassVar", "typing.ClassVar"))
    ):
        return None
    value = assignment.child_by_field_name("right")
    if value is not None and _is_field(values, value):
        field_call, value = value, None
    arguments = values.arguments(field_call)
    if value is None and field_call is not None:
        value = arguments.get("default", 0)
    factory = arguments.get("default_factory")
    description = values.string(arguments.get("description"), holes=True)
    ellipsis = value is not None and value.type == "ellipsis"
    return Setting(
        name=name,
        kind=SettingKind.SETTING,
        line=line(assignment),
        default=_factory(values, factory) if value is None else values.default(value),
        type=kind,
        doc=clean_docstring(description or ""),
        required=(value is None or ellipsis) and factory is None,
        env=tuple(_variables(values, name, arguments, configuration)),
    )


def _annotated(values: Values, annotation: Node) -> tuple[str, Node | None]:
    """The type of a field without `Annotated[…]`, and the `Field(…)` that stands in there."""
    inner = annotation.named_children[0] if annotation.named_child_count else annotation
    if inner.type not in ("generic_type", "subscript") or not inner.named_child_count:
        return values.source.folded(annotation), None
    head = values.names.qualify(inner.named_children[0])
    if head.rpartition(".")[2] != "Annotated":
        return values.source.folded(annotation), None
    parts = inner.named_children[1].named_children if inner.type == "generic_type" else inner.named_children[1:]
    expressions = [part.named_children[0] if part.type == "type" and part.named_child_count else part for part in parts]
    calls = [part for part in expressions[1:] if _is_field(values, part)]
    return values.source.folded(expressions[0]) if expressions else "", calls[0] if calls else None


def _is_field(values: Values, node: Node) -> bool:
    return (
        node.type == "call" and values.names.qualify(node.child_by_field_name("function")).rpartition(".")[2] == "Field"
    )


def _factory(values: Values, factory: Node | None) -> str:
    """What a simple default factory makes: `[]` for `list`, the body of a short lambda."""
    if factory is None:
        return ""
    body = factory.child_by_field_name("body") if factory.type == "lambda" else None
    if body is not None:
        return values.default(body)
    return {"list": "[]", "dict": "{}", "set": "set()", "tuple": "()"}.get(values.names.written(factory), "")


def _variables(values: Values, name: str, arguments: Arguments, configuration: Configuration) -> Iterator[str]:
    for keyword in ("validation_alias", "alias", "env"):
        given = arguments.get(keyword)
        if given is None:
            continue
        names = _alias_names(values, given)
        if names:
            yield from (alias if configuration.case_sensitive else alias.upper() for alias in names)
            return
    if configuration.known:
        yield configuration.variable(name)


def _alias_names(values: Values, node: Node) -> tuple[str, ...]:
    """`"NAME"`, `["A", "B"]` or `AliasChoices("A", "B")`."""
    if (text := values.string(node)) is not None:
        return (text,)
    if node.type == "call" and values.names.qualify(node.child_by_field_name("function")).endswith("AliasChoices"):
        texts = (values.string(argument) for argument in values.arguments(node).positional)
        return tuple(text for text in texts if text is not None)
    return values.strings(node) or ()


def _configuration(values: Values, node: Node, depth: int) -> Configuration:
    """The configuration of a class, where it says nothing that of its base class in this file."""
    entries: Mapping[str, Node] | None = None
    found = values.names.bindings(node).get("model_config", [])
    if found:
        call = found[-1].node
        entries = values.arguments(call).named if call.type == "call" else values.mapping(call)
    else:
        inner = values.names.bindings(node).get("Config", [])
        if inner and inner[0].kind == "definition":
            bound = values.names.bindings(inner[0].node)
            entries = {key: bindings[-1].node for key, bindings in bound.items() if bindings[-1].kind == "value"}
    inherited = Configuration()
    for base in values.names.bases(node) if depth < MAX_DEPTH else ():
        holder = values.names.class_named(base)
        if holder is not None and holder != node:
            inherited = _configuration(values, holder, depth + 1)
            break
        if base not in _BASES and "." in base and holder is None:
            inherited = Configuration(known=False)
    if entries is None:
        return inherited
    given = entries.get("env_prefix")
    prefix = values.string(given) if given is not None else inherited.prefix
    sensitive = entries.get("case_sensitive")
    return Configuration(
        prefix=prefix or "",
        case_sensitive=sensitive.type == "true" if sensitive is not None else inherited.case_sensitive,
        known=prefix is not None and (inherited.known or given is not None),
    )
