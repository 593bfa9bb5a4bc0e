"""The outline as a model proposes it: pages that explain, checked down to every value before anything is made of them."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsfy_action.outline.model import LANDING, RESERVED_SLUGS, SLUG, PageKind

MAX_PAGES = 40
MAX_SOURCES = 40
MAX_ANSWER = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPage:
    """A page that the model's outline asks for. `brief` says what the page is to explain, and to whom; `sources` are the
    files (folders end in `/`) of the commit that it is to be made from."""

    slug: str
    title: str
    description: str
    kind: PageKind
    section: str
    brief: str
    sources: tuple[str, ...]


class ProposedPage(BaseModel):
    """One page of a proposal as the model writes it."""

    model_config = ConfigDict(extra="ignore")

    slug: Annotated[
        str, Field(min_length=1, max_length=60, description="Lower-case words joined by dashes; the page's address.")
    ]
    title: Annotated[str, Field(min_length=1, max_length=80, description="Title as the navigation shows it.")]
    description: Annotated[
        str, Field(min_length=1, max_length=240, description="One sentence on what the reader finds on the page.")
    ]
    kind: Annotated[Literal["guide", "concept", "recipe"], Field(description="What a reader comes for.")]
    section: Annotated[str, Field(max_length=40, description="Group in the navigation, such as Guides or Concepts.")]
    brief: Annotated[
        str,
        Field(min_length=1, max_length=1500, description="What to explain, in which order, for which reader."),
    ]
    sources: Annotated[
        list[str],
        Field(min_length=1, max_length=MAX_SOURCES, description="Paths of the files to write from; folders end in /."),
    ]


class Proposal(BaseModel):
    """The guides, concepts and recipes that the documentation needs beside the pages it already has."""

    model_config = ConfigDict(extra="ignore")

    pages: Annotated[list[ProposedPage], Field(max_length=MAX_PAGES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a proposal may not collide with: slugs of pages that exist, patterns that `.docsfy.yml` forbids, and the
    paths of the commit; and the slugs that it must have."""

    slugs: Collection[str]
    forbids: Callable[[str], bool]
    paths: Collection[str]
    wanted: Collection[str] = ()

    def holds(self, source: str) -> bool:
        """Whether a file or a folder of the commit has this path."""
        if source in self.paths:
            return True
        folder = f"{source.rstrip('/')}/"
        return folder != "/" and any(path.startswith(folder) for path in self.paths)


def proposal_schema() -> str:
    """The JSON Schema that a provider with structured output is given."""
    return json.dumps(Proposal.model_json_schema(), sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadProposal:
    """An answer that is no outline; `problems` are sentences for the model that mends it, and for people."""

    problems: tuple[str, ...]


def read_proposal(text: str, taken: Taken, *, may_be_empty: bool = False) -> tuple[PlannedPage, ...] | BadProposal:
    """The pages of a proposal, or every problem it has; no pages at all are a problem unless they may. Never raises."""
    if len(text) > MAX_ANSWER:
        return BadProposal(problems=("The answer is far too long for an outline.",))
    try:
        proposal = Proposal.model_validate(json.loads(_json_part(text)))
    except ValidationError as error:
        return BadProposal(problems=tuple(_sentence(each["loc"], each["msg"]) for each in error.errors()[:20]))
    except (ValueError, RecursionError):
        return BadProposal(problems=('The answer is not a JSON object of the form {"pages": [...]}.',))
    problems = tuple(_problems(proposal, taken))
    if not proposal.pages and not may_be_empty:
        problems = (*problems, "The outline has no pages.")
    return BadProposal(problems=problems) if problems else tuple(_planned(page) for page in proposal.pages)


def _json_part(text: str) -> str:
    """The outermost object: programs without structured output put fences or words around it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _problems(proposal: Proposal, taken: Taken) -> list[str]:
    found: list[str] = []
    seen: set[str] = set()
    for page in proposal.pages:
        slug = page.slug
        if not SLUG.fullmatch(slug):
            found.append(f"`{slug}` is no slug: use lower-case letters, digits and single dashes.")
        elif slug in RESERVED_SLUGS or slug == LANDING or slug in taken.slugs:
            found.append(f"The slug `{slug}` is taken by a page that exists already; leave that page out or rename it.")
        elif slug in seen:
            found.append(f"The slug `{slug}` is used twice.")
        elif taken.forbids(slug):
            found.append(f"The owner of the repository does not want a page `{slug}`; leave it out.")
        seen.add(slug)
        unknown = [source for source in page.sources if not taken.holds(source)]
        if unknown:
            found.append(f"Page `{slug}`: the repository has no {', '.join(f'`{one}`' for one in unknown[:5])}.")
        if not all(text.isprintable() for text in (page.title, page.description, page.section)):
            found.append(f"Page `{slug}`: title, description and section are one line each.")
    missing = [slug for slug in taken.wanted if slug not in seen]
    return [*found, *(f"The project asks for a page `{slug}`; it is not there." for slug in missing)]


def _planned(page: ProposedPage) -> PlannedPage:
    return PlannedPage(
        slug=page.slug,
        title=page.title.strip(),
        description=page.description.strip(),
        kind=PageKind(page.kind),
        section=page.section.strip(),
        brief=page.brief.strip(),
        sources=tuple(dict.fromkeys(page.sources)),
    )


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part) for part in place)
    return f"{where}: {message}." if where else f"{message}."
