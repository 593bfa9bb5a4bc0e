"""Diagrams as data: compiled to a small part of Mermaid's flowchart language, and read back from exactly that part."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["TD", "LR"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box. `id` is any text that is the node's own in this diagram, `label` what the reader sees: a path, module or
    symbol of the commit, or, where `external`, the name of something outside (drawn with round ends)."""

    id: str
    label: str
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An arrow between two nodes, by their ids."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A frame around nodes, by their ids. A node belongs to at most one group; groups do not nest."""

    id: str
    label: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A flowchart, drawn top-down (`TD`) or from left to right (`LR`)."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] = ()
    direction: Direction = "TD"


# Everything in a label that Mermaid, or the Markdown it reads in labels, could take for syntax.
_SPECIAL = re.compile(r"[\"#;<>&`\\%*_~$]")
_ITEM = re.compile(r"^(?:\d+(?=\.\s)|(?=[-+]\s))")
_ENTITY = re.compile(r"#(\d+);")
_LABEL = r'"(?P<label>[^"\n]+)"'
_ID = r"[A-Za-z]\w*"
_HEAD = re.compile(r"flowchart (TD|LR)", re.ASCII)
_NODE = re.compile(rf" {{4}}(?: {{4}})?(?P<id>{_ID})(?P<open>\[|\(\[){_LABEL}(?P<close>\]|\]\))", re.ASCII)
_GROUP = re.compile(rf" {{4}}subgraph (?P<id>{_ID})\[{_LABEL}\]", re.ASCII)
_EDGE = re.compile(rf" {{4}}(?P<source>{_ID}) -->(?:\|{_LABEL}\|)? (?P<target>{_ID})", re.ASCII)


def compile_diagram(diagram: Diagram) -> str:
    """The Mermaid text of a diagram, without a newline at its end.

    Names in it are made from the ids, so that a node added or removed changes no other line. Edges whose ends are no
    nodes are a mistake of the caller and raise a ValueError.
    """
    ids = _identifiers([*(node.id for node in diagram.nodes), *(f"group {group.id}" for group in diagram.groups)])
    member_of = {member: group.id for group in diagram.groups for member in group.members}
    lines = [f"flowchart {diagram.direction}"]
    lines += [f"    {_box(node, ids[node.id])}" for node in diagram.nodes if node.id not in member_of]
    for group in diagram.groups:
        inside = [node for node in diagram.nodes if member_of.get(node.id) == group.id]
        if inside:
            lines.append(f'    subgraph {ids[f"group {group.id}"]}["{_escaped(group.label)}"]')
            lines += [f"        {_box(node, ids[node.id])}" for node in inside]
            lines.append("    end")
    known = {node.id for node in diagram.nodes}
    for edge in diagram.edges:
        if edge.source not in known or edge.target not in known:
            raise ValueError(f"an edge leads from {edge.source!r} to {edge.target!r}, and one of them is no node")
        label = f'|"{_escaped(edge.label)}"|' if edge.label else ""
        lines.append(f"    {ids[edge.source]} -->{label} {ids[edge.target]}")
    return "\n".join(lines)


def parse_diagram(text: str) -> Diagram | None:
    """The diagram that `text` was compiled from, with Mermaid's names as ids; None for any other text."""
    lines = text.rstrip("\n").split("\n")
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        return None
    nodes: list[Node] = []
    edges: list[Edge] = []
    groups: list[Group] = []
    members: list[str] | None = None
    for line in lines[1:]:
        if (node := _NODE.fullmatch(line)) is not None:
            if (members is None) == line.startswith("        ") or len(node["open"]) != len(node["close"]):
                return None
            nodes.append(Node(id=node["id"], label=_plain(node["label"]), external=node["open"] == "(["))
            if members is not None:
                members.append(node["id"])
        elif (group := _GROUP.fullmatch(line)) is not None and members is None:
            members = []
            groups.append(Group(id=group["id"], label=_plain(group["label"]), members=()))
        elif line == "    end" and members:
            groups[-1] = Group(id=groups[-1].id, label=groups[-1].label, members=tuple(members))
            members = None
        elif (edge := _EDGE.fullmatch(line)) is not None and members is None:
            edges.append(Edge(source=edge["source"], target=edge["target"], label=_plain(edge["label"] or "")))
        else:
            return None
    direction: Direction = "LR" if head[1] == "LR" else "TD"
    diagram = Diagram(nodes=tuple(nodes), edges=tuple(edges), groups=tuple(groups), direction=direction)
    return diagram if members is None and _is_sound(diagram) else None


def is_diagram(text: str) -> bool:
    """Whether `text` is a diagram of the form that the compiler writes."""
    return parse_diagram(text) is not None


def _is_sound(diagram: Diagram) -> bool:
    names = [*(node.id for node in diagram.nodes), *(group.id for group in diagram.groups)]
    ends = {end for edge in diagram.edges for end in (edge.source, edge.target)}
    return bool(diagram.nodes) and len(names) == len(set(names)) and ends <= {node.id for node in diagram.nodes}


def _box(node: Node, name: str) -> str:
    label = _escaped(node.label)
    return f'{name}(["{label}"])' if node.external else f'{name}["{label}"]'


def _identifiers(ids: Sequence[str]) -> dict[str, str]:
    """Mermaid names: the ids' letters and digits behind a prefix, because words such as `end` are not allowed."""
    return dict(_named(ids))


def _named(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for one in ids:
        stem = "n_" + re.sub(r"[^A-Za-z0-9]+", "_", one).strip("_")
        name = stem
        number = 2
        while name in taken:
            name = f"{stem}_{number}"
            number += 1
        taken.add(name)
        yield one, name


def _escaped(label: str) -> str:
    text = " ".join(label.split()) or " "
    text = _SPECIAL.sub(lambda match: f"#{ord(match.group())};", text)
    return _ITEM.sub(lambda match: f"{match.group()}#8203;", text)


def _plain(label: str) -> str:
    return _ENTITY.sub(lambda match: chr(int(match[1])) if int(match[1]) < 0x110000 else "", label).replace(
        "\u200b", ""
    )
