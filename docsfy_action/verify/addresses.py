"""Finds addresses in running text: GitHub and the site link them, CommonMark does not, so they are marked."""

import re

from docsfy_action.verify.tree import Autolink, Inline, Link, Text

_ADDRESS = re.compile(
    r"(?<![^\W_])(?P<url>(?:https?|ftp)://(?=[^\W_])[^\s<]+|www\.(?=[^\W_])[^\s<]+)"
    r"|(?<![-/+@\w.])(?P<mail>[a-z0-9](?:[a-z0-9_+-]|\.(?=[a-z0-9_+-])){0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})"
    r"(?![-@\w/:]|\.(?!https?://|www\.)\w)",
    re.IGNORECASE,
)
_TRAILING = frozenset("?!.,:*_~^'\"")
_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;$")


def split_addresses(text: str) -> list[Inline]:
    """`text` cut into text and links."""
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return [Text(text=text)]
    out: list[Inline] = []
    done = 0
    for match in _ADDRESS.finditer(text):
        found = match["mail"] or _trimmed(match["url"])
        if match.start() > done:
            out.append(Text(text=text[done : match.start()]))
        if found.lower().startswith("www.") and not match["mail"]:
            out.append(Link(target=f"http://{found}", children=(Text(text=found),)))
        else:
            out.append(Autolink(target=found))
        done = match.start() + len(found)
    if done < len(text):
        out.append(Text(text=text[done:]))
    return out


def _trimmed(url: str) -> str:
    """The address without the punctuation of the sentence around it."""
    openers = {")": url.count("("), "]": url.count("[")}
    closers = {")": url.count(")"), "]": url.count("]")}
    while True:
        last = url[-1]
        if last in _TRAILING:
            url = url[:-1]
        elif last in closers and closers[last] > openers[last]:
            closers[last] -= 1
            url = url[:-1]
        elif last == ";" and (entity := _ENTITY_END.search(url)) is not None:
            url = url[: entity.start()]
        else:
            return url
