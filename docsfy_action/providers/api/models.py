"""Clients of the vendors, told everything that they would look up in the environment; imports pydantic-ai."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx2
from anthropic import AsyncAnthropic
from google.genai import Client as GoogleClient
from google.genai import types as google_types
from google.genai.client import DebugConfig
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.models.openrouter import OpenRouterModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.google import GoogleProvider
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openrouter import OpenRouterProvider

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
    name = access.model.name
    match access.model.vendor:
        case Vendor.ANTHROPIC:
            anthropic = AsyncAnthropic(
                api_key=key, base_url=access.address, max_retries=0, http_client=http, open_telemetry=False
            )
            return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=anthropic))
        case Vendor.GOOGLE:
            google = _google(access, key, http, seconds)
            return GoogleModel(name, provider=GoogleProvider(client=google))
        case _:
            openai = AsyncOpenAI(api_key=key, base_url=access.address, max_retries=0, http_client=http)
    match access.model.vendor:
        case Vendor.OPENAI:
            return OpenAIResponsesModel(name, provider=OpenAIProvider(openai_client=openai))
        case Vendor.OLLAMA:
            return OllamaModel(name, provider=OllamaProvider(openai_client=openai))
        case Vendor.OPENROUTER:
            return OpenRouterModel(name, provider=OpenRouterProvider(openai_client=openai))
        case _:
            return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=openai))


def _google(access: Access, key: str, http: httpx2.AsyncClient, seconds: float) -> GoogleClient:
    options = google_types.HttpOptions(
        base_url=access.address, timeout=int(seconds * 1000), httpx_async_client=http, retry_options=None
    )
    debugging = DebugConfig(client_mode=None, replays_directory=None, replay_id=None)
    return GoogleClient(vertexai=False, api_key=key, http_options=options, debug_config=debugging)
