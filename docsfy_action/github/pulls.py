"""What the web API says of pull requests: which are open, and where one of them stands."""

from dataclasses import dataclass

from docsfy_action.github.api import Api, Document, Refused

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as it is now; `head` is the commit that it proposes."""

    is_open: bool
    head: str


def read_pull_request(api: Api, number: int) -> PullRequest | None:
    """The pull request; None where the API does not say."""
    found = api.get(f"pulls/{number}")
    if isinstance(found, Refused) or found.text("state") not in {"open", "closed"}:
        return None
    return PullRequest(is_open=found.text("state") == "open", head=found.inner("head").text("sha"))


def open_pull_requests(api: Api, *, limit: int = _MOST) -> frozenset[int] | None:
    """The numbers of all open pull requests, asked for a hundred at a time; None where the API does not say, or where there are
    so many that it was not asked for all."""
    found = api.get_all("pulls?state=open", limit=limit)
    if isinstance(found, Refused) or len(found) >= limit:
        return None
    numbers = [Document(content=item).number("number") for item in found]
    return None if None in numbers else frozenset(number for number in numbers if number is not None)
