"""`action.yml`: a GitHub action with its inputs, its outputs and, for a composite action, its steps."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.steps import steps
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import ActionInput, BlobFacts, Job, Manifest, Workflow

_NAMES = ("action.yml", "action.yaml")


def _read(text: str) -> BlobFacts:
    document = parse_yaml(text)
    runs = document.get("runs")
    if runs.shape is not Shape.TABLE:
        return BlobFacts()
    name = document.get("name")
    manifest = Manifest(
        ecosystem="github-action",
        line=name.line or runs.line,
        name=name.text,
        description=document.get("description").text,
        build=runs.get("using").text,
        exports=tuple(filter(None, (runs.get(key).text for key in ("pre", "main", "post", "image")))),
    )
    return BlobFacts(
        manifests=(manifest,),
        action_inputs=(*_inputs(document.get("inputs")), *_inputs(document.get("outputs"), output=True)),
        workflows=tuple(_composite(name.text, runs)),
    )


def _inputs(table: Node, *, output: bool = False) -> Iterator[ActionInput]:
    for name, value in table.pairs():
        if is_name(name):
            yield ActionInput(
                name=name,
                line=value.line,
                output=output,
                description=value.get("description").text,
                default=value.get("default").text,
                required=value.get("required").is_true,
            )


def _composite(name: str, runs: Node) -> Iterator[Workflow]:
    """The steps of a composite action as a workflow without triggers, whose only job is called `runs`."""
    listed = runs.get("steps")
    if listed.items:
        yield Workflow(name=name, line=runs.line, jobs=(Job(id="runs", line=listed.line, steps=steps(listed)),))


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] in _NAMES


EXTRACTORS = (Extractor(name="action", version=1, claims=_claims, extract=reader(_read)),)
