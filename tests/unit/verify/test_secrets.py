"""Credentials are found by their form, never shown, and examples of documentation are let pass."""

import random
import string
import sys
import time
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.secrets import _offline, masked, scan

LETTERS = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits


def made(alphabet: str, length: int) -> str:
    """Made at test time, so that no scanner takes this file for a leak."""
    draw = random.Random(f"{alphabet}{length}")
    return "".join(draw.choice(alphabet) for _ in range(length))


def digits(length: int) -> str:
    """Digits in no obvious order."""
    return made("987650", length)


CREDENTIALS = {
    "aws key": f"AKIA{made(UPPER, 16)}",
    "aws secret": f'aws_secret_access_key = "{made(LETTERS, 40)}"',
    "azure": f"AccountKey={made(LETTERS, 86)}==",
    "github": f"ghp_{made(LETTERS, 36)}",
    "github fine-grained": f"github_pat_{made(LETTERS, 22)}_{made(LETTERS, 59)}",
    "gitlab": f"glpat-{made(LETTERS, 20)}",
    "stripe": f"sk_live_{made(LETTERS, 24)}",
    "slack": f"xoxb-{digits(12)}-{digits(13)}-{made(LOWER, 24)}",
    "slack app": f"xapp-1-{made(UPPER, 11)}-{digits(13)}-{made(LOWER, 64)}",
    "sendgrid": f"SG.{made(LETTERS, 22)}.{made(LETTERS, 43)}",
    "twilio": f"SK{made(LOWER, 32)}",
    "telegram": f"{digits(9)}:{made(LETTERS, 35)}",
    "pypi": f"pypi-AgEIcHlwaS5vcmc{made(LETTERS, 80)}",
    "npm": f"npm_{made(LETTERS, 36)}",
    "npm configuration": f"//registry.acme.io/:_authToken=npm_{made(LETTERS, 36)}",
    "openai": f"sk-proj-{made(LETTERS, 90)}",
    "anthropic": f"sk-ant-api03-{made(LETTERS, 93)}",
    "google": f"AIza{made(LETTERS, 35)}",
    "json web token": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5OTkifQ.{made(LETTERS, 43)}",
    "password in an address": "postgres://app:9kd83hfk2h@db.prod.acme.io/x",
    "private key": f"-----BEGIN RSA PRIVATE KEY-----\n{made(LETTERS, 64)}\n{made(LETTERS, 64)}\n-----END RSA PRIVATE KEY-----",
}

HARMLESS = [
    "AKIAIOSFODNN7EXAMPLE",
    "AKIAXXXXXXXXXXXXXXXX",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "ghp_your_token_goes_here_0000000000000000",
    "sk_live_000000000000000000000000",
    "postgres://user:password@localhost:5432/db",
    "postgres://user:password@db.acme.io/db",
    "https://user:${TOKEN}@github.com/a/b",
    "https://x-access-token:<token>@github.com/a/b",
    "https://app:s3cr3tpassw0rd@example.com/",
    "redis://default:s3cr3tpassw0rd@redis:6379",
    "begins with `-----BEGIN RSA PRIVATE KEY-----` and so on",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
    "git@github.com:acme/shop.git",
    "eyJ is how a token begins. Really.",
    "xoxb-your-token",
]


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize("frame", ["`{}`", "> Set it to {} and go.", "```text\n{}\n```", "| a | {} |"])
def test_credentials_are_found_and_not_shown(name: str, frame: str) -> None:
    """Wherever it stands: one finding or more, in which no more than four characters of it stand in a row."""
    secret = CREDENTIALS[name]
    if "\n" in secret and "```" not in frame:
        return
    found = scan(f"# T\n\n{frame.format(secret)}\n", "page")
    assert found
    assert {finding.kind for finding in found} == {"secret"}
    assert {finding.slug for finding in found} == {"page"}
    for finding in found:
        assert finding.line >= 3
        shown = f"{finding.text} {finding.message}"
        for part in secret.replace("\n", " ").split():
            pieces = [part[i : i + 12] for i in range(len(part) - 11)]
            assert not any(piece in shown for piece in pieces)


def test_a_backslash_hides_nothing() -> None:
    """Markdown's escapes are read before the rules look."""
    assert scan("sk\\_live\\_" + made(LETTERS, 24))


def test_each_credential_is_named_once() -> None:
    """Twice the same on a page is one finding, at its first line."""
    secret = CREDENTIALS["github"]
    (finding,) = scan(f"{secret}\n\n{secret}")
    assert finding.line == 1
    assert finding.text == masked(secret) == "ghp_… (40 characters)"


def test_rules_load_beside_a_program_that_uses_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is loaded already is left alone; else its place is empty again afterwards."""
    present = ModuleType("requests")
    monkeypatch.setitem(sys.modules, "requests", present)
    with _offline():
        assert sys.modules["requests"] is present
    monkeypatch.delitem(sys.modules, "requests")
    with _offline():
        assert sys.modules["requests"] is not present
    assert "requests" not in sys.modules


@pytest.mark.parametrize("text", HARMLESS)
def test_examples_of_documentation_pass(text: str) -> None:
    """Placeholders, local databases, hashes and talk about keys withhold no page."""
    assert scan(f"# T\n\n`{text}`\n") == ()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_any_page_is_scanned(text: str) -> None:
    """No text raises."""
    assert scan(text) == scan(text)


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "://a:" * 40_000, "eyJ." * 50_000, "AKIA" * 50_000, "-----BEGIN PRIVATE KEY-----" * 5_000]
)
def test_long_lines_take_bounded_time(text: str) -> None:
    """Lines of 200 kB are scanned in seconds, and a credential at their end is found."""
    start = time.process_time()
    assert scan(f"{text} {CREDENTIALS['github']}")
    assert time.process_time() - start < 3
