"""Ranges of letters by which the members of a large module are spread over pages.

The borders are fixed, so that a member that comes or goes moves no other one to another page, unless its range grows out of
bounds.
"""

from collections.abc import Iterator, Mapping

# Of letters that a range is told by; names that share more stay together.
DEEPEST = 6


def ranges(weights: Mapping[str, float], limit: float) -> list[str]:
    """Ranges such as `a-m`, `n-z` or `se-sm` that hold all names, each name in exactly one; none is empty, and none weighs
    more than `limit` unless its names begin alike."""
    return list(_halves(weights, "", ("a", "z"), limit))


def holds(letters: str, name: str) -> bool:
    """Whether a range holds a name."""
    first, _, last = letters.partition("-")
    return first <= _key(name, len(first)) <= (last or first)


def shown(letters: str) -> str:
    """A range as readers see it: `A to M`."""
    return " to ".join(part.capitalize() for part in letters.split("-"))


def _halves(weights: Mapping[str, float], shared: str, between: tuple[str, str], limit: float) -> Iterator[str]:
    first, last = between
    letters = f"{shared}{first}-{shared}{last}" if first != last else f"{shared}{first}"
    inside = {name: weight for name, weight in weights.items() if holds(letters, name)}
    if not inside:
        return
    if len(inside) == 1 or sum(inside.values()) <= limit or len(shared) == DEEPEST:
        yield letters
    elif first == last:
        yield from _halves(inside, shared + first, ("a", "z"), limit)
    else:
        middle = chr((ord(first) + ord(last)) // 2)
        yield from _halves(inside, shared, (first, middle), limit)
        yield from _halves(inside, shared, (chr(ord(middle) + 1), last), limit)


def _key(name: str, length: int) -> str:
    """The first letters of a name; what is no letter, and what is missing, counts as the first one."""
    plain = name.lower().strip("_")[:length].ljust(length, "a")
    return "".join(letter if "a" <= letter <= "z" else "a" for letter in plain)
