"""The development page: how the repository is laid out, its tasks, its tests, and what continuous integration does."""

import re
import shlex
from dataclasses import dataclass

from docsfy_action.facts.model import Job, Role, Step, Task, Workflow
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
    fence,
    file_link,
    heading,
    listing,
    literal_link,
    plain,
    quoted,
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
TEST_TOOLS = (
    "pytest",
    "tox",
    "nox",
    "hypothesis",
    "unittest",
    "vitest",
    "jest",
    "mocha",
    "ava",
    "playwright",
    "testify",
    "cypress",
)
FOLDERS_SHOWN = 20
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
    test_tools: tuple[tuple[str, str], ...]
    contributing: tuple[str, ...]


def select(spec: PageSpec, context: Context) -> DevelopmentInput:
    """Folders, tasks, workflows and tests."""
    code_base = context.code
    roles: dict[str, dict[Role, int]] = {}
    tests: dict[str, int] = {}
    for path, file in code_base.files.items():
        head, slash, _ = path.partition("/")
        if slash:
            roles.setdefault(f"{head}/", {}).setdefault(file.role, 0)
            roles[f"{head}/"][file.role] += 1
        if file.role is Role.TEST and file.language in ("python", "go", "javascript", "typescript"):
            folder = path.rpartition("/")[0]
            tests[f"{folder}/" if folder else ""] = tests.get(f"{folder}/" if folder else "", 0) + 1
    tools = {
        dependency.item.name.lower(): dependency.path
        for dependency in code_base.dependencies
        if dependency.item.name.lower().rpartition("/")[2] in TEST_TOOLS or dependency.item.name.startswith("pytest-")
    }
    return DevelopmentInput(
        title=context.title,
        folders=tuple((folder, _main_role(roles[folder])) for folder in sorted(roles))[:FOLDERS_SHOWN],
        tasks=code_base.tasks,
        workflows=code_base.workflows,
        test_folders=tuple(sorted(tests.items(), key=lambda item: (-item[1], item[0])))[:8],
        test_tools=tuple(sorted(tools.items()))[:6],
        contributing=tuple(p for p in sorted(code_base.files) if re.match(r"(?i)(\.github/|docs/)?contributing\.", p)),
    )


def _main_role(roles: dict[Role, int]) -> str:
    known = {role: number for role, number in roles.items() if role in FOLDER_ROLES}
    if not known:
        return ""
    return FOLDER_ROLES[min(known, key=lambda role: (-known[role], role.value))]


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
        rows = [
            (
                code(task_command(task)),
                quoted(plain(task.item.doc)),
                code(task.item.run[0]) if task.item.run and len(task.item.run[0]) <= COMMAND_WIDTH else "",
                listing((code(name) for name in task.item.needs), limit=4),
                literal_link(path, task_literal(task), "source"),
            )
            for task in tasks[:40]
        ]
        blocks.append(table(("Command", "Description", "Runs", "After", "Source"), rows))
    return blocks


def _tests(page: DevelopmentInput) -> list[str]:
    if not page.test_folders:
        return []
    total = sum(number for _, number in page.test_folders)
    places = (f"{file_link(folder or './')} ({number})" for folder, number in page.test_folders if folder)
    text = (
        f"{capital(count(total, 'test file'))}: {listing(places)}."
        if any(f for f, _ in page.test_folders)
        else f"{capital(count(total, 'test file'))} beside the code."
    )
    tools = [literal_link(path, name) for name, path in page.test_tools]
    more = f"They are written with {listing(tools)}." if tools else ""
    return [heading(2, "Tests"), text, more]


def _workflows(page: DevelopmentInput) -> list[str]:
    if not page.workflows:
        return []
    blocks = [heading(2, "Continuous integration")]
    jobs = sum(len(w.item.jobs) for w in page.workflows)
    blocks.append(f"{capital(count(len(page.workflows), 'workflow'))} with {count(jobs, 'job')} run on GitHub.")
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
    name = literal_link(path, job.id)
    text = f"Job {name}"
    if job.name and job.name != job.id and "${{" not in job.name:
        text += f" ({quoted(plain(job.name))})"
    if job.runs_on and "${{" not in job.runs_on:
        text += f" on {code(job.runs_on)}"
    axes = [f"{count(len(values), 'value')} of {code(axis)}" for axis, values in job.matrix if values]
    if axes:
        text += f", once for each of {listing(axes)}"
    if job.needs:
        text += f", after {listing(code(need) for need in job.needs)}"
    uses = list(dict.fromkeys(_action(step) for step in job.steps if step.uses))
    if uses:
        text += f", uses {listing(uses, limit=6)}"
    scripts = sum(1 for step in job.steps if step.run and not is_plain(step))
    if scripts:
        text += f", runs {count(scripts, 'script')} of several lines"
    return f"{text}{':' if any(step.run and is_plain(step) for step in job.steps) else '.'}"


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


def _action(step: Step) -> str:
    return code(step.uses.partition("@")[0])
