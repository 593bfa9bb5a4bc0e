"""JSDoc and TSDoc comments as `ParsedDoc`: Markdown with block tags (`@param`) and inline tags (`{@link}`)."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from docsfy_action.facts.docstrings.blocks import Block, Fence, Items, Note, Paragraph, Quote, render
from docsfy_action.facts.docstrings.draft import Draft
from docsfy_action.facts.docstrings.inline import Dialect, code_span, convert
from docsfy_action.facts.docstrings.model import DocItem, ParsedDoc
from docsfy_action.facts.docstrings.reader import Reader
from docsfy_action.facts.docstrings.summary import split_summary

_DIALECT = Dialect(markdown=True)
# Tags are lower case: what begins with a capital at the start of a line is a decorator in an example.
_TAG = re.compile(r"@([a-z][A-Za-z-]*)(?=[\s{(:]|\Z)[:\s]*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_LINK = re.compile(
    r"(?:\[(?P<before>[^\[\]\n]*)\])?"
    r"\{@(?:link|linkcode|linkplain|see)\s+(?P<target>[^{}|\s]+)\s*(?:\|\s*)?(?P<text>[^{}]*)\}"
)
_CODE = re.compile(r"\{@(?:code|literal)\s+([^{}]*)\}")
_BRACED = re.compile(r"\{@[^{}]*\}")
_INLINE = re.compile(r"\{@\w+(?:\s+[^{}]*)?\}")
_NAME = re.compile(r"\[\s*(?P<optional>[^\]=\s]+)\s*(?:=(?:[^\[\]]|\[[^\]]*\])*)?\]|(?P<name>[^\s\[\]]+)")
_DASH = re.compile(r"\s*(?:[-–—:]\s+|[-–—]\Z)")
_IDENTIFIER = re.compile(r"[\w$.#/@-]+(?:\(\))?\Z")
_MARKED = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s|[|>#]|!!!")
_PRE = re.compile(r"<pre>(?:\s*<code>)?\n?(.*?)(?:</code>\s*)?</pre>", re.DOTALL | re.IGNORECASE)
_HTML_CODE = re.compile(r"<(code|tt|kbd)>([^<\n]*)</\1>", re.IGNORECASE)
_HTML_ITEM = re.compile(r"\s*<li>\s*", re.IGNORECASE)
_HTML_BREAK = re.compile(r"\s*</?(?:p|ul|ol|div|br)\s*/?>\s*", re.IGNORECASE)
_HTML_TAG = re.compile(r"</?(?:b|i|em|strong|caption|li|span|u|small|sub|sup)>", re.IGNORECASE)

_PARAMETERS = frozenset({"param", "arg", "argument"})
_ATTRIBUTES = frozenset({"property", "prop"})
_RETURNS = frozenset({"returns", "return"})
_YIELDS = frozenset({"yields", "yield"})
_RAISES = frozenset({"throws", "exception", "throw"})
_TYPE_PARAMETERS = frozenset({"template", "typeParam", "typeparam"})
_ABOUT_FILES = frozenset({"file", "fileoverview", "fileOverview", "overview", "module", "packageDocumentation"})
_DESCRIPTION = frozenset({"description", "desc", "remarks", "classdesc"}) | _ABOUT_FILES
_STABILITY = {"alpha": "Alpha", "beta": "Beta", "experimental": "Experimental"}
_NOTES = {
    "deprecated": "Deprecated",
    "since": "Since",
    "see": "See also",
    "default": "Default",
    "defaultValue": "Default",
    "defaultvalue": "Default",
    "fires": "Emits",
    "emits": "Emits",
    "note": "Note",
    "warning": "Warning",
    "privateRemarks": "",
}


@dataclass(slots=True)
class _Draft(Draft):
    """With the texts of notes by title, and type parameters, which become a note."""

    titled: dict[str, list[str]] = field(default_factory=dict)
    types: list[DocItem] = field(default_factory=list)


def parse(doc: str) -> ParsedDoc:
    """Takes the text of a comment apart. Never fails: what is no known tag is left out, all else is description."""
    draft = _Draft()
    summary_tag = ""
    for tag, body in _sections(doc):
        if tag == "summary":
            summary_tag = _text(body)
        else:
            _add(draft, tag, body)
    summary, rest = ("", draft.text) if summary_tag else split_summary(draft.text)
    draft.notes.extend((title, _together(texts)) for title, texts in draft.titled.items())
    if any(item.text for item in draft.types):
        listed = Items(tuple((Paragraph(f"{code_span(item.name)}: {item.text}"),) for item in draft.types if item.text))
        draft.notes.append(("Type parameters", render([listed])))
    return draft.parsed(" ".join((summary_tag or summary).split()), rest)


def _together(texts: list[str]) -> str:
    """Several notes with one title: a list where each is one paragraph."""
    said = [text for text in texts if text]
    if len(said) < 2 or any("\n" in text for text in said):
        return "\n\n".join(said)
    return render([Items(tuple((Paragraph(text),) for text in said))])


def _sections(doc: str) -> Iterator[tuple[str, str]]:
    """(tag, text) of each block tag, first the description with an empty tag; tags inside fences are code."""
    tag, lines, fence = "", list[str](), ""
    for line in doc.expandtabs(4).split("\n"):
        opening = _FENCE.match(line)
        if opening is not None and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else opening[1]
        match = _TAG.match(line.lstrip()) if not fence else None
        if match is None:
            lines.append(line)
            continue
        yield tag, "\n".join(lines)
        tag, lines = match[1], [line.lstrip()[match.end() :]]
    yield tag, "\n".join(lines)


def _add(draft: _Draft, tag: str, body: str) -> None:
    if not tag or tag in _DESCRIPTION:
        if tag in _ABOUT_FILES and _IDENTIFIER.match(body.strip()):
            return
        for block in _blocks(body):
            if isinstance(block, Note):
                draft.titled.setdefault(block.title, []).append(render(block.blocks))
            else:
                draft.text.append(block)
    elif tag in _PARAMETERS or tag in _ATTRIBUTES or tag in _TYPE_PARAMETERS:
        target = draft.parameters if tag in _PARAMETERS else draft.attributes if tag in _ATTRIBUTES else draft.types
        _add_named(target, body)
    elif tag in _RETURNS or tag in _YIELDS:
        kind, rest = _type(body)
        item = DocItem(type=kind, text=_text(_DASH.sub("", rest, count=1)))
        if item.type or item.text:
            (draft.returns if tag in _RETURNS else draft.yields).append(item)
    elif tag in _RAISES:
        draft.raises.append(_raised(body))
    elif tag == "example":
        if text := _example(body):
            draft.examples.append(text)
    elif tag in _NOTES or tag in _STABILITY:
        _add_note(draft, tag, body)


def _add_named(target: list[DocItem], body: str) -> None:
    kind, rest = _type(body)
    match = _NAME.match(rest)
    if match is None:
        return
    name = match["optional"] or match["name"]
    if not kind:
        # TSDoc forbids types here, but `name {type} text` is found in the wild.
        kind, after = _type(rest[match.end() :].lstrip())
    else:
        after = rest[match.end() :]
    item = DocItem(name=name.rstrip(":"), type=kind, text=_text(_DASH.sub("", after, count=1)))
    known = next((index for index, other in enumerate(target) if other.name == item.name), None)
    if known is None:
        target.append(item)
    elif not target[known].text:
        target[known] = replace(item, type=item.type or target[known].type)


def _raised(body: str) -> DocItem:
    kind, rest = _type(body)
    rest = _DASH.sub("", rest, count=1)
    linked = re.match(r"\{@link\s+([\w.$]+)\s*\}\s*", rest) if not kind else None
    if linked is not None:
        kind, rest = linked[1], _DASH.sub("", rest[linked.end() :], count=1)
    elif not kind:
        named = re.match(r"([A-Z]\w*(?:Error|Exception))\b[:\s]*", rest)
        if named is not None:
            kind, rest = named[1], _DASH.sub("", rest[named.end() :], count=1)
    return DocItem(name=kind, text=_text(rest))


def _add_note(draft: _Draft, tag: str, body: str) -> None:
    title = _STABILITY.get(tag) or _NOTES[tag]
    if not title:
        return
    flat = " ".join(body.split())
    is_code = tag == "see" and _IDENTIFIER.match(flat) is not None and not flat.startswith("http")
    if is_code or (title == "Default" and "`" not in flat and "\n" not in body.strip() and len(flat) < 80):
        text = code_span(flat)
    else:
        text = _text(_DASH.sub("", body, count=1))
    draft.titled.setdefault(title, []).append(text)


def _type(body: str) -> tuple[str, str]:
    """(type, rest) of `{type} rest`; braces inside the type are paired."""
    stripped = body.lstrip()
    if not stripped.startswith("{") or stripped.startswith("{@"):
        return "", stripped
    depth = 0
    for index, character in enumerate(stripped):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return " ".join(stripped[1:index].split()), stripped[index + 1 :].lstrip(" ")
    return "", stripped


def _example(body: str) -> str:
    """A whole example: its own Markdown where it has fences, else a caption and code."""
    body = re.sub(r"\A\s*<caption>(.*?)</caption>[ \t]*", r"\1\n\n", body, flags=re.DOTALL)
    if "```" in body or "~~~" in body:
        return render(_blocks(body))
    first, _, rest = body.partition("\n")
    caption, code = (first.strip(), rest) if rest.strip() and _is_caption(first, rest) else ("", body)
    blocks: list[Block] = [Paragraph(convert(_links(caption), _DIALECT))] if caption else []
    code = _dedented(code)
    if code.strip():
        prose = not re.search(r"[(){};=<>\[\]]|^\s*[$#@/]|\w\.\w|^\s*\w+:", code, re.MULTILINE)
        blocks.extend(_blocks(code) if prose else [Fence(_language(code), code)])
    return render(blocks)


def _is_caption(first: str, rest: str) -> bool:
    """Whether the words behind the tag are a title of what follows, not its first line of code."""
    words = first.strip()
    code = re.search(r"[;={}()]|=>|^\S*\.\S|^(?:const|let|var|import|await)\b", words)
    return bool(words) and bool(rest) and code is None


def _dedented(code: str) -> str:
    """Text without common indentation, blanks at line ends, and blank lines around it."""
    return "\n".join(line.rstrip() for line in textwrap.dedent(code).strip("\n").split("\n"))


def _blocks(body: str) -> list[Block]:
    """The blocks of Markdown text; `{@link}` and simple HTML are read outside of code."""
    body = _BRACED.sub(lambda match: " ".join(match[0].split()), body)
    body = _PRE.sub(lambda match: f"\n```\n{match[1].rstrip()}\n```\n", body)
    lines: list[str] = []
    fence = ""
    for line in _unwrapped(body):
        opening = _FENCE.match(line)
        if opening is not None and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else opening[1]
        elif not fence:
            lines.extend(_readable(line))
            continue
        lines.append(line)
    return [_labelled(block) for block in Reader(lines, _DIALECT).read()]


def _unwrapped(body: str) -> Iterator[str]:
    """Lines with the indentation taken off those that continue a paragraph: in Markdown it means nothing there."""
    first, _, rest = body.strip("\n").partition("\n")
    lines = [first.strip(), *(line.rstrip() for line in textwrap.dedent(rest).split("\n"))] if rest else [first.strip()]
    margin, continues, fence = 0, False, ""
    for line in lines:
        opening = _FENCE.match(line)
        if opening is not None:
            fence = "" if fence and line.strip().startswith(fence) else fence or opening[1]
        indent = len(line) - len(line.lstrip())
        if fence or opening is not None or not line.strip():
            margin, continues = 0, False
        elif not indent:
            margin, continues = 0, not _MARKED.match(line)
        elif continues:
            margin, continues = indent, False
        yield line[min(margin, indent) :]


def _readable(line: str) -> list[str]:
    """A line with inline tags and HTML replaced by Markdown; block tags of HTML begin a new line."""
    line = _links(line)
    if "<" not in line:
        return [line]
    line = _HTML_CODE.sub(lambda match: code_span(match[2]), line)
    line = _HTML_ITEM.sub("\n- ", line)
    line = _HTML_BREAK.sub("\n\n", line)
    return _HTML_TAG.sub("", line).rstrip("\n").split("\n")


def _links(text: str) -> str:
    if "{@" not in text:
        return text
    text = _LINK.sub(_linked, text)
    text = _CODE.sub(lambda match: code_span(match[1]), text)
    return _INLINE.sub("", text)


def _linked(match: re.Match[str]) -> str:
    target = match["target"]
    shown = (match["before"] or match["text"] or "").strip()
    if re.match(r"https?://", target):
        return f"[{shown or target}]({target})" if shown else f"<{target}>"
    if shown.endswith("()") or _IDENTIFIER.match(shown) or not shown:
        return code_span((shown or target).replace("`", ""))
    return shown


def _labelled(block: Block) -> Block:
    """Code without a language is taken for a script's, or for plain text; never for Python."""
    match block:
        case Fence(language, text) if language in ("", "python", "pycon"):
            return Fence(_language(text), text)
        case Items(items, ordered):
            return Items(tuple(tuple(_labelled(inner) for inner in item) for item in items), ordered)
        case Quote(blocks):
            return Quote(tuple(_labelled(inner) for inner in blocks))
        case Note(title, blocks):
            return Note(title, tuple(_labelled(inner) for inner in blocks))
        case _:
            return block


def _language(code: str) -> str:
    first = code.strip().partition("\n")[0].strip()
    if re.match(r"\$ \S|(?:npm|npx|yarn|pnpm|node|bun|deno) \S", first):
        return "console" if first.startswith("$") else "bash"
    if first.startswith("<") and code.rstrip().endswith(">"):
        return "html"
    if first[:1] in "{[" and re.search(r'"\s*:', code) and ";" not in code:
        return "json"
    if re.search(r"[;{}]|=>|\w\(|^\s*//|\b(?:const|let|var|import|await|new|return)\b", code, re.MULTILINE):
        typed = re.search(r"\b(?:interface|type|enum) \w|(?:const|let|var) \w+: |\(\w+\??: \w|\w<\w+>\(| as \w", code)
        return "typescript" if typed is not None else "javascript"
    return "text"


def _text(body: str) -> str:
    """A description as Markdown."""
    flat = body.strip()
    if "\n" not in flat and flat[:1].isalpha() and "<" not in flat:
        return convert(_links(flat), _DIALECT)
    return render(_blocks(flat))
