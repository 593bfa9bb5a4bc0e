"""Keys of the Actions cache, and what a restored state is worth."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.github.environment import ActionsRuntime, RunnerEnvironment
from docsfy_action.lifecycle import Stage, Status
from docsfy_action.stages.caching import Scope, Ticket, distrusted, prefix_of, read_ticket, scope_of
from docsfy_action.state.actions_cache import MAX_KEY
from docsfy_action.state.model import Manifest, PageRecord
from docsfy_action.state.store import Loaded, Previous
from docsfy_action.state.variant import Variant

VARIANT = Variant(owner="o", project="p", branch="main", provider="claude", model="claude-opus-4-6[1m]")
ENVIRONMENT = RunnerEnvironment(workspace=Path("/w"), state_dir=Path("/s"))
SCOPES = st.builds(Scope, kind=st.sampled_from(["branch", "tag", "pull"]), name=st.text(max_size=300))
VARIANTS = st.builds(Variant, owner=st.text(), project=st.text(), branch=st.text(), provider=st.text(), model=st.text())


@given(VARIANTS, SCOPES, VARIANTS, SCOPES)
def test_no_key_is_taken_for_another(one: Variant, of: Scope, other: Variant, others: Scope) -> None:
    """The beginning of a key belongs to one variant and scope; it is one that the service takes, with room for the rest."""
    mine, theirs = prefix_of(one, of), prefix_of(other, others)
    same = replace(one, branch="") == replace(other, branch="") and of == others
    assert (mine.startswith(theirs) or theirs.startswith(mine)) is same
    assert len(mine) + 200 < MAX_KEY
    assert "," not in mine
    assert mine.isascii()


def test_keys_can_be_read() -> None:
    """People look at them on the repository's page of caches."""
    prefix = prefix_of(VARIANT, Scope(kind="branch", name="feature/Ü"))
    assert prefix.startswith("docsfy-1-p-claude-")
    assert "-branch-feature_-" in prefix


def test_a_pull_request_goes_by_its_number() -> None:
    """Not by its branch, which may be called as anything."""
    assert scope_of(ENVIRONMENT, "main", 7) == Scope(kind="pull", name="7")
    assert scope_of(ENVIRONMENT, "main", None) == Scope(kind="branch", name="main")
    assert scope_of(replace(ENVIRONMENT, ref_type="tag"), "v1", None) == Scope(kind="tag", name="v1")


def test_the_service_is_there_where_the_runner_says_so() -> None:
    """Address and token, not on an Enterprise Server, and as the mode allows."""

    def offered(server: str = "https://github.com", **runtime: str) -> tuple[bool, bool, bool]:
        told = {"results_url": "https://results", "token": "t", **runtime}
        found = replace(ENVIRONMENT, server_url=server, runtime=ActionsRuntime(**told))
        return found.has_cache_service, found.reads_cache, found.saves_cache

    assert offered() == (True, True, True)
    assert offered("https://corp.ghe.com") == (True, True, True)
    assert not offered("https://github.corp.example")[0]
    assert not offered(token="")[0]
    assert not offered(results_url="")[0]
    assert offered(cache_mode="none") == (False, False, False)
    assert offered(cache_mode="read") == (True, True, False)
    assert offered(cache_mode="write-only") == (True, False, True)
    assert offered(cache_mode="write") == (True, True, True)


def test_what_was_verified_elsewhere_is_verified_anew() -> None:
    """No page of a restored state counts as verified; everything else about it stays."""
    page = PageRecord(
        slug="a", title="A", identity="i", section="s", kind="k", writer="w", input_digest="d",
        content_digest="", verified_digest="x", references_checked=3,
    )  # fmt: skip
    manifest = Manifest(
        program="1", commit="1" * 40, status=Status.READY, stage=Stage.RENDERING, settings_digest="s", pages=(page,)
    )
    loaded = Loaded(previous=Previous(manifest=manifest, branch="main", lost=frozenset("a")), finished=(page,))
    found = distrusted(loaded)
    bare = page.model_copy(update={"verified_digest": ""})
    assert found.finished == (bare,)
    assert found.previous is not None
    assert found.previous.manifest.pages == (bare,)
    assert found.previous.lost == frozenset("a")
    assert found.foreign
    assert distrusted(Loaded()) == Loaded(foreign=True)


@given(st.text())
def test_a_ticket_is_read_or_is_none(text: str) -> None:
    """Whatever stands in the environment."""
    assert read_ticket(text) is None


def test_a_ticket_survives_the_way() -> None:
    """From the run to the post step, as one text."""
    ticket = Ticket(root="/s", folder="/s/f", project="/s/p", branch="b\n", before="", prefix="p-", suffix="c-1-1")
    assert read_ticket(ticket.model_dump_json()) == ticket
