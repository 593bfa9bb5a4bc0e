"""The comment as a file: what a run that may not write leaves for one that may. Whoever reads it trusts nothing in it."""

import json
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsfy_action.github.comment import Comment

FILE = "comment.json"
ARTIFACT = "docsfy-comment"
MOST_BYTES = 2_000_000


class Message(BaseModel):
    """`key` tells apart the sites of one repository; `head_sha` is the commit that the pull request proposed then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    pull_request: Annotated[int, Field(gt=0, lt=2**53)]
    head_sha: Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    comment: Comment


def write_message(message: Message) -> bytes:
    """The file's content: plain ASCII, also for names that are no Unicode."""
    told = {
        "schema_version": message.schema_version,
        "pull_request": message.pull_request,
        "head_sha": message.head_sha,
        "key": message.key,
        "comment": asdict(message.comment),
    }
    return json.dumps(told, indent=1).encode("ascii") + b"\n"


def read_message(data: bytes) -> Message | str:
    """The message, or why it is none. Never raises, whatever the bytes are."""
    if len(data) > MOST_BYTES:
        return f"it is larger than {MOST_BYTES // 1_000_000} MB"
    try:
        return Message.model_validate(json.loads(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (ValueError, RecursionError):
        return "it is no JSON"
