"""Python docstrings in Google, NumPy and Sphinx style, in reStructuredText or Markdown, as `ParsedDoc`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from docsfy_action.facts.docstrings.blocks import Block, Items, Note, Paragraph, Title, render, titled
from docsfy_action.facts.docstrings.directives import dedent, definitions
from docsfy_action.facts.docstrings.draft import Draft
from docsfy_action.facts.docstrings.inline import Dialect, code_span, convert, paragraph
from docsfy_action.facts.docstrings.model import DocItem, ParsedDoc
from docsfy_action.facts.docstrings.reader import Reader
from docsfy_action.facts.docstrings.sections import Section, split_sections
from docsfy_action.facts.docstrings.summary import split_summary

MAX_BRACKETS = 8
_RST_MARKS = re.compile(r"^[ \t]*\.\. [\w|_\[]|:[a-z][\w:+-]*:`|`_\b|::[ \t]*$", re.MULTILINE)
_MARKDOWN_MARKS = re.compile(r"^[ \t]*```|(?<![\w)\]])\[[^\]\n]+\]\(\S+\)|^#{1,6} \S|^[ \t]*!!! \w|`\]\[", re.MULTILINE)
_NAMES = r"`{0,2}~?\*{0,2}[\w.\[\]-]+`{0,2}"
_GOOGLE_ITEM = re.compile(
    rf"(?P<name>{_NAMES}(?:\s*(?:,|/)\s*{_NAMES})*)\s*(?:\((?P<type>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\))?\s*:(?:\s+|$)(?P<text>.*)"
)
_DASHED_ITEM = re.compile(rf"(?P<name>{_NAMES})\s*(?:\((?P<type>[^()]*)\))?\s+(?:--?|–|—)\s+(?P<text>\S.*)")
_NUMPY_ITEM = re.compile(rf"(?P<name>{_NAMES}(?:\s*,\s*{_NAMES})*)\s*(?:\s:\s*(?P<type>.*))?$")
_MISPLACED_TYPE = re.compile(r"\(([^()]+)\)\s*:\s+")
_SHORTENED = re.compile(r"(?<![\w.])~(?:[\w@-]+\.)*@?(?=\w)")
_RELATED = re.compile(
    rf"(?P<names>(?::[\w:+-]+:)?{_NAMES}(?:\s*,\s*(?::[\w:+-]+:)?{_NAMES})*),?\s*(?:\s?:\s+(?P<text>\S.*))?$"
)
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_TYPE = re.compile(r"[\w.~`:\"'*]+(?:(?: ?[|,] ?| or | of )[\w.~`:\"'*]+)*\Z")
_HEADING = re.compile(r"(?:Args|Arguments|Parameters|Returns|Raises|Yields|Attributes|Examples?)(?::\s*)?$")
_ROLE = re.compile(r":[a-zA-Z][\w:+-]*:`([^`]*)`")


def parse(doc: str) -> ParsedDoc:
    """Takes a cleaned docstring apart. Never fails: what is no known section is description."""
    lines = _prepared(doc)
    targets, substitutions = definitions(lines) if ".. " in doc else ({}, {})
    markdown = bool(_MARKDOWN_MARKS.search(doc)) and not _RST_MARKS.search(doc)
    dialect = Dialect(markdown=markdown, targets=targets, substitutions=substitutions)
    draft = Draft()
    for section in split_sections(lines):
        _add(draft, section, dialect)
    summary, body = split_summary(_untitled(draft.text))
    return draft.parsed(summary, body)


def _untitled(blocks: Sequence[Block]) -> Sequence[Block]:
    """Blocks without a heading at the start: the page has one; where nothing follows it, it is what the text says."""
    if not blocks or not isinstance(blocks[0], Title):
        return blocks
    return (
        blocks[1:] if len(blocks) > 1 and isinstance(blocks[1], Paragraph) else [Paragraph(blocks[0].text), *blocks[1:]]
    )


def _prepared(doc: str) -> list[str]:
    """The lines of a docstring up to the form feed that ends click's help, with the blocks it does not wrap as fences."""
    text = doc.partition("\f")[0].replace("\x00", "")
    lines = text.expandtabs(8).split("\n") if "\t" in text and "```" not in text else text.split("\n")
    lines = _straightened(lines)
    if "\b" not in text:
        return lines
    prepared: list[str] = []
    preformatted = False
    for line in lines:
        if line.strip(" ") == "\b":
            preformatted = True
            prepared.append("```text")
        elif preformatted and not line.strip():
            preformatted = False
            prepared += ["```", ""]
        else:
            prepared.append(line.replace("\b", ""))
    return [*prepared, "```"] if preformatted else prepared


def _straightened(lines: list[str]) -> list[str]:
    """Lines moved to the margin where a stray one at the margin kept all others indented, sections among them."""
    below = [line for line in lines[1:] if line.strip()]
    indented = [line for line in below if line[0] == " "]
    if not indented or below[0] != indented[0] or len(below) - len(indented) > len(indented) // 4:
        return lines
    margin = min(len(line) - len(line.lstrip()) for line in indented)
    if not any(_HEADING.match(line[margin:]) for line in indented):
        return lines
    return [lines[0], *(line[margin:] if line[:1] == " " else line for line in lines[1:])]


def _add(draft: Draft, section: Section, dialect: Dialect) -> None:
    match section.kind:
        case "text":
            for block in Reader(section.lines, dialect).read():
                if isinstance(block, Note):
                    draft.notes.append((block.title, render(block.blocks)))
                else:
                    draft.text.append(block)
        case "parameters" | "attributes" | "raises":
            _add_items(draft, section, dialect)
        case "returns" | "yields":
            target = draft.returns if section.kind == "returns" else draft.yields
            target.extend(_results(section, dialect))
        case "type" | "vartype":
            _set_type(draft.parameters if section.kind == "type" else draft.attributes, section)
        case "rtype" | "ytype":
            _set_result_type(draft.returns if section.kind == "rtype" else draft.yields, section)
        case "examples":
            text = render(Reader(section.lines, dialect).read())
            if text:
                draft.examples.append(text)
        case "note":
            draft.notes.append((_title(section.title), render(Reader(section.lines, dialect).read())))
        case "items note" | "see also" | "members":
            _add_listing(draft, section, dialect)


def _title(written: str) -> str:
    return written[:1].upper() + written[1:].lower()


def _add_items(draft: Draft, section: Section, dialect: Dialect) -> None:
    target = {"parameters": draft.parameters, "attributes": draft.attributes, "raises": draft.raises}[section.kind]
    if section.style == "sphinx":
        kind, _, name = section.argument.rpartition(" ")
        if section.kind == "raises":
            kind, name = "", section.argument
        item = DocItem(name=_plain(name), type=_plain(kind), text=_text(section.lines, dialect))
        index = next((i for i, known in enumerate(target) if known.name == item.name and not known.text), None)
        if index is None:
            target.append(item)
        else:
            target[index] = replace(item, type=item.type or target[index].type)
        return
    items = _items(section, dialect)
    if items:
        target.extend(items)
    else:
        blocks = titled(_title(section.title), Reader(section.lines, dialect).read())
        draft.text.extend(blocks)


def _items(section: Section, dialect: Dialect) -> list[DocItem]:
    """The described things of a Google or NumPy section; none where its lines are written some other way."""
    groups: list[list[str]] = []
    matches: list[re.Match[str]] = []
    bulleted = all(line[:2] in ("- ", "* ") for line in section.lines if line.strip() and line[0] not in " \t")
    for line in section.lines:
        at_margin = bool(line.strip()) and line[0] not in " \t"
        candidate = line[2:].lstrip() if at_margin and bulleted else line
        match = _item_match(candidate, section) if at_margin else None
        if match is not None:
            matches.append(match)
            groups.append([])
        elif not groups:
            return []
        else:
            # A line that goes on at the margin is the rest of a description that its author did not indent.
            groups[-1].append(f" {line}" if at_margin else line)
    return [_item(match, lines, section, dialect) for match, lines in zip(matches, groups, strict=True)]


def _item_match(line: str, section: Section) -> re.Match[str] | None:
    if section.style == "numpy":
        return _NUMPY_ITEM.match(line) or _GOOGLE_ITEM.match(line)
    return _GOOGLE_ITEM.match(line) or _DASHED_ITEM.match(line)


def _item(match: re.Match[str], lines: Sequence[str], section: Section, dialect: Dialect) -> DocItem:
    groups = match.groupdict()
    first, kind = groups.get("text") or "", groups.get("type") or ""
    misplaced = _MISPLACED_TYPE.match(first)
    if misplaced is not None and not kind:
        kind, first = misplaced[1], first[misplaced.end() :]
    return DocItem(
        name=_plain(groups["name"]),
        type="" if section.kind == "raises" else _plain(kind),
        text=_text([first, *dedent(lines)], dialect),
    )


def _results(section: Section, dialect: Dialect) -> list[DocItem]:
    """What a function gives back: `type: text` (Google), `name : type` or `type` with text below (NumPy), text (Sphinx)."""
    lines = list(section.lines)
    if section.style == "sphinx":
        text = _text(lines, dialect)
        return [DocItem(text=text, type=_plain(section.argument))] if text or section.argument else []
    if section.style == "google":
        head, colon, rest = _split_type(lines[0])
        if colon and _is_type(head):
            return [DocItem(type=_plain(head), text=_text([rest.strip(), *dedent(lines[1:])], dialect))]
        return [DocItem(text=_text(lines, dialect))]
    found: list[DocItem] = []
    heads = [i for i, line in enumerate(lines) if line.strip() and line[0] not in " \t"]
    described = [i for i in heads if i + 1 < len(lines) and lines[i + 1][:1] in (" ", "\t")]
    if (
        len(heads) > 1
        and len(described) < len(heads)
        and not all(_is_type(lines[i]) or " : " in lines[i] for i in heads)
    ):
        return [DocItem(text=_text(lines, dialect))]
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        head, below = lines[start].strip(), dedent(lines[start + 1 : end])
        name, colon, kind = head.partition(" : ")
        if not any(line.strip() for line in below) and not colon and not _is_type(head):
            found.append(DocItem(text=_text([head], dialect)))
        elif colon:
            found.append(DocItem(name=_plain(name), type=_plain(kind), text=_text(below, dialect)))
        else:
            found.append(DocItem(type=_plain(head), text=_text(below, dialect)))
    return found


def _is_type(text: str) -> bool:
    """Whether text is a type such as `dict[str, int] | None` or `str or int`, and no sentence."""
    for _ in range(MAX_BRACKETS):
        shorter = _BRACKETS.sub("", text)
        if shorter == text:
            break
        text = shorter
    return _TYPE.match(text) is not None


def _split_type(line: str) -> tuple[str, str, str]:
    """(type, colon, text) of `dict[str, int]: text`, split at the first colon outside brackets and roles."""
    depth = 0
    inside = False
    for index, character in enumerate(line):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "`":
            inside = not inside
        elif character == ":" and depth == 0 and not inside and index and line[index + 1 : index + 2] in ("", " "):
            return line[:index], ":", line[index + 1 :]
    return line, "", ""


def _set_type(items: list[DocItem], section: Section) -> None:
    name, kind = _plain(section.argument), _plain(" ".join(section.lines))
    for index, item in enumerate(items):
        if item.name == name:
            items[index] = replace(item, type=kind)
            return
    items.append(DocItem(name=name, type=kind))


def _set_result_type(items: list[DocItem], section: Section) -> None:
    kind = _plain(" ".join(section.lines))
    if items:
        items[0] = replace(items[0], type=items[0].type or kind)
    elif kind:
        items.append(DocItem(type=kind))


def _add_listing(draft: Draft, section: Section, dialect: Dialect) -> None:
    """Sections that list names with descriptions, but belong to no field of `ParsedDoc`."""
    title = "See also" if section.kind == "see also" else _title(section.title)
    items = _related(section, dialect) if section.kind == "see also" else _items(section, dialect)
    blocks: Sequence[Block] = Reader(section.lines, dialect).read()
    if items:
        blocks = [Items(tuple((Paragraph(_listed(item)),) for item in items))]
    if section.kind == "members":
        draft.text.extend(titled(title, blocks))
    else:
        draft.notes.append((title, render(blocks)))


def _related(section: Section, dialect: Dialect) -> list[DocItem]:
    """The names of a "See Also" section: one or more on a line, with what is said of them behind a colon or below."""
    found: list[DocItem] = []
    for line in section.lines:
        match = _RELATED.match(line)
        if match is not None:
            found.append(DocItem(name=_plain(match["names"]), text=convert(match["text"] or "", dialect)))
        elif line[:1] in (" ", "\t") and found:
            text = f"{found[-1].text} {convert(line, dialect)}".strip()
            found[-1] = replace(found[-1], text=text)
        elif line.strip():
            return []
    return found


def _listed(item: DocItem) -> str:
    names = ", ".join(code_span(name) for name in re.split(r"\s*,\s*", item.name))
    text = " ".join(item.text.split())
    return f"{names}: {text}" if text else names


def _text(lines: Sequence[str], dialect: Dialect) -> str:
    """A description as Markdown."""
    written = list(lines)
    while written and not written[0].strip():
        written.pop(0)
    if len(written) == 1 and not written[0][:1].isspace() and written[0][:1].isalnum():
        return paragraph(convert(written[0], dialect))
    return render(Reader(written, dialect).read())


def _plain(text: str) -> str:
    """A name or type without markup: roles by what they show, no backticks, no `optional`."""
    text = _ROLE.sub(lambda role: _shown(role[1]), text.strip())
    text = _SHORTENED.sub("", re.sub(r"\\([*_`])", r"\1", text.replace("`", ""))).strip()
    return " ".join(re.sub(r",?\s*\(?\boptional\b\)?\.?\s*\Z", "", text).rstrip(",").split())


def _shown(target: str) -> str:
    titled_role = re.match(r"(.+?)\s*<[^<>]+>\Z", target)
    if titled_role is not None:
        return titled_role[1]
    return target.rpartition(".")[2] if target.startswith("~") else target.lstrip("!")
