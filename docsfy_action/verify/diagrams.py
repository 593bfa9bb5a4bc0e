"""Diagrams."""


def is_diagram(text: str) -> bool:
    """Whether `text` is a diagram of the form that is checked."""
    return text.startswith("flowchart ")
