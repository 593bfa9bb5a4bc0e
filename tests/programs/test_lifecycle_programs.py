"""The life of a documentation with the vendors' programs: the real `claude` and `gemini`, and a stub that behaves as the
documentation of `cursor-agent` says."""

import itertools
import json
import shutil
import signal

import pytest

from tests.contract.conftest import Begin
from tests.contract.lifecycle import CLAUDE, CURSOR, FEW_PAGES, GEMINI, GIFT, Backend, Life, interrupted
from tests.contract.models import Action, Ask, Brain, CallTool, Fail, Hang, ModelServer, Say, Trouble, Truncate
from tests.contract.models.documenter import Documenter, page_of, task_of
from tests.integration.program import LIBRARY, commit
from tests.programs.test_hostile_repository import INSTRUCTION, TOKENS, plant

ALL = pytest.mark.parametrize("backend", [CLAUDE, GEMINI, CURSOR], ids=lambda backend: backend.provider)
PAGES = {"index", "about-pyproject"}


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
@pytest.mark.parametrize("trouble", [Trouble.KEY, Trouble.MODEL])
def test_a_bad_key_or_model_ends_the_run_at_once(begin: Begin, backend: Backend, trouble: Trouble) -> None:
    """Exit status 1, and what to do; nothing is fanned out."""
    life = begin(lambda _: Fail(trouble), backend)
    done = life()
    assert done.outcome.status == 1, done.printed
    assert done.report["status"] == "error"
    says = f"Check the secret behind {backend.variable}" if trouble is Trouble.KEY else "Set `model` to a name"
    assert says in done.printed
    assert {task_of(ask) for ask in done.asks} == {"preflight"}


@ALL
def test_a_busy_vendor_and_an_answer_that_is_cut(begin: Begin, backend: Backend) -> None:
    """429 at the first page is asked again; a page that never comes whole is the embedded writer's; the run is ready."""
    numbers = itertools.count()

    def change(ask: Ask) -> Action:
        if page_of(ask) == "index":
            return Truncate("# shop\n\nIt was a dark and")
        return Fail(Trouble.RATE_LIMIT, 0.05) if next(numbers) == 0 else Documenter(pages=1)(ask)

    life = few(begin, model(change), backend)
    done = life("--max-concurrent-pages", "1")
    assert done.outcome.status == 0, done.printed
    assert done.by(backend.label) == {"about-pyproject"}, done.printed
    assert done.page("index")["writer"] == "builtin"
    assert "dark and" not in life.page("index")


@ALL
def test_a_run_that_is_cancelled_while_a_call_hangs(begin: Begin, backend: Backend) -> None:
    """A call that hangs is given up at its deadline. SIGTERM in the middle of one ends the run in time: `aborted`, status
    130, no process left, and the next run asks for nothing that was finished."""
    life = few(begin, model(lambda ask: Hang() if page_of(ask) == "index" else Documenter(pages=1)(ask)), backend)

    def one_is_done(server: ModelServer) -> bool:
        return server.held == 1 and any(page_of(ask) == "about-pyproject" for ask in server.asks) and _saved(life)

    status, printed, left = interrupted(life, signal.SIGTERM, one_is_done, "--max-cost-usd", "0")
    assert status == 130, printed
    assert left == set()
    assert "Traceback" not in printed
    report = json.loads((life.folder / "_docsfy/report.json").read_text("utf-8"))
    assert report["status"] == "aborted"
    assert {page["slug"] for page in report["pages"] if page["action"] == "fail"} == {"index"}
    assert "finished pages are kept" in printed
    hung = life("--ai-timeout-minutes", "0.1")
    assert hung.outcome.status == 0, hung.printed
    assert hung.asked_for("page") == {"index"}
    assert "within 6 seconds" in str(hung.page("index")["reason"])
    life.server.brain = model()
    after = life()
    assert after.asked_for("page", "outline") == {"index"}
    assert after.by(backend.label) == PAGES


def _saved(life: Life) -> bool:
    return any(
        path.name.startswith("about-pyproject") for path in life.program.state.glob("*/*/variants/*/*/*/pages/*")
    )


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
