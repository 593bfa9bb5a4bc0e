"""Uploads a file to the storage behind GitHub's services (Azure's blob storage) by the signed address they give: in one piece,
or in blocks, several at once. Nothing of the file is held in memory but what is on the line."""

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.parse import quote, urlsplit

from docsfy_action.network import Call, FilePart, Retries, Sender, Unreachable

# As in Azure's client library with the settings of GitHub's toolkit.
_SINGLE_BYTES = 128 * 1024 * 1024
_BLOCK_BYTES = 64 * 1024 * 1024
_AT_ONCE = 8
_CREATED = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """How large a file may be that goes up in one piece, how large the pieces of a larger one are, in bytes, and how many of
    them are on their way at once."""

    single: int = _SINGLE_BYTES
    block: int = _BLOCK_BYTES
    at_once: int = _AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where to (`url` is signed), what it is (`media`, a media type), and how."""

    url: str = field(repr=False)
    media: str
    upload: Upload = field(default_factory=Upload)


def send_file(file: Path, to: Storage, network: Sender) -> str:
    """Upload the file. Gives why that did not work, as the end of a sentence without its full stop; empty where it did."""
    size = file.stat().st_size
    if size <= to.upload.single:
        return _put(to, network, to.url, FilePart(path=file, size=size), {"x-ms-blob-type": "BlockBlob"})
    parts = [
        FilePart(path=file, offset=offset, size=min(to.upload.block, size - offset))
        for offset in range(0, size, to.upload.block)
    ]
    names = [base64.b64encode(f"docsfy-{number:08}".encode()).decode() for number in range(len(parts))]
    failed = _send_blocks(list(zip(names, parts, strict=True)), to, network)
    if failed:
        return failed
    listed = "".join(f"<Latest>{name}</Latest>" for name in names)
    body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'.encode()
    return _put(to, network, _with(to.url, "comp=blocklist"), body, {"Content-Type": "application/xml"})


def _send_blocks(blocks: Sequence[tuple[str, FilePart]], to: Storage, network: Sender) -> str:
    """After the first block that fails, none is begun."""
    given_up = Event()

    def send(block: tuple[str, FilePart]) -> str:
        if given_up.is_set():
            return ""
        name, part = block
        failed = _put(to, network, _with(to.url, f"comp=block&blockid={quote(name, safe='')}"), part, {})
        if failed:
            given_up.set()
        return failed

    with ThreadPoolExecutor(max_workers=to.upload.at_once, thread_name_prefix="block") as executor:
        try:
            return next(filter(None, executor.map(send, blocks)), "")
        except BaseException:
            given_up.set()  # a run that is ending does not wait for what has not begun
            raise


def _put(to: Storage, network: Sender, url: str, body: bytes | FilePart, headers: dict[str, str]) -> str:
    standard = {"Content-Type": to.media, "x-ms-version": "2024-11-04"}
    call = Call(method="PUT", url=url, headers={**standard, **headers}, body=body, deadline=600)
    answer = network.send(call, Retries())
    if isinstance(answer, Unreachable):
        return answer.reason
    return "" if answer.status == _CREATED else f"the storage answered with status {answer.status}"


def _with(url: str, query: str) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{query}"
