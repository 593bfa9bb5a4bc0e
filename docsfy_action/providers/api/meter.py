"""Keeps a conversation to what its call may cost: before a request goes out, what it can cost is set aside, and while the model
may still look around, so is one more in which it answers from what it knows."""

from dataclasses import dataclass
from decimal import Decimal

from docsfy_action.providers import estimate
from docsfy_action.providers.budget import Needs, at_most
from docsfy_action.providers.model import Request
from docsfy_action.providers.prices import Price

# Tokens. What is said is bounded by its bytes, which no text has more tokens than; what vendors add of their own, our
# tools with it, by this.
_ADDED = 4_000
_NOTE = 500  # the words that ask for the answer
_ANSWER = 6_000  # a page of two thousand words has no more
_LOOKING = 8_000  # a model may also answer where it could look around
_READ = 60_000  # what a call that need not be sparing reads with its first look
RESULT = 60  # bytes around what a tool gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next request: tokens that it may say, and whether it may ask for more to read."""

    output: int
    looking: bool


def needs(request: Request, price: Price) -> Needs | None:
    """What a call has to have set aside: for one answer at least, where it explores for a look and an answer."""
    given, most = estimate.size(request) + _ADDED, request.max_output_tokens
    answer, look = min(most, _ANSWER), min(most, _LOOKING)
    if request.explore:
        least = (at_most(price, given, look), at_most(price, given + look + _NOTE, answer))
        wanted = (at_most(price, given, most), at_most(price, given + most + _NOTE + _READ, most))
    else:
        least, wanted = (at_most(price, given, answer), Decimal(0)), (at_most(price, given, most), Decimal(0))
    amounts = [amount for amount in (*least, *wanted) if amount is not None]
    return Needs(least=sum(amounts[:2], Decimal(0)), wanted=sum(amounts[2:], Decimal(0))) if len(amounts) == 4 else None


class Meter:
    """The money of one call. Without an allowance everything is granted."""

    def __init__(self, request: Request) -> None:
        self._allowance = request.allowance
        self._explores = request.explore
        self._most = request.max_output_tokens
        self._context = estimate.size(request) + _ADDED
        self._spent = Decimal(0)
        self._begun = False

    def step(self, *, look: bool, added: int = 0) -> Step | None:
        """Leave for the next request, to which so many bytes are `added`; None: there is no money for it. `look`: the model may
        still look around."""
        context = self._context + added
        for output in sorted({self._most, min(self._most, _LOOKING)}, reverse=True) if look and self._explores else ():
            if self._may((context, output), (context + output + _NOTE, min(self._most, _ANSWER))):
                self._context = context
                return Step(output=output, looking=True)
        context += _NOTE if self._explores else 0
        for output in sorted({self._most, min(self._most, _ANSWER)}, reverse=True):
            if self._may((context, output)):
                self._context = context
                return Step(output=output, looking=False)
        return None

    def answered(self, given: int, said: int, cost: Decimal | None) -> None:
        """A request has come back: the tokens of what it was given and has said, and what it did cost in US dollars."""
        self._begun = True
        self._context = given + said
        self._spent += cost or Decimal(0)

    def _may(self, *requests: tuple[int, int]) -> bool:
        allowance = self._allowance
        if allowance is None:
            return True
        amount = self._spent + sum((allowance.at_most(*one) for one in requests), Decimal(0))
        # A call that has not begun is content with its share, so that others can begin beside it.
        return (self._begun or amount <= allowance.amount) and allowance.adjust(amount)
