"""What a call takes, before it is made: at most, for what is set aside of a budget, and as expected, for people who plan."""

from collections.abc import Mapping
from decimal import Decimal

from docsfy_action.providers.budget import Needs, at_most
from docsfy_action.providers.model import Request, Task
from docsfy_action.providers.prices import Price, Tokens

# Text of programs has three to four bytes for each token, other scripts about three; two is on the safe side.
_BYTES_PER_TOKEN = 2
_OVERHEAD = 4_000  # a vendor's program brings a system prompt and tools of its own
# A program with tools sends its conversation again with every turn. It grows to twice as many tokens of the repository.
_LOOKED_AT = 40_000
_LEAST_TURNS, _ENOUGH_TURNS = 8, 12
_OF_AN_OUTLINE = 20
_TURN = 500  # tokens that a turn with tools says

_EXPECTED_BYTES_PER_TOKEN = 3
_EXPECTED_LOOKED_AT = 30_000
_TOOLS = 1_000  # what the descriptions of the tools take where no vendor's program adds its own
# Times that the conversation is sent, and tokens of the answer, those of thinking and of calls to tools included.
_EXPECTED: Mapping[Task, tuple[int, int]] = {
    Task.PREFLIGHT: (1, 256),
    Task.OUTLINE: (5, 8_000),
    Task.TRIAGE: (1, 1_500),
    Task.PAGE: (3, 5_000),
    Task.PATCH: (1, 2_000),
    Task.REPAIR: (1, 2_000),
}


def once(request: Request) -> int:
    """An upper estimate of the tokens that the first request of a call is given."""
    return size(request) // _BYTES_PER_TOKEN + _OVERHEAD


def by_turns(request: Request, price: Price) -> Needs | None:
    """What a program is given that can be told turns and no dollars: an upper estimate, each request at its own price."""
    one, answer = _turn(request, price), at_most(price, 0, request.max_output_tokens)
    if one is None or answer is None:
        return None
    enough = _OF_AN_OUTLINE if request.task is Task.OUTLINE else _ENOUGH_TURNS
    least, wanted = (min(number, request.max_turns) if request.explore else 1 for number in (_LEAST_TURNS, enough))
    return Needs(least=least * one + answer, wanted=wanted * one + answer)


def turns(request: Request) -> int:
    """The turns that a call may take: as many as are paid for."""
    allowance = request.allowance
    one = _turn(request, allowance.price) if allowance is not None else None
    if allowance is None or not one:
        return max(1, request.max_turns)
    paid = (allowance.amount - allowance.at_most(0, request.max_output_tokens)) / one
    return min(max(1, int(paid)), max(1, request.max_turns))


def _turn(request: Request, price: Price) -> Decimal | None:
    return at_most(price, once(request) + (_LOOKED_AT if request.explore else 0), _TURN)


def expected(task: Task, written: int, *, points_to: int, by_program: bool) -> Tokens:
    """What a call of this kind comes to, on the high side.

    `written` are the bytes of everything that is sent, `points_to` those of the files that the model is told to open;
    `by_program` says that a vendor's program makes the call.
    """
    steps, output = _EXPECTED[task]
    once = written // _EXPECTED_BYTES_PER_TOKEN + (_OVERHEAD if by_program else _TOOLS)
    opened = min(points_to // _EXPECTED_BYTES_PER_TOKEN, _EXPECTED_LOOKED_AT)
    # What is opened comes with one step after the other, and is sent again with each that follows.
    return Tokens(input=steps * once + steps * opened // 2, output=output)


def size(request: Request) -> int:
    """Bytes of everything that a request says."""
    return sum(len(text.encode("utf-8")) for text in (request.instructions, request.prompt, request.schema))
