"""`Gemfile` and `*.gemspec`, as far as their plain statements go."""

import re

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import is_address, unique
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest

_TEXT = r"""(?:%q\{(?P<curly>[^}]*)\}|"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)')"""
_GEM = re.compile(r"""^\s*gem[ (]+["'](?P<name>[\w.-]+)["'](?P<rest>.*)$""")
_GROUP = re.compile(r"^\s*group[ (]+(?P<names>.*?)\)?\s+do\b")
_OPENS = re.compile(r"\bdo\b(?:\s*\|[^|]*\|)?\s*(?:#.*)?$|^\s*(?:if|unless|case)\b")
_INLINE_GROUP = re.compile(r"(?:\bgroups?:|:groups?\s*=>)\s*\[?\s*:(?P<name>\w+)")
_VERSION = re.compile(r"""^\s*,\s*(?P<said>["'][^"']*["'](?:\s*,\s*["'][^"']*["'])*)""")
_RUBY = re.compile(r"""^\s*ruby[ (]+["'](?P<version>[^"']+)["']""")
_SETTING = re.compile(rf"^\s*\w+\.(?P<key>\w+)\s*=\s*\[?\s*{_TEXT}")
_NEEDED = re.compile(
    r"""^\s*\w+\.add_(?P<kind>runtime_|development_|)dependency[ (]+["'](?P<name>[\w.-]+)["'](?P<rest>.*)$"""
)
_GROUPS = {"test": "test", "development": "development", "default": "runtime"}
_KEYS = ("name", "version", "summary", "description", "license", "licenses", "homepage", "required_ruby_version")


def _read_gemfile(text: str) -> BlobFacts:
    blocks: list[str] = []
    dependencies: list[Dependency] = []
    manifests: list[Manifest] = []
    for line, raw in enumerate(text.split("\n"), start=1):
        if len(raw) > 1_000:
            continue
        if found := _GROUP.match(raw):
            names = re.findall(r":(\w+)", found["names"])
            blocks.append(names[0] if names else "")
        elif _OPENS.search(raw):
            blocks.append(blocks[-1] if blocks else "")
        elif raw.strip() == "end" and blocks:
            blocks.pop()
        elif found := _GEM.match(raw):
            inline = _INLINE_GROUP.search(found["rest"])
            group = inline["name"] if inline else (blocks[-1] if blocks else "")
            dependencies.append(_dependency(found["name"], found["rest"], line, _GROUPS.get(group, group or "runtime")))
        elif found := _RUBY.match(raw):
            manifests.append(
                Manifest(
                    ecosystem="ruby", line=line, requires=one_line(found["version"]), build="bundler", published=False
                )
            )
    named = (item for item in dependencies if is_name(item.name))
    return BlobFacts(manifests=tuple(manifests[:1]), dependencies=unique(named))


def _read_gemspec(text: str) -> BlobFacts:
    said: dict[str, tuple[str, int]] = {}
    dependencies: list[Dependency] = []
    programs: list[EntryPoint] = []
    for line, raw in enumerate(text.split("\n"), start=1):
        if len(raw) > 1_000:
            continue
        if found := _NEEDED.match(raw):
            group = "development" if found["kind"] == "development_" else "runtime"
            dependencies.append(_dependency(found["name"], found["rest"], line, group))
        elif found := _SETTING.match(raw):
            value = one_line(found["curly"] or found["double"] or found["single"] or "")
            if found["key"] == "executables" and is_name(value):
                programs.append(EntryPoint(name=value, line=line, target=f"exe/{value}"))
            elif found["key"] in _KEYS and "#{" not in value:
                said.setdefault(found["key"], (value, line))
    name = said.get("name", ("", 0))
    manifest = Manifest(
        ecosystem="ruby",
        line=name[1],
        name=name[0],
        build="rubygems",
        version=said.get("version", ("",))[0],
        description=said.get("summary", said.get("description", ("",)))[0],
        licence=said.get("license", said.get("licenses", ("",)))[0],
        requires=said.get("required_ruby_version", ("",))[0],
        urls=tuple(("homepage", said[key][0]) for key in ("homepage",) if key in said and is_address(said[key][0])),
    )
    named = (item for item in dependencies if is_name(item.name))
    return BlobFacts(
        manifests=(manifest,) if is_name(manifest.name) else (),
        dependencies=unique(named),
        entry_points=unique(programs),
    )


def _dependency(name: str, rest: str, line: int, group: str) -> Dependency:
    version = _VERSION.match(rest)
    parts = re.findall(r"""["']([^"']*)["']""", version["said"]) if version else []
    return Dependency(name=name, line=line, constraint=one_line(", ".join(parts)), group=group)


def _claims_gemfile(path: str) -> bool:
    return path.rpartition("/")[2] in ("Gemfile", "gems.rb")


def _claims_gemspec(path: str) -> bool:
    return path.endswith(".gemspec")


EXTRACTORS = (
    Extractor(name="gemfile", version=1, claims=_claims_gemfile, extract=reader(_read_gemfile)),
    Extractor(name="gemspec", version=1, claims=_claims_gemspec, extract=reader(_read_gemspec)),
)
