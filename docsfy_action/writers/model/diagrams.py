"""Diagrams that models give as data: read, checked and drawn, or reported with what is wrong with them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsfy_action.verify.diagrams import Diagram, Edge, Group, Node, compile_diagram, is_diagram
from docsfy_action.verify.findings import Finding
from docsfy_action.verify.tree import Block, Fence, Items, Quote

_LABEL = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
_ERRORS_SHOWN = 5


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NodeData(_Data):
    """A box."""

    id: _LABEL
    label: _LABEL
    external: bool = False


class EdgeData(_Data):
    """An arrow."""

    source: str
    target: str
    label: str = Field(default="", max_length=120)


class GroupData(_Data):
    """A frame."""

    id: _LABEL
    label: _LABEL
    members: tuple[str, ...] = ()


class DiagramData(_Data):
    """A diagram as models are asked to give it."""

    nodes: Annotated[tuple[NodeData, ...], Field(min_length=1, max_length=40)]
    edges: Annotated[tuple[EdgeData, ...], Field(max_length=120)] = ()
    groups: Annotated[tuple[GroupData, ...], Field(max_length=20)] = ()
    direction: Literal["TD", "LR"] = "TD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Blocks with their diagrams drawn. The `text` of a finding is that of the block it is about, which stays as it is."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]


def draw_diagrams(blocks: tuple[Block, ...], tokens: Sequence[Token], slug: str) -> Drawn:
    """Replace each `diagram` fence by its drawing; `tokens` are those that `blocks` were read from."""
    wanted = {
        token.content.removesuffix("\n"): kind for token in tokens if token.type == "fence" and (kind := _kind(token))
    }
    if not wanted:
        return Drawn(blocks=blocks, findings=())
    findings: list[Finding] = []

    def drawn(fence: Fence) -> Fence:
        kind = wanted.get(fence.text) if fence.language == "text" else None
        if kind is None:
            return fence
        text, wrong = (
            _compiled(fence.text) if kind == "diagram" else ("", "Diagrams are given as data, in a `diagram` fence.")
        )
        if not wrong:
            return Fence(language="mermaid", text=text)
        message = f"A diagram cannot be drawn. {wrong}"
        findings.append(Finding(kind="diagram", slug=slug, text=fence.text, heading="", line=1, message=message))
        return fence

    return Drawn(blocks=_mapped(blocks, drawn), findings=tuple(findings))


def _kind(token: Token) -> str:
    word = next(iter(token.info.strip().lower().split()), "")
    if word == "diagram":
        return word
    return "mermaid" if word == "mermaid" and not is_diagram(token.content.removesuffix("\n")) else ""


def _mapped(blocks: tuple[Block, ...], change: Callable[[Fence], Fence]) -> tuple[Block, ...]:
    """The same blocks with every fence changed, at every depth."""
    out: list[Block] = []
    for block in blocks:
        match block:
            case Fence():
                out.append(change(block))
            case Quote(blocks=inner):
                out.append(replace(block, blocks=_mapped(inner, change)))
            case Items(items=items):
                out.append(replace(block, items=tuple(_mapped(item, change) for item in items)))
            case _:
                out.append(block)
    return tuple(out)


def _compiled(text: str) -> tuple[str, str]:
    """Mermaid's text for a diagram, or what is wrong with it."""
    try:
        data = DiagramData.model_validate_json(text, strict=False)
    except ValidationError as error:
        return "", " ".join(_said(error))
    wrong = next(_inconsistent(data), "")
    if wrong:
        return "", wrong
    drawing = compile_diagram(
        Diagram(
            nodes=tuple(Node(id=node.id, label=node.label, external=node.external) for node in data.nodes),
            edges=tuple(Edge(source=edge.source, target=edge.target, label=edge.label.strip()) for edge in data.edges),
            groups=tuple(Group(id=group.id, label=group.label, members=group.members) for group in data.groups),
            direction=data.direction,
        )
    )
    return (drawing, "") if is_diagram(drawing) else ("", "A label holds characters that cannot be shown.")


def _said(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False)[:_ERRORS_SHOWN]:
        place = ".".join(map(str, one["loc"]))
        yield f"`{place}`: {one['msg']}." if place else f"{one['msg']}."


def _inconsistent(data: DiagramData) -> Iterator[str]:
    ids = [node.id for node in data.nodes]
    known = set(ids)
    if len(known) < len(ids):
        yield "Two nodes have the same `id`."
    for edge in data.edges:
        yield from (f"There is no node `{end}`." for end in (edge.source, edge.target) if end not in known)
    members = [member for group in data.groups for member in group.members]
    yield from (f"There is no node `{member}`." for member in members if member not in known)
    if len(set(members)) < len(members):
        yield "A node is a member of two groups."
    if len({group.id for group in data.groups}) < len(data.groups):
        yield "Two groups have the same `id`."
