"""The provider itself: a call at a time, each with its own event loop, connections, deadline and end."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from docsfy_action.errors import InputError, Problem
from docsfy_action.providers.api import meter
from docsfy_action.providers.api.tools import Explorer
from docsfy_action.providers.api.vendors import ModelName, model_name
from docsfy_action.providers.budget import Needs
from docsfy_action.providers.model import Answer, FailureKind, Request
from docsfy_action.providers.prices import Price

if TYPE_CHECKING:
    from docsfy_action.providers.api.conversation import Conversation
    from docsfy_action.providers.api.models import Access

_LOOK = 0.05  # seconds between two looks at the event that cancels


def check_installed() -> None:
    """Raises InputError where the packages of the extra `api` are not there; imports none of them."""
    if all(find_spec(name) is not None for name in ("pydantic_ai", "anthropic", "openai", "genai_prices", "regex")):
        return
    message = "provider: 'api' needs packages that are not installed."
    hint = "Install them: pip install 'docsfy-action[api]'"
    raise InputError(message, hint=hint, problems=(Problem(message=message, hint=hint),))


class ApiProvider:
    """`model` is `vendor:model`; an empty `base_url` means the vendor's own address. `export` is what tools may read.

    Raises InputError for a model of another form, and where the packages are missing.
    """

    def __init__(self, model: str | None, *, key: str, base_url: str = "", export: Path) -> None:
        self._model = model_name(model)
        check_installed()
        self._key = key
        self._base_url = base_url
        self._export = export

    @property
    def name(self) -> str:
        """The provider as the input `provider` names it."""
        return "api"

    @property
    def model(self) -> str:
        """The model with its vendor in front."""
        return str(self._model)

    @property
    def model_name(self) -> ModelName:
        """Vendor and name apart."""
        return self._model

    def needs(self, request: Request, price: Price) -> Needs | None:
        """By what the conversation keeps to before each of its requests."""
        return meter.needs(request, price)

    def complete(self, request: Request, *, cancelled: Event) -> Answer:
        """Make one call; see `Provider`."""
        from docsfy_action.providers.api.conversation import Conversation
        from docsfy_action.providers.api.models import Access

        access = Access(model=self._model, key=self._key, base_url=self._base_url)
        explorer = Explorer(self._export, stop=cancelled.is_set) if request.explore else None
        conversation = Conversation(access, request, explorer)
        return asyncio.run(_watched(_talk(access, conversation, request), conversation, request, cancelled))

    def close(self) -> None:
        """Nothing is held between calls."""


async def _talk(access: "Access", conversation: "Conversation", request: Request) -> Answer:
    from docsfy_action.providers.api.models import open_model

    async with AsyncExitStack() as stack:
        return await conversation.run(await open_model(access, request.deadline, stack))


async def _watched(
    talk: Coroutine[object, object, Answer], conversation: "Conversation", request: Request, cancelled: Event
) -> Answer:
    """The answer, unless the deadline passes or somebody cancels before it is there."""
    loop = asyncio.get_running_loop()
    end = loop.time() + request.deadline
    task = loop.create_task(talk)
    stopped: FailureKind | None = None
    while not task.done():
        if cancelled.is_set():
            stopped = FailureKind.CANCELLED
        elif loop.time() >= end:
            stopped = FailureKind.TIMEOUT
        if stopped is not None:
            task.cancel()
        await asyncio.wait({task}, timeout=max(0.0, min(_LOOK, end - loop.time())) or _LOOK)
    if task.cancelled() or (stopped is not None and task.exception() is not None):
        if stopped is FailureKind.TIMEOUT:
            return conversation.fail(FailureKind.TIMEOUT, f"no answer within {request.deadline:g} seconds")
        return conversation.fail(FailureKind.CANCELLED, "the call was cancelled")
    return task.result()
