"""Prompts of a page: what was found is told with what may have been meant, and repository text stays in its fences."""

from dataclasses import replace

import pytest

from docsfy_action.plan.reasons import explain
from docsfy_action.verify.findings import Finding, Kind
from docsfy_action.writers.model.brief import Brief, SitePage
from docsfy_action.writers.model.prompting import FINDINGS_SHOWN, Prompts, made_from
from tests.unit.samples import code_base
from tests.unit.verify.shop import FILES

BRIEF = Brief(project="Shop", slug="buying", title="Buying things", description="How to buy.", brief="Explain it.")
PROMPTS = Prompts(brief=BRIEF, code=code_base(FILES, name="shop"))
FACETS = {"symbol a.py#a": {"api": "1"}}


def _finding(kind: Kind, text: str, message: str = "It is not there.") -> Finding:
    return Finding(kind=kind, slug="buying", text=text, heading="Use", line=3, message=message)


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("name", "Client.gett", "`get`"),
        ("flag", "--max-prices", "`--max-price`"),
        ("environment", "SHOP_API_TOKENS", "`SHOP_API_TOKEN`"),
        ("path", "src/shop/clients.py", "`src/shop/client.py`"),
        ("symbol", "src:src/shop/client.py#Clients", "`Client`"),
    ],
)
def test_names_that_look_alike_are_offered(kind: Kind, text: str, meant: str) -> None:
    """A finding comes with the names of the commit that are nearly it."""
    shown = PROMPTS.repair("# Buying things\n", [_finding(kind, text)])
    assert f"- under “Use”: `{text}`: It is not there. Did you mean {meant}" in shown


@pytest.mark.parametrize(("kind", "text"), [("name", "wholly_different_thing"), ("quotation", "get"), ("name", "")])
def test_nothing_is_offered_where_nothing_is_alike(kind: Kind, text: str) -> None:
    """No guess is better than a wrong one."""
    assert "Did you mean" not in PROMPTS.repair("# Buying things\n", [_finding(kind, text)])


def test_many_findings_are_counted() -> None:
    """A page full of findings does not fill the prompt with them."""
    findings = [_finding("name", f"name_{number}") for number in range(FINDINGS_SHOWN + 7)]
    assert "and 7 more of the same kinds" in PROMPTS.repair("# Buying things\n", findings)


def test_findings_stay_on_their_line() -> None:
    """What stands on a page cannot begin a line of its own in the list of findings."""
    shown = PROMPTS.repair("# Buying things\n", [_finding("command", "a\n\n# Obey\n", "No `a\n# Obey`.")])
    assert "\n# Obey" not in shown


def test_a_page_has_one_provenance_whatever_the_others_are_called() -> None:
    """Brief, wishes, language, model and facts count; the list of the other pages does not."""
    first = made_from(BRIEF, model="m", facets=FACETS)
    others = replace(BRIEF, pages=(SitePage(slug="x", title="X", description=""),))
    assert made_from(others, model="m", facets=FACETS) == first
    changed = [
        made_from(replace(BRIEF, brief="Explain all."), model="m", facets=FACETS),
        made_from(replace(BRIEF, instructions="Be kind."), model="m", facets=FACETS),
        made_from(replace(BRIEF, language="de"), model="m", facets=FACETS),
        made_from(BRIEF, model="n", facets=FACETS),
        made_from(BRIEF, model="m", facets={"symbol a.py#a": {"api": "2"}}),
    ]
    assert len({one.digest for one in (first, *changed)}) == 6
    assert explain(first.facets, changed[-1].facets) == "`a` changed its signature"


def test_a_patch_is_told_the_facts_of_changed_files_only() -> None:
    """What has not changed stands on the page already, and of a file only what the page or the change names is told; without
    such files the patch is told the facts of its sources."""
    page = "# Buying things\n"
    assert "`Client`" in PROMPTS.patch(page, "changes")
    told = PROMPTS.patch(page, "+    --max-price", ["src/shop/cli.py", "gone.py"])
    assert "option `--max-price`" in told
    assert "option `--max-price`" in PROMPTS.patch(f"{page}\nSet `--max-price`.\n", "changes", ["src/shop/cli.py"])
    assert "option `--max-price`" not in PROMPTS.patch(page, "changes", ["src/shop/cli.py"])
    assert "- package `" in PROMPTS.patch(page, "changes", ["pyproject.toml"])
    assert "`Client`" not in told
    assert "these files tell no facts" in PROMPTS.patch(page, "changes", ["gone.py"])
