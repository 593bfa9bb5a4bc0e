"""`pyproject.toml`: the package (PEP 621 or Poetry), what it needs, the programs it gives, its tools' tasks."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.pep508 import entry_point, is_published, licence_of, requirement, requirements
from docsfy_action.facts.formats.syntax.python_tasks import python_tasks
from docsfy_action.facts.formats.syntax.tables import keywords, unique, urls
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.toml import parse_toml
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.formats.tox import toml_tasks
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest


def _read(text: str) -> BlobFacts:
    document = parse_toml(text)
    project, poetry = document.get("project"), document.get("tool", "poetry")
    manifest = _manifest(document, project, poetry)
    return BlobFacts(
        manifests=(manifest,) if manifest else (),
        dependencies=unique(_dependencies(document, project, poetry)),
        entry_points=unique(_entry_points(project, poetry)),
        tasks=unique((*python_tasks(document), *toml_tasks(document.get("tool", "tox")))),
    )


def _manifest(document: Node, project: Node, poetry: Node) -> Manifest | None:
    backend = document.get("build-system", "build-backend").text
    workspaces = document.get("tool", "uv", "workspace", "members").texts
    if project.get("name"):
        return _standard(document, project, poetry, backend=backend, workspaces=workspaces)
    if poetry.get("name"):
        return _poetry(poetry, backend)
    flit = document.get("tool", "flit", "metadata")
    if flit.get("module"):
        return _flit(flit, backend)
    if backend or workspaces:
        line = (document.get("build-system") or document.get("tool", "uv", "workspace")).line
        return Manifest(ecosystem="python", line=line, build=backend, workspaces=workspaces, published=bool(backend))
    return None


def _standard(document: Node, project: Node, poetry: Node, *, backend: str, workspaces: tuple[str, ...]) -> Manifest:
    dynamic = project.get("dynamic").texts
    classifiers = project.get("classifiers").texts
    licence = project.get("license")
    extras = [name for name, _ in project.get("optional-dependencies").pairs()]
    return Manifest(
        ecosystem="python",
        line=project.get("name").line,
        name=project.get("name").text,
        version="" if "version" in dynamic else project.get("version").text,
        description=project.get("description").text,
        licence=licence_of(licence.text or licence.get("text").text, classifiers),
        requires=project.get("requires-python").text or poetry.get("dependencies", "python").text,
        build=backend,
        published=is_published(classifiers),
        keywords=keywords(project.get("keywords")),
        urls=urls(project.get("urls")),
        packages=_packages(document),
        workspaces=workspaces,
        extras=tuple(extras),
    )


def _packages(document: Node) -> tuple[str, ...]:
    tools = document.get("tool")
    for listed in (
        tools.get("setuptools", "packages"),
        tools.get("hatch", "build", "targets", "wheel", "packages"),
        tools.get("uv", "build-backend", "module-name"),
        tools.get("flit", "module", "name"),
        tools.get("setuptools", "py-modules"),
    ):
        if listed.texts:
            return listed.texts
    return _poetry_packages(tools.get("poetry"))


def _poetry_packages(poetry: Node) -> tuple[str, ...]:
    return tuple(item.get("include").text for item in poetry.get("packages").items if item.get("include").text)


def _poetry(poetry: Node, backend: str) -> Manifest:
    classifiers = poetry.get("classifiers").texts
    named = ((label, poetry.get(label)) for label in ("homepage", "repository", "documentation"))
    return Manifest(
        ecosystem="python",
        line=poetry.get("name").line,
        name=poetry.get("name").text,
        version=poetry.get("version").text,
        description=poetry.get("description").text,
        licence=licence_of(poetry.get("license").text, classifiers),
        requires=_poetry_constraint(poetry.get("dependencies", "python")),
        build=backend,
        published=is_published(classifiers) and not poetry.get("package-mode").is_false,
        keywords=keywords(poetry.get("keywords")),
        urls=tuple((label, node.text) for label, node in named if node.text) + urls(poetry.get("urls")),
        packages=_poetry_packages(poetry),
        extras=tuple(name for name, _ in poetry.get("extras").pairs()),
    )


def _flit(flit: Node, backend: str) -> Manifest:
    module = flit.get("module")
    home = flit.get("home-page").text
    return Manifest(
        ecosystem="python",
        line=module.line,
        name=flit.get("dist-name").text or module.text,
        licence=licence_of("", flit.get("classifiers").texts),
        requires=flit.get("requires-python").text,
        build=backend,
        urls=((("homepage", home),) if home else ()) + urls(flit.get("urls")),
        packages=(module.text,),
    )


def _dependencies(document: Node, project: Node, poetry: Node) -> Iterator[Dependency]:
    tools = document.get("tool")
    yield from requirements(project.get("dependencies").scalars)
    yield from requirements(tools.get("flit", "metadata", "requires").scalars)
    if not project.get("dependencies"):
        yield from _poetry_group(poetry.get("dependencies"), "runtime")
    for groups in (project.get("optional-dependencies"), document.get("dependency-groups")):
        for group, listed in groups.pairs():
            yield from requirements(listed.scalars, group)
    yield from _poetry_group(poetry.get("dev-dependencies"), "development")
    for group, table in poetry.get("group").pairs():
        yield from _poetry_group(table.get("dependencies"), group)
    for group, listed in tools.get("pdm", "dev-dependencies").pairs():
        yield from requirements(listed.scalars, group)
    yield from requirements(tools.get("uv", "dev-dependencies").scalars, "dev")
    yield from requirements(document.get("build-system", "requires").scalars, "build")


def _poetry_group(table: Node, group: str) -> Iterator[Dependency]:
    for name, value in table.pairs():
        if name == "python" or requirement(name, line=value.line) is None:
            continue
        first = value.items[0] if value.shape is Shape.LIST and value.items else value
        extras = ", ".join(first.get("extras").texts)
        constraint = (f"[{extras}]" if extras else "") + _poetry_constraint(first)
        optional = group == "runtime" and first.get("optional").is_true
        marker = first.get("markers").text or (f"python {said}" if (said := first.get("python").text) else "")
        yield Dependency(
            name=name,
            line=value.line,
            constraint=constraint,
            group="optional" if optional else group,
            marker=marker,
        )


def _poetry_constraint(value: Node) -> str:
    if value.text:
        return value.text
    address = next((f"@ {value.get(key).text}" for key in ("git", "url", "path") if value.get(key).text), "")
    return value.get("version").text or address


def _entry_points(project: Node, poetry: Node) -> Iterator[EntryPoint]:
    for table in (project.get("scripts"), project.get("gui-scripts"), poetry.get("scripts")):
        for name, value in table.pairs():
            target = value.text or value.get("reference").text or value.get("callable").text
            found = entry_point(f"{name}={target}", value.line) if is_name(name) else None
            if found is not None:
                yield found


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "pyproject.toml"


EXTRACTORS = (Extractor(name="pyproject", version=2, claims=_claims, extract=reader(_read)),)
