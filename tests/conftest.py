"""Rules that hold for all tests: unit tests reach neither the network nor other programs."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

UNIT_TESTS = Path(__file__).parent / "unit"

# A busy machine is no failure; and what lands must not depend on luck, while at a desk every run looks somewhere new.
settings.register_profile("docsfy", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("docsfy")

_FORBIDDEN_EVENTS = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "pty.spawn",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "subprocess.Popen",
    }
)
_unit_test: list[str] = []


def _watch(event: str, _args: tuple[object, ...]) -> None:
    if _unit_test and event in _FORBIDDEN_EVENTS:
        # pytest's own outcome is no Exception, so the code under test cannot swallow it
        pytest.fail(f"a unit test may not do this: {event} (in {_unit_test[-1]}); see tests/README.md")


sys.addaudithook(_watch)  # unlike a patched module, this cannot be gone round by another way to the same call


@pytest.fixture(autouse=True)
def _no_sockets_or_processes_in_unit_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    if UNIT_TESTS not in request.path.parents:
        yield
        return
    _unit_test.append(request.node.nodeid)
    yield
    _unit_test.pop()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the one command that renews expected files: `make goldens`."""
    parser.addoption("--update-goldens", action="store_true", help="write expected files anew instead of comparing")


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether a golden test should write its expected files instead of comparing with them."""
    return bool(request.config.getoption("--update-goldens"))
