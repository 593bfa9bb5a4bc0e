"""What the web API says of pull requests: which are open, and where one of them stands."""

from dataclasses import dataclass

from docsfy_action.github.api import Api, Document, Refused

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as it is now; `head` is the commit that it proposes, `repository` where that comes from (`owner/name`,
    empty where it is gone)."""

    is_open: bool
    head: str
    repository: str


def read_pull_request(api: Api, number: int) -> PullRequest | Refused:
    """The pull request, or why it is not known."""
    found = api.get(f"pulls/{number}")
    if isinstance(found, Refused):
        return found
    state, head = found.text("state"), found.inner("head")
    if state not in {"open", "closed"}:
        return Refused(status=0, message="the answer is none about a pull request")
    return PullRequest(is_open=state == "open", head=head.text("sha"), repository=head.inner("repo").text("full_name"))


def open_pull_requests(api: Api, *, limit: int = _MOST) -> frozenset[int] | None:
    """The numbers of all open pull requests, asked for a hundred at a time; None where the API does not say, or where there are
    so many that it was not asked for all."""
    found = api.get_all("pulls?state=open", limit=limit)
    if isinstance(found, Refused) or len(found) >= limit:
        return None
    numbers = [Document(content=item).number("number") for item in found]
    return None if None in numbers else frozenset(number for number in numbers if number is not None)
