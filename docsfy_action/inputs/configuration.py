"""`.docsfy.yml` of the documented repository: which keys it may hold, and what is said of those it may not.

The file comes with the code, possibly from a stranger's pull request: it steers, but never spends, publishes or runs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeVar

from docsfy_action.errors import Problem
from docsfy_action.inputs.catalog import by_name
from docsfy_action.inputs.problems import did_you_mean, shown
from docsfy_action.inputs.steering import HandwrittenPage, PageSteering, PinnedPage, Steering
from docsfy_action.inputs.values import printable, repository_file
from docsfy_action.inputs.yaml_nodes import Node, UnusableYaml, YamlList, YamlMap, YamlText, read_yaml
from docsfy_action.outline.model import LANDING, RESERVED_SLUGS, SLUG, slug_of

CONFIGURATION_FILE = ".docsfy.yml"
MAX_ITEMS = 300
MAX_TEXT = 8_000
MAX_LINE = 200

_STEERING = ("audience", "instructions", "exclude", "pages")
_HINT = "docsfy-action's own docs/docsfy-yml.md lists what the file may hold."

_COMMA = ", "

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the file says. `values` are the texts given to inputs, `lines` where they stand."""

    values: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    steering: Steering = field(default_factory=Steering)
    problems: tuple[Problem, ...] = ()


def input_keys() -> tuple[str, ...]:
    """The inputs that the file may set."""
    return tuple(spec.name for spec in by_name().values() if spec.about.refused is None)


def keys() -> tuple[str, ...]:
    """Every key that the file may hold at its top."""
    return (*input_keys(), *_STEERING)


def read_configuration(content: bytes, *, path: str) -> Configuration:
    """The file as values. Never raises: what is wrong with it is in `problems`."""
    try:
        root, duplicates = read_yaml(content)
    except UnusableYaml as error:
        return Configuration(problems=(Problem(message=f"{error}.", hint=_HINT, path=path, line=error.line),))
    reader = _Reader(path=path, problems=[])
    for problem in duplicates:
        reader.report(problem.message, problem.line)
    if root is None or (isinstance(root, YamlText) and root.is_null):
        return Configuration(problems=tuple(reader.problems))
    if not isinstance(root, YamlMap):
        reader.report("the file must hold keys with values, such as `site-name: My project`.", root.line)
        return Configuration(problems=tuple(reader.problems))
    return reader.configuration(root)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads nodes into values and collects every problem instead of stopping at the first."""

    path: str
    problems: list[Problem]

    def report(self, message: str, line: int) -> None:
        self.problems.append(Problem(message=message, hint=_HINT, path=self.path, line=line))

    def configuration(self, root: YamlMap) -> Configuration:
        values: dict[str, str] = {}
        lines: dict[str, int] = {}
        known = self.known(root, keys(), "")
        for key, node in known.items():
            if key in _STEERING:
                continue
            text = self.text(node, key, MAX_LINE)
            if text:
                values[key], lines[key] = text, node.line
        steering = Steering(
            audience=self.text(known.get("audience"), "audience", MAX_TEXT),
            instructions=self.text(known.get("instructions"), "instructions", MAX_TEXT),
            exclude=tuple(self.each(known.get("exclude"), "exclude", self.pattern)),
            pages=self.pages(known.get("pages")),
        )
        return Configuration(values=values, lines=lines, steering=steering, problems=tuple(self.problems))

    def known(self, node: YamlMap, allowed: tuple[str, ...], inside: str) -> dict[str, Node]:
        """The entries with a key that is allowed here and with a value."""
        found: dict[str, Node] = {}
        for key, value in node.entries:
            if key.text not in allowed:
                self.report(_refused(key.text, allowed, inside), key.line)
            elif not (isinstance(value, YamlText) and value.is_null):
                found[key.text] = value
        return found

    def text(self, node: Node | None, name: str, limit: int) -> str:
        """A text without white space around it, empty where there is none."""
        if node is None:
            return ""
        if not isinstance(node, YamlText):
            self.report(f"{name} must be a text.", node.line)
            return ""
        text = node.text.strip()
        if len(text) > limit:
            self.report(f"{name} is longer than {limit} characters.", node.line)
            return ""
        if not all(c.isprintable() or c in "\n\t" for c in text):
            self.report(f"{name} holds a control character.", node.line)
            return ""
        return text

    def line(self, node: Node | None, name: str) -> str:
        """A text of one line."""
        text = self.text(node, name, MAX_LINE)
        if node is not None and not text.isprintable():
            self.report(f"{name} must be one line.", node.line)
            return ""
        return text

    def each(self, node: Node | None, name: str, read: Callable[[Node, str], T | None]) -> Iterator[T]:
        """Every item of a list that `read` accepts; one text alone counts as a list of one."""
        if node is None:
            return
        items = node.items if isinstance(node, YamlList) else (node,)
        if isinstance(node, YamlMap):
            self.report(f"{name} must be a list.", node.line)
            return
        if len(items) > MAX_ITEMS:
            self.report(f"{name} has more than {MAX_ITEMS} entries.", node.line)
            return
        for item in items:
            value = read(item, name)
            if value is not None:
                yield value

    def pattern(self, node: Node, name: str) -> str | None:
        """A gitignore pattern of paths to leave out."""
        text = self.line(node, f"an entry of {name}")
        if text.startswith("!"):
            self.report(f"{name}: {shown(text)} takes something back, which is not possible here.", node.line)
            return None
        return text or None

    def pages(self, node: Node | None) -> PageSteering:
        if node is None:
            return PageSteering()
        if not isinstance(node, YamlMap):
            self.report("pages must hold the keys pin, forbid or handwritten.", node.line)
            return PageSteering()
        known = self.known(node, ("pin", "forbid", "handwritten"), "pages")
        pages = PageSteering(
            pin=tuple(self.each(known.get("pin"), "pages.pin", self.pinned)),
            forbid=tuple(self.each(known.get("forbid"), "pages.forbid", self.forbidden)),
            handwritten=tuple(self.each(known.get("handwritten"), "pages.handwritten", self.handwritten)),
        )
        self.contradictions(pages, node.line)
        return pages

    def pinned(self, node: Node, name: str) -> PinnedPage | None:
        fields = self.fields(node, name, "slug", ("slug", "title", "description", "section"))
        if fields is None:
            return None
        slug = self.slug(fields.get("slug", ""), f"{name}: slug", node.line)
        if slug is None:
            return None
        return PinnedPage(
            slug=slug,
            title=fields.get("title", ""),
            description=fields.get("description", ""),
            section=fields.get("section", ""),
        )

    def forbidden(self, node: Node, name: str) -> str | None:
        text = self.line(node, f"an entry of {name}")
        if text in {LANDING, "*"}:
            self.report(f"{name}: a site has a landing page, so {shown(text)} cannot be forbidden.", node.line)
            return None
        if not text:
            return None
        return text if "*" in text else self.slug(text, name, node.line)

    def handwritten(self, node: Node, name: str) -> HandwrittenPage | None:
        fields = self.fields(node, name, "path", ("path", "slug", "title", "section"))
        if fields is None:
            return None
        given = fields.get("path", "")
        try:
            path = repository_file(printable(given))
        except ValueError as error:
            self.report(f"{name}: {shown(given)} is not usable, {error}.", node.line)
            return None
        if not path.lower().endswith((".md", ".markdown")):
            self.report(f"{name}: {shown(path)} is not a Markdown file (.md).", node.line)
            return None
        slug = self.slug(fields.get("slug") or slug_of(PurePosixPath(path).stem), f"{name}: slug", node.line)
        if slug is None:
            return None
        return HandwrittenPage(path=path, slug=slug, title=fields.get("title", ""), section=fields.get("section", ""))

    def fields(self, node: Node, name: str, first: str, allowed: tuple[str, ...]) -> dict[str, str] | None:
        """The texts of an entry; a text alone is its first field. None where it is neither text nor mapping."""
        if isinstance(node, YamlText):
            return {first: self.line(node, f"an entry of {name}")}
        if not isinstance(node, YamlMap):
            self.report(f"an entry of {name} must be a text or hold the keys {', '.join(allowed)}.", node.line)
            return None
        known = self.known(node, allowed, name)
        return {key: self.line(value, f"{name}: {key}") for key, value in known.items()}

    def slug(self, text: str, name: str, line: int) -> str | None:
        if SLUG.fullmatch(text) and text not in RESERVED_SLUGS:
            return text
        why = (
            "is used by the site itself" if text in RESERVED_SLUGS else "is no slug (small letters, digits and dashes)"
        )
        self.report(f"{name}: {shown(text)} {why}; {shown(slug_of(text))} would be one.", line)
        return None

    def contradictions(self, pages: PageSteering, line: int) -> None:
        """Pages asked for twice, or both asked for and forbidden."""
        wanted = [*(page.slug for page in pages.pin), *(page.slug for page in pages.handwritten)]
        for slug in sorted({slug for slug in wanted if wanted.count(slug) > 1}):
            self.report(f"pages: {shown(slug)} is asked for twice.", line)
        for slug in sorted({slug for slug in wanted if pages.forbids(slug)}):
            self.report(f"pages: {shown(slug)} is both asked for and forbidden.", line)


def _refused(key: str, allowed: tuple[str, ...], inside: str) -> str:
    """What to say of a key that cannot stand here."""
    spec = by_name().get(key)
    if spec is not None and spec.about.refused is not None and not inside:
        return (
            f"{key} cannot be set in this file, because {spec.about.refused}. "
            f"Set it as an input of the action, or as the option --{key}."
        )
    where = f" of {inside}" if inside else ""
    return f"{shown(key)} is not a key{where}{did_you_mean(key, allowed) or f'; known are {_COMMA.join(allowed)}.'}"
