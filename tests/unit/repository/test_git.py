"""What can be said of git commands without running one."""

import sys

import pytest

from docsfy_action.errors import SourceError
from docsfy_action.repository.git import Credentials, GitCommands, authorization


def test_without_gitpython_or_git_there_is_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitPython refuses to be imported where git is missing; the user is told to install it."""
    monkeypatch.setitem(sys.modules, "git.cmd", None)
    with pytest.raises(SourceError, match="Git cannot be run") as failure:
        GitCommands(tmp_path_factory.mktemp("repo"))
    assert "Install git" in failure.value.hint


def test_credentials_are_settings_for_one_server_and_never_shown() -> None:
    """The first, empty value takes back what the user's own configuration says for the same address."""
    assert authorization("https://h.org/", "bob", "secret") == (
        ("http.https://h.org/.extraHeader", ""),
        ("http.https://h.org/.extraHeader", "AUTHORIZATION: basic Ym9iOnNlY3JldA=="),
    )
    assert "secret" not in repr(Credentials(server="https://h.org", token="secret"))
