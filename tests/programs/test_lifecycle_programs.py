"""The life of a documentation with the vendors' programs: the real `claude` and `gemini`, and a stub that behaves as the
documentation of `cursor-agent` says."""

import shutil
import signal

import pytest

from tests.contract import bad_days
from tests.contract.conftest import Begin
from tests.contract.lifecycle import CLAUDE, CURSOR, FEW_PAGES, GEMINI, GIFT, Backend, Life
from tests.contract.models import Action, Ask, Brain, CallTool, Fail, ModelServer, Say, Trouble
from tests.contract.models.documenter import Documenter
from tests.integration.program import LIBRARY, commit
from tests.programs.test_hostile_repository import INSTRUCTION, TOKENS, plant

ALL = pytest.mark.parametrize("backend", [CLAUDE, GEMINI, CURSOR], ids=lambda backend: backend.provider)
PAGES = {"index", "about-pyproject"}
# Minutes for one call: a program has to start within them, which on a busy machine takes gemini ten seconds.
PATIENCE = {"claude": "0.2", "gemini": "0.4", "cursor": "0.1"}
# Enough for some of six pages.
LIMITS = {
    "claude": ("--max-cost-usd", "1.5"),
    "gemini": ("--max-cost-usd", "1.2"),
    "cursor": ("--max-ai-calls", "4"),
}


def few(begin: Begin, brain: Brain, backend: Backend) -> Life:
    """A site with two pages of the model."""
    life = begin(brain, backend)
    commit(life.folder, FEW_PAGES, "Few pages")
    return life


def model(change: Brain | None = None, **about: str) -> Documenter:
    """The model that documents, with one planned page; `change` may answer in its place, but not to the preflight."""

    def changed(ask: Ask, task: str, usual: Action) -> Action:
        return change(ask) if change is not None and task == "page" else usual

    return Documenter(pages=1, change=changed, **about)  # type: ignore[arg-type] # the texts among its fields


@ALL
def test_pages_are_planned_written_kept_and_patched(begin: Begin, backend: Backend) -> None:
    """Full run, a second one that asks nothing, and a commit whose pages are patched after one question."""
    tool = "" if backend is CURSOR else backend.tool
    life = few(begin, model(explores=tool, argument=backend.argument), backend)
    first = life()
    assert first.outcome.status == 0, first.printed
    assert first.by(backend.label) == PAGES, first.printed
    assert first.tasks == ["outline", "page", "page", "preflight"]
    assert first.report["ai_calls"] == 4
    assert first.report["unresolved_references"] == 0
    assert (first.report["cost_usd"] is not None) == (backend is not CURSOR)
    assert "This page tells what these parts do" in life.page("index")
    second = life()
    assert (second.outcome.status, second.asks) == (0, ())
    assert second.report["stage"] == "up_to_date"
    commit(life.folder, GIFT, "Gifts")
    third = life()
    assert third.outcome.status == 0, third.printed
    assert third.tasks == ["patch", "preflight", "triage"]
    assert set(third.outcome.pages("patch")) == {"index"}
    assert "gift: bool = False" in life.page("index")
    assert first.printed.count(" from ") >= 1


@ALL
@pytest.mark.parametrize("trouble", [Trouble.KEY, Trouble.MODEL, Trouble.QUOTA])
def test_who_is_turned_away_asks_once(begin: Begin, backend: Backend, trouble: Trouble) -> None:
    """A bad key, an unknown model, a used-up quota."""
    bad_days.be_turned_away(begin(Documenter(), backend), trouble)


@ALL
@pytest.mark.usefixtures("impatient")
def test_a_day_on_which_everything_goes_wrong(begin: Begin, backend: Backend) -> None:
    """429 with Retry-After, 529, and answers that are cut, refused, empty or never come, all in one run."""
    bad_days.survive_everything(begin(bad_days.everything(), backend), minutes=PATIENCE[backend.provider])


@ALL
def test_the_budget_ends_the_calls_and_not_the_run(begin: Begin, backend: Backend) -> None:
    """In dollars, or in calls where nobody knows the price; the next run goes on where this one stopped."""
    bad_days.stop_at_the_budget(begin(Documenter(), backend), *LIMITS[backend.provider])


@ALL
def test_a_run_that_is_cancelled_in_mid_page(begin: Begin, backend: Backend) -> None:
    """No process is left, and nothing that was finished is asked for again."""
    bad_days.be_cancelled_in_mid_page(begin(Documenter(), backend), signal.SIGTERM, "--max-cost-usd", "0")


@pytest.mark.parametrize("backend", [CLAUDE, GEMINI], ids=lambda backend: backend.provider)
def test_a_hostile_repository_gets_nothing(begin: Begin, backend: Backend) -> None:
    """Planted settings, hooks, servers, `.env` files, links and instructions, and a model that tries to read what it should
    not: nothing is executed, nothing goes elsewhere, no key or token is handed out, and the site is made."""
    wanted = (".env", ".git/config", "out/passwd", "/etc/passwd", "/proc/self/environ", ".claude/settings.json")

    def change(ask: Ask) -> Action:
        done = len(ask.tool_results)
        if ask.offers(backend.tool) and done < len(wanted):
            return CallTool(backend.tool, {backend.argument: wanted[done]})
        return Documenter(pages=1)(ask)

    life = few(begin, model(change), backend)
    canaries, planted = life.folder.parent / "canaries", life.folder.parent / "planted"
    canaries.mkdir()
    planted.mkdir()
    with ModelServer(lambda _: Say("The page.")) as elsewhere:
        plant(planted, canaries, elsewhere.url)
        shutil.copytree(planted, life.folder, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        commit(life.folder, {"README.md": LIBRARY["README.md"] + f"\n{INSTRUCTION}\n"}, "Innocent")
        with (life.folder / ".git/config").open("a", encoding="utf-8") as config:
            config.write((planted / ".git/config").read_text("utf-8"))
        shutil.copy(planted / ".git/hooks/post-checkout", life.folder / ".git/hooks/post-checkout")
        (life.folder / ".git/hooks/post-checkout").chmod(0o755)
        done = life(**TOKENS)
        assert (elsewhere.asks, elsewhere.strays) == ([], [])
    assert done.outcome.status == 0, done.printed
    assert sorted(path.name for path in canaries.iterdir()) == []
    told = "\n".join(ask.body for ask in done.asks)
    for secret in (*TOKENS.values(), "SECRET-OF-GIT", "SECRET-OF-DOTENV", "root:x:0:0"):
        assert secret not in told
        assert secret not in done.printed
    assert all(INSTRUCTION not in ask.system for ask in done.asks)
    assert life.server.strays == []
    assert "index.html" in life.program.site()


def test_where_the_program_cannot_be_had_its_vendor_s_api_takes_over(begin: Begin) -> None:
    """No registry answers: the same model writes in process, and the run says why and what would help."""
    life = few(begin, model(), CLAUDE)
    (life.program.state / "programs").mkdir(parents=True)
    done = life(npm_config_registry="http://127.0.0.1:9/", npm_config_fetch_retries="0")
    assert done.outcome.status == 0, done.printed
    assert "The API of the same vendor takes over, as `anthropic:claude-opus-4-6`" in done.printed
    assert done.by("api anthropic:claude-opus-4-6") == PAGES
    assert life().asks == ()


@pytest.mark.parametrize("backend", [CLAUDE, CURSOR], ids=lambda backend: backend.provider)
def test_auto_takes_the_provider_whose_key_is_there(begin: Begin, backend: Backend) -> None:
    """Told by what is said when that key is not good."""
    life = begin(lambda _: Fail(Trouble.KEY), backend)
    done = life("--provider", "auto")
    assert done.outcome.status == 1, done.printed
    assert f"The key for provider '{backend.provider}' is not accepted" in done.printed
