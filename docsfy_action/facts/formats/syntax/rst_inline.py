"""Inline markup of reStructuredText as Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from docsfy_action.facts.formats.syntax.flow import Flow, code_span, escaped, link_target, word_count

_MARKUP = re.compile(
    r"(?P<literal>``(?P<code>(?:[^`]|`(?!`))+)``)"
    r"|(?P<role>:(?P<name>[a-zA-Z][\w:.+-]{0,40}):`(?P<said>(?:[^`\\]|\\.)+)`)"
    r"|(?P<phrase>`(?P<text>(?:[^`\\]|\\.)+)`(?P<mark>__?(?!\w))?)"
    r"|(?P<strong>\*\*(?P<bold>(?:[^*\\\s]|\\.)(?:(?:[^*\\]|\\.|\*(?!\*))*(?:[^*\\\s]|\\.))?)\*\*)"
    r"|(?P<emphasis>(?<![\w*])\*(?P<em>(?:[^*\\\s]|\\.)(?:(?:[^*\\]|\\.)*(?:[^*\\\s]|\\.))?)\*(?![\w*]))"
    r"|(?P<substitution>\|(?P<replaced>[^|\s](?:[^|]*[^|\s])?)\|_{0,2})"
    r"|(?P<footnote>\s?\[(?:\d+|#[\w.-]*|\*)\]_(?!\w))"
    r"|(?P<reference>(?<![\w`.+-])(?P<word>[A-Za-z0-9]++(?:[._+-][A-Za-z0-9]++)*+)__?(?!\w))"
    r"|(?P<url>https?://[^\s<>`\"'|\\]*[^\s<>`\"'|\\.,;:!?)\]}])"
    r"|(?P<escape>\\(?P<after>.?))"
)
_TARGET = re.compile(r"(?P<text>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_CODE_ROLES = frozenset(
    "func meth class mod attr exc data const obj py c cpp js file program option command envvar code literal samp kbd "
    "setting confval type any signal sig event rst dir directive role".split()
)
_NUMBERED = {"pep": "PEP", "rfc": "RFC"}


@dataclass(slots=True, kw_only=True)
class RstFlow:
    """Converts text; knows the link targets and replacements of its document, keys in lower case."""

    targets: Mapping[str, str] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0

    def flow(self, text: str) -> Flow:
        """A paragraph as a flow."""
        markdown: list[str] = []
        plain: list[str] = []
        loose: list[str] = []
        links = at = 0
        text = " ".join(text.split())
        for match in _MARKUP.finditer(text):
            piece = self._piece(match)
            between = text[at : match.start()]
            at = match.end()
            markdown += (escaped(between), piece.markdown)
            plain += (between, piece.plain)
            loose += (between, "" if piece.links else piece.plain)
            links += piece.links
        markdown.append(escaped(text[at:]))
        plain.append(text[at:])
        loose.append(text[at:])
        return Flow(
            markdown=" ".join("".join(markdown).split()),
            plain=" ".join("".join(plain).split()),
            links=links,
            loose=word_count("".join(loose)),
        )

    def _piece(self, match: re.Match[str]) -> Flow:
        if match["literal"]:
            return _code(match["code"])
        if match["role"]:
            return self._role(match["name"], _unescaped(match["said"]))
        if match["phrase"]:
            return self._phrase(_unescaped(match["text"]), is_link=match["mark"] is not None)
        if match["substitution"]:
            return self._replaced(match["replaced"])
        if match["reference"]:
            return self._reference(match["word"], match["reference"])
        return _simple(match)

    def _replaced(self, name: str) -> Flow:
        known = self.replacements.get(name.lower(), "")
        if not known or self.depth > 2:
            return _text("")
        inner = RstFlow(targets=self.targets, replacements=self.replacements, depth=self.depth + 1)
        return inner.flow(known)

    def _role(self, name: str, said: str) -> Flow:
        target = _TARGET.fullmatch(said)
        text = (target["text"] if target else said).strip()
        last = name.rpartition(":")[2]
        if last in _NUMBERED:
            return _text(f"{_NUMBERED[last]} {text}" if not target else text)
        if name.partition(":")[0] in _CODE_ROLES or last in _CODE_ROLES:
            shown = text.rpartition(".")[2] if text.startswith("~") else text
            return _code(shown.lstrip("!~"))
        return _text(text.lstrip("!~"))

    def _phrase(self, said: str, *, is_link: bool) -> Flow:
        target = _TARGET.fullmatch(said)
        if target and is_link:
            address = target["target"].removesuffix("_")
            address = self.targets.get(address.lower(), address) if target["target"].endswith("_") else address
            return _link(target["text"].strip() or address, address)
        if is_link:
            return _link(said, self.targets.get(said.lower(), ""))
        return _marked(said, "*")

    def _reference(self, word: str, written: str) -> Flow:
        address = self.targets.get(word.lower())
        return _text(written) if address is None else _link(word, address)


def _simple(match: re.Match[str]) -> Flow:
    if match["strong"]:
        return _marked(_unescaped(match["bold"]), "**")
    if match["emphasis"]:
        return _marked(_unescaped(match["em"]), "*")
    if match["url"]:
        return Flow(markdown=f"<{match['url']}>", plain=match["url"], links=1, loose=0)
    return _text((match["after"] or "").strip())


def _text(text: str) -> Flow:
    return Flow(markdown=escaped(text), plain=text, links=0, loose=0)


def _code(text: str) -> Flow:
    return Flow(markdown=code_span(text), plain=text, links=0, loose=0)


def _marked(text: str, mark: str) -> Flow:
    return Flow(markdown=f"{mark}{escaped(text)}{mark}", plain=text, links=0, loose=0)


def _link(text: str, address: str) -> Flow:
    if not address.startswith(("http://", "https://")):
        return _text(text)
    return Flow(markdown=f"[{escaped(text)}]({link_target(address.replace(' ', ''))})", plain=text, links=1, loose=0)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.?)", lambda match: match[1].strip(), text)
