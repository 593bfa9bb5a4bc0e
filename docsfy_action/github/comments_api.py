"""The one comment on a pull request: found again by its marker and its author, made where there is none, kept up to date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from docsfy_action.github.api import Api, Document, Refused

# Who a workflow's own token writes as, where the server does not say whom the token speaks for.
_WORKFLOW = "github-actions[bot]"


class Done(StrEnum):
    """What became of a comment."""

    MADE = "made"
    UPDATED = "updated"
    AS_IT_WAS = "as it was"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was done; `url` is the comment's page."""

    done: Done
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    number: int
    body: str
    url: str


def keep_comment(api: Api, number: int, body: str, *, marker: str, make: bool) -> Kept | Refused:
    """The comment of the pull request that begins with `marker` and is ours gets this body; where there is none it is made,
    if `make` says so. A comment of somebody else is not touched, whatever it begins with; more than one of ours, which two
    runs at once can leave, become one."""
    listed = api.get_all(f"issues/{number}/comments")
    if isinstance(listed, Refused):
        return listed
    ours = _ours(listed, marker, api)
    for extra in ours[1:]:
        api.delete(f"issues/comments/{extra.number}")
    if ours:
        if ours[0].body.replace("\r\n", "\n").strip() == body.strip():
            return Kept(done=Done.AS_IT_WAS, url=ours[0].url)
        changed = api.patch(f"issues/comments/{ours[0].number}", {"body": body})
        if isinstance(changed, Document):
            return Kept(done=Done.UPDATED, url=changed.text("html_url"))
        if changed.status != 404:
            return changed
        # Somebody has deleted it since it was listed.
    if not make:
        return Kept(done=Done.NOT_NEEDED)
    made = api.post(f"issues/{number}/comments", {"body": body})
    return made if isinstance(made, Refused) else Kept(done=Done.MADE, url=made.text("html_url"))


def _ours(listed: Sequence[object], marker: str, api: Api) -> Sequence[_Ours]:
    """Comments with the marker that the token's account has written, the oldest first."""
    candidates = [comment for comment in map(_document, listed) if comment.text("body").startswith(marker)]
    if not candidates:
        return ()
    author = api.viewer() or _WORKFLOW
    return tuple(_written_by(candidates, author))


def _written_by(candidates: Sequence[Document], author: str) -> Iterator[_Ours]:
    for comment in candidates:
        number = comment.number("id")
        if number and comment.inner("user").text("login").lower() == author.lower():
            yield _Ours(number=number, body=comment.text("body"), url=comment.text("html_url"))


def _document(item: object) -> Document:
    return Document(content=item)
