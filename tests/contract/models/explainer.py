"""A model that documents at full length: pages of 600 to 1,200 words with every kind of fact on them, and small patches.

Like `documenter`, it knows nothing but what a request tells it. It opens files before it writes, judges each flagged page by
whether a declaration of what the page stands on changed, and writes only those sections anew whose facts it is shown again.
"""

import difflib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.contract.models.documenter import END, task_of
from tests.contract.models.values import Action, Ask, CallTool, CallTools, Json, Say, Tokens

_DATA = re.compile(r'<(data-[0-9a-f]{12}) from="([^"]*)">\n(.*?)\n</\1>', re.DOTALL)
_MODULE = re.compile(r"^- (\S+?)( and \d+ more files)?(?:: [^\[\n]*)? ?\[.+\]$", re.MULTILINE)
_TITLE = re.compile(r"“(.*?)” \(`([a-z0-9-]+)\.md`\)")
_SLUG = re.compile(r"^- ([a-z0-9-]+): ", re.MULTILINE)
_HEAD = re.compile(r"^### (\S+) \((?:([\w-]+), )?\d+ lines\)$")
_FACT = re.compile(r"^- (?:([a-z][\w-]*(?: [a-z]+)?) )?`([^`]+)`(?: \((.*?)\))?(?:: `([^`]+)`)?(?:: (.*))?$")
_FENCED = frozenset({"python", "go", "typescript", "javascript"})
_DECLARATION = re.compile(
    r"^[-+]\s*(?:(?:(?:async )?def|class|func|type|interface|export|function)\b|@\w+\.|[A-Z][A-Z_]+ *[:=]|[\"']--)"
)
_HUNK = re.compile(r"^\+\+\+ ([^(\s]\S*)\n@@ -\S+ \+(\d+)", re.MULTILINE)
_PLAIN = re.compile(r"[A-Z][A-Za-z ,'-]{20,200}\.?")
_FINDING = re.compile(r"^- (?:under “.*?”|on the page): ?`(.*?)`:", re.MULTILINE)
_MOST_WORDS = 1_000
# Modules that a planned page is about, at most.
_TOGETHER = 3
_REMARKS = (
    "Reach for it when the common case above it does not fit what you are doing, and leave it alone otherwise.",
    "It is called by the code around it more often than by hand, so read it once and then rely on it.",
    "Nothing else has to be prepared before it is used, and nothing has to be cleaned up behind it.",
    "What it is given is checked where it arrives, so a wrong value shows early and close to its cause.",
    "Keep what comes back if you need it again, because asking a second time does the same work again.",
    "It takes part in every ordinary run, which is why it comes before the more particular parts here.",
    "If it does not do what you expect, look first at what is handed to it, then at its own lines.",
    "Beginners seldom need it on the first day, and then need it in nearly everything they write.",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A fact as a line of the sheet tells it."""

    kind: str
    name: str
    details: str
    signature: str
    about: str


@dataclass(frozen=True, slots=True)
class Part:
    """The facts of one file."""

    path: str
    language: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """A brain for the model server. `pages` is how many pages it plans, `opens` how many files it reads for a page, `peeks`
    in how many it looks around a change for a patch."""

    pages: int = 8
    opens: int = 3
    peeks: int = 1

    def __call__(self, ask: Ask) -> Action:
        """The answer to a request."""
        match task_of(ask):
            case "outline":
                return self._outline(ask)
            case "triage":
                return _json(ask, _triage(ask))
            case "page":
                return self._opened(ask, _listed(ask), self.opens) or _say(ask, f"{_page(ask)}\n{END}")
            case "patch":
                return self._peeked(ask) or _say(ask, _edited(ask, _patched(ask)))
            case "repair":
                return _say(ask, _edited(ask, _repaired(ask)))
            case _:
                return _say(ask, "ready")

    def _opened(self, ask: Ask, paths: Sequence[str], number: int) -> Action | None:
        """Files to look at first; None where that has been done."""
        if ask.tool_results or not number or not paths or not ask.offers("read_file"):
            return None
        tokens = _tokens(ask, "x" * 80 * number)
        return CallTools(tuple(CallTool("read_file", {"path": path}, tokens) for path in paths[:number]), tokens)

    def _peeked(self, ask: Ask) -> Action | None:
        """What stands around the first changes; None where that has been looked at."""
        if ask.tool_results or not ask.offers("read_file"):
            return None
        changed = _HUNK.findall(_given(ask, "changes between two commits"))
        places = {path: max(1, int(line) - 40) for path, line in reversed(changed)}
        tokens = _tokens(ask, "x" * 100 * self.peeks)
        calls = [
            CallTool("read_file", {"path": path, "first_line": line, "last_line": line + 120}, tokens)
            for path, line in [*reversed(places.items())][: self.peeks]
        ]
        return CallTools(tuple(calls), tokens) if calls else None

    def _outline(self, ask: Ask) -> Action:
        modules = [path for path, _ in modules_of(_given(ask, "map of the repository"))]
        if "New code has come since then" in ask.prompt:
            new = [path for path in _given(ask, "new files").splitlines() if path in modules]
            return _json(ask, {"pages": [_planned([path]) for path in new[:1]]})
        looked = self._opened(ask, modules, self.opens)
        if looked is not None:
            return looked
        taken = set(_SLUG.findall(_given(ask, "pages of the site")))
        pages = [_planned(sources) for sources in planned_sources(_given(ask, "map of the repository"), self.pages)]
        return _json(ask, {"pages": [page for page in pages if page["slug"] not in taken]})


def modules_of(text: str) -> list[tuple[str, str]]:
    """The modules of a repository map: the first file of each, and what it is made of: the file, or its folder."""
    found = _MODULE.findall(text)
    return [(path, f"{path.rpartition('/')[0]}/" if more and "/" in path else path) for path, more in found]


def planned_sources(text: str, pages: int) -> list[list[str]]:
    """What each planned page is to be written from."""
    modules = [source for _, source in modules_of(text)]
    together = max(1, min(_TOGETHER, len(modules) // pages))
    return [modules[at : at + together] for at in range(0, len(modules), together)][:pages]


def _planned(sources: list[str]) -> dict[str, object]:
    stem = re.sub(r"[^a-z0-9]+", "-", (sources[0].rpartition(".")[0] or sources[0]).lower()).strip("-")[:48].strip("-")
    return {
        "slug": f"about-{stem}",
        "title": f"About {sources[0]}",
        "description": f"What {sources[0]} is for, and how its parts are used together.",
        "kind": "concept",
        "section": "Concepts",
        "brief": f"For readers who use or change {sources[0]}: what it defines, in the order in which one meets it, which values "
        "matter most and what they default to, and what goes wrong when they are chosen badly.",
        "sources": sources,
    }


# --- reading requests -------------------------------------------------------------------------------------------------


def _given(ask: Ask, label: str) -> str:
    return next((text for _, name, text in reversed(_DATA.findall(ask.prompt)) if name == label), "")


def _listed(ask: Ask) -> list[str]:
    """Files that the task tells to look at."""
    return [line for line in _given(ask, "paths of the repository").splitlines() if not line.startswith("and ")]


def parts_of(sheet: str) -> Mapping[str, Part]:
    """A fact sheet, by file."""
    found: dict[str, Part] = {}
    part: Part | None = None
    for line in sheet.splitlines():
        head, fact = _HEAD.match(line), _FACT.match(line)
        if head is not None:
            part = found.setdefault(head[1], Part(head[1], head[2] or ""))
        elif fact is not None and part is not None:
            part.items.append(Item(*(text or "" for text in fact.groups())))
    return found


# --- writing ----------------------------------------------------------------------------------------------------------


def _page(ask: Ask) -> str:
    match = _TITLE.search(ask.prompt)
    title, slug = (match[1], match[2]) if match else ("Page", "page")
    return explain(title, slug, _given(ask, "facts read off the code"))


def explain(title: str, slug: str, sheet: str) -> str:
    """A page on the facts of a sheet."""
    parts = parts_of(sheet)
    broad = not slug.startswith("about-")
    sections = [text for part in parts.values() if (text := section(part, slug, broad=broad))]
    page = [
        f"# {title}",
        "This page tells what these parts do, in which order one meets them, and what to look at when something goes wrong.",
    ]
    for text in sections:
        if page[2:] and sum(len(one.split()) for one in (*page, text)) > _MOST_WORDS:
            break
        page.append(text)
    return "\n\n".join(page)


def section(part: Part, slug: str, *, broad: bool) -> str:
    """What a page says of a file: always the same for the same facts. A `broad` page says less of each."""
    seed = zlib.crc32(f"{slug} {part.path}".encode())
    symbols = [item for item in part.items if not item.kind and item.name[:1] != "_" and "._" not in item.name]
    written = [
        *_package(part, slug),
        *_tables(part, 5 if broad else 12),
        *(block for item in symbols[: 3 if broad else 9] for block in _definition(part, item, seed)),
    ]
    if not written:
        return ""
    return "\n\n".join([f"## {heading(part.path)}", _remark(seed), *written])


def heading(path: str) -> str:
    """The heading of a file's section: no two files have the same."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", path).split()
    return f"What belongs to {' '.join(words)}"


def _package(part: Part, slug: str) -> Iterator[str]:
    packages = [item for item in part.items if item.kind == "package"]
    for item in packages[:1]:
        yield f"The package `{item.name}` is described by [`{part.path}`](src:{part.path})."
        needs = re.search(r"needs (\S+)", item.details)
        if needs and slug == "getting-started":
            yield f"It needs `{needs[1]}`, so look at what you have before you install it."
    needed = [
        item.name for item in part.items if item.kind == "depends on" and item.details.endswith(("runtime", "indirect"))
    ]
    if needed and slug in ("getting-started", "architecture"):
        yield f"It is built on {', '.join(f'`{name}`' for name in needed[:4])}, which are installed along with it."
    tasks = [item.name for item in part.items if item.kind.endswith("task")]
    if tasks and slug == "getting-started":
        yield f"Developers have the tasks {', '.join(f'`{name}`' for name in tasks[:5])} at hand."


def _tables(part: Part, most: int) -> Iterator[str]:
    options = [item for item in part.items if item.kind == "option" and item.name.startswith("-")]
    if options:
        rows = [
            f"| `{item.name.split(', ')[0]}` | {_cell(item, 'default')} | {_cell(item, 'variable')} |"
            for item in options
        ]
        yield "These are given on the command line, and what is left out keeps its default:"
        yield "\n".join(["| Option | Default | Variable |", "| --- | --- | --- |", *dict.fromkeys(rows[:most])])
    settings = [item for item in part.items if item.kind in ("environment", "setting")]
    if settings:
        lines = [
            f"- `{item.name}`: {'defaults to ' + cell if (cell := _cell(item, 'default')) else 'has no default of its own'}"
            for item in settings
        ]
        yield "These come from the surroundings of the program, and are read when it starts:"
        yield "\n".join(dict.fromkeys(lines[:most]))
    commands = [item.name for item in part.items if item.kind == "command" and " " not in item.name]
    if commands:
        yield f"The commands here are {', '.join(f'`{name}`' for name in commands[:6])}; each says by itself how it is called."


def _cell(item: Item, word: str) -> str:
    found = re.search(rf"\b{word} ([^,]+)", item.details)
    value = found[1].strip() if found else ""
    return f"`{value}`" if value and "`" not in value and "|" not in value and "…" not in value else ""


def _definition(part: Part, item: Item, seed: int) -> Iterator[str]:
    link = f"[`{item.name}`](src:{part.path}#{item.name})"
    about = _PLAIN.match(item.about)
    said = f" In its own words: {about[0].rstrip('.').lower()}." if about and about[0].rstrip(".") else ""
    yield f"{link} is one of the definitions to know.{said} {_remark(seed + zlib.crc32(item.name.encode()))}"
    if item.signature and "…" not in item.signature and part.language in _FENCED:
        yield f"```{part.language}\n{item.signature}\n```"
    defaults = re.findall(r"\b([a-z]\w+)(?:: [\w.\[\]| ]+)? ?= ?([\w.\"'-]+)", item.signature)
    if defaults and "(" in item.signature:
        yield "\n".join(f"- `{name}` defaults to `{value}`." for name, value in dict.fromkeys(defaults[:5]))


def _remark(seed: int) -> str:
    return _REMARKS[seed % len(_REMARKS)]


# --- changes ----------------------------------------------------------------------------------------------------------


def _triage(ask: Ask) -> dict[str, object]:
    """A page is touched where a changed line declares what it was flagged for, or, where that is a whole file, declares
    anything in it."""
    declared: dict[str, list[str]] = {}
    path = ""
    for line in _given(ask, "difference of the files").splitlines():
        if line.startswith(("--- ", "+++ ")):
            path = line[4:] if not line[4:].startswith("(") else path
            declared.setdefault(path, [])
        elif line.startswith(("-", "+")) and (_DECLARATION.match(line) or not _is_code(path)):
            declared[path].append(line)
    found = []
    for block in re.split(r"(?m)^(?=- [a-z0-9-]+: )", _given(ask, "pages of the site")):
        slug = _SLUG.match(block)
        if slug is not None:
            reasons = re.search(r"flagged because (.*)", block)
            names = re.findall(r"`([^`]+)`", reasons[1] if reasons else "")
            verdict = "patch" if any(_concerns(name, declared) for name in names) else "keep"
            found.append({"slug": slug[1], "verdict": verdict, "why": _why(verdict, names)})
    return {"pages": found}


def _is_code(path: str) -> bool:
    return path.endswith((".py", ".go", ".js", ".ts", ".mjs", ".cjs"))


def _concerns(name: str, declared: Mapping[str, Sequence[str]]) -> bool:
    if name in declared:
        return _is_code(name) and bool(declared[name])
    last = name.rpartition("." if "/" not in name else " ")[2]
    word = re.compile(rf"(?<![\w-]){re.escape(last)}(?![\w-])")
    return any(word.search(line) for lines in declared.values() for line in lines)


def _why(verdict: str, names: Sequence[str]) -> str:
    about = f"`{names[0]}`" if names else "something"
    return f"A declaration of {about} changed." if verdict == "patch" else f"What the page says of {about} still holds."


def _patched(ask: Ask) -> str:
    """The page with the sections of those files written anew whose facts are shown."""
    page = _given(ask, "the page as it is")
    match = _TITLE.search(ask.prompt)
    slug = match[2] if match else ""
    parts = parts_of(_given(ask, "facts read off the code"))
    new = {heading(path): section(part, slug, broad=not slug.startswith("about-")) for path, part in parts.items()}
    blocks = []
    for block in re.split(r"(?m)^(?=## )", page):
        title = block.partition("\n")[0].removeprefix("## ")
        # A file whose facts are only shown in part, because the sheet is full, is left as it is.
        text = new.get(title, "")
        blocks.append(f"{text}\n\n" if text else block)
    return "".join(blocks).rstrip("\n")


def _repaired(ask: Ask) -> str:
    """The page without the paragraphs, rows and items in which something was found."""
    page = _given(ask, "the page as it is")
    found = [text for text in _FINDING.findall(ask.prompt) if text]
    kept = []
    for block in page.split("\n\n"):
        if block.startswith("#") or not any(text in block for text in found):
            kept.append(block)
        elif block.startswith(("|", "- ")):
            kept.append("\n".join(line for line in block.splitlines() if not any(text in line for text in found)))
    return "\n\n".join(block for block in kept if block)


def _edited(ask: Ask, new: str) -> str:
    return json.dumps({"edits": list(edits(_given(ask, "the page as it is"), new))})


def edits(old: str, new: str) -> Iterator[dict[str, str]]:
    """Edits that turn one page into the other, each as small as it can be and still stand there only once."""
    before, after = (old.rstrip("\n") + "\n").splitlines(keepends=True), (new + "\n").splitlines(keepends=True)
    reached = 0
    for tag, first, last, start, stop in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        low, high, until = first, last, stop
        while low > reached and (low == high or old.count("".join(before[low:high])) != 1):
            low -= 1
        text = "".join(before[low:high])
        if not text or old.count(text) != 1:
            continue
        reached = high
        yield {"old": text.rstrip("\n"), "new": ("".join(before[low:first]) + "".join(after[start:until])).rstrip("\n")}


def _json(ask: Ask, value: object) -> Action:
    text = json.dumps(value)
    return Json(text, _tokens(ask, text))


def _say(ask: Ask, text: str) -> Action:
    return Say(text, _tokens(ask, text))


def _tokens(ask: Ask, text: str) -> Tokens:
    """About what a vendor would count: four characters make a token."""
    return Tokens(input=len(ask.body) // 4, output=max(1, len(text) // 4))
