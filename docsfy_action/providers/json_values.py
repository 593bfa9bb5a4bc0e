"""JSON that somebody else wrote, read without trusting its shape: what is not there, or of another kind, is empty."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_MAX_TOKENS = 10**12


@dataclass(frozen=True, slots=True)
class Json:
    """A value, or a place where there is none."""

    value: object = None

    def __getitem__(self, name: str) -> "Json":
        """The member of an object."""
        return Json(self.value.get(name)) if isinstance(self.value, dict) else Json()

    def __iter__(self) -> Iterator["Json"]:
        """The items of an array; an object has none."""
        return map(Json, self.value if isinstance(self.value, list) else ())

    @property
    def members(self) -> Iterator[tuple[str, "Json"]]:
        """Names and values of an object."""
        return (
            (str(name), Json(value)) for name, value in (self.value.items() if isinstance(self.value, dict) else ())
        )

    @property
    def text(self) -> str:
        """A string, fit to be encoded; else empty."""
        return self.value.encode("utf-8", "replace").decode("utf-8") if isinstance(self.value, str) else ""

    @property
    def count(self) -> int:
        """A whole number that counts something; else 0."""
        sound = isinstance(self.value, int) and not isinstance(self.value, bool) and 0 <= self.value < _MAX_TOKENS
        return self.value if sound and isinstance(self.value, int) else 0

    @property
    def amount(self) -> Decimal | None:
        """A number that is no less than zero; else None."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            return None
        amount = Decimal(self.value)
        return amount if 0 <= amount < _MAX_TOKENS else None

    @property
    def is_true(self) -> bool:
        """Whether it is `true`."""
        return self.value is True

    def __bool__(self) -> bool:
        """Whether anything is there."""
        return self.value is not None


def parse(text: str | bytes) -> Json:
    """One JSON text; nothing where it is none."""
    try:
        return Json(json.loads(text, parse_float=Decimal, parse_constant=_no_number))
    except (ValueError, ArithmeticError, RecursionError):
        return Json()


def parse_lines(output: bytes) -> tuple[Json, ...]:
    """The objects among the lines of a program's output; other lines are passed over."""
    found = (parse(line) for line in output.decode("utf-8", "replace").splitlines() if line.lstrip().startswith("{"))
    return tuple(value for value in found if isinstance(value.value, dict))


def compact(value: Json) -> str:
    """The value as JSON text."""
    return json.dumps(value.value, ensure_ascii=False, default=float)


def _no_number(_: str) -> None:
    return None
