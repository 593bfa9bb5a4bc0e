"""Blocks of reStructuredText as Markdown, each with the lines it takes. What says nothing to a reader is dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from docsfy_action.facts.formats.syntax.flow import Flow
from docsfy_action.facts.formats.syntax.rst_inline import RstFlow

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*")
_DIRECTIVE = re.compile(r"\.\.\s+(?P<name>[A-Za-z][\w:.+-]*)::(?:\s+(?P<argument>.*))?")
_EXPLICIT = re.compile(r"\.\.(?:\s|$)|__(?:\s|$)")
_ITEM = re.compile(r"(?P<marker>[-*+•]|(?:\d{1,4}|#|[a-zA-Z])[.)]|\((?:\d{1,4}|#|[a-zA-Z])\))\s+(?=\S)")
_FIELD = re.compile(r":(?P<name>[^:\s`](?:[^:`]*[^:\s`])?):(?:\s+(?P<value>.*)|$)")
_OPTION = re.compile(r":[\w-]+:(?:\s.*)?$")
_TABLE = re.compile(r"\+[-=+]{3,}|={2,}\s+=")
_ASIDES = {"note", "tip", "hint", "warning", "caution", "important", "attention", "danger", "error", "seealso"}
_VERSIONS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}
_CODE = {"code", "code-block", "sourcecode", "parsed-literal", "prompt", "ipython", "doctest", "testcode", "literal"}
MAX_DEPTH = 6


class BlockKind(Enum):
    """What a block is to the reader of the document."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    CODE = "code"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block; lines are counted from 0, `end` is not included. `code` is the text of a code block."""

    kind: BlockKind
    start: int
    end: int
    markdown: str
    flow: Flow | None = None
    adornment: str = ""
    code: str = ""
    language: str = ""
    code_line: int = 0


@dataclass(slots=True, kw_only=True)
class _Blocks:
    lines: Sequence[str]
    inline: RstFlow
    offset: int = 0
    depth: int = 0
    language: str = ""
    code: list[Block] = field(default_factory=list)
    found: list[Block] = field(default_factory=list)
    at: int = 0

    def read(self) -> list[Block]:
        while self.at < len(self.lines):
            before = self.at
            if self.lines[self.at].strip():
                self._block()
            self.at = max(self.at, before + 1)
        return self.found

    def _block(self) -> None:
        line = self.lines[self.at]
        said = line.strip()
        if line[0] == " ":
            self._quotation()
        elif self._title():
            return
        elif _EXPLICIT.match(line):
            self._explicit(line)
        elif said.startswith(">>> "):
            end = self._until_blank()
            self._add_code("pycon", self.lines[self.at : end], self.at, end)
        elif _TABLE.match(said):
            end = self._until_blank()
            self._add(BlockKind.OTHER, _fence("text", self.lines[self.at : end]), end)
        elif _ITEM.match(line):
            self._list()
        elif _FIELD.match(line):
            self._fields()
        else:
            self._paragraph()

    def _add(self, kind: BlockKind, markdown: str, end: int, *, flow: Flow | None = None, adornment: str = "") -> None:
        start = self.at
        self.at = end
        if markdown:
            self.found.append(
                Block(
                    kind=kind,
                    start=start + self.offset,
                    end=end + self.offset,
                    markdown=markdown,
                    flow=flow,
                    adornment=adornment,
                )
            )

    def _add_code(self, language: str, lines: Sequence[str], first: int, end: int) -> None:
        start, code = self.at, dedented(lines)
        self.at = end
        if code.strip():
            skipped = next((at for at, line in enumerate(lines) if line.strip()), 0)
            block = Block(
                kind=BlockKind.CODE,
                start=start + self.offset,
                end=end + self.offset,
                markdown=_fence(language, code.split("\n")),
                code=code,
                language=language,
                code_line=first + skipped + self.offset + 1,
            )
            self.found.append(block)
            self.code.append(block)

    def _title(self) -> bool:
        over = _ADORNMENT.fullmatch(self.lines[self.at].rstrip())
        start = self.at + 1 if over else self.at
        text = self._line(start).strip()
        under = _ADORNMENT.fullmatch(self._line(start + 1).rstrip())
        if over and text and under and over[0] == under[0] and len(over[0]) >= min(len(text), 3):
            self._add_title(text, over[1] * 2, start + 2)
        elif not over and under and text and len(under[0]) >= min(len(text), 4):
            self._add_title(text, under[1], start + 2)
        elif over and len(over[0]) >= 4:
            self.at += 1  # a rule between paragraphs
        else:
            return False
        return True

    def _add_title(self, text: str, adornment: str, end: int) -> None:
        flow = self.inline.flow(text)
        self._add(BlockKind.TITLE, flow.plain, end, flow=flow, adornment=adornment)

    def _line(self, at: int) -> str:
        return self.lines[at] if at < len(self.lines) else ""

    def _until_blank(self) -> int:
        at = self.at
        while at < len(self.lines) and self.lines[at].strip():
            at += 1
        return at

    def _indented_end(self, start: int) -> int:
        """The end of the indented block that begins at or after `start`, blank lines inside included."""
        at = end = start
        while at < len(self.lines) and (not self.lines[at].strip() or self.lines[at][0] == " "):
            at += 1
            end = at if self.lines[at - 1].strip() else end
        return end

    def _inner(self, start: int, end: int) -> list[Block]:
        return self._nested(self.lines[start:end], start)

    def _nested(self, lines: Sequence[str], start: int) -> list[Block]:
        if self.depth >= MAX_DEPTH:
            return []
        inner = _Blocks(
            lines=dedented_lines(lines),
            inline=self.inline,
            offset=self.offset + start,
            depth=self.depth + 1,
            language=self.language,
            code=self.code,
        )
        return [block for block in inner.read() if block.kind is not BlockKind.TITLE]

    def _quotation(self) -> None:
        end = self._indented_end(self.at)
        blocks = self._inner(self.at, end)
        text = "\n\n".join(block.markdown for block in blocks)
        self._add(BlockKind.OTHER, "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else "", end)

    def _explicit(self, line: str) -> None:
        end = self._indented_end(self.at + 1)
        directive = _DIRECTIVE.match(line)
        if directive is None:
            self.at = end  # a comment, a target, a footnote, a substitution
            return
        name = directive["name"].rpartition(":")[2].lower()
        argument = (directive["argument"] or "").strip()
        first = self.at + 1
        while first < end and _OPTION.match(self.lines[first].strip()):
            first += 1
        if name in _CODE:
            language = "" if name == "parsed-literal" else argument.split(" ")[0]
            self._add_code(language, self.lines[first:end], first, end)
        elif name == "highlight":
            self.language, self.at = argument.split(" ")[0], end
        elif name in _VERSIONS:
            version, _, told = argument.partition(" ")
            body = [self.inline.flow(told).markdown] if told else []
            body += [block.markdown for block in self._inner(first, end)]
            self._add(BlockKind.OTHER, "\n\n".join([f"**{_VERSIONS[name]} {version}**", *filter(None, body)]), end)
        elif name in _ASIDES or name == "admonition":
            title = argument if name == "admonition" else {"seealso": "See also"}.get(name, name.capitalize())
            body = [self.inline.flow(argument).markdown] if argument and name != "admonition" else []
            body += [block.markdown for block in self._inner(first, end)]
            self._add(BlockKind.OTHER, "\n\n".join([f"**{title}**", *filter(None, body)]), end)
        else:
            self.at = end

    def _list(self) -> None:
        items: list[str] = []
        start = at = self.at
        number = 0
        ordered = self.lines[at][0] not in "-*+•"
        while at < len(self.lines) and (item := _ITEM.match(self.lines[at])):
            if (self.lines[at][0] not in "-*+•") != ordered:
                break
            end = self._indented_end(at + 1)
            first = " " * item.end() + self.lines[at][item.end() :]
            number += 1
            items.append(self._item([first, *self.lines[at + 1 : end]], at, f"{number}." if ordered else "-"))
            at = end
            while at < len(self.lines) and not self.lines[at].strip():
                at += 1
        self.at = start
        self._add(BlockKind.OTHER, "\n".join(filter(None, items)), max(at, start + 1))

    def _item(self, lines: list[str], at: int, marker: str) -> str:
        text = "\n\n".join(block.markdown for block in self._nested(lines, at))
        first, *rest = text.split("\n")
        return "\n".join([f"{marker:<4}{first}", *(f"    {line}" if line else "" for line in rest)]) if text else ""

    def _fields(self) -> None:
        items: list[str] = []
        at = self.at
        while at < len(self.lines) and (found := _FIELD.match(self.lines[at])):
            end = self._indented_end(at + 1)
            value = " ".join([found["value"] or "", *(line.strip() for line in self.lines[at + 1 : end])])
            name = self.inline.flow(found["name"]).markdown
            items.append(f"-   **{name}**: {self.inline.flow(value).markdown}".rstrip(": "))
            at = end
            while at < len(self.lines) and not self.lines[at].strip():
                at += 1
        self._add(BlockKind.OTHER, "\n".join(items), at)

    def _paragraph(self) -> None:
        end = self.at + 1
        while end < len(self.lines) and self.lines[end].strip() and self.lines[end][0] != " ":
            end += 1
        is_term = end == self.at + 1 and bool(self._line(end).strip())
        text = "\n".join(self.lines[self.at : end]).rstrip()
        if text == "::" or (text.endswith("::") and not is_term):
            self._literal(text, end)
            return
        flow = self.inline.flow(text)
        if is_term:
            body = self._indented_end(end)
            inner = [block.markdown for block in self._inner(end, body)]
            self._add(BlockKind.OTHER, "\n\n".join([f"**{flow.markdown}**", *inner]), body)
        else:
            self._add(BlockKind.PARAGRAPH, flow.markdown, end, flow=flow)

    def _literal(self, text: str, end: int) -> None:
        said = text[:-2].rstrip()
        if said:
            colon = "" if said != text[:-2] else ":"
            flow = self.inline.flow(said + colon)
            self._add(BlockKind.PARAGRAPH, flow.markdown, end, flow=flow)
        self.at = end
        last = self._indented_end(end)
        self._add_code(self.language, self.lines[end:last], end, max(last, end))


def _fence(language: str, lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    mark = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return f"{mark}{language}\n{text}\n{mark}"


def dedented_lines(lines: Sequence[str]) -> list[str]:
    """The lines without the indentation that all of them share."""
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return [line[margin:] if line.strip() else "" for line in lines]


def dedented(lines: Sequence[str]) -> str:
    """The same as one text without blank lines around it."""
    return "\n".join(dedented_lines(lines)).strip("\n").rstrip()


def blocks(lines: Sequence[str], inline: RstFlow) -> tuple[list[Block], list[Block]]:
    """The blocks of a document, and all code blocks in it, those inside of other blocks included."""
    reader = _Blocks(lines=lines, inline=inline)
    return reader.read(), reader.code
