"""Outlines that last from run to run."""

from docsfy_action.outline.amend import coverage, is_by_model, join
from docsfy_action.outline.build import build_outline
from docsfy_action.outline.model import PageKind
from docsfy_action.outline.proposal import PlannedPage
from tests.unit.samples import code_base

TEXTS = {
    "pyproject.toml": '[project]\nname = "t"\n\n[project.scripts]\nt = "pkg.core:main"\n',
    "pkg/__init__.py": "",
    "pkg/core.py": "def main():\n    'Runs.'\n",
    "pkg/web/__init__.py": "",
    "pkg/web/server.py": "def serve():\n    'Serves.'\n",
}


def planned(slug: str = "serving", *, section: str = "Guides", sources: tuple[str, ...] = ("pkg/web/",)) -> PlannedPage:
    """A planned page."""
    return PlannedPage(
        slug=slug,
        title=slug.title(),
        description="D.",
        kind=PageKind.GUIDE,
        section=section,
        brief="B",
        sources=sources,
    )


def test_a_planned_page_stays_while_anything_of_it_is_there() -> None:
    """One source of several is enough; a page without any is gone."""
    half = planned("half", sources=("pkg/core.py", "pkg/gone.py"))
    gone = planned("gone", sources=("pkg/gone.py", "old/"))
    seen = coverage([half, gone], code_base(TEXTS), before=frozenset(TEXTS))
    assert seen.planned == (half,)
    assert seen.gone == (gone,)
    assert seen.uncovered == ()


def test_new_code_in_a_new_place_is_uncovered() -> None:
    """A new folder that no page speaks of is noticed; new files beside known ones, or below a covered folder, are not."""
    texts = {
        **TEXTS,
        "jobs/queue.py": "def run():\n    pass\n",
        "pkg/extra.py": "",
        "pkg/web/ws.py": "",
        "docs/x.md": "# X\n",
    }
    seen = coverage([planned()], code_base(texts), before=frozenset(TEXTS))
    assert seen.uncovered == ("jobs/queue.py",)
    assert coverage([planned(sources=("jobs/",))], code_base(texts), before=frozenset(TEXTS)).uncovered == ()


def test_planned_pages_join_the_section_of_their_name() -> None:
    """A page goes to the section called so, a new section comes behind the guides, and no page into the reference."""
    outline = build_outline(code_base(TEXTS), title="T", history=True)
    pages = [
        planned("a", section="guides"),
        planned("b", section="Concepts"),
        planned("c", section="API reference"),
        planned("d", section=""),
    ]
    joined = join(outline, pages)
    sections = {section.title: [page.slug for page in section.pages] for section in joined.sections}
    assert sections["Guides"][-3:] == ["a", "c", "d"]
    assert list(sections)[:3] == ["", "Guides", "Concepts"]
    assert sections["Concepts"] == ["b"]
    assert [page.slug for page in joined.pages() if page.slug not in {"a", "b", "c", "d"}] == [
        p.slug for p in outline.pages()
    ]


def test_a_planned_page_gives_way_to_a_page_of_the_facts() -> None:
    """A slug that the facts have come to use is not taken away from them."""
    outline = build_outline(code_base(TEXTS), title="T", history=True)
    joined = join(outline, [planned("getting-started")])
    assert [page.identity for page in joined.pages() if page.slug == "getting-started"] == ["getting-started"]


def test_an_outline_without_guides_takes_planned_pages_behind_the_landing_page() -> None:
    """Where the facts give no guide, the guides come right after the landing page."""
    outline = build_outline(code_base({"a/x.py": "def f():\n    'F.'\n"}), title="T", history=True)
    joined = join(outline, [planned()])
    assert [section.title for section in joined.sections][:2] == ["", "Guides"]


def test_what_explains_is_the_models() -> None:
    """Guides are the model's to write, lists of facts are not."""
    outline = build_outline(code_base(TEXTS), title="T", history=True)
    by_model = {page.slug for page in join(outline, [planned()]).pages() if is_by_model(page)}
    assert {"index", "getting-started", "serving"} <= by_model
    assert not {"command-line", "development", "recent-changes"} & by_model
