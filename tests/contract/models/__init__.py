r"""A model server on loopback that speaks the wire formats of Anthropic, OpenAI and Google, and says what a test tells it.

    from tests.contract.models import CallTool, ModelServer, Say, script

    def brain(ask: Ask) -> Action:                 # one function for all vendors
        if ask.offers("read_file") and not ask.tool_results:
            return CallTool("read_file", {"path": "README.md"})
        return Say("# Title\n\nText.\n\n<!-- end of page -->\n")

    with ModelServer(brain) as server:             # or ModelServer(script(Fail(Trouble.RATE_LIMIT, 2), Say("yes")))
        ...                                        # ANTHROPIC_BASE_URL / GOOGLE_GEMINI_BASE_URL = server.url
        ...                                        # OPENAI_BASE_URL = server.openai_url
    assert [ask.model for ask in server.asks] == ["claude-sonnet-5-5"]
    assert server.asks[0].key == "sk-test"         # also: system, prompt, messages, tools, schema, headers, max_tokens

Routes: `…/v1/messages` (plain or streamed, as the client asks), `…/v1/messages/count_tokens`, `…/v1/responses`,
`…/v1/chat/completions`, `…/models/M:generateContent`, `:streamGenerateContent`, `:countTokens`; anything else is 404 and
stands in `server.strays`. The brain runs in the thread of its request, so a brain with a memory needs a lock.

`Json(text)` is a structured answer whichever way the client asked for it. `Fail(Trouble.X)` is an error in the vendor's
own form, `Error(status=…, body=…)` any other. `Hang`, `Slow`, `Cut` and `StreamFail` misbehave on the way.
`Say("…", Tokens(input=…, output=…, cached=…, written=…))` sets what is counted. `server.left` counts clients that hung
up before the end, `server.until(lambda s: s.held == 1)` waits until a request hangs.
"""

from tests.contract.models.server import ModelServer
from tests.contract.models.values import (
    Action,
    Ask,
    Brain,
    CallTool,
    CallTools,
    Cut,
    Empty,
    Error,
    Fail,
    Filter,
    Hang,
    Json,
    Message,
    Refuse,
    Say,
    Slow,
    StreamFail,
    Tokens,
    Tool,
    ToolResult,
    Trouble,
    Truncate,
    Vendor,
    script,
)

__all__ = [
    "Action",
    "Ask",
    "Brain",
    "CallTool",
    "CallTools",
    "Cut",
    "Empty",
    "Error",
    "Fail",
    "Filter",
    "Hang",
    "Json",
    "Message",
    "ModelServer",
    "Refuse",
    "Say",
    "Slow",
    "StreamFail",
    "Tokens",
    "Tool",
    "ToolResult",
    "Trouble",
    "Truncate",
    "Vendor",
    "script",
]
