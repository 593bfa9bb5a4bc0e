"""A run that only plans: what it says a run would cost, beside what the run then costs at the model server."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.conftest import Begin
from tests.contract.lifecycle import OPENAI, Round
from tests.contract.models import Action, Ask, Say, Tokens
from tests.contract.models.documenter import END, Documenter
from tests.integration.program import LIBRARY, commit

CLI = "src/shop/cli.py"
GIFT = {CLI: LIBRARY[CLI].replace("def sell(price: int)", "def sell(price: int, gift: bool = False)")}
PROSE = "Think of it as a shelf that somebody looks after, and that keeps what was put on it.\n\n"


def at_length(ask: Ask, task: str, action: Action) -> Action:
    """Pages as long as people want them."""
    if not isinstance(action, Say) or task not in ("page", "repair"):
        return action
    text = action.text.replace(END, f"## In other words\n\n{PROSE * 30}{END}")
    return replace(action, text=text, tokens=Tokens(input=len(ask.body) // 4, output=len(text) // 4))


def numbers(done: Round) -> dict[str, float]:
    """What a run has cost, or would cost."""
    names = ("ai_calls", "input_tokens", "output_tokens", "cost_usd")
    found = {name: done.report[name] for name in names}
    assert all(isinstance(value, int | float) for value in found.values())
    return found  # type: ignore[return-value]  # just seen


def files(folder: Path) -> Mapping[str, bytes]:
    """Everything below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("lies", "most"), [((), 15), (("The function `fly_away()` does it all.",), 10)])
def test_a_run_costs_no_more_than_was_estimated_and_not_much_less(
    begin: Begin, lies: tuple[str, ...], most: int
) -> None:
    """For a first run and for a change: calls, tokens and dollars stay below. A model that looks things up, writes pages of
    some length and has something to mend on each comes to a tenth of the estimate at least."""
    life = begin(Documenter(explores="read_file", lies=lies, change=at_length))
    for change in ({}, GIFT):
        if change:
            commit(life.folder, change, "Change")
        plan = numbers(life("--dry-run"))
        spent = numbers(life())
        assert spent["ai_calls"] > 1
        for name, value in spent.items():
            assert value <= plan[name], name
        assert plan["cost_usd"] <= most * (2 if change else 1) * spent["cost_usd"]
        assert plan["ai_calls"] <= 4 * spent["ai_calls"]


def test_planning_asks_nobody_writes_nothing_and_needs_no_key(begin: Begin) -> None:
    """No request, no state and no site; only the report and its `.gitignore`."""
    life = begin(Documenter())
    planned = life("--dry-run", ANTHROPIC_API_KEY="")
    assert planned.outcome.status == 0
    assert planned.asks == ()
    assert planned.report["dry_run"] is True
    assert numbers(planned)["cost_usd"] > 0
    assert not life.program.state.exists()
    assert set(files(life.folder / "_docsfy")) == {"report.json", ".gitignore"}


def test_planning_a_change_leaves_state_and_site_as_they_are(begin: Begin) -> None:
    """Also where the run would patch pages; and each of those has its own estimate, the kept ones have none."""
    life = begin(Documenter())
    assert life().outcome.status == 0
    commit(life.folder, GIFT, "Change")
    state, site = files(life.program.state), files(life.folder / "_docsfy/site")
    planned = life("--dry-run")
    assert planned.asks == ()
    assert (files(life.program.state), files(life.folder / "_docsfy/site")) == (state, site)
    pages = planned.report["pages"]
    assert isinstance(pages, list)
    paid = {page["slug"]: page["action"] for page in pages if page["ai_calls"]}
    assert set(paid.values()) == {"patch"}
    assert all(
        page["input_tokens"] and page["output_tokens"] and page["cost_usd"] for page in pages if page["ai_calls"]
    )


def test_a_plan_with_nothing_to_ask_costs_nothing(begin: Begin) -> None:
    """At the same commit, and after a change that no page speaks of."""
    life = begin(Documenter())
    assert life().outcome.status == 0
    assert numbers(life("--dry-run")) == {"ai_calls": 0, "input_tokens": 0, "output_tokens": 0, "cost_usd": 0}
    commit(life.folder, {"NOTES.txt": "Nothing that a page is about.\n"}, "Notes")
    assert numbers(life("--dry-run"))["ai_calls"] == 0


def test_a_plan_says_which_limit_may_end_the_run(begin: Begin) -> None:
    """So that nobody learns it from half a site; a price that nobody knows would end it before the first call."""
    life = begin(Documenter(), OPENAI)
    printed = life("--dry-run", "--max-ai-calls", "3", "--max-cost-usd", "0.01").printed
    assert "The estimate is above max-ai-calls (3)." in printed
    assert "The estimate is above max-cost-usd ($0.01)." in printed
    life.backend = replace(OPENAI, model="openai:nobody-knows-this-one")
    unpriced = life("--dry-run")
    assert unpriced.report["cost_usd"] is None
    assert "a run would stop before its first call" in unpriced.printed
    assert "a run would stop" not in life("--dry-run", "--max-cost-usd", "0").printed


def test_pages_that_are_asked_for_are_part_of_the_plan(begin: Begin) -> None:
    """A pinned page that only a model can write has its row and its price before the model was asked."""
    life = begin(Documenter())
    pinned = "pages:\n  pin:\n    - {slug: going-live, title: Going live, description: How to open the shop.}\n"
    commit(life.folder, {".docsfy.yml": pinned}, "Steering")
    planned = life("--dry-run")
    assert planned.page("going-live")["action"] == "write"
    assert planned.page("going-live")["ai_calls"] == 3
    assert "they need a model" not in planned.printed
