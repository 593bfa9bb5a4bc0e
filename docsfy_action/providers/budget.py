"""The run's limits on calls and dollars: what a call may cost is set aside before it starts."""

from dataclasses import dataclass
from decimal import Decimal
from threading import Condition, Event

_LOOK = 0.1  # seconds between two looks at the event that cancels


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Leave to make one call; `amount` is None where nobody knows what it may cost."""

    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """The call may not be made; `reason` is a sentence that names the limit."""

    reason: str


class Budget:
    """Counts calls and dollars for all threads of a run. None or zero: no limit."""

    def __init__(self, *, max_calls: int | None = None, max_cost: Decimal | None = None) -> None:
        self.max_calls = max_calls or None
        self.max_cost = max_cost or None
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
        """US dollars that are settled; what no one knew the price of is counted as it was estimated."""
        with self._changed:
            return self._spent

    def reserve(self, estimate: Decimal | None, *, cancelled: Event) -> Reservation | Exhausted:
        """Sets aside what a call may cost at most. `estimate` is None where nobody knows.

        What others have set aside usually turns out to be less: where only that stands in the way, this waits until
        their calls have ended, rather than end the run with money left.
        """
        with self._changed:
            while True:
                if self.max_calls is not None and self._calls >= self.max_calls:
                    return Exhausted(reason=f"all {self.max_calls} calls that max-ai-calls allows were made")
                if self.max_cost is None or estimate is None:
                    return self._take(estimate)
                if self._spent + self._reserved + estimate <= self.max_cost:
                    return self._take(estimate)
                if not self._flying:
                    return Exhausted(reason=self._too_dear(estimate, self.max_cost))
                self._changed.wait(timeout=_LOOK)
                if cancelled.is_set():
                    return Exhausted(reason="the run is being stopped")

    def _take(self, estimate: Decimal | None) -> Reservation:
        self._calls += 1
        self._flying += 1
        self._reserved += estimate or Decimal(0)
        return Reservation(amount=estimate)

    def _too_dear(self, estimate: Decimal, limit: Decimal) -> str:
        return (
            f"the next call may cost up to {dollars(estimate)}, and of the {dollars(limit)} that max-cost-usd allows "
            f"{dollars(self._spent)} are spent"
        )

    def settle(self, reservation: Reservation, cost: Decimal | None) -> None:
        """A call has ended. `cost` is what it did cost; None: nobody knows, so what was set aside is taken for it."""
        with self._changed:
            self._flying -= 1
            self._reserved -= reservation.amount or Decimal(0)
            self._spent += (reservation.amount or Decimal(0)) if cost is None else cost
            self._changed.notify_all()


def dollars(amount: Decimal) -> str:
    """An amount as people read it: cents, or as many places as show something of less than a cent."""
    places = 2 if amount >= Decimal("0.01") or not amount else 4
    return f"${amount:.{places}f}"
