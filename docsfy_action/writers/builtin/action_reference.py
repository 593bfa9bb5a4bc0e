"""The reference of a GitHub action: its inputs and outputs as `action.yml` declares them."""

from dataclasses import dataclass

from docsfy_action.facts.model import ActionInput, Manifest
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    code,
    count,
    document,
    fact_link,
    file_link,
    heading,
    listing,
    plain,
    quotation,
    quoted,
    table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReferenceInput:
    """Actions of the repository with their inputs and outputs."""

    actions: tuple[Located[Manifest], ...]
    inputs: tuple[Located[ActionInput], ...]


def select(spec: PageSpec, context: Context) -> ActionReferenceInput:
    """All actions that the repository defines."""
    return ActionReferenceInput(
        actions=tuple(m for m in context.code.manifests if m.item.ecosystem == "github-action"),
        inputs=context.code.action_inputs,
    )


def write(page: ActionReferenceInput) -> str:
    """The page's Markdown."""
    blocks = [heading(1, "Action inputs and outputs")]
    single = len(page.actions) == 1
    for action in page.actions:
        own = [item for item in page.inputs if item.path == action.path]
        inputs = [item for item in own if not item.item.output]
        outputs = [item for item in own if item.item.output]
        if not single:
            blocks.append(heading(2, action.path))
        parts = [count(len(inputs), "input"), count(len(outputs), "output")]
        blocks.append(f"{file_link(action.path)} declares {listing(parts)}.")
        if action.item.description:
            blocks.append(quotation(plain(action.item.description)))
        level = 2 if single else 3
        if inputs:
            rows = [
                (
                    fact_link(i.path, i.item),
                    code(i.item.default) or ("required" if i.item.required else ""),
                    quoted(plain(i.item.description)),
                )
                for i in inputs
            ]
            blocks += [
                heading(level, "Inputs" if single else f"Inputs of {action.path}"),
                table(("Input", "Default", "Description"), rows),
            ]
        if outputs:
            rows = [(fact_link(o.path, o.item), "", quoted(plain(o.item.description))) for o in outputs]
            blocks += [
                heading(level, "Outputs" if single else f"Outputs of {action.path}"),
                table(("Output", "", "Description"), rows),
            ]
    return document(blocks)
