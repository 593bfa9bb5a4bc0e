"""Getting started: what the project needs, and the exact commands that install, run and test it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import CodeSample, Container, Dependency, Manifest, Task
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.fences import known_language
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    bullets,
    capital,
    code,
    count,
    document,
    fence,
    file_link,
    heading,
    listing,
    literal_link,
    page_link,
    plain,
)

INSTALL_HEADING = re.compile(r"install|set ?up|getting started|quick ?start", re.IGNORECASE)
INSTALL_COMMAND = re.compile(
    r"(?m)^[^\w\n]{0,4}(?:sudo )?(?:(?:\S+ -m )?pip3?|pipx|uv|conda|mamba|poetry|pdm|npm|pnpm|yarn|bun|deno|jsr|npx|brew|apt|"
    r"apt-get|dnf|yum|go|cargo|gem|docker|podman|winget|scoop|choco|snap|pacman|port|zypper|pkg|nix-env|xbps-install|eopkg|flatpak)"
    r"(?: -\S+| pip| tool| global)* (?:install|add|get|i|pull|-S|-iA|-S[yu]+)\b[^\n]*"
)
# A heading that is code (`command.example(example)`) introduces a definition, not a use.
USAGE_HEADING = re.compile(
    r"^(?!.*\w\().*(?:usage|use|example|quick ?start|getting started|tutorial|simple)", re.IGNORECASE
)
SHELL = frozenset({"", "console", "bash", "sh", "shell", "text", "shell-session", "zsh"})
TEST_TASK = re.compile(r"^(test|tests|unittests?|pytest|test:unit|(?:py)?3\.\d+)$")
SCRIPT_OF_TESTS = ("script/test", "scripts/test", "bin/test", "script/test.sh", "scripts/test.sh")
RUN_TASK = re.compile(r"^(start|serve|run)$")
DEVELOP_TASK = re.compile(r"^(dev|develop)$")
RUNTIME = {"python": "Python", "npm": "Node.js", "go": "Go", "cargo": "Rust"}
RUNNERS = {"make": "make {}", "npm": "npm run {}", "pnpm": "pnpm run {}", "yarn": "yarn {}", "task": "task {}",
           "just": "just {}", "tox": "tox -e {}", "nox": "nox -s {}", "poe": "poe {}", "hatch": "hatch run {}",
           "pdm": "pdm run {}", "deno": "deno task {}", "bun": "bun run {}"}  # fmt: skip
SAMPLE_LINES = 40
INSTALL_LINES = 8
NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GettingStartedInput:
    """Everything the page is made from; `installer` installs what an npm manifest asks for."""

    title: str
    clone_url: str
    manifests: tuple[Located[Manifest], ...]
    installer: str
    runtime: tuple[Located[Dependency], ...]
    programs: tuple[tuple[str, str, str], ...]
    install: tuple[Located[CodeSample], ...]
    usage: tuple[Located[CodeSample], ...]
    run_tasks: tuple[Located[Task], ...]
    test_tasks: tuple[Located[Task], ...]
    test_script: str
    containers: tuple[Located[Container], ...]
    dependencies: str
    pages: tuple[tuple[str, str, str], ...]


def select(spec: PageSpec, context: Context) -> GettingStartedInput:
    """Manifests, programs, tasks and the README's own samples."""
    code_base = context.code
    main = code_base.main_manifest
    mains = [m for m in code_base.manifests if "/" not in m.path and m.item.name] or ([main] if main else [])
    paths = {m.path for m in mains}
    top_tasks = [task for task in code_base.tasks if "/" not in task.path]
    programs = sorted(code_base.programs, key=lambda program: (-len(program.subcommands), program.name))
    dependencies = context.page("dependencies")
    return GettingStartedInput(
        title=context.title,
        clone_url=code_base.clone_url,
        manifests=tuple(mains),
        installer=next((t.item.runner for t in top_tasks if t.item.runner in ("pnpm", "yarn", "bun")), "npm"),
        runtime=tuple(d for d in code_base.dependencies if d.path in paths and d.item.group == "runtime"),
        programs=tuple((p.name, p.entry.path if p.entry else "", p.path) for p in programs),
        install=_install_samples(context, [m.item.name for m in mains]),
        usage=_usage_samples(context, [m.item.name for m in mains]),
        run_tasks=tuple(_run_tasks(top_tasks, mains, programs=bool(programs))),
        test_tasks=tuple(_test_tasks(top_tasks)),
        test_script=next((path for path in SCRIPT_OF_TESTS if path in code_base.files), ""),
        containers=tuple(
            c for c in code_base.containers if "/" not in c.path and (c.item.kind != "image" or _builds(c, code_base))
        ),
        dependencies=dependencies.slug if dependencies else "",
        pages=tuple(
            (page.slug, page.title, page.description)
            for page in (context.page(identity) for identity in ("usage", "programs", "configuration", "development"))
            if page is not None
        ),
    )


def _install_samples(context: Context, names: Sequence[str]) -> tuple[Located[CodeSample], ...]:
    """Commands of the README that install the project, else the first one of its documents."""
    known = {_package(name) for name in (*names, context.title)}
    readme = context.code.readme.path if context.code.readme else ""
    found: list[Located[CodeSample]] = []
    for sample in context.samples:
        item = sample.item
        commands = INSTALL_COMMAND.findall(item.text)
        short = item.text.strip().count("\n") < INSTALL_LINES and item.language.lower() in SHELL
        if not commands or not short or "<" in item.text:
            continue
        asked = {_package(word) for line in commands for word in line.split() if not word.startswith("-")}
        if asked & known or (sample.path == readme and INSTALL_HEADING.search(item.heading)):
            found.append(sample)
    own: dict[str, Located[CodeSample]] = {}
    for sample in found:
        if sample.path == readme:
            own.setdefault(_without_prompt(sample.item.text).strip(), sample)
    found.sort(key=lambda sample: "[" in sample.item.text)
    return tuple([*own.values()][:3] or found[:1])


def _package(asked: str) -> str:
    """The bare name in `Flask[async]==3.0`, `zod@next`, `charmbracelet/tap/glow` and `github.com/charmbracelet/glow/v2`."""
    name = re.split(r"[\[<>=!~;]|(?<=.)@", asked.strip("\"'`"))[0]
    parts = [part for part in name.split("/") if not re.fullmatch(r"v\d+", part)]
    return re.sub(r"[-_.]+", "-", parts[-1] if parts else "").lower()


def _usage_samples(context: Context, names: Sequence[str]) -> tuple[Located[CodeSample], ...]:
    """The README's first examples of use; where one of them names the package, all have to."""
    readme = context.code.readme
    samples = [
        s
        for s in context.samples
        if readme
        and s.path == readme.path
        and s.item.text.count("\n") < SAMPLE_LINES
        and s.item.language.lower() not in SHELL
        and (USAGE_HEADING.search(s.item.heading) or not s.item.heading)
    ]
    naming = [s for s in samples if any(re.search(rf"\b{re.escape(name)}\b", s.item.text) for name in names if name)]
    return tuple((naming or samples)[:2])


def _run_tasks(
    tasks: Sequence[Located[Task]], manifests: Sequence[Located[Manifest]], *, programs: bool
) -> Iterator[Located[Task]]:
    """Tasks that start the project itself; what developers of a library run is told on their own page."""
    library = programs or any(m.item.ecosystem in RUNTIME and m.item.published for m in manifests)
    for task in tasks:
        runs = not programs and RUN_TASK.match(task.item.name)
        if runs or (not library and DEVELOP_TASK.match(task.item.name)):
            yield task


def _test_tasks(tasks: Sequence[Located[Task]]) -> Iterator[Located[Task]]:
    """The first task of each file that runs the tests."""
    seen: set[str] = set()
    for task in tasks:
        if TEST_TASK.match(task.item.name) and task.path not in seen and len(seen) < 2:
            seen.add(task.path)
            yield task


def _builds(container: Located[Container], code_base: CodeBase) -> bool:
    """Whether all that an image, or a stage before it, copies stands in the repository."""
    stages = [c.item for c in code_base.containers if c.path == container.path]
    sources = [source.removeprefix("./").strip("/") for stage in stages for source in stage.copies]
    return all(
        not source
        or source == "."
        or source in code_base.files
        or any(path.startswith(f"{source}/") or fnmatchcase(path, source) for path in code_base.files)
        for source in sources
    )


def write(page: GettingStartedInput) -> str:
    """The page's Markdown."""
    parts = [_requirements(page), _install(page), _use(page), _test(page)]
    verbs = [verb for verb, part in zip(("", "install", "use", "test"), parts, strict=True) if part and verb]
    lead = f"How to {listing(verbs)} {page.title}." if verbs else f"What {page.title} needs."
    return document(heading(1, "Getting started"), lead, *parts, _next(page))


def _requirements(page: GettingStartedInput) -> list[str]:
    items = []
    for manifest in page.manifests:
        runtime = RUNTIME.get(manifest.item.ecosystem)
        if runtime and manifest.item.requires:
            asked = manifest.item.requires
            link = literal_link(manifest.path, dict(manifest.item.literals).get("requires", asked), code(asked))
            items.append(f"{runtime} {link}, asked for in {file_link(manifest.path)}")
        elif runtime:
            items.append(f"{runtime}; {file_link(manifest.path)} names no version")
    if page.runtime:
        names = dict.fromkeys(d.item.name for d in page.runtime)
        verb = "is" if len(names) == 1 else "are"
        shown = listing(map(code, names), limit=NAMES_SHOWN)
        compiled = all(d.path.endswith(("go.mod", "Cargo.toml")) for d in page.runtime)
        how = "built into" if compiled else "installed along with"
        all_of_them = f" ({page_link(page.dependencies, 'all of them')})" if page.dependencies else ""
        items.append(
            f"{capital(count(len(names), 'package'))} that {verb} {how} it: {shown}"
            + (all_of_them if len(names) > NAMES_SHOWN else "")
        )
    images = [c for c in page.containers if c.item.kind == "image"]
    if images:
        items.append(f"Or only a container engine: {file_link(images[0].path)} builds an image")
    return [heading(2, "Requirements"), bullets(dict.fromkeys(items))] if items else []


def _install(page: GettingStartedInput) -> list[str]:
    blocks: list[str] = []
    for number, sample in enumerate(page.install):
        if number == 0:
            several = "these commands" if len(page.install) > 1 else "this command"
            blocks.append(f"{file_link(sample.path)} gives {several}:")
        blocks.append(fence("console", _without_prompt(sample.item.text)))
    for manifest in page.manifests:
        commands = list(_from_source(page, manifest))
        if commands:
            blocks += ["From a clone of the repository:", fence("console", "\n".join(commands))]
            break
    for manifest in page.manifests:
        if manifest.item.ecosystem == "go" and not page.install:
            mains = [path for _, _, path in page.programs if path.endswith(".go")]
            folder = mains[0].rpartition("/")[0] if mains else ""
            target = f"{manifest.item.name}/{folder}" if folder else manifest.item.name
            verb = "go install" if mains else "go get"
            blocks.insert(0, fence("console", f"{verb} {target}@latest"))
            blocks.insert(0, "With the Go toolchain:")
    images = [c for c in page.containers if c.item.kind == "image"]
    if images:
        name = "" if images[0].path == "Dockerfile" else f" -f {images[0].path}"
        blocks += ["As a container image:", fence("console", f"docker build{name} .")]
    return [heading(2, "Install"), *blocks] if blocks else []


def _without_prompt(text: str) -> str:
    """Commands to copy: without the prompt, where every line has one and none is output."""
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    if all(line.startswith("$ ") for line in lines):
        return "\n".join(line.removeprefix("$ ") for line in lines)
    return text


def _from_source(page: GettingStartedInput, manifest: Located[Manifest]) -> Iterator[str]:
    commands = {
        "python": "pip install .",
        "npm": f"{page.installer} install",
        "go": "go build ./...",
        "cargo": "cargo build",
    }
    command = commands.get(manifest.item.ecosystem)
    if command is None:
        return
    if page.clone_url:
        name = page.clone_url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        yield f"git clone {page.clone_url}"
        yield f"cd {name}"
    yield command


def _use(page: GettingStartedInput) -> list[str]:
    blocks: list[str] = []
    declared = [program for program in page.programs if program[1]] or list(page.programs[:1])
    for name, declared_in, path in declared[:4]:
        where = f"declared in {file_link(declared_in)}" if declared_in else f"which starts in {file_link(path)}"
        blocks += [f"The command {code(name)}, {where}, explains itself:", fence("console", f"{name} --help")]
    for task in page.run_tasks:
        blocks += [_task_text(task), fence("console", task_command(task))]
    services = [c for c in page.containers if c.item.kind == "service"]
    if services:
        names = listing(code(c.item.name) for c in services)
        together = " together" if len(services) > 1 else ""
        blocks += [f"{file_link(services[0].path)} starts {names}{together}:", fence("console", "docker compose up")]
    before: tuple[str, str] | None = None
    for sample in page.usage:
        place = (sample.path, sample.item.heading)
        under = plain(f", under “{sample.item.heading}”") if sample.item.heading else ""
        blocks += [
            "And another one:" if place == before else f"An example from {file_link(sample.path)}{under}:",
            fence(known_language(sample.item.language, sample.item.text), sample.item.text),
        ]
        before = place
    return [heading(2, "Use it"), *blocks] if blocks else []


def _test(page: GettingStartedInput) -> list[str]:
    blocks: list[str] = []
    for task in page.test_tasks:
        blocks += [_task_text(task), fence("console", task_command(task))]
    if not blocks and page.test_script:
        blocks = [f"{file_link(page.test_script)} runs the tests:", fence("console", page.test_script)]
    if not blocks and any(m.item.ecosystem == "go" for m in page.manifests):
        blocks = ["The Go toolchain finds and runs all tests:", fence("console", "go test ./...")]
    return [heading(2, "Run the tests"), *blocks] if blocks else []


def _task_text(task: Located[Task]) -> str:
    # A line with placeholders is not what the shell is given.
    runs = listing((code(line) for line in task.item.run[:2] if "{" not in line and "$" not in line), word="then")
    name = literal_link(task.path, task_literal(task), code(task.item.name))
    noun = {"tox": "an environment", "nox": "a session"}.get(task.item.runner, "a task")
    return f"{name} in {file_link(task.path)} runs {runs}:" if runs else f"{name} is {noun} of {file_link(task.path)}:"


def task_literal(task: Located[Task]) -> str:
    """The text by which a task is found in its file; its bare name may stand there many times before."""
    name = task.item.name
    return task.item.literal or {"npm": f'"{name}"', "pnpm": f'"{name}"', "yarn": f'"{name}"'}.get(
        task.item.runner, name
    )


def task_command(task: Located[Task]) -> str:
    """What a developer types to run a task."""
    name = task.item.name
    if task.item.runner == "npm" and name in ("test", "start"):
        return f"npm {name}"
    return RUNNERS.get(task.item.runner, task.item.runner + " {}").format(name)


def _next(page: GettingStartedInput) -> list[str]:
    items = [f"{page_link(slug, plain(title))} – {plain(description)}" for slug, title, description in page.pages]
    return [heading(2, "Next steps"), bullets(items)] if items else []
