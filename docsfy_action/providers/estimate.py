"""What a call may take at most, before it is made."""

from docsfy_action.providers.model import Request
from docsfy_action.providers.prices import Tokens

# Text of programs has three to four bytes for each token, other scripts about three; two is on the safe side.
_BYTES_PER_TOKEN = 2
_OVERHEAD = 4_000  # a vendor's program brings a system prompt and tools of its own
# A call with tools sends its conversation again with every step. The seen calls came to less than half of this; where
# a provider can stop by itself, it is told to stop there.
_LOOKED_AT = 80_000  # tokens of the repository
_STEPS = 6


def tokens(request: Request) -> Tokens:
    """An upper estimate of what a request takes."""
    written = sum(len(text.encode("utf-8")) for text in (request.instructions, request.prompt, request.schema))
    once = written // _BYTES_PER_TOKEN + _OVERHEAD
    if not request.explore:
        return Tokens(input=once, output=request.max_output_tokens)
    steps = min(_STEPS, request.max_turns)
    return Tokens(input=steps * (once + _LOOKED_AT), output=request.max_output_tokens + steps * 500)
