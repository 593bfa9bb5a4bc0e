"""What a run with a model tells of itself: in the report, and at the foot of each page."""

import re

import pytest

from tests.contract.conftest import Begin
from tests.contract.lifecycle import ANTHROPIC, Life
from tests.contract.models import Action, Ask, Refuse
from tests.contract.models.documenter import Documenter, page_of

REFUSED = "about-src-shop-money"


def refusing(ask: Ask, task: str, action: Action) -> Action:
    """Does not write one page."""
    return Refuse() if task == "page" and page_of(ask) == REFUSED else action


def foot(life: Life, slug: str) -> str:
    """The words at the foot of a page of the site."""
    html = (life.folder / f"_docsfy/site/{slug}.html").read_text("utf-8")
    start = html.index('<div class="md-copyright">')
    return " ".join(re.sub(r"<[^>]*>", "", html[start : html.index("</div>", start)]).split())


def test_each_page_has_its_price_and_all_of_them_the_total(begin: Begin) -> None:
    """Calls, tokens and dollars of the pages and of the calls for no page make the total; the embedded writer's are free."""
    life = begin(Documenter(lies=("The function `fly_away()` does it all.",)))
    done = life()
    pages = done.report["pages"]
    assert isinstance(pages, list)
    by_model = [page for page in pages if page["writer"] == ANTHROPIC.label]
    assert all(page["ai_calls"] and page["cost_usd"] > 0 and page["repaired"] == 1 for page in by_model)
    assert all(page["ai_calls"] == 0 and page["cost_usd"] == 0 for page in pages if page["writer"] == "builtin")
    others = done.report["ai_calls"] - sum(page["ai_calls"] for page in pages)
    assert others == 2, "the outline, and the call that asks whether the model is there"
    cost = sum(page["cost_usd"] for page in pages)
    assert cost < done.report["cost_usd"] < 1.5 * cost
    assert "claims put right by the model" in done.printed


def test_a_page_that_nobody_wrote_is_told_with_the_reason(begin: Begin) -> None:
    """It is left out and owed: it names nothing that is wrong, so verification has no word in it."""
    life = begin(Documenter(change=refusing))
    row = life().page(REFUSED)
    assert (row["action"], row["writer"], row["deferred"]) == ("fail", "", True)
    assert str(row["reason"]).startswith("left out: ")
    assert row["findings"] == []
    assert not (life.folder / f"_docsfy/site/{REFUSED}.html").exists()


@pytest.mark.parametrize(("verify", "says"), [("strict", "and checked against"), ("warn", "from")])
def test_the_foot_of_each_page_says_who_wrote_it(begin: Begin, verify: str, says: str) -> None:
    """The model by its name, and whether what does not hold was cut out; of the embedded writer's pages what was always said."""
    life = begin(Documenter())
    assert life("--verify", verify).outcome.status == 0
    assert f"Written by api (anthropic:claude-sonnet-5-5) {says} " in foot(life, "index")
    assert foot(life, "configuration").startswith("Generated from ")
