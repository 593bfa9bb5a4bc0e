"""What tests of whole runs have in common."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.lifecycle import ANTHROPIC, Backend, Life, places_with
from tests.contract.models import Brain, ModelServer
from tests.integration.program import Program, library

Begin = Callable[..., Life]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Begin]:
    """Begins to document the sample library with a model. Whatever the test does, in the end the key stands nowhere: not in
    what was printed, the state, the report or the site, and not in what the model was told."""
    lives: list[Life] = []
    with ExitStack() as stack:

        def made(brain: Brain, backend: Backend = ANTHROPIC) -> Life:
            server = stack.enter_context(ModelServer(brain))
            program = Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)
            lives.append(Life(program=program, server=server, backend=backend))
            return lives[-1]

        yield made
    for life in lives:
        key = life.backend.key
        assert {ask.key for ask in life.server.asks} <= {key}
        assert [ask.number for ask in life.server.asks if key in ask.body] == []
        assert [said for said in life.said if key in said] == []
        assert places_with(tmp_path, key) == []
