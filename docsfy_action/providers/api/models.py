"""Clients of the vendors, told everything that they would look up in the environment; imports pydantic-ai.

The client of a vendor takes a second to import, so only that of the one that is used is.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx2
from pydantic_ai.models import Model

from docsfy_action import __version__
from docsfy_action.providers.api.vendors import ADDRESSES, ModelName, Vendor

_CONNECT_SECONDS = 20.0
_NO_KEY = "no-key"  # what runs on a machine of the user's needs none, but the clients insist on one

# Every other header is taken out: the clients add what ANTHROPIC_CUSTOM_HEADERS, OPENAI_CUSTOM_HEADERS, OPENAI_ORG_ID and
# the like say, and describe the machine.
_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "anthropic-version",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "x-api-key",
        "x-goog-api-key",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Which model, where, with which key; an empty `base_url` means the vendor's own."""

    model: ModelName
    key: str = ""
    base_url: str = ""

    @property
    def address(self) -> str:
        """Where requests go."""
        return self.base_url or ADDRESSES[self.model.vendor]


async def open_model(access: Access, seconds: float, stack: AsyncExitStack) -> Model:
    """The model; its connections are closed with `stack`. `seconds` bounds the silence of the other side."""
    key = access.key or _NO_KEY

    async def only_ours(request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in _HEADERS]:
            del request.headers[name]
        for name in {"authorization", "x-api-key", "x-goog-api-key"} & {name.lower() for name in request.headers}:
            request.headers[name] = f"Bearer {key}" if name == "authorization" else key
        request.headers["user-agent"] = f"docsfy-action/{__version__}"
        # The clients send one number for everything, so that also a host that is not there would take that long.
        request.extensions = {
            **request.extensions,
            "timeout": {"connect": _CONNECT_SECONDS, "read": seconds, "write": seconds, "pool": seconds},
        }

    http = await stack.enter_async_context(
        httpx2.AsyncClient(timeout=httpx2.Timeout(seconds), event_hooks={"request": [only_ours]})
    )
    return _model(access, key, http, seconds)


def _model(access: Access, key: str, http: httpx2.AsyncClient, seconds: float) -> Model:
    match access.model.vendor:
        case Vendor.ANTHROPIC:
            return _anthropic(access, key, http)
        case Vendor.GOOGLE:
            return _google(access, key, http, seconds)
        case _:
            return _openai(access, key, http)


def _anthropic(access: Access, key: str, http: httpx2.AsyncClient) -> Model:
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(api_key=key, base_url=access.address, max_retries=0, http_client=http, open_telemetry=False)
    return AnthropicModel(access.model.name, provider=AnthropicProvider(anthropic_client=client))


def _google(access: Access, key: str, http: httpx2.AsyncClient, seconds: float) -> Model:
    from google.genai import Client
    from google.genai.client import DebugConfig
    from google.genai.types import HttpOptions
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    options = HttpOptions(
        base_url=access.address, timeout=int(seconds * 1000), httpx_async_client=http, retry_options=None
    )
    debugging = DebugConfig(client_mode=None, replays_directory=None, replay_id=None)
    client = Client(vertexai=False, api_key=key, http_options=options, debug_config=debugging)
    return GoogleModel(access.model.name, provider=GoogleProvider(client=client))


def _openai(access: Access, key: str, http: httpx2.AsyncClient) -> Model:
    """OpenAI and those who speak its protocols."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key=key, base_url=access.address, max_retries=0, http_client=http)
    match access.model.vendor:
        case Vendor.OLLAMA:
            from pydantic_ai.models.ollama import OllamaModel
            from pydantic_ai.providers.ollama import OllamaProvider

            return OllamaModel(access.model.name, provider=OllamaProvider(openai_client=client))
        case Vendor.OPENROUTER:
            from pydantic_ai.models.openrouter import OpenRouterModel
            from pydantic_ai.providers.openrouter import OpenRouterProvider

            return OpenRouterModel(access.model.name, provider=OpenRouterProvider(openai_client=client))
        case _:
            from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
            from pydantic_ai.providers.openai import OpenAIProvider

            provider = OpenAIProvider(openai_client=client)
    if access.model.vendor is Vendor.OPENAI:
        return OpenAIResponsesModel(access.model.name, provider=provider)
    return OpenAIChatModel(access.model.name, provider=provider)
