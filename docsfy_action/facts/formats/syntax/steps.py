"""Steps of workflows and composite actions, and the scalar texts of workflow syntax."""

from docsfy_action.facts.formats.syntax.text import command_lines
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.model import Step


def steps(listed: Node) -> tuple[Step, ...]:
    """The steps of a list; what is no table is left out."""
    return tuple(
        Step(
            line=item.line,
            name=item.get("name").text,
            uses=item.get("uses").text,
            run=command_lines(item.get("run").block),
        )
        for item in listed.items
        if item.shape is Shape.TABLE
    )


def described(node: Node) -> str:
    """A value of workflow syntax in one line: `a, b` for lists, `key: value` for tables."""
    if node.shape is Shape.LIST:
        return ", ".join(filter(None, (described(item) for item in node.items)))
    if node.shape is Shape.TABLE:
        return ", ".join(f"{key}: {described(value)}" for key, value in node.pairs())
    return node.text
