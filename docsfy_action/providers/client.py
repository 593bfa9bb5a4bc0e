"""The one object through which the stages talk to a model: budget, retries, and the ledger of what was spent."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event, Lock
from types import MappingProxyType

from docsfy_action.errors import KeyRejected, ModelUnknown, PriceUnknown, ProviderError
from docsfy_action.providers.budget import Allowance, Budget, Exhausted, Reservation
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Provider, Request, Task, Usage
from docsfy_action.providers.prices import Price, Tokens

logger = logging.getLogger(__name__)

_AGAIN = frozenset({FailureKind.RATE_LIMIT, FailureKind.OVERLOADED, FailureKind.UNREACHABLE})
_FINAL = frozenset({FailureKind.KEY, FailureKind.MODEL})
# The key was taken and the model did answer, if not in a way that is of use.
_REACHED = frozenset({FailureKind.TRUNCATED, FailureKind.REFUSED, FailureKind.LIMIT})
_BROKEN_OFF = frozenset({FailureKind.TIMEOUT, FailureKind.CANCELLED})
_UNFINISHED = _BROKEN_OFF | {FailureKind.BROKEN}
# Dearer than any model that writes documentation, for a provider that will tell the true price after the call.
_DEAREST = (Decimal("0.000015"), Decimal("0.000075"))
# One call of these is made at a time, and all that follows depends on it.
_ALONE = frozenset({Task.PREFLIGHT, Task.OUTLINE, Task.TRIAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a call is tried, and how long is waited in between, in seconds: `first`, then twice as long each time
    up to `longest`. A vendor that asks for more than `at_most` is not waited for. `jitter` gives numbers from 0 to 1:
    threads that were turned away together do not come back together."""

    jitter: Callable[[], float]
    attempts: int = 5
    first: float = 2.0
    longest: float = 60.0
    at_most: float = 120.0

    def pause(self, failure: Failure, attempt: int) -> float | None:
        """Seconds to wait before the next attempt (`attempt`: those made), or None to give up."""
        if failure.kind not in _AGAIN or attempt >= self.attempts:
            return None
        jitter = self.jitter()
        if failure.retry_after is not None:
            return failure.retry_after + jitter if failure.retry_after <= self.at_most else None
        doubled = self.first * 2.0 ** (attempt - 1)
        return min(self.longest, doubled) * (0.5 + jitter / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the client says about the provider where it fails, and what it knows of its prices.

    `variable` names the key, empty where there is none. `tells_cost`: the provider itself says what a call did cost.
    """

    price: Price
    variable: str = ""
    tells_cost: bool = False


class Client:
    """Makes the calls of a run; may be used from several threads at once.

    `pause` waits for some seconds and says whether the run is being stopped; it is
    the event's own `wait` unless told otherwise. Raises PriceUnknown where the limit in dollars could not be kept.
    """

    def __init__(
        self,
        provider: Provider,
        about: About,
        budget: Budget,
        *,
        cancelled: Event,
        patience: Patience,
        pause: Callable[[float], bool] | None = None,
    ) -> None:
        self.provider = provider
        self._about = about
        self._budget = budget
        self._cancelled = cancelled
        self._patience = patience
        self._pause = pause or cancelled.wait
        self._lock = Lock()
        self._pages: dict[str, Usage] = {}
        self._made: dict[str, int] = {}
        self._end: Failure | ProviderError | None = None
        self._check_price()

    # --- what was spent ---------------------------------------------------------------------------------------------

    @property
    def calls(self) -> int:
        """Calls made so far, retries included."""
        return self._budget.calls

    @property
    def ledger(self) -> Mapping[str, Usage]:
        """What each page has cost, by its slug; the empty slug stands for calls that were for no page."""
        with self._lock:
            return MappingProxyType(dict(self._pages))

    def calls_for(self, page: str) -> int:
        """Calls made for a page, retries included."""
        with self._lock:
            return self._made.get(page, 0)

    @property
    def total(self) -> Usage:
        """What the run has cost."""
        total = Usage()
        for usage in self.ledger.values():
            total += usage
        return total

    @property
    def stopped(self) -> FailureKind | None:
        """Why no further calls are made; None while they are."""
        with self._lock:
            return self._end.kind if isinstance(self._end, Failure) else None

    # --- calls ------------------------------------------------------------------------------------------------------

    def preflight(self) -> Answer:
        """One cheap call before the first dear one: is the key good, and is there such a model? Raises as `ask`.

        Whatever the model makes of the question, also nothing: that it was asked is answer enough.
        """
        request = Request(
            task=Task.PREFLIGHT,
            instructions="You are asked whether you are there.",
            prompt="Answer with the word: ready",
            deadline=120.0,
            max_output_tokens=256,
            max_turns=1,
        )
        answer = self.ask(request)
        if isinstance(answer, Failure) and answer.kind in _REACHED:
            return Completion(text="", usage=answer.usage)
        return answer

    def ask(self, request: Request, *, page: str = "") -> Answer:
        """Make a call, again where that may help. The usage of the answer is that of all attempts.

        Raises KeyRejected and ModelUnknown, also for every later call. After QUOTA and BUDGET every later call fails in
        the same way without being made.
        """
        spent = Usage()
        attempt = 0
        while True:
            answer = self._once(request, page)
            spent += answer.usage
            attempt += 1
            if isinstance(answer, Completion):
                return replace(answer, usage=spent)
            seconds = self._patience.pause(answer, attempt)
            if seconds is None:
                return replace(answer, usage=spent)
            logger.info("%s: %s; asked again in %.1f seconds", self.provider.name, answer.message, seconds)
            if self._pause(seconds):
                return Failure(kind=FailureKind.CANCELLED, message="the run is being stopped", usage=spent)

    def sets_aside(self, request: Request) -> Decimal | None:
        """What has to be left of the budget for a call like this, in US dollars; None where nobody knows."""
        needs = self.provider.needs(request, self._price)
        return needs.least if needs is not None else None

    def close(self) -> None:
        """Closes the provider."""
        self.provider.close()

    def _once(self, request: Request, page: str) -> Answer:
        ended = self._ended()
        if ended is not None:
            return ended
        reservation = self._budget.reserve(
            self.provider.needs(request, self._price), cancelled=self._cancelled, alone=request.task in _ALONE
        )
        if self._cancelled.is_set():
            if isinstance(reservation, Reservation):
                self._budget.settle(reservation, Decimal(0))
            return Failure(kind=FailureKind.CANCELLED, message="the run is being stopped")
        if isinstance(reservation, Exhausted):
            return self._stop(Failure(kind=FailureKind.BUDGET, message=reservation.reason))
        cost: Decimal | None = None
        try:
            asked = self._limited(request, reservation)
            answer = self._priced(self.provider.complete(asked, cancelled=self._cancelled))
            # What was under way when a call was broken off is paid for, and in nobody's figures.
            broken_off = isinstance(answer, Failure) and answer.kind in _BROKEN_OFF
            cost = None if broken_off and answer.usage.requests else answer.usage.cost_usd
        finally:
            self._budget.settle(reservation, cost)
        with self._lock:
            self._pages[page] = self._pages.get(page, Usage()) + answer.usage
            self._made[page] = self._made.get(page, 0) + 1
        if isinstance(answer, Failure) and answer.kind in _FINAL:
            raise self._final(answer)
        if isinstance(answer, Failure) and answer.kind is FailureKind.QUOTA:
            self._stop(answer)
        return answer

    def _limited(self, request: Request, reservation: Reservation) -> Request:
        """The request with what it may cost."""
        if reservation.amount is None or self._budget.max_cost is None:
            return request
        allowance = Allowance(budget=self._budget, reservation=reservation, price=self._price)
        return replace(request, allowance=allowance)

    # --- the end of all calls ---------------------------------------------------------------------------------------

    def _ended(self) -> Failure | None:
        with self._lock:
            end = self._end
        if isinstance(end, ProviderError):
            raise end
        return replace(end, usage=Usage(), opened=()) if end is not None else None

    def _stop(self, failure: Failure) -> Failure:
        with self._lock:
            if self._end is None:
                self._end = failure
                logger.warning("No further calls to %s: %s.", self.provider.name, failure.message.rstrip(". "))
        return failure

    def _final(self, failure: Failure) -> ProviderError:
        name, model, variable = self.provider.name, self.provider.model, self._about.variable
        error: ProviderError
        if failure.kind is FailureKind.KEY:
            message = f"The key for provider '{name}' is not accepted: {failure.message.rstrip('. ')}."
            source = f"the secret behind {variable}" if variable else "the key, or the address that asks for one"
            hint = f"Check {source}: is it current, for this vendor, and may it use the model '{model}'?"
            error = KeyRejected(message, hint=hint)
        else:
            message = f"Provider '{name}' has no model '{model}' for this key: {failure.message.rstrip('. ')}."
            hint = "Set `model` to a name that the vendor lists, or leave it out for the provider's default."
            if name == "api":
                hint = "Set `model` to 'vendor:model' with a name that the vendor lists for your key."
            error = ModelUnknown(message, hint=f"{hint} The key comes from {variable}." if variable else hint)
        with self._lock:
            if not isinstance(self._end, ProviderError):
                self._end = error
            return self._end

    # --- prices -----------------------------------------------------------------------------------------------------

    def _price(self, tokens: Tokens) -> Decimal | None:
        price = self._about.price(tokens)
        if price is not None or not self._about.tells_cost:
            return price
        return tokens.input * _DEAREST[0] + tokens.output * _DEAREST[1]

    def _priced(self, answer: Answer) -> Answer:
        """The answer with the table's price where the provider tells tokens alone; of a call that did not come to its end it
        tells too few of them."""
        usage = answer.usage
        unknown = usage.cost_usd is None and bool(usage.input_tokens or usage.output_tokens)
        if not unknown or (isinstance(answer, Failure) and answer.kind in _UNFINISHED):
            return answer
        tokens = Tokens(input=usage.input_tokens, output=usage.output_tokens, cached=usage.cached_tokens)
        return replace(answer, usage=replace(usage, cost_usd=self._about.price(tokens)))

    def _check_price(self) -> None:
        if self._budget.max_cost is None or self._budget.max_calls is not None or self._about.tells_cost:
            return
        if self._about.price(Tokens(input=1, output=1)) is not None:
            return
        raise PriceUnknown(
            f"Nobody knows what the model '{self.provider.model}' costs, so max-cost-usd cannot be kept.",
            hint="Set `max-ai-calls` to limit the number of calls instead, or `max-cost-usd: 0` for no limit in dollars.",
        )
