"""How names are spread over ranges of letters."""

from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.outline.letters import DEEPEST, holds, ranges, shown

NAMES = st.dictionaries(st.text(max_size=8), st.floats(0.1, 50), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(NAMES, st.floats(1, 200))
def test_every_name_is_in_exactly_one_range(weights: dict[str, float], limit: float) -> None:
    """Whatever the names are; no range is empty, and one that is too heavy cannot be cut further."""
    found = ranges(weights, limit)
    for name in weights:
        assert sum(holds(letters, name) for letters in found) == 1
    for letters in found:
        inside = [name for name in weights if holds(letters, name)]
        assert inside
        assert (
            sum(weights[name] for name in inside) <= limit
            or len(inside) == 1
            or len(letters.partition("-")[0]) > DEEPEST
        )


def test_borders_are_fixed() -> None:
    """A name that comes changes no other one's range while its own holds it."""
    weights = {f"{letter}x": 10.0 for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert ranges(weights, 130) == ["a-m", "n-z"]
    assert ranges({**weights, "bonus": 20.0}, 130) == ["a-g", "h-m", "n-z"]
    assert ranges(dict.fromkeys(("sea", "sun", "sky"), 10.0), 15) == ["sa-sg", "sh-sm", "sn-sz"]


def test_case_and_marks_do_not_count() -> None:
    """`_Client` is found under C, and what begins with no letter at the very beginning."""
    assert holds("c", "_Client")
    assert holds("a-m", "2d")
    assert not holds("n-z", "2d")


def test_ranges_read_as_words() -> None:
    """With capitals at the front."""
    assert [shown(letters) for letters in ("a-m", "s", "se-sm")] == ["A to M", "S", "Se to Sm"]
