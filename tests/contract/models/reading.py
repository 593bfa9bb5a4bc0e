"""Reads JSON of unknown shape: what is missing or of another type reads as empty."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


def entries(value: object) -> Mapping[str, object]:
    """An object's entries."""
    return {str(key): entry for key, entry in value.items()} if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """An array's items."""
    return list(value) if isinstance(value, list) else []


def word(value: object) -> str:
    """A string."""
    return value if isinstance(value, str) else ""


def at(value: object, *path: str) -> object:
    """What stands at a path of object keys; None where there is nothing."""
    for key in path:
        value = entries(value).get(key)
    return value


def whole(value: object) -> int | None:
    """An integer."""
    return value if isinstance(value, int) else None


def compact(value: object) -> str:
    """JSON text; empty for None."""
    return "" if value is None else json.dumps(value, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A body and its status; `events` (name, data) stand for a streamed body and are empty for a plain one."""

    status: int = 200
    body: object = None
    headers: tuple[tuple[str, str], ...] = ()
    events: tuple[tuple[str, object], ...] = ()


def pieces(text: str, size: int = 24) -> list[str]:
    """A text as a model streams it."""
    return [text[start : start + size] for start in range(0, len(text), size)]
