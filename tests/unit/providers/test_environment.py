"""What a vendor's program and an installer see of the machine."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers.environment import Access, Host, installer_environment, program_environment, scrubbed
from tests.unit.samples import STEADY

SECRETS = {
    "GITHUB_TOKEN": "ghs_1",
    "ACTIONS_RUNTIME_TOKEN": "rt_2",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://oidc.example/3",
    "INPUT_GITHUB-TOKEN": "ghs_4",
    "OPENAI_API_KEY": "sk-5",
    "GEMINI_API_KEY": "AIza6",
    "CLAUDE_CODE_OAUTH_TOKEN": "oauth_7",
    "AWS_SECRET_ACCESS_KEY": "aws_8",
    "ANTHROPIC_CUSTOM_HEADERS": "x: 9",
    "ANTHROPIC_AUTH_TOKEN": "auth_10",
}
STEERING = {
    "NODE_OPTIONS": "--require=/evil.js",
    "LD_PRELOAD": "/evil.so",
    "BASH_ENV": "/evil.sh",
    "GEMINI_CLI_SYSTEM_SETTINGS_PATH": "/evil.json",
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "ANTHROPIC_BASE_URL": "https://evil.example",
    "PYTHONPATH": "/evil",
    "GIT_CONFIG_GLOBAL": "/evil",
}
NETWORK = {
    "HTTPS_PROXY": "http://user:pw@proxy.example:3128",
    "no_proxy": "localhost",
    "NODE_EXTRA_CA_CERTS": "/etc/ca.pem",
    "SSL_CERT_FILE": "/etc/ca.pem",
}
ACCESS = Access(
    variable="ANTHROPIC_API_KEY",
    key="sk-ant-the-one",
    base_url_variable="ANTHROPIC_BASE_URL",
    base_url="https://x.example",
)


def _host(variables: Mapping[str, str], workspace: Path = Path("/workspace")) -> Host:
    return Host(environ=variables, workspace=workspace, platform="linux", machine="x86_64", python="/usr/bin/python3")


def test_a_program_gets_its_key_its_address_and_nothing_else_of_value(tmp_path: Path) -> None:
    """No token of GitHub's, no key of another vendor, nothing that changes what a program loads."""
    host = _host(
        SECRETS | STEERING | NETWORK | {"PATH": "/usr/bin", "HOME": "/home/me", "ANTHROPIC_API_KEY": "sk-ant-mine"}
    )
    environment = program_environment(host, ACCESS, tmp_path, {"SWITCH": "1"})
    assert environment == NETWORK | {
        "PATH": "/usr/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path / "tmp"),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "XDG_CACHE_HOME": str(tmp_path / ".cache"),
        "XDG_DATA_HOME": str(tmp_path / ".local/share"),
        "SWITCH": "1",
        "ANTHROPIC_BASE_URL": "https://x.example",
        "ANTHROPIC_API_KEY": "sk-ant-the-one",
    }


def test_no_switch_overrules_key_or_address(tmp_path: Path) -> None:
    """Key and address are put in last."""
    switches = {"ANTHROPIC_BASE_URL": "https://evil.example", "ANTHROPIC_API_KEY": "other"}
    environment = program_environment(_host({}), ACCESS, tmp_path, switches)
    assert (environment["ANTHROPIC_BASE_URL"], environment["ANTHROPIC_API_KEY"]) == (
        "https://x.example",
        "sk-ant-the-one",
    )


def test_an_installer_gets_the_user_s_registries_and_no_key() -> None:
    """Npm and pip are told by the user's own configuration where to look, and by nobody what a model's key is."""
    mine = {"npm_config_registry": "https://npm.example", "PIP_INDEX_URL": "https://py.example", "HOME": "/home/me"}
    environment = installer_environment(_host(mine | SECRETS | STEERING | NETWORK | {"PATH": "/usr/bin"}))
    assert environment == mine | NETWORK | {"PATH": "/usr/bin", "LANG": "C.UTF-8"}


def test_the_path_leads_neither_into_the_workspace_nor_to_where_one_happens_to_be(tmp_path: Path) -> None:
    """Relative folders, empty ones, folders of the workspace and links into it are left out; the order stays."""
    workspace = tmp_path / "work"
    (workspace / "bin").mkdir(parents=True)
    (tmp_path / "link").symlink_to(workspace / "bin")
    path = f"/usr/local/bin:.::bin:{workspace}/bin:{tmp_path}/x/../work/bin:{tmp_path}/link:{tmp_path}/worker:/usr/bin"
    assert _host({"PATH": path}, workspace).path == f"/usr/local/bin:{tmp_path}/worker:/usr/bin"


def test_secrets_do_not_show_in_representations() -> None:
    """A value that is printed by mistake gives nothing away."""
    assert "sk-ant" not in repr(ACCESS)
    assert "sk-5" not in repr(_host(SECRETS))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key sk-ant-the-one refused", "key *** refused"),
        ("Incorrect API key provided: sk-proj-abcdefgh12345", "Incorrect API key provided: ***"),
        ("key AIzaSyA1234567890123456789012345678901 bad", "key *** bad"),
        ("proxy http://user:pw@proxy.example:3128 failed", "proxy http://***@proxy.example:3128 failed"),
        ("two\nlines\x1b[31m and\ttabs", "two lines [31m and tabs"),
        ("::error::forged\r\n::set-output", "::error::forged ::set-output"),
    ],
)
def test_a_program_s_words_are_shown_without_secrets_in_one_line(text: str, shown: str) -> None:
    """Keys (ours, and whatever looks like one), passwords in addresses, line breaks and control characters go."""
    assert scrubbed(text, "sk-ant-the-one") == shown


@STEADY
@given(st.text(max_size=600), st.text(max_size=600))
def test_whatever_a_program_says_is_bounded_and_printable(before: str, after: str) -> None:
    """Also where a secret stands in the middle of it."""
    shown = scrubbed(f"{before} the-secret-key {after}", "the-secret-key")
    assert "the-secret-key" not in shown
    assert len(shown) <= 402
    assert shown == " ".join(shown.split())
