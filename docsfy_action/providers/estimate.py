"""What a call takes, before it is made: at most, for what is set aside of a budget, and as expected, for people who plan."""

from collections.abc import Mapping

from docsfy_action.providers.model import Request, Task
from docsfy_action.providers.prices import Tokens

# Text of programs has three to four bytes for each token, other scripts about three; two is on the safe side.
_BYTES_PER_TOKEN = 2
_OVERHEAD = 4_000  # a vendor's program brings a system prompt and tools of its own
# A call with tools sends its conversation again with every step. The seen calls came to less than half of this; where
# a provider can stop by itself, it is told to stop there.
_LOOKED_AT = 80_000  # tokens of the repository
_STEPS = 6

_EXPECTED_BYTES_PER_TOKEN = 3
_EXPECTED_LOOKED_AT = 30_000
_TOOLS = 1_000  # what the descriptions of the tools take where no vendor's program adds its own
# Times that the conversation is sent, and tokens of the answer, those of thinking and of calls to tools included.
_EXPECTED: Mapping[Task, tuple[int, int]] = {
    Task.PREFLIGHT: (1, 256),
    Task.OUTLINE: (8, 8_000),
    Task.TRIAGE: (1, 1_500),
    Task.PAGE: (4, 5_000),
    Task.PATCH: (2, 2_000),
    Task.REPAIR: (1, 2_000),
}


def tokens(request: Request) -> Tokens:
    """An upper estimate of what a request takes."""
    once = size(request) // _BYTES_PER_TOKEN + _OVERHEAD
    if not request.explore:
        return Tokens(input=once, output=request.max_output_tokens)
    steps = min(_STEPS, request.max_turns)
    return Tokens(input=steps * (once + _LOOKED_AT), output=request.max_output_tokens + steps * 500)


def expected(task: Task, written: int, *, points_to: int, by_program: bool) -> Tokens:
    """What a call of this kind comes to where all goes as it should, on the high side.

    `written` are the bytes of everything that is sent, `points_to` those of the files that the model is told to open;
    `by_program` says that a vendor's program makes the call.
    """
    steps, output = _EXPECTED[task]
    once = written // _EXPECTED_BYTES_PER_TOKEN + (_OVERHEAD if by_program else _TOOLS)
    opened = min(points_to // _EXPECTED_BYTES_PER_TOKEN, _EXPECTED_LOOKED_AT)
    return Tokens(input=steps * once + (steps - 1) * opened, output=output)


def size(request: Request) -> int:
    """Bytes of everything that a request says."""
    return sum(len(text.encode("utf-8")) for text in (request.instructions, request.prompt, request.schema))
