"""What pydantic-ai raises → why there is no answer; imports pydantic-ai."""

import json
import re
from http import HTTPStatus

import httpx2
from pydantic_ai import exceptions

from docsfy_action.providers.model import Failure, FailureKind

# What the clients stumble over when a server says something that its vendor never would, for example null for an event.
NONSENSE = (httpx2.HTTPError, AssertionError, AttributeError, LookupError, TypeError, ValueError)

_KINDS: tuple[tuple[type[BaseException], FailureKind], ...] = (
    # the most specific first
    (exceptions.ModelAuthenticationError, FailureKind.KEY),
    (exceptions.ModelNotFoundError, FailureKind.MODEL),
    (exceptions.ModelContextWindowExceededError, FailureKind.TOO_LONG),
    (exceptions.ModelQuotaExceededError, FailureKind.QUOTA),
    (exceptions.ModelRateLimitError, FailureKind.RATE_LIMIT),
    (exceptions.ModelUnavailableError, FailureKind.OVERLOADED),
    (exceptions.ModelServerError, FailureKind.OVERLOADED),
    (exceptions.ModelConnectionError, FailureKind.UNREACHABLE),
    (exceptions.ContentFilterError, FailureKind.REFUSED),
)
_FILTERED = re.compile(r"content[ _-]?filter|content policy|safety", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAX_MESSAGE = 300


def failure(error: BaseException, *, key: str) -> Failure:
    """The failure for an error of the clients; `key` is kept out of its message."""
    message = one_line(_said(error), key=key)
    retry_after = error.retry_after if isinstance(error, exceptions.ModelAPIError) else None
    return Failure(kind=_kind(error, message), message=message, retry_after=retry_after)


def nonsense(error: BaseException, *, key: str) -> Failure:
    """The failure for an answer that the clients could not read."""
    told = one_line(f"{type(error).__name__}: {error}", key=key)
    return Failure(kind=FailureKind.BROKEN, message=f"the answer cannot be understood ({told})")


def one_line(text: str, *, key: str) -> str:
    """A text of the other side's as one line for people, bounded, and without the key."""
    clean = _CONTROL.sub(" ", text.replace(key, "***") if key else text).strip()
    return clean if len(clean) <= _MAX_MESSAGE else f"{clean[:_MAX_MESSAGE]}…"


def _kind(error: BaseException, message: str) -> FailureKind:
    if isinstance(error, exceptions.ModelTimeoutError) and error.phase not in {"connect", "pool"}:
        return FailureKind.TIMEOUT
    for kind, meaning in _KINDS:
        if isinstance(error, kind):
            return meaning
    if isinstance(error, exceptions.ModelHTTPError) and error.status_code == 413:
        return FailureKind.TOO_LONG
    if isinstance(error, exceptions.ModelRequestRejectedError) and _FILTERED.search(message):
        return FailureKind.REFUSED
    return FailureKind.BROKEN


def _said(error: BaseException) -> str:
    """What the vendor says, else what the client says."""
    if isinstance(error, exceptions.ModelHTTPError):
        return f"status {error.status_code}: {_message(error.body).strip() or _phrase(error.status_code)}"
    if isinstance(error, exceptions.ModelConnectionError):
        cause = str(_first_cause(error))
        return error.message if cause in error.message else f"{error.message.rstrip('.')}: {cause}"
    if isinstance(error, exceptions.ModelAPIError):
        return _message(error.body) or error.message or type(error).__name__
    return str(error) or type(error).__name__


def _first_cause(error: BaseException) -> BaseException:
    """What happened first: the clients only say that the connection failed, not that a certificate is unknown."""
    seen = [error]
    while (cause := seen[-1].__cause__ or seen[-1].__context__) is not None and cause not in seen:
        seen.append(cause)
    return next((one for one in reversed(seen) if str(one)), error)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "no reason was given"


def _message(body: object) -> str:
    """The text of an error body, wherever the vendor puts it."""
    if isinstance(body, str):
        try:
            return _message(json.loads(body)) or body
        except ValueError:
            return body
    if isinstance(body, list) and body:
        return _message(body[0])
    if not isinstance(body, dict):
        return ""
    inner = body.get("error")
    if isinstance(inner, str):
        return inner
    if isinstance(inner, dict):
        return _message(inner)
    message = body.get("message")
    return message if isinstance(message, str) else ""
