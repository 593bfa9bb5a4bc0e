"""What a run must survive, with the other vendors' clients; with Anthropic's, each of these has tests of its own."""

import signal

import pytest

from tests.contract import bad_days
from tests.contract.conftest import Begin
from tests.contract.lifecycle import GOOGLE, OPENAI, OPENAI_CHAT, Backend
from tests.contract.models import Trouble
from tests.contract.models.documenter import Documenter

ALL = pytest.mark.parametrize("backend", [OPENAI, OPENAI_CHAT, GOOGLE], ids=lambda backend: backend.model)
# The two protocols of OpenAI's have one client.
BOTH = pytest.mark.parametrize("backend", [OPENAI, GOOGLE], ids=lambda backend: backend.model)


@ALL
@pytest.mark.usefixtures("impatient")
def test_a_day_on_which_everything_goes_wrong(begin: Begin, backend: Backend) -> None:
    """429 with Retry-After, 529, and answers that are cut, refused, empty or never come, all in one run."""
    bad_days.survive_everything(begin(bad_days.everything(), backend), minutes="0.05")


@BOTH
def test_the_budget_ends_the_calls_and_not_the_run(begin: Begin, backend: Backend) -> None:
    """In dollars; the next run goes on where this one stopped."""
    bad_days.stop_at_the_budget(begin(Documenter(), backend), "--max-cost-usd", "0.6")


@BOTH
@pytest.mark.parametrize("trouble", [Trouble.KEY, Trouble.MODEL, Trouble.QUOTA])
def test_who_is_turned_away_asks_once(begin: Begin, backend: Backend, trouble: Trouble) -> None:
    """A bad key, an unknown model, a used-up quota."""
    bad_days.be_turned_away(begin(Documenter(), backend), trouble)


@BOTH
def test_a_run_that_is_cancelled_in_mid_page(begin: Begin, backend: Backend) -> None:
    """Nothing that was finished is asked for again."""
    bad_days.be_cancelled_in_mid_page(begin(Documenter(), backend), signal.SIGTERM)
