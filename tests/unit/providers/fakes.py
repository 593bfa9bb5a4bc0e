"""A provider that answers as it is told, and requests to give it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from threading import Event, Lock
from typing import Any

from docsfy_action.providers.budget import Needs
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Request, Task, Usage
from docsfy_action.providers.prices import Price, Tokens

CENT = Usage(requests=1, input_tokens=100, output_tokens=10, cost_usd=Decimal("0.01"))


def request(**changes: Any) -> Request:
    """A small request for a page."""
    return replace(Request(task=Task.PAGE, instructions="Write.", prompt="About x."), **changes)


def fails(kind: FailureKind, *, retry_after: float | None = None, usage: Usage = CENT) -> Failure:
    """A failure that costs a cent."""
    return Failure(kind=kind, message=f"it said {kind}", retry_after=retry_after, usage=usage)


def says(text: str = "yes", usage: Usage = CENT) -> Completion:
    """An answer that costs a cent."""
    return Completion(text=text, usage=usage)


class Scripted:
    """Gives the answers in their order, the last one for ever; keeps the requests."""

    name = "api"
    model = "anthropic:claude-x"

    def __init__(self, *answers: Answer | Callable[[Request], Answer]) -> None:
        self.answers = answers
        self.requests: list[Request] = []
        self.closed = False
        self._lock = Lock()

    def needs(self, request: Request, price: Price) -> Needs | None:
        """What 10,000 tokens cost at least, and 20,000 if there is money."""
        least, wanted = price(Tokens(input=10_000)), price(Tokens(input=20_000))
        return Needs(least=least, wanted=wanted) if least is not None and wanted is not None else None

    def complete(self, request: Request, *, cancelled: Event) -> Answer:
        with self._lock:
            self.requests.append(request)
            answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        return answer(request) if callable(answer) else answer

    def close(self) -> None:
        self.closed = True
