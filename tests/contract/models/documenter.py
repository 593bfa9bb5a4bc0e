"""A model that documents: plans from the map it is shown, writes from the facts it is handed, judges and patches.

It knows nothing but what a request tells it, so what it writes is only as true as the prompts are. `lies` are sentences that
it puts on every page until they are sent back, to see that checking catches them.
"""

import difflib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tests.contract.models.values import Action, Ask, CallTool, Json, Say, Tokens

END = "<!-- end of page -->"
_DATA = re.compile(r'<(data-[0-9a-f]{12}) from="([^"]*)">\n(.*?)\n</\1>', re.DOTALL)
_MODULE = re.compile(r"^- (\S+?)(?: and \d+ more files)?(?:: [^\[]*)? ?\[(.+)\]$", re.MULTILINE)
_HEAD = re.compile(r"^### (\S+) \((\w+)")
_SYMBOL = re.compile(r"^- `([^`]+)`: `([^`]+)`(?:: (.*))?$")
_TITLE = re.compile(r"“(.*?)” \(`([a-z0-9-]+)\.md`\)")
_SLUG = re.compile(r"^- ([a-z0-9-]+): ", re.MULTILINE)
_FENCED = frozenset({"python", "go", "typescript", "javascript"})
_SYMBOLS = 4
_FILES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Documenter:
    """A brain for the model server. `pages` is how many pages it plans; `explores` lets it open a file first, through
    the tool of that name and its argument; `change` may replace its answer, given the request and the task."""

    pages: int = 4
    lies: tuple[str, ...] = ()
    explores: str = ""
    argument: str = "path"
    root: str = ""
    change: Callable[[Ask, str, Action], Action] = lambda _, __, action: action

    def __call__(self, ask: Ask) -> Action:
        """The answer to a request."""
        task = task_of(ask)
        return self.change(ask, task, self._answer(ask, task))

    def _answer(self, ask: Ask, task: str) -> Action:
        if task == "outline":
            return _json(ask, self._outline(ask))
        if task == "triage":
            return _json(ask, _triage(ask))
        if task == "patch":
            old = _given(ask, "the page as it is")
            return _say(ask, json.dumps({"edits": list(_edits(old, _renewed(old, self._page(ask, ()))))}))
        if task == "repair":
            return _say(ask, f"{self._page(ask, ())}\n{END}")
        if task == "page":
            source = next(iter(_facts(ask)), None)
            if self.explores and not ask.tool_results and source is not None and ask.offers(self.explores):
                return CallTool(self.explores, {self.argument: f"{self.root}{source[0]}"}, _tokens(ask, ""))
            return _say(ask, f"{self._page(ask, self.lies)}\n{END}")
        return Say("ready", _tokens(ask, "ready"))

    def _outline(self, ask: Ask) -> dict[str, object]:
        if "New code has come since then" in ask.prompt:
            new = [
                path for path in _given(ask, "new files").splitlines() if path.endswith((".py", ".go", ".ts", ".js"))
            ]
            return {"pages": [_planned(path, [path]) for path in new[:1]]}
        found = _MODULE.findall(_given(ask, "map of the repository"))
        taken = set(_SLUG.findall(_given(ask, "pages of the site")))
        pages = [_planned(path, [path]) for path, _ in found[: self.pages]]
        return {"pages": [page for page in pages if page["slug"] not in taken]}

    def _page(self, ask: Ask, lies: Sequence[str]) -> str:
        match = _TITLE.search(ask.prompt)
        title = match[1] if match else "Page"
        lines = [f"# {title}", "", "This page tells what these parts do and how they are called.", ""]
        for path, language, symbols in list(_facts(ask))[:_FILES]:
            if not symbols:
                continue
            lines += [f"## What {path.rpartition('/')[2].partition('.')[0]} holds", ""]
            lines += [f"All of it stands in [`{path}`](src:{path}).", ""]
            for name, signature, doc in symbols[:_SYMBOLS]:
                lines += [f"[`{name}`](src:{path}#{name}) is declared like this:", ""]
                lines += (
                    [f"```{language}", signature, "```", ""] if language in _FENCED and "…" not in signature else []
                )
                lines += [f"It has to do with {len(doc.split())} words of its own documentation.", ""] if doc else []
        lines += [f"{lie}\n" for lie in lies]
        return "\n".join(lines).rstrip("\n")


def task_of(ask: Ask) -> str:
    """What a request is for, told from our own prompts; where a program has no place for instructions, they are said first."""
    instructions = ask.system or ask.prompt
    if "You plan the documentation" in instructions:
        return "outline"
    if "You decide which pages" in instructions:
        return "triage"
    if "You bring one page" in instructions:
        return "patch"
    if "You write one page" in instructions:
        if "It was checked against the code." in ask.prompt:
            return "repair"
        return "page"
    return "preflight"


def page_of(ask: Ask) -> str:
    """The slug of the page that a request is about."""
    match = _TITLE.search(ask.prompt)
    return match[2] if match else ""


def _planned(path: str, sources: list[str]) -> dict[str, object]:
    stem = re.sub(r"[^a-z0-9]+", "-", path.rpartition(".")[0].lower()).strip("-")[:48].strip("-")
    return {
        "slug": f"about-{stem}",
        "title": f"About {path.rpartition('/')[2]}",
        "description": f"What {path} is for.",
        "kind": "concept",
        "section": "Concepts",
        "brief": f"Explain what {path} defines and when a reader meets it.",
        "sources": sources,
    }


def _given(ask: Ask, label: str) -> str:
    return next((text for _, name, text in reversed(_DATA.findall(ask.prompt)) if name == label), "")


def _facts(ask: Ask) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
    """(path, language, [(name, signature, doc)]) of each file in the fact sheet."""
    found: dict[str, tuple[str, str, list[tuple[str, str, str]]]] = {}
    path = ""
    for line in _given(ask, "facts read off the code").splitlines():
        head, symbol = _HEAD.match(line), _SYMBOL.match(line)
        if head is not None:
            path = head[1]
            found[path] = (path, head[2], [])
        elif symbol is not None and path:
            found[path][2].append((symbol[1], symbol[2], symbol[3] or ""))
    return iter(found.values())


def _triage(ask: Ask) -> dict[str, object]:
    """Pages are touched where a declaration of the code changed."""
    change = _given(ask, "difference of the files")
    touched = re.search(
        r"^[-+](?![-+]{2} )\s*(?:def|class|func|type|export|function|const|async|@|--|[A-Z_]+ *=)", change, re.MULTILINE
    )
    verdict = "patch" if touched else "keep"
    slugs = _SLUG.findall(_given(ask, "pages of the site"))
    return {"pages": [{"slug": slug, "verdict": verdict, "why": "A declaration changed."} for slug in slugs]}


def _renewed(old: str, new: str) -> str:
    """The page with those sections of `new` that it has; a patch is told the facts of changed files only."""
    found = {text.partition("\n")[0]: text.rstrip("\n") for text in re.split(r"(?m)^(?=## )", new)[1:]}
    first, *sections = re.split(r"(?m)^(?=## )", old)
    kept = (found.get(text.partition("\n")[0], text.rstrip("\n")) for text in sections)
    return "\n\n".join([first.rstrip("\n"), *kept])


def _edits(old: str, new: str) -> Iterator[dict[str, str]]:
    """Edits that turn one page into the other, each as small as it can be and still stand there only once."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    end = 0
    for tag, first, last, start, stop in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal" or first < end:
            continue
        low, high = first, max(last, first)
        while old.count("".join(before[low:high])) != 1 and (low > end or high < len(before)):
            low, high = max(end, low - 1), min(len(before), high + 1)
        text = "".join(before[low:first]) + "".join(after[start:stop]) + "".join(before[last:high])
        end = high
        yield {"old": "".join(before[low:high]), "new": text}


def _json(ask: Ask, value: dict[str, object]) -> Action:
    text = json.dumps(value)
    return Json(text, _tokens(ask, text))


def _say(ask: Ask, text: str) -> Action:
    return Say(text, _tokens(ask, text))


def _tokens(ask: Ask, text: str) -> Tokens:
    """About what a vendor would count: four characters make a token."""
    return Tokens(input=len(ask.body) // 4, output=max(1, len(text) // 4))


def lying(documenter: Documenter, *lies: str) -> Documenter:
    """The same model, but these sentences stand on each of its pages at first."""
    return replace(documenter, lies=lies)
