"""GitHub workflows: when they run, and which jobs with which steps."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.steps import described, steps
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import BlobFacts, Job, Step, Workflow

_FILE = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")


def _read(text: str) -> BlobFacts:
    document = parse_yaml(text)
    triggers, jobs = document.get("on"), document.get("jobs")
    if not triggers and not jobs:
        return BlobFacts()
    workflow = Workflow(
        name=document.get("name").text,
        line=document.get("name").line or triggers.line or jobs.line,
        triggers=tuple(_triggers(triggers)),
        jobs=tuple(_jobs(jobs)),
    )
    return BlobFacts(workflows=(workflow,))


def _triggers(node: Node) -> Iterator[tuple[str, str]]:
    """(event, details): details are `key: values` with `; ` between, for schedules the cron expression."""
    for event in node.texts:
        yield event, ""
    for event, value in node.pairs():
        if event == "schedule":
            for item in value.items:
                zone = item.get("timezone").text
                yield event, " ".join(filter(None, (item.get("cron").text, zone and f"({zone})")))
        else:
            yield event, "; ".join(_details(value))


def _details(value: Node) -> Iterator[str]:
    for key, said in value.pairs():
        # Inputs, outputs and secrets are tables of tables: their names say enough.
        names = ", ".join(name for name, _ in said.pairs()) if said.shape is Shape.TABLE else described(said)
        if names:
            yield one_line(f"{key}: {names}")


def _jobs(node: Node) -> Iterator[Job]:
    for identifier, job in node.pairs():
        if not is_name(identifier) or job.shape is not Shape.TABLE:
            continue
        called = job.get("uses")
        yield Job(
            id=identifier,
            line=job.line,
            name=job.get("name").text,
            runs_on=_runner(job.get("runs-on")),
            needs=job.get("needs").texts,
            condition=job.get("if").text,
            matrix=tuple(_matrix(job.get("strategy", "matrix"))),
            # A job that calls another workflow is shown as the one step that does so.
            steps=(Step(line=called.line, uses=called.text),) if called.text else steps(job.get("steps")),
        )


def _runner(node: Node) -> str:
    if node.shape is Shape.TABLE:
        return described(node.get("labels")) or described(node.get("group"))
    return described(node)


def _matrix(node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(axis, values); a matrix that an expression computes is the axis `matrix` with that expression as its value."""
    if node.text:
        yield "matrix", (node.text,)
    for axis, values in node.pairs():
        if axis != "exclude" and is_name(axis):
            said = tuple(filter(None, (described(item) for item in values.items or (values,))))
            yield axis, tuple(one_line(value) for value in said)


def _claims(path: str) -> bool:
    return _FILE.match(path) is not None


EXTRACTORS = (Extractor(name="workflow", version=1, claims=_claims, extract=reader(_read)),)
