"""The run's limits on calls and dollars: what a call may cost is set aside before it starts, and for more it has to ask."""

from dataclasses import dataclass
from decimal import Decimal
from threading import Condition, Event

from docsfy_action.providers.prices import Price, Tokens

_LOOK = 0.1  # seconds between two looks at the event that cancels


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """US dollars that a call must have set aside to be of any use, and with which it need not be sparing."""

    least: Decimal
    wanted: Decimal


@dataclass(slots=True, kw_only=True)
class Reservation:
    """Leave to make one call; `amount` is None where nobody knows what it may cost. The budget alone changes it."""

    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """The call may not be made; `reason` is a sentence that names the limit."""

    reason: str


class Budget:
    """Counts calls and dollars for all threads of a run. None or zero: no limit. `at_once` calls are expected side by side."""

    def __init__(self, *, max_calls: int | None = None, max_cost: Decimal | None = None, at_once: int = 1) -> None:
        self.max_calls = max_calls or None
        self.max_cost = max_cost or None
        self._at_once = at_once
        self._changed = Condition()
        self._calls = 0
        self._flying = 0
        self._spent = Decimal(0)
        self._reserved = Decimal(0)

    @property
    def calls(self) -> int:
        """Calls made, those in flight included."""
        with self._changed:
            return self._calls

    @property
    def spent(self) -> Decimal:
        """US dollars that are settled; what no one knew the price of is counted as it was set aside."""
        with self._changed:
            return self._spent

    def reserve(self, needs: Needs | None, *, cancelled: Event, alone: bool = False) -> Reservation | Exhausted:
        """Sets aside what a call may cost at most. `needs` is None where nobody knows; a call that is made `alone` need leave
        nothing for others.

        What others have set aside usually turns out to be less: where only that stands in the way, this waits until
        their calls have ended, rather than end the run with money left.
        """
        with self._changed:
            while True:
                if self.max_calls is not None and self._calls >= self.max_calls:
                    return Exhausted(reason=f"all {self.max_calls} calls that max-ai-calls allows were made")
                if self.max_cost is None or needs is None:
                    return self._take(needs.wanted if needs is not None else None)
                free = self.max_cost - self._spent - self._reserved
                if needs.least <= free:
                    share = free if alone else free / max(1, self._at_once - self._flying)
                    return self._take(min(needs.wanted, max(needs.least, share)))
                if not self._flying:
                    return Exhausted(reason=self._too_dear(needs.least, self.max_cost))
                self._changed.wait(timeout=_LOOK)
                if cancelled.is_set():
                    return Exhausted(reason="the run is being stopped")

    def _take(self, amount: Decimal | None) -> Reservation:
        self._calls += 1
        self._flying += 1
        self._reserved += amount or Decimal(0)
        return Reservation(amount=amount)

    def _too_dear(self, least: Decimal, limit: Decimal) -> str:
        return (
            f"the next call may cost up to {dollars(least)}, and of the {dollars(limit)} that max-cost-usd allows "
            f"{dollars(self._spent)} are spent"
        )

    def adjust(self, reservation: Reservation, amount: Decimal) -> bool:
        """Sets aside another amount for a call that goes on; never waits. False: there is not so much, and what was set aside
        stays."""
        with self._changed:
            more = amount - (reservation.amount or Decimal(0))
            if more > 0 and self.max_cost is not None and self._spent + self._reserved + more > self.max_cost:
                return False
            self._reserved += more
            reservation.amount = amount
            self._changed.notify_all()
            return True

    def settle(self, reservation: Reservation, cost: Decimal | None) -> None:
        """A call has ended. `cost` is what it did cost; None: nobody knows, so what was set aside is taken for it."""
        with self._changed:
            self._flying -= 1
            self._reserved -= reservation.amount or Decimal(0)
            self._spent += (reservation.amount or Decimal(0)) if cost is None else cost
            self._changed.notify_all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one call may cost, for a provider that keeps to it."""

    budget: Budget
    reservation: Reservation
    price: Price

    @property
    def amount(self) -> Decimal:
        """US dollars that are set aside for the call now."""
        return self.reservation.amount or Decimal(0)

    def adjust(self, amount: Decimal) -> bool:
        """Sets aside so much for the whole call, more or less than before. False where there is not so much."""
        return self.budget.adjust(self.reservation, amount)

    def at_most(self, given: int, output: int) -> Decimal:
        """What one request with so many tokens both ways can cost."""
        return at_most(self.price, given, output) or Decimal(0)


def at_most(price: Price, given: int, output: int) -> Decimal | None:
    """What one request can cost, also where all that it is given is written into a cache; None where nobody knows."""
    amounts = [price(Tokens(input=given, output=output, written=written)) for written in (0, given)]
    known = [amount for amount in amounts if amount is not None]
    return max(known) if known else None


def dollars(amount: Decimal) -> str:
    """An amount as people read it: cents, or as many places as show something of less than a cent."""
    places = 2 if amount >= Decimal("0.01") or not amount else 4
    return f"${amount:.{places}f}"
