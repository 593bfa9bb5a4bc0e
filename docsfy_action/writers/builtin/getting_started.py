"""Getting started: what the project needs, and the exact commands that install, run and test it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
USAGE_HEADING = re.compile(r"usage|use|example|quick ?start|getting started|tutorial|simple", re.IGNORECASE)
SHELL = frozenset({"", "console", "bash", "sh", "shell", "text", "shell-session", "zsh"})
TEST_TASK = re.compile(r"^(test|tests|unittests?|check|py3\d*|pytest|test:unit)$")
RUN_TASK = re.compile(r"^(start|serve|dev|run|develop)$")
RUNTIME = {"python": "Python", "npm": "Node.js", "go": "Go", "cargo": "Rust"}
RUNNERS = {"make": "make {}", "npm": "npm run {}", "pnpm": "pnpm run {}", "yarn": "yarn {}", "task": "task {}",
           "just": "just {}", "tox": "tox -e {}", "nox": "nox -s {}", "poe": "poe {}", "hatch": "hatch run {}",
           "pdm": "pdm run {}", "deno": "deno task {}", "bun": "bun run {}"}  # fmt: skip
SAMPLE_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class GettingStartedInput:
    """Everything the page is made from."""

    title: str
    clone_url: str
    manifests: tuple[Located[Manifest], ...]
    runtime: tuple[Located[Dependency], ...]
    programs: tuple[tuple[str, str, str], ...]
    install: tuple[Located[CodeSample], ...]
    usage: tuple[Located[CodeSample], ...]
    run_tasks: tuple[Located[Task], ...]
    test_tasks: tuple[Located[Task], ...]
    containers: tuple[Located[Container], ...]
    pages: tuple[tuple[str, str, str], ...]


def select(spec: PageSpec, context: Context) -> GettingStartedInput:
    """Manifests, programs, tasks and the README's own samples."""
    code_base = context.code
    mains = [m for m in code_base.manifests if m.path.count("/") == 0 and m.item.name]
    paths = {m.path for m in mains}
    top_tasks = [task for task in code_base.tasks if "/" not in task.path]
    readme = code_base.readme
    samples = [
        s for s in context.samples if readme and s.path == readme.path and s.item.text.count("\n") < SAMPLE_LINES
    ]
    return GettingStartedInput(
        title=context.title,
        clone_url=code_base.clone_url,
        manifests=tuple(mains),
        runtime=tuple(d for d in code_base.dependencies if d.path in paths and d.item.group == "runtime"),
        programs=tuple(
            (program.name, program.entry.path if program.entry else "", program.path) for program in code_base.programs
        ),
        install=tuple(
            s for s in samples if INSTALL_HEADING.search(s.item.heading) and s.item.language.lower() in SHELL
        )[:2],
        usage=tuple(
            s
            for s in samples
            if (USAGE_HEADING.search(s.item.heading) or not s.item.heading) and s.item.language.lower() not in SHELL
        )[:2],
        run_tasks=tuple(t for t in top_tasks if RUN_TASK.match(t.item.name))[:3],
        test_tasks=tuple(t for t in top_tasks if TEST_TASK.match(t.item.name))[:3],
        containers=tuple(c for c in code_base.containers if "/" not in c.path),
        pages=tuple(
            (page.slug, page.title, page.description)
            for page in (context.page(identity) for identity in ("usage", "programs", "configuration", "development"))
            if page is not None
        ),
    )


def write(page: GettingStartedInput) -> str:
    """The page's Markdown."""
    lead = f"How to get {page.title} onto a machine, start it, and run its tests. Every command here was read off the repository."
    return document(
        heading(1, "Getting started"), lead, _requirements(page), _install(page), _use(page), _test(page), _next(page)
    )


def _requirements(page: GettingStartedInput) -> list[str]:
    items = []
    for manifest in page.manifests:
        runtime = RUNTIME.get(manifest.item.ecosystem)
        if runtime and manifest.item.requires:
            items.append(
                f"{runtime} {literal_link(manifest.path, manifest.item.requires)}, asked for in {file_link(manifest.path)}"
            )
        elif runtime:
            items.append(f"{runtime}; {file_link(manifest.path)} names no version")
    if page.runtime:
        number = len(page.runtime)
        names = listing((code(d.item.name) for d in page.runtime), limit=8)
        items.append(
            f"{capital(count(number, 'package'))} that {'is' if number == 1 else 'are'} installed along with it: {names}"
        )
    images = [c for c in page.containers if c.item.kind == "image"]
    if images:
        items.append(f"Or only a container engine: {file_link(images[0].path)} builds an image")
    return [heading(2, "Requirements"), bullets(items)] if items else []


def _install(page: GettingStartedInput) -> list[str]:
    blocks: list[str] = []
    for sample in page.install:
        blocks += [f"From {file_link(sample.path)}:", fence("console", sample.item.text)]
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
        blocks += ["As a container image:", fence("console", f"docker build -f {images[0].path} .")]
    return [heading(2, "Install"), *blocks] if blocks else []


def _from_source(page: GettingStartedInput, manifest: Located[Manifest]) -> Iterator[str]:
    command = {"python": "pip install .", "npm": "npm install", "go": "go build ./...", "cargo": "cargo build"}.get(
        manifest.item.ecosystem
    )
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
        where = f", declared in {file_link(declared_in)}" if declared_in else f", which starts in {file_link(path)}"
        blocks += [f"{code(name)}{where}, tells what it can do:", fence("console", f"{name} --help")]
    for task in page.run_tasks:
        blocks += [_task_text(task), fence("console", task_command(task))]
    services = [c for c in page.containers if c.item.kind == "service"]
    if services:
        names = listing(code(c.item.name) for c in services)
        blocks += [f"{file_link(services[0].path)} starts {names} together:", fence("console", "docker compose up")]
    for sample in page.usage:
        under = f", under “{sample.item.heading}”" if sample.item.heading else ""
        blocks += [
            f"An example from {file_link(sample.path)}{plain(under)}:",
            fence(known_language(sample.item.language, sample.item.text), sample.item.text),
        ]
    return [heading(2, "Use it"), *blocks] if blocks else []


def _test(page: GettingStartedInput) -> list[str]:
    blocks: list[str] = []
    for task in page.test_tasks:
        blocks += [_task_text(task), fence("console", task_command(task))]
    if not blocks and any(m.item.ecosystem == "go" for m in page.manifests):
        blocks = ["The Go toolchain finds and runs all tests:", fence("console", "go test ./...")]
    return [heading(2, "Run the tests"), *blocks] if blocks else []


def _task_text(task: Located[Task]) -> str:
    # A line with placeholders is not what the shell is given.
    runs = listing((code(line) for line in task.item.run[:2] if "{" not in line and "$" not in line), word="then")
    name = literal_link(task.path, task_literal(task), code(task.item.name))
    return f"{name} in {file_link(task.path)} runs {runs}:" if runs else f"{name} is a task of {file_link(task.path)}:"


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
