"""From specification to text: what each page is made from, decided for all pages, and the writing of one."""

from collections.abc import Mapping
from dataclasses import dataclass

from docsfy_action.outline.model import PageSpec
from docsfy_action.plan.provenance import Provenance, provenance
from docsfy_action.verify.markdown import escape, normalise
from docsfy_action.writers.builtin.api import ApiInput, api_anchors
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.registry import WRITERS


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInput:
    """Everything that goes into one page; its provenance decides whether the stored page is stale."""

    spec: PageSpec
    value: object
    provenance: Provenance


def select_inputs(context: Context) -> Mapping[str, PageInput]:
    """The input of every page of the outline that the embedded writer can make, by slug."""
    inputs = {}
    for spec in context.outline.pages():
        if spec.writer not in WRITERS:
            continue
        value = WRITERS[spec.writer].select(spec, context)
        inputs[spec.slug] = PageInput(spec=spec, value=value, provenance=provenance((spec, value)))
    return inputs


def write_page(page: PageInput) -> str:
    """The page's Markdown in the page format; it depends on nothing but the input."""
    text = normalise(WRITERS[page.spec.writer].write(page.value))
    heading = escape(page.spec.heading)
    _, _, body = text.partition("\n")
    return f"# {heading}\n{body}" if heading else text


def documented_symbols(inputs: Mapping[str, PageInput]) -> Mapping[tuple[str, str], tuple[str, str]]:
    """(path, qualified name) → (slug, anchor) of every definition that the site documents."""
    return api_anchors({slug: page.value for slug, page in inputs.items() if isinstance(page.value, ApiInput)})
