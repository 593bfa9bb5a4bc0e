"""How the check of one reference ends, before the words that it still needs have been looked up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

# Alternatives, any of which will do; of each, all words must be found.
Need: TypeAlias = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Proven (no needs, no refutation), refuted with a sentence that says why, or open until all `needs` are found."""

    needs: tuple[Need, ...] = ()
    refuted: str = ""

    @property
    def proven(self) -> bool:
        """Whether the commit was seen to hold what is claimed."""
        return not self.needs and not self.refuted

    def words(self) -> Iterator[str]:
        """Every word that a decision may depend on."""
        for need in self.needs:
            for words in need:
                yield from words

    def found(self, present: Callable[[str], bool]) -> bool:
        """Whether all needs are met."""
        return not self.refuted and all(any(all(map(present, words)) for words in need) for need in self.needs)


PROVEN = Outcome()
# Nothing that could be looked up, but nothing that may pass either.
UNKNOWN = Outcome(needs=((),))


def words(*alternatives: str) -> Need:
    """A need for any one of these words."""
    return tuple(frozenset({word}) for word in alternatives)


def refuted(message: str) -> Outcome:
    """A claim that is wrong."""
    return Outcome(refuted=message)


def joined(outcomes: list[Outcome]) -> Outcome:
    """All of these together: the first refutation, else every need."""
    wrong = next((outcome for outcome in outcomes if outcome.refuted), None)
    if wrong is not None:
        return wrong
    return Outcome(needs=tuple(need for outcome in outcomes for need in outcome.needs))
