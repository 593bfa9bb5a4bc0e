"""Running text of doc comments as Markdown: reStructuredText roles, links and emphasis, and plain text made harmless."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape

_ALWAYS = r"""
      (?P<escape> \\ (?: [^\w] | _ )? )
    | (?P<prefix> :[a-zA-Z][\w+.:-]*: )? (?P<ticks> (?<!`)`+(?!`) ) (?P<span> .+? ) (?<!`)(?P=ticks)(?!`)
      (?P<suffix> :[a-zA-Z][\w+.-]*: | __?(?![\w]) )?
    | (?<![\w$\\]) \$ (?P<math> (?! [\s$] ) [^$`\n]{1,200}? (?<! \s ) ) \$ (?! [\w$] )
    | !\[ (?P<alt> [^\[\]\n]{0,200} ) \] (?: \( [^()\s]* (?:\s+"[^"]*")? \) | \[ [^\[\]]* \] )
    | \[ (?P<footnote> [#*]?[\w.-]* ) \]_ (?!\w)
    | \[ (?P<label> (?: [^\[\]`] | `[^`]{1,200}` | \[[^\[\]]{0,200}\] ){1,250} ) \]
      (?: \( \s* <? (?P<target> [^()\s<>]* (?:\([^()\s]*\)[^()\s<>]*)* ) >? (?:\s+ (?:"[^"]*"|'[^']*') )? \s* \)
        | \[ [^\[\]]* \] )
    | < (?P<autolink> https?://[^\s<>]+ ) >
    | (?<![A-Za-z0-9]) (?P<url> https?://[^\s<>"'`|\\\[\]*]+ )
    | (?<![\w*\\]) \*\* (?P<strong> (?! [\s*] ) (?: [^*\n] | \*(?!\*) )+? (?<! [\s*] ) ) \*\* (?![\w*])
    | (?<![\w*\\]) \* (?P<emphasis> (?! [\s*] ) [^*\n]+? (?<! \s ) ) \* (?![\w*])
"""
_UNDERLINED = r"""
    | (?<![\w_\\]) (?P<lines> __? ) (?P<underlined> (?! [\s_] ) [^_\n,()=]+? (?<! \s ) ) (?P=lines) (?![\w_])
"""
_DEFINED = r"""
    | \| (?P<substitution> [A-Za-z][^|\n]{0,40}? ) \| _{0,2}
    | (?P<reference> \b [A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)* ) __? (?![\w`])
"""
_SPECIAL = re.compile(r"[\\`*_<&~\[\]{|$]|https?:")
_MATH = re.compile(r"[\\^_{}=<>()+*/|-]")
_WORD_UNDERSCORE = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TITLE_AND_TARGET = re.compile(r"(?s)(.*?)\s*<([^<>]+)>\Z")
# What both Python-Markdown and CommonMark take for the character itself after a backslash.
_ESCAPABLE = frozenset("\\`*_{}[]()>#+-.!")
_QUOTED_ROLES = frozenset(
    {"doc", "ref", "numref", "term", "abbr", "title", "emphasis", "strong", "dfn", "any", "keyword"}
)
_TEXT_ROLES = frozenset({"sub", "sup", "subscript", "superscript", "menuselection"})
_PREFIXED_ROLES = {"pep": "PEP ", "rfc": "RFC ", "issue": "#", "pr": "#", "pull": "#", "gh": "#", "user": "@"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a doc comment is written: whether as Markdown, and what it defines elsewhere in itself.

    `links` is off inside links, which do not nest. `targets` are the addresses of reStructuredText's named links,
    `substitutions` its `|names|`, both by lower-case name.
    """

    markdown: bool = False
    links: bool = True
    targets: Mapping[str, str] = field(default_factory=dict)
    substitutions: Mapping[str, str] = field(default_factory=dict)


PLAIN = Dialect()
_INSIDE = Dialect(links=False)


def code_span(text: str) -> str:
    """`text` as a code span that every reader shows unchanged; empty for blank text."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def link(text: str, target: str) -> str:
    """A link to the web; only its text where the target is no web address. `text` is Markdown already."""
    if not re.match(r"https?://[^\s<>]+\Z", target):
        return text
    safe = target.replace("(", "%28").replace(")", "%29").replace("\\", "%5C").replace("`", "%60").replace("|", "%7C")
    return f"[{text}]({safe.replace('*', '%2A').replace('[', '%5B').replace(']', '%5D')})"


def escape(text: str, *, brackets: bool = False) -> str:
    """Plain text so that Markdown shows it as it stands; `paragraph` takes care of what only matters at its start.

    `brackets` are escaped inside the text of links, elsewhere only where they would make a link.
    """
    if not _SPECIAL.search(text):
        return text
    text = _ENTITY.sub("&amp;", text.replace("\\", "\\\\")).replace("<", "&lt;")
    text = text.replace("`", "\\`").replace("*", "\\*").replace("~~", "&#126;&#126;")
    text = _WORD_UNDERSCORE.sub(lambda run: run.group().replace("_", "\\_"), text)
    if brackets or "](" in text:
        text = text.replace("[", "\\[").replace("]", "\\]")
    return re.sub(r"(?<!\\)\[TOC\]", r"\\[TOC\\]", text)


def strong(markdown: str) -> str:
    """Inline Markdown in bold; left as it is where it is empty or has markup of its own."""
    marked = re.search(r"(?<!\\)[*`]", markdown)
    return markdown if marked or not markdown.strip() else f"**{markdown}**"


def paragraph(text: str) -> str:
    """Inline Markdown as a paragraph of its own: its start is no heading, list, quotation, fence or rule."""
    text = text.strip()
    first = text[:1]
    if not first or (first.isalpha() and first.isascii()):
        return text
    if first in "#>":
        return "\\" + text
    if first in "+-" and (text[1:2] in ("", " ", "\n") or text[1:2] == first):
        return "\\" + text
    if first in "=:?~" and (text[1:2] in (first, " ", "") or text == first):
        return f"&#{ord(first)};{text[1:]}"
    if text.startswith("!!!") or re.match(r"\[!\w+\](?!\()", text) or re.match(r"\[[^\[\]]*\]:", text):
        return "\\" + text
    return re.sub(r"\A(\d+)([.)])(?=\s|\Z)", r"\1\\\2", text)


def convert(text: str, dialect: Dialect = PLAIN) -> str:
    """The running text of one paragraph as Markdown on one line."""
    text = " ".join(text.split())
    return "".join(_pieces(text, dialect)) if _SPECIAL.search(text) else text


@cache
def _token(underlined: bool, defined: bool) -> re.Pattern[str]:
    """The pattern of all markup; what few doc comments hold is searched for only where it can be."""
    return re.compile(_ALWAYS + (_UNDERLINED if underlined else "") + (_DEFINED if defined else ""), re.VERBOSE)


def _pieces(text: str, dialect: Dialect) -> Iterator[str]:
    pattern = _token(dialect.markdown, bool(dialect.targets or dialect.substitutions))
    after = ""
    position = search_from = 0
    while (match := pattern.search(text, search_from)) is not None:
        piece = _piece(match, dialect)
        if piece is None:
            # What looked like markup is text, but may hold markup.
            search_from = match.start() + 1
            continue
        if match.start() > position:
            yield _between(text[position : match.start()], after, dialect)
            after = ""
        position = search_from = match.end()
        if match["escape"] == "\\" and after and position < len(text):
            # reStructuredText: the backslash of `:class:`Option`\s` joins the letter to the markup.
            continue
        # Two code spans in a row would be one with other delimiters.
        yield f" {piece}" if after == "`" and piece.startswith("`") else piece
        after = "" if match["escape"] else piece[-1:]
    yield _between(text[position:], after, dialect)


def _between(text: str, after: str, dialect: Dialect) -> str:
    """Plain text between markup. A brace right behind markup would be its attributes to some readers."""
    escaped = escape(unescape(text) if dialect.markdown else text, brackets=not dialect.links)
    return f"\\{escaped}" if after and text.startswith("{") else escaped


def _piece(match: re.Match[str], dialect: Dialect) -> str | None:
    """Markdown for one token; None where it is plain text after all."""
    return _HANDLERS[match.lastgroup or ""](match, dialect)


def _math(match: re.Match[str], dialect: Dialect) -> str | None:
    formula = match["math"]
    return code_span(formula) if _MATH.search(formula) or len(formula) == 1 else None


def _address(match: re.Match[str], dialect: Dialect) -> str:
    """A web address in running text without the punctuation that closes the sentence or bracket around it."""
    url = address = match["autolink"] or match["url"]
    while address[-1] in ".,;:!?'\"_)" and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    if not dialect.links:
        return escape(url)
    return f"{link(escape(address), address)}{escape(url[len(address) :])}"


def _substitution(match: re.Match[str], dialect: Dialect) -> str | None:
    found = dialect.substitutions.get(match["substitution"].lower())
    return None if found is None else convert(found, replace(dialect, substitutions={}))


def _reference(match: re.Match[str], dialect: Dialect) -> str | None:
    reference = match["reference"]
    target = dialect.targets.get(reference.lower())
    return None if target is None or not dialect.links else link(escape(reference), target)


def _escaped(character: str, dialect: Dialect) -> str:
    if not character:
        return "\\\\"
    if character in _ESCAPABLE:
        return "\\" + character
    if character.isspace():
        # reStructuredText joins what stands around the two; in Markdown it was the end of a line, a hard break.
        return " " if dialect.markdown else ""
    if character == "<":
        return "&lt;"
    return escape(character)


def _labelled(match: re.Match[str], dialect: Dialect) -> str | None:
    label = match["label"]
    if match["target"] is None:
        # `[text][reference]`: what it refers to stands on other pages. `a[0][1]` is code.
        reference = match.group().rpartition("][")[2].rstrip("]")
        refers = label.startswith("`") or (dialect.markdown and "." in reference.strip("."))
        return convert(label, dialect) if refers else None
    if not match["target"].startswith("http"):
        # `x[0](y)` is a call.
        before = match.string[match.start() - 1 : match.start()]
        if not dialect.markdown or before.isalnum() or before in tuple("_])"):
            return None
    if not dialect.links:
        return None
    return link(convert(label, _INSIDE), match["target"])


def _ticked(match: re.Match[str], dialect: Dialect) -> str:
    content = match["span"]
    if not content.strip():
        return escape(match.group())
    role = (match["prefix"] or "").strip(":") or (match["suffix"] or "").strip(":_")
    if len(match["ticks"]) > 1:
        return f"{escape(match['prefix'] or '')}{code_span(content)}{escape(match['suffix'] or '')}"
    if role:
        return _role(role.rpartition(":")[2].lower(), content, dialect)
    if match["suffix"]:
        return _named_link(content, dialect)
    return f"{escape(match['prefix'] or '')}{code_span(content)}"


def _named_link(content: str, dialect: Dialect) -> str:
    """`` `text <url>`_ `` and `` `text`_ ``."""
    titled = _TITLE_AND_TARGET.match(content)
    if titled is None:
        text, target = content, dialect.targets.get(content.lower(), "")
    else:
        text, target = titled[1] or titled[2], titled[2]
        if target.endswith("_"):
            target = dialect.targets.get(target.rstrip("_").lower(), "")
    shown = convert(text, _INSIDE)
    return link(shown, target.replace(" ", "")) if dialect.links else shown


def _role(name: str, content: str, dialect: Dialect) -> str:
    """A role as its readers see it: the title where one is given, else the end of a `~` name, else the name."""
    titled = _TITLE_AND_TARGET.match(content)
    if titled is not None and titled[1]:
        shown, explicit = titled[1], True
    else:
        shown, explicit = content.strip("<>"), False
        shown = shown.rpartition(".")[2] if shown.startswith("~") else shown.lstrip("!").removeprefix(".")
        # Sphinx extensions write `@Task` and `@-Task` for names of the main package.
        shown = re.sub(r"\A~?@-?(?=\w)", "", shown)
    if name in _PREFIXED_ROLES:
        return escape(shown if explicit else f"{_PREFIXED_ROLES[name]}{shown.removeprefix('#')}")
    if name == "abbr":
        return escape(content.replace("<", "(").replace(">", ")"))
    if name in _QUOTED_ROLES:
        return convert(shown if explicit else shown.removeprefix("/"), Dialect())
    if name in _TEXT_ROLES:
        return escape(shown.replace("-->", "→"))
    return code_span(shown) or escape(shown)


def _emphasised(match: re.Match[str], dialect: Dialect) -> str | None:
    stars = "*" * len(match["lines"])
    if stars == "**" and match["underlined"].isidentifier():
        # `__init__` is a name in Python, whatever Markdown makes of it.
        return None
    return f"{stars}{convert(match['underlined'], dialect)}{stars}"


# By the group of the pattern that matched last.
_HANDLERS: Mapping[str, Callable[[re.Match[str], Dialect], str | None]] = {
    "escape": lambda match, dialect: _escaped(match["escape"][1:], dialect),
    "span": _ticked,
    "suffix": _ticked,
    "math": _math,
    "alt": lambda match, _: escape(match["alt"]),
    "footnote": lambda match, _: f"\\[{escape(match['footnote'].lstrip('#'))}\\]",
    "label": _labelled,
    "target": _labelled,
    "autolink": _address,
    "url": _address,
    "strong": lambda match, dialect: f"**{convert(match['strong'], dialect)}**",
    "emphasis": lambda match, dialect: f"*{convert(match['emphasis'], dialect)}*",
    "underlined": _emphasised,
    "substitution": _substitution,
    "reference": _reference,
}
