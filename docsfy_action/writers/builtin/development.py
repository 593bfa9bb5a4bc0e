"""The development page: how the repository is laid out, its tasks, its tests, and what continuous integration does."""

import re
import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Dependency, Job, Role, Step, Task, Workflow
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.markdown import slugify
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.getting_started import task_command, task_literal
from docsfy_action.writers.builtin.prose import (
    capital,
    code,
    count,
    document,
    fact_link,
    fence,
    file_link,
    heading,
    listing,
    literal_link,
    plain,
    quoted,
    spell,
    table,
)

EVENTS = {
    "push": "on a push",
    "pull_request": "on pull requests",
    "pull_request_target": "on pull requests (with the base branch's rights)",
    "workflow_dispatch": "by hand",
    "schedule": "on a schedule",
    "release": "on a release",
    "workflow_call": "when another workflow calls it",
    "merge_group": "in the merge queue",
    "workflow_run": "after another workflow",
    "issues": "on issues",
    "issue_comment": "on comments",
}
FOLDER_ROLES = {
    Role.SOURCE: "source", Role.TEST: "tests", Role.DOCUMENT: "documents", Role.EXAMPLE: "examples",
    Role.CONFIG: "configuration", Role.GENERATED: "generated files", Role.VENDORED: "other people's code",
}  # fmt: skip
TEST_TOOLS = frozenset(
    {"pytest", "hypothesis", "vitest", "jest", "mocha", "chai", "ava", "playwright", "testify", "cypress"}
)
TEST_RUNNERS = frozenset({"tox", "nox"})
TEST_FOLDER = re.compile(r"^(?:tests?|__tests__|specs?|testing)$")
PLACES_SHOWN = 6
COMMANDS_SHOWN = 3
VALUES_SHOWN = 8
# Programs inside a command are better read where they stand.
INLINE = re.compile(r"\n| -c ")
CONTINUED = re.compile(r"[ \t]*\\\n[ \t]*")
CONDITION_WIDTH = 100
# Tasks that differ in nothing but their names are one row from this number on.
ALIKE = 3
FOLDERS_SHOWN = 20
TASKS_SHOWN = 40
STEPS_SHOWN = 12
PLAIN_LINES = 6
SCRIPT_WORDS = frozenset({"if", "for", "while", "case", "function", "then", "else", "fi", "do", "done", "{", "}"})
# Longer commands would make the table unreadable; the link leads to them.
COMMAND_WIDTH = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentInput:
    """Everything the page is made from; folders are (path, what most of its files are, how many)."""

    title: str
    folders: tuple[tuple[str, str], ...]
    tasks: tuple[Located[Task], ...]
    workflows: tuple[Located[Workflow], ...]
    test_folders: tuple[tuple[str, int], ...]
    test_tools: tuple[Located[Dependency], ...]
    test_runners: tuple[Located[Dependency], ...]
    contributing: tuple[str, ...]


def select(spec: PageSpec, context: Context) -> DevelopmentInput:
    """Folders, tasks, workflows and tests."""
    code_base = context.code
    tests: dict[str, int] = {}
    for path, file in code_base.files.items():
        if file.role is Role.TEST and file.language in ("python", "go", "javascript", "typescript"):
            folder = _tests_root(path)
            tests[folder] = tests.get(folder, 0) + 1
    return DevelopmentInput(
        title=context.title,
        folders=_folders(code_base)[:FOLDERS_SHOWN],
        tasks=code_base.tasks,
        workflows=code_base.workflows,
        test_folders=tuple(sorted(tests.items(), key=lambda item: (-item[1], item[0]))),
        test_tools=_tools(code_base, TEST_TOOLS),
        test_runners=_tools(code_base, TEST_RUNNERS),
        contributing=tuple(p for p in sorted(code_base.files) if re.match(r"(?i)(\.github/|docs/)?contributing\.", p)),
    )


def _tests_root(path: str) -> str:
    """The folder of tests that a file belongs to, with its slash: `tests/` and all below it are one."""
    folders = path.split("/")[:-1]
    for number, name in enumerate(folders, 1):
        if TEST_FOLDER.match(name):
            return "/".join(folders[:number]) + "/"
    return "/".join(folders) + "/" if folders else ""


def _tools(code_base: CodeBase, names: Collection[str]) -> tuple[Located[Dependency], ...]:
    """Dependencies with one of these names, each once."""
    found: dict[str, Located[Dependency]] = {}
    for dependency in code_base.dependencies:
        name = dependency.item.name.lower().rpartition("/")[2]
        if name in names:
            found.setdefault(name, dependency)
    return tuple(found[name] for name in sorted(found))


def _folders(code_base: CodeBase) -> tuple[tuple[str, str], ...]:
    """Folders at the top, each with what most of its files are for. Of code and its tests, what they hold in data does
    not count: fixtures outnumber what they are for."""
    roles: dict[str, Counter[Role]] = {}
    coded: dict[str, Counter[Role]] = {}
    for path, file in code_base.files.items():
        head, slash, _ = path.partition("/")
        if slash:
            roles.setdefault(f"{head}/", Counter())[file.role] += 1
    for file in code_base.sources(Role.SOURCE, Role.TEST):
        head, slash, _ = file.path.partition("/")
        if slash:
            coded.setdefault(f"{head}/", Counter())[file.role] += 1
    found = []
    for folder in sorted(roles):
        main = _main_role(roles[folder])
        found.append((folder, _main_role(coded.get(folder, roles[folder])) if main is Role.TEST else main))
    return tuple((folder, FOLDER_ROLES[role] if role is not None else "") for folder, role in found)


def _main_role(roles: Mapping[Role, int]) -> Role | None:
    known = {role: number for role, number in roles.items() if role in FOLDER_ROLES}
    return min(known, key=lambda role: (-known[role], role.value)) if known else None


def write(page: DevelopmentInput) -> str:
    """The page's Markdown."""
    lead = (
        f"For people who change {page.title}: where things are, which commands the repository defines, "
        "and what runs when a change is pushed."
    )
    if page.contributing:
        lead += f" The project's own rules are in {listing(file_link(path) for path in page.contributing)}."
    return document(heading(1, "Development"), lead, _layout(page), _tasks(page), _tests(page), _workflows(page))


def _layout(page: DevelopmentInput) -> list[str]:
    rows = [(file_link(folder), role) for folder, role in page.folders]
    return [heading(2, "Layout"), table(("Folder", "Mostly"), rows)] if rows else []


def _tasks(page: DevelopmentInput) -> list[str]:
    if not page.tasks:
        return []
    blocks = [heading(2, "Tasks")]
    by_path: dict[str, list[Located[Task]]] = {}
    for task in page.tasks:
        by_path.setdefault(task.path, []).append(task)
    for path, tasks in by_path.items():
        blocks.append(f"{capital(count(len(tasks), 'task'))} of {file_link(path)}:")
        rows = [_task(alike) for alike in _alike(tasks[:TASKS_SHOWN])]
        blocks.append(table(("Command", "Description", "Runs", "After", "Source"), rows))
    return blocks


def _alike(tasks: Sequence[Located[Task]]) -> Iterator[Sequence[Located[Task]]]:
    """Tasks by row: one each, but neighbours that say and do the same stand together."""
    for _, group in groupby(tasks, key=lambda task: (task.item.doc, task.item.run, task.item.needs)):
        same = list(group)
        if len(same) >= ALIKE and (same[0].item.doc or same[0].item.run):
            yield same
        else:
            yield from ([task] for task in same)


def _task(alike: Sequence[Located[Task]]) -> tuple[str, str, str, str, str]:
    task = alike[0]
    return (
        listing(code(task_command(each)) for each in alike),
        quoted(plain(task.item.doc)),
        _runs(task.item.run),
        listing(map(code, task.item.needs), limit=4),
        literal_link(task.path, task_literal(task), "source"),
    )


def _runs(commands: Sequence[str]) -> str:
    """The commands of a task in their order; those that are too long to be read in a table are counted."""
    lines = [CONTINUED.sub(" ", line) for line in commands]
    shown = [code(line) for line in lines if len(line) <= COMMAND_WIDTH and not INLINE.search(line)][:COMMANDS_SHOWN]
    rest = len(lines) - len(shown)
    if not shown:
        return capital(count(rest, "command")) if rest else ""
    return f"{', '.join(shown)} and {spell(rest)} more" if rest else listing(shown, word="then")


def _tests(page: DevelopmentInput) -> list[str]:
    if not page.test_folders:
        return []
    total = sum(number for _, number in page.test_folders)
    folders = [(folder, number) for folder, number in page.test_folders if folder]
    text = f"{capital(count(total, 'test file'))} beside the code."
    if folders and any(TEST_FOLDER.match(part) for folder, _ in folders for part in folder.split("/")):
        places = [f"{file_link(folder)} ({number})" for folder, number in folders]
        text = f"{capital(count(total, 'test file'))}: {listing(places, limit=PLACES_SHOWN)}."
        if len(folders) == len(page.test_folders) == 1:
            text = f"{capital(count(total, 'test file'))} in {file_link(folders[0][0])}."
    tools = listing(fact_link(tool.path, tool.item) for tool in page.test_tools)
    runners = listing(fact_link(tool.path, tool.item) for tool in page.test_runners)
    parts = [f"written with {tools}" if tools else "", f"run by {runners}" if runners else ""]
    said = listing(filter(None, parts))
    return [heading(2, "Tests"), text, f"They are {said}." if said else ""]


def _workflows(page: DevelopmentInput) -> list[str]:
    if not page.workflows:
        return []
    blocks = [heading(2, "Continuous integration")]
    jobs = sum(len(w.item.jobs) for w in page.workflows)
    blocks.append(f"GitHub runs {count(len(page.workflows), 'workflow')} with {count(jobs, 'job')}.")
    taken = {slugify(text) for text in ("Development", "Layout", "Tasks", "Tests", "Continuous integration")}
    for workflow in page.workflows:
        title = workflow.item.name or workflow.path.rsplit("/", 1)[-1]
        if slugify(title) in taken or not slugify(title):
            title = workflow.path.rsplit("/", 1)[-1]
        taken.add(slugify(title))
        blocks.append(heading(3, title))
        blocks.append(f"{file_link(workflow.path)} runs {_triggers(workflow.item)}.")
        for job in workflow.item.jobs:
            blocks.append(_job(job, workflow.path))
            commands = [line for step in job.steps if is_plain(step) for line in step.run][:STEPS_SHOWN]
            if commands:
                blocks.append(fence("console", "\n".join(commands)))
    return blocks


def _triggers(workflow: Workflow) -> str:
    parts = []
    for event, details in workflow.triggers:
        text = EVENTS.get(event, f"on {code(event)}")
        parts.append(f"{text} ({quoted(plain(details))})" if details else text)
    return listing(parts) or "when it is asked to"


def _job(job: Job, path: str) -> str:
    text = f"Job {literal_link(path, job.literal or job.id, code(job.id))}"
    if job.name and job.name != job.id and "${{" not in job.name:
        text += f" ({quoted(plain(job.name))})"
    does = [_place(job)]
    uses = list(dict.fromkeys(step.uses.partition("@")[0] for step in job.steps if step.uses))
    called = [name for name in uses if name.endswith((".yml", ".yaml"))]
    if called:
        does.append(f"calls {listing(map(code, called))}")
    elif uses:
        does.append(f"uses {listing(map(code, uses), limit=6)}")
    scripts = sum(1 for step in job.steps if step.run and not is_plain(step))
    commands = any(step.run and is_plain(step) for step in job.steps)
    if scripts or commands:
        long = f" {count(scripts, 'script')} of several lines" if scripts else ""
        does.append(f"runs{long}{' and' if scripts and commands else ''}")
    done = [part for part in does if part]
    said = " and ".join(done) if len(done) < 3 else f"{', '.join(done[:-1])}, and {done[-1]}"
    return f"{text} {said}{':' if commands else '.'}" if said else f"{text}."


def _place(job: Job) -> str:
    """On which machine, how often, after what and under which condition a job runs; empty where all of it goes without
    saying."""
    axes = [(axis, values) for axis, values in job.matrix if values]
    parts = []
    if job.runs_on and "${{" not in job.runs_on:
        parts.append(f"on {code(job.runs_on)}")
    if job.needs:
        parts.append(f"after {listing(map(code, job.needs))}")
    repeated = listing(filter(None, (_axis(axis, values) for axis, values in axes)))
    if repeated:
        parts.append(f"once for each {repeated}")
    condition = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", job.condition, flags=re.DOTALL).strip()
    if condition == "always()":
        parts.append("even if a job before it failed")
    elif condition:
        short = len(condition) <= CONDITION_WIDTH and "\n" not in condition and "${{" not in condition
        parts.append(f"only if {quoted(plain(condition))} holds" if short else "only under a condition")
    return f"runs {' '.join(parts)}" if parts else ""


def _axis(axis: str, values: Sequence[str]) -> str:
    """An axis of a matrix with its values, where they are few and words."""
    if len(values) == 1 and "${{" in values[0]:
        return f"value of {code(axis)} that is computed when it runs"
    if axis == "include":
        return f"of {count(len(values), 'listed combination')}"
    if len(values) > VALUES_SHOWN or any(len(value) > 40 or ":" in value or "${{" in value for value in values):
        return f"of {count(len(values), 'value')} of {code(axis)}"
    return f"{code(axis)} ({quoted(plain(', '.join(values)))})"


def is_plain(step: Step) -> bool:
    """Whether every line of a step is a command of its own; scripts are better read where they stand."""
    if len(step.run) > PLAIN_LINES:
        return False
    for line in step.run:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            return False
        if not words or words[-1].endswith("\\") or words[0] in SCRIPT_WORDS or "<<" in line:
            return False
    return True
