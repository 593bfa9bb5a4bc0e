"""What tests of whole runs have in common."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partialmethod
from pathlib import Path
from typing import Protocol

import jinja2
import pytest

from docsfy_action.providers.client import Patience
from docsfy_action.site import theme
from tests.contract.lifecycle import ANTHROPIC, Backend, Life, places_with
from tests.contract.models import Brain, ModelServer
from tests.contract.models.documenter import Documenter
from tests.integration.program import Program, library


class Begin(Protocol):
    """Begins to document the sample library; where `documented`, a run with the model that documents has been before."""

    def __call__(self, brain: Brain, backend: Backend = ANTHROPIC, *, documented: bool = False) -> Life:
        """The life of its site from here on."""


class _Compiled(jinja2.BytecodeCache):
    """Templates that were compiled by an earlier run in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses before further attempts take no time; how long they are has its own tests."""
    quick = Patience(jitter=lambda: 0.0, attempts=3, first=0.01)
    monkeypatch.setattr("docsfy_action.stages.author.Patience", lambda jitter: replace(quick))


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the outcome of a first run is kept for other tests; the first that needs it makes it."""
    return tmp_path_factory.mktemp("first") / "run"


@pytest.fixture
def begin(
    tmp_path: Path, first_run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Begin]:
    """Begins to document the sample library with a model. Whatever the test does, in the end the key stands nowhere: not in
    what was printed, the state, the report or the site, and not in what the model was told."""
    monkeypatch.setattr(
        theme.SiteEnvironment, "__init__", partialmethod(jinja2.Environment.__init__, bytecode_cache=_COMPILED)
    )
    lives: list[Life] = []
    place = tmp_path / "life"
    with ExitStack() as stack:

        def made(brain: Brain, backend: Backend = ANTHROPIC, *, documented: bool = False) -> Life:
            server = stack.enter_context(ModelServer(Documenter()))
            copied = documented and first_run.exists()
            folder = Path(shutil.copytree(first_run, place)) / "shop" if copied else library(place / "shop")
            program = Program(folder, place / "state", monkeypatch, capsys)
            life = Life(program=program, server=server, backend=backend)
            if documented and not copied:
                done = life()
                assert done.outcome.status == 0, done.printed
                shutil.copytree(place, first_run)
                server.asks.clear()
            server.brain = brain
            lives.append(life)
            return life

        yield made
    for life in lives:
        key = life.backend.key
        assert {ask.key for ask in life.server.asks} <= {key}
        assert [ask.number for ask in life.server.asks if key in ask.body] == []
        # What the runner is told to mask, it does not show.
        lines = [line for said in life.said for line in said.splitlines() if not line.startswith("::add-mask::")]
        assert [line for line in lines if key in line] == []
        assert places_with(place, key) == []
