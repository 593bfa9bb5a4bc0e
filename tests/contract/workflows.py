"""Workflows as values: what the tests look at, read once from YAML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / ".github/workflows").glob("*.yml"))
EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))
ACTION = re.compile(r"\./|\./docsfy-action|OWNER/docsfy-action@v1")
CALL = re.compile(r"(?:\./|OWNER/docsfy-action/)\.github/workflows/(?P<name>[a-z-]+\.yml)(?:@v1)?")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
LEVELS = {"none": 0, "read": 1, "write": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a job. `place` says where it stands, for messages."""

    place: str
    id: str
    uses: str
    run: str
    condition: str
    inputs: Mapping[str, str]
    env: Mapping[str, str]

    @property
    def is_action(self) -> bool:
        """Whether the step is this action."""
        return ACTION.fullmatch(self.uses) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job; one that calls a workflow has `uses` and no steps. `everything` is all its text but the steps'."""

    place: str
    name: str
    uses: str
    condition: str
    needs: tuple[str, ...]
    permissions: Mapping[str, str] | None
    inputs: Mapping[str, str]
    secrets: Mapping[str, str] | str
    outputs: Mapping[str, str]
    steps: tuple[Step, ...]
    timeout: bool
    concurrency: Mapping[str, str]
    strategy: Mapping[str, str]
    everything: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow file. What it takes from a caller is None where it cannot be called."""

    name: str
    text: str
    permissions: Mapping[str, str] | None
    jobs: tuple[Job, ...]
    triggers: frozenset[str]
    inputs: frozenset[str] | None = None
    required: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    outputs: Mapping[str, str] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """All steps of all jobs."""
        return (step for job in self.jobs for step in job.steps)

    def job(self, name: str) -> Job:
        """The job with this id."""
        return next(job for job in self.jobs if job.name == name)


def read(path: Path) -> Workflow:
    """The workflow in a file."""
    text = path.read_text("utf-8")
    data = yaml.safe_load(text)
    triggers = data[True]  # YAML 1.1 reads the key `on` as a truth value
    called = (
        (triggers.get("workflow_call") or {}) if isinstance(triggers, dict) and "workflow_call" in triggers else None
    )
    inputs = called.get("inputs", {}) if called is not None else None
    return Workflow(
        name=path.name,
        text=text,
        permissions=data.get("permissions"),
        jobs=tuple(_job(path.name, name, job) for name, job in data["jobs"].items()),
        triggers=frozenset(triggers),
        inputs=frozenset(inputs) if inputs is not None else None,
        required=frozenset(name for name, about in (inputs or {}).items() if about.get("required")),
        secrets=frozenset((called or {}).get("secrets", {})),
        outputs={name: about["value"] for name, about in (called or {}).get("outputs", {}).items()},
    )


def expressions(text: str) -> list[str]:
    """What stands between `${{` and `}}`."""
    return EXPRESSION.findall(text)


def _job(workflow: str, name: str, job: Any) -> Job:
    place = f"{workflow}: {name}"
    needs = job.get("needs", [])
    rest = {key: value for key, value in job.items() if key not in {"steps", "secrets"}}
    return Job(
        place=place,
        name=name,
        uses=job.get("uses", ""),
        condition=str(job.get("if", "")),
        needs=(needs,) if isinstance(needs, str) else tuple(needs),
        permissions=job.get("permissions"),
        inputs=_texts(job.get("with")),
        secrets=job.get("secrets", {}) if isinstance(job.get("secrets"), str) else _texts(job.get("secrets")),
        outputs=_texts(job.get("outputs")),
        steps=tuple(_step(f"{place}: step {number}", step) for number, step in enumerate(job.get("steps", []), 1)),
        timeout="timeout-minutes" in job,
        concurrency=_texts(job.get("concurrency")),
        strategy=_texts(job.get("strategy")),
        everything=yaml.safe_dump(rest, width=100_000),
    )


def _step(place: str, step: Any) -> Step:
    return Step(
        place=f"{place} ({step.get('name') or step.get('uses', 'run')})",
        id=step.get("id", ""),
        uses=step.get("uses", ""),
        run=step.get("run", ""),
        condition=str(step.get("if", "")),
        inputs=_texts(step.get("with")),
        env=_texts(step.get("env")),
    )


def _texts(mapping: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in (mapping or {}).items()}
