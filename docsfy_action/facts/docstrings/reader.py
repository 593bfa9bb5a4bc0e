"""Text of doc comments as blocks: reStructuredText and Markdown as people mix them, read line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docsfy_action.facts.docstrings.blocks import Block, Fence, Items, Note, Paragraph, Quote, Title, guess_language
from docsfy_action.facts.docstrings.directives import dedent, read_explicit
from docsfy_action.facts.docstrings.inline import PLAIN, Dialect, code_span, convert, strong
from docsfy_action.facts.docstrings.tables import read_table

MAX_DEPTH = 12
_FENCE = re.compile(r"(\s*)(`{3,}|~{3,})\s*([^`]*)$")
_BULLET = re.compile(r"([-*+•‣])(\s+)(?=\S)")
_NUMBER = re.compile(r"(?:\(?(\d{1,3}|#|[a-zA-Z])[.)])(\s+)(?=\S)")
_FIELD = re.compile(r":(?!:)((?:[^:\\`\n]|\\.){1,60}):(?:\s+|$)(?!`)")
_HEADING = re.compile(r"#{1,6}\s+(\S.*?)\s*#*$")
_UNDERLINE = re.compile(r"([=\-`:'\"~^_*+#.])\1{2,}$")
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)\s+([\w-]+)(?:\s+\"(.*)\")?\s*$")
_CODE_LINE = re.compile(r"[=(){}\[\]<>|;]|^\s*[#>@/.~-]|\w\.\w|\S {2,}\S")
_SURE_CODE = re.compile(
    r"^\s*(?:[$%] \S|>>> |import \w|from [\w.]+ import |(?:async )?def \w+\(|@\w|return\b|\w[\w.]* = \S)|[;{]$"
)
_STATEMENT = re.compile(
    r"(?:assert \S|import \w+(?:\.\w+)*(?: as \w+)?$|from [\w.]+ import \w|@\w[\w.]*(?:\(.*\))?$|"
    r"(?:async )?def \w+\(|class \w+.*:$|(?:async )?with .*:$|for \w.* in .*:$|"
    r"print\(|await \w[\w.]*\(|[\w.]+(?:\[[^\]]*\])? = \S|[\w.]+\(.*\)$)"
)
_ASSIGNED_CALL = re.compile(r"(?:[\w.]+ = (?:await )?[\w.]+\(.*\)|from [\w.]+ import [\w, ]+|import \w+ as \w+)$")
_ALIGNED = re.compile(r"\S {3,}\S")
_SENTENCE = re.compile(r"[a-z,)]\s+[a-z]+\s+\w+.*[.:!?]?$")


@dataclass(slots=True)
class Reader:
    """Walks over lines; every method that reads a block moves `at` behind it."""

    lines: Sequence[str]
    dialect: Dialect = PLAIN
    depth: int = 0
    at: int = 0

    def read(self) -> list[Block]:
        """All blocks."""
        found: list[Block] = []
        literal_next = False
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.at += 1
                continue
            if line[0] in " \t":
                found += self._indented(literal=literal_next)
                literal_next = False
                continue
            literal_next = False
            block = self._marked(line)
            if block is None:
                paragraph, literal_next = self._paragraph()
                found += paragraph
            else:
                found += block
        return found

    def _marked(self, line: str) -> list[Block] | None:
        """The block that a line's first characters announce; None for running text."""
        if line[0].isalpha() and not (line[1:2] in (".", ")") and _NUMBER.match(line)):
            return self._titled(line)
        for read in (self._code, self._markup, self._drawn):
            found = read(line)
            if found is not None:
                return found
        return self._titled(line)

    def _code(self, line: str) -> list[Block] | None:
        if line[0] in "`~" and _FENCE.match(line):
            return [self._fence()]
        return [self._doctest()] if line.startswith(">>>") else None

    def _markup(self, line: str) -> list[Block] | None:
        if line.startswith(".. ") or line == "..":
            return self._explicit()
        if self._is_item(self.at):
            return self._list()
        if line[0] == ":" and _FIELD.match(line):
            return [self._fields()]
        note = _ADMONITION.match(line) if line[0] in "!?" else None
        return self._admonition(note) if note is not None else None

    def _drawn(self, line: str) -> list[Block] | None:
        """Tables, line blocks, quotations, Markdown headings."""
        if line[0] in "+=|" and (table := read_table(self.lines, self.at, self.dialect)) is not None:
            self.at = table[1]
            return [table[0]]
        if line[0] == "|" and line[1:2] in ("", " "):
            return self._line_block()
        if line[0] == ">" and line[1:2] in ("", " "):
            return [self._quote()]
        heading = _HEADING.match(line) if line[0] == "#" else None
        if heading is None:
            return None
        self.at += 1
        return [Title(convert(re.sub(r"\A\*\*(.*)\*\*\Z", r"\1", heading[1]), self.dialect))]

    def _titled(self, line: str) -> list[Block] | None:
        """A heading with a line of punctuation under it, or over and under it, or a rule of such characters alone."""
        following = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        if _UNDERLINE.match(line):
            below = self.lines[self.at + 2] if self.at + 2 < len(self.lines) else ""
            if following.strip() and below == line:
                self.at += 3
                return [Title(convert(following, self.dialect))]
            if not following.strip():
                self.at += 1
                return []
            return None
        if _UNDERLINE.match(following) and len(following) + 3 >= len(line.rstrip()) and line[0] not in "+|":
            self.at += 2
            return [Title(convert(line, self.dialect))]
        return None

    def _paragraph(self) -> tuple[list[Block], bool]:
        """Running text up to a blank line; True where `::` at its end announces a literal block."""
        start = self.at
        self.at += 1
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip() or self._interrupts(start):
                break
            self.at += 1
        taken = self.lines[start : self.at]
        if len(taken) == 1 and self.at < len(self.lines) and self.lines[self.at][:1] in (" ", "\t"):
            return self._term(taken[0]), False
        if is_python(taken):
            return [Fence("python", "\n".join(taken))], False
        if len(taken) > 1 and all(_ALIGNED.search(line) for line in taken):
            return [Fence("text", "\n".join(taken))], False
        text = " ".join(line.strip() for line in taken)
        literal = text.endswith("::")
        if literal:
            text = text[:-2].rstrip() if text == "::" or text.endswith(" ::") else text[:-1]
        converted = convert(text, self.dialect)
        return ([Paragraph(converted)] if converted else []), literal

    def _interrupts(self, start: int) -> bool:
        """Whether the current line ends the paragraph that began at `start` although no blank line stands between."""
        line = self.lines[self.at]
        if line[0] in " \t":
            return self.at == start + 1 and self._hangs(start)
        if line[0] in "`~" and _FENCE.match(line):
            return True
        if line.startswith((">>> ", ".. ")) and (line[:3] == ">>>" or "::" in line):
            return True
        if _FIELD.match(line) and not line.startswith("::"):
            return True
        if not self._is_item(self.at):
            return False
        before = self.lines[self.at - 1].rstrip()
        numbered = _NUMBER.match(line)
        if numbered and numbered[1] not in "1#aA":
            return False
        return before.endswith((":", ".", "!", "?")) or self._is_item(self._next_at_margin(self.at + 1))

    def _hangs(self, start: int) -> bool:
        """Whether indented lines right below one line are its definition or example, no wrapped rest of a sentence."""
        term = self.lines[start].rstrip()
        if term.endswith(":") or " : " in term:
            return True
        return len(term) <= 60 and not term.endswith((",", ";", "(", " -", ".")) and term.count(" ") <= 4

    def _term(self, line: str) -> list[Block]:
        """`term` with an indented block right below: an introduction to it after a colon, else a definition."""
        body = self._indented_lines()
        if line.rstrip().endswith("::"):
            stripped = line.rstrip()[:-1]
            return [Paragraph(convert(stripped, self.dialect)), Fence(guess_language("\n".join(body)), "\n".join(body))]
        inner = self._block_of(body, literal=False, hanging=True)
        if line.rstrip().endswith(":"):
            return [Paragraph(convert(line, self.dialect)), *inner]
        name, _, classifier = line.partition(" : ")
        shown = strong(convert(name, self.dialect))
        shown += f" ({convert(classifier, self.dialect)})" if classifier else ""
        if inner and isinstance(inner[0], Paragraph):
            return [Items(((Paragraph(f"{shown}: {inner[0].text}"), *inner[1:]),))]
        return [Items(((Paragraph(shown), *inner),))]

    def _indented(self, *, literal: bool) -> list[Block]:
        return self._block_of(self._indented_lines(), literal=literal, hanging=False)

    def _block_of(self, lines: list[str], *, literal: bool, hanging: bool) -> list[Block]:
        """An indented block: code where it is announced as such or looks like it, else blocks of their own."""
        if not lines:
            return []
        marked = _is_marked(lines[0])
        code = literal or (not marked and ((self.dialect.markdown and not hanging) or looks_like_code(lines)))
        if code:
            text = "\n".join(lines)
            return [Fence(guess_language(text), text)]
        return self._inner(lines)

    def _inner(self, lines: Sequence[str]) -> list[Block]:
        if self.depth >= MAX_DEPTH:
            text = convert(" ".join(lines), self.dialect)
            return [Paragraph(text)] if text else []
        return Reader(lines, self.dialect, self.depth + 1).read()

    def _indented_lines(self) -> list[str]:
        """The lines from here that are indented, without their common indentation."""
        start = self.at
        end = start
        while self.at < len(self.lines) and (not self.lines[self.at].strip() or self.lines[self.at][0] in " \t"):
            self.at += 1
            end = self.at if self.lines[self.at - 1].strip() else end
        self.at = end
        return dedent(self.lines[start:end])

    def _fence(self) -> Fence:
        opening = _FENCE.match(self.lines[self.at])
        indent, ticks, info = opening.groups() if opening else ("", "```", "")
        self.at += 1
        taken: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            stripped = line.strip()
            if stripped.startswith(ticks) and not stripped.strip(ticks[0]):
                break
            taken.append(line.removeprefix(indent))
        language = re.split(r"[\s{,]", info.strip().strip("{}"), maxsplit=1)[0]
        return Fence(language, "\n".join(taken))

    def _doctest(self) -> Fence:
        """An interactive session; sessions with only a blank line between them are one."""
        taken: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                following = self._next_at_margin(self.at)
                if following >= len(self.lines) or not self.lines[following].startswith(">>>"):
                    break
            taken.append(line)
            self.at += 1
        return Fence("pycon", "\n".join(taken))

    def _explicit(self) -> list[Block]:
        head = self.lines[self.at][2:].strip()
        self.at += 1
        body = self._indented_lines()
        return read_explicit(head, body, self.dialect, self._inner)

    def _is_item(self, index: int) -> bool:
        line = self._line(index)
        if not line or (line[0].isalpha() and line[1:2] not in (".", ")")):
            return False
        return bool(_BULLET.match(line)) or (bool(_NUMBER.match(line)) and self._is_numbered(index))

    def _is_numbered(self, index: int) -> bool:
        """Whether a line such as `1. text` begins or continues a list; `2020. It was` and `A. Person` do not."""
        match = _NUMBER.match(self.lines[index])
        if match is None:
            return False
        if match[1] in "1#" or match[1] == "0":
            return True
        if match[1] in "aA":
            following = _NUMBER.match(self._line(self._next_at_margin(index + 1)))
            return following is not None and following[1] in "bB"
        return any(_NUMBER.match(line) for line in self.lines[max(0, index - 12) : index] if line[:1] not in " \t")

    def _line(self, index: int) -> str:
        return self.lines[index] if index < len(self.lines) else ""

    def _next_at_margin(self, index: int) -> int:
        """The next line from `index` on that is neither blank nor indented."""
        while index < len(self.lines) and (not self.lines[index].strip() or self.lines[index][0] in " \t"):
            index += 1
        return index

    def _list(self) -> list[Block]:
        first = _BULLET.match(self.lines[self.at])
        items: list[tuple[Block, ...]] = []
        while self.at < len(self.lines) and self._is_item(self.at):
            line = self.lines[self.at]
            bullet, number = _BULLET.match(line), _NUMBER.match(line)
            if (bullet is None) != (first is None) or (bullet and first and bullet[1] != first[1]):
                break
            marker = bullet or number
            head = line[marker.end() :] if marker is not None else line
            self.at += 1
            items.append(tuple(self._item(head)))
            following = self._next_nonblank()
            if following != self.at and self._is_item(following):
                self.at = following
        return [Items(tuple(items), ordered=first is None)]

    def _item(self, head: str) -> list[Block]:
        """The blocks of a list item: its first line, lines that go on without indentation, and what is indented."""
        body: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                following = self._next_nonblank()
                if following >= len(self.lines) or self.lines[following][0] not in " \t":
                    break
            elif line[0] not in " \t" and (self._is_item(self.at) or body[-1:] == [""] or self._starts_block(line)):
                break
            body.append(line)
            self.at += 1
        continued = 0
        while continued < len(body) and body[continued].strip() and not _is_marked(body[continued].lstrip()):
            continued += 1
        opening = [head, *(line.strip() for line in body[:continued])]
        rest = dedent(body[continued:])
        # The blank line keeps a nested list apart from the text before it.
        return self._inner([*opening, "", *rest] if rest else opening)

    def _starts_block(self, line: str) -> bool:
        return bool(_FENCE.match(line)) or line.startswith((".. ", ">>> ")) or bool(_FIELD.match(line))

    def _next_nonblank(self) -> int:
        index = self.at
        while index < len(self.lines) and not self.lines[index].strip():
            index += 1
        return index

    def _line_block(self) -> list[Block]:
        taken: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at][:1] == "|":
            taken.append(convert(self.lines[self.at][1:], self.dialect))
            self.at += 1
        return [Paragraph("  \n".join(line for line in taken if line))]

    def _fields(self) -> Items:
        """A field list that is no section of its own: `:name: text` becomes an item."""
        items: list[tuple[Block, ...]] = []
        while self.at < len(self.lines) and (match := _FIELD.match(self.lines[self.at])):
            head = self.lines[self.at][match.end() :]
            self.at += 1
            body = [head.strip(), *self._indented_lines()]
            inner = self._inner(body)
            name = strong(convert(match[1], self.dialect)) if " " in match[1].strip() else code_span(match[1])
            lead = inner[0].text if inner and isinstance(inner[0], Paragraph) else ""
            rest = inner[1:] if lead else inner
            items.append((Paragraph(f"{name}: {lead}" if lead else name), *rest))
        return Items(tuple(items))

    def _quote(self) -> Quote:
        taken: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at].startswith(">"):
            taken.append(self.lines[self.at][1:].removeprefix(" "))
            self.at += 1
        return Quote(tuple(self._inner(taken)))

    def _admonition(self, match: re.Match[str]) -> list[Block]:
        self.at += 1
        title = match[2] if match[2] is not None else match[1].replace("-", " ").capitalize()
        inner = self._inner(self._indented_lines())
        return [Note(convert(title, self.dialect), tuple(inner))] if title else inner


def _is_marked(line: str) -> bool:
    """Whether a line begins a block of a kind that its first characters say."""
    return bool(
        _BULLET.match(line) or _NUMBER.match(line) or _FENCE.match(line) or _FIELD.match(line)
    ) or line.startswith((">>>", ".. ", "|", "+-", "==", "!!! "))


def is_python(lines: Sequence[str]) -> bool:
    """Whether lines at the margin are statements that somebody did not indent or fence."""
    if not all(_STATEMENT.match(line) for line in lines if line[:1] not in (" ", "\t", ")", "]", "}")):
        return False
    return sum(bool(_STATEMENT.match(line)) for line in lines) > 1 or bool(_ASSIGNED_CALL.match(lines[0]))


def looks_like_code(lines: Sequence[str]) -> bool:
    """Whether most lines hold what code holds and sentences do not."""
    written = [line for line in lines if line.strip()]
    sure = [bool(_SURE_CODE.search(line)) for line in written]
    prose = sum(1 for line, is_sure in zip(written, sure, strict=True) if not is_sure and _SENTENCE.search(line))
    likely = (bool(_CODE_LINE.search(line)) and not _SENTENCE.search(line) for line in written)
    code = sum(is_sure or is_likely for is_sure, is_likely in zip(sure, likely, strict=True))
    return code * 2 >= len(written) and code > prose
