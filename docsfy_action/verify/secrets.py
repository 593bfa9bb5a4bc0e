"""Finds credentials in a page before it is published, by the rules of detect-secrets."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Protocol

from docsfy_action.verify.findings import Finding

# What every rule needs somewhere in a line; only such lines are shown to the rules, which take a while to load.
_SUSPICIOUS = re.compile(
    r"AKC[a-zA-Z0-9]{10}|AP[\dA-F][a-zA-Z0-9]{8}|A3T[A-Z0-9]{17}|(?:ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}|AccountKey="
    r"|://[^/\s]*:[^/\s]+@|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}|gh[pousr]_\w{36}|gl[a-z]{2,5}-[\w-]{20}|GR1348941"
    r"|eyJ[\w=-]+\.|[0-9a-z]{32}-us\d|_authToken|T3BlbkFJ|pypi-AgE|SG\.[\w-]{22}\.|xox[abopsr]-|hooks\.slack\.com"
    r"|sq0csp-|[rs]k_live_|\d{8,10}:[\w-]{35}|(?:AC|SK)[a-z0-9]{32}|[0-9A-Za-z/+]{40}"
    r"|(?:key|token|pwd|pass\w*)\W{1,6}(?:[0-9a-f]{48}|[a-z]{24})",
    re.IGNORECASE,
)
# Credentials of the providers that this program speaks with, younger than the rules of detect-secrets.
_OWN_RULES = {
    "GitHub fine-grained token": re.compile(r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    "Anthropic key": re.compile(r"sk-ant-[a-z]{2,8}\d\d-[A-Za-z0-9_-]{80,}"),
    "OpenAI project key": re.compile(r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{60,}"),
    "Google API key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}(?![\w-])"),
    "Hugging Face token": re.compile(r"\bhf_[A-Za-z]{34}\b"),
    "npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "Slack app token": re.compile(r"\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{32,}"),
}
_OWN = re.compile("|".join(f"(?:{rule.pattern})" for rule in _OWN_RULES.values()))
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,400}?)(?P<body>[A-Za-z0-9+/=]{48})"
    r"|PuTTY-User-Key-File-\d:(?:[^\0]{0,400}?)(?P<putty>[A-Za-z0-9+/=]{48})"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_PLACEHOLDER = re.compile(
    r"example|xxxx|0000|1234567|abcdef|\*\*\*|\.\.\.|your|placeholder|changeme|dummy|fake|sample|redacted|foobar|deadbeef",
    re.IGNORECASE,
)
# No one's password, but what documentation calls one: `user:a%20secret@host`.
_SPEAKS_OF_ITSELF = re.compile(r"secret|passw|pwd", re.IGNORECASE)
_BASIC = re.compile(r"://(?P<user>[^:/@\s]*):(?P<password>[^@\s/]+)@(?P<host>[^/\s:?#)\]>`\"']+)")
_LOCAL_HOST = re.compile(
    r"(?:[^.]*|.*\.(?:local|test|example|invalid|internal|localhost)|(?:.*\.)?example\.(?:com|org|net)|[\d.]+)"
)
_RULE_MODULES = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "cloudant": "CloudantDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "ibm_cloud_iam": "IbmCloudIamDetector",
    "ibm_cos_hmac": "IbmCosHmacDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "softlayer": "SoftlayerDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
# Longer lines are cut; a credential is never as long as what two pieces share.
_PIECE, _OVERLAP = 8_000, 1_200


class _Rule(Protocol):
    secret_type: str
    denylist: Sequence[re.Pattern[str]]

    def analyze_string(self, string: str) -> Iterator[str]:
        """Every credential in a line."""


def scan(markdown: str, slug: str = "") -> tuple[Finding, ...]:
    """The credentials on a page, each once, without showing them: their first four characters and their length."""
    found: dict[str, Finding] = {}
    for kind, secret, line in _secrets(markdown):
        shown = masked(secret)
        message = f"This looks like a credential ({kind}). It is not published; revoke it if it is real."
        found.setdefault(secret, Finding(kind="secret", slug=slug, text=shown, heading="", line=line, message=message))
    return tuple(sorted(found.values(), key=lambda finding: (finding.line, finding.message, finding.text)))


def redacted(text: str) -> str:
    """A text with its credentials masked."""
    for _, secret, _ in list(_secrets(text)):
        text = text.replace(secret, masked(secret))
    return text


def masked(secret: str) -> str:
    """What may be shown of a credential."""
    return f"{secret[:4]}… ({len(secret)} characters)"


def _secrets(markdown: str) -> Iterator[tuple[str, str, int]]:
    for match in _PRIVATE_KEY.finditer(markdown):
        yield "Private key", match["body"] or match["putty"], markdown.count("\n", 0, match.start()) + 1
    for number, line in enumerate(markdown.split("\n"), 1):
        for piece in _pieces(line):
            yield from ((kind, secret, number) for kind, secret in _in_line(piece))


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, max(1, len(line)), _PIECE):
        piece = line[max(0, start - _OVERLAP) : start + _PIECE]
        yield piece
        if "\\" in piece:
            yield _ESCAPE.sub(r"\1", piece)


def _in_line(line: str) -> Iterator[tuple[str, str]]:
    if _OWN.search(line) is not None:
        for kind, own in _OWN_RULES.items():
            yield from ((kind, secret) for secret in own.findall(line) if not _is_placeholder(secret))
    if _SUSPICIOUS.search(line) is None:
        return
    for match in _BASIC.finditer(line):
        if _is_login(match["user"], match["password"], match["host"]):
            yield "Password in an address", match["password"]
    for rule in _rules():
        accepted = set(rule.analyze_string(line))
        for match in (match for pattern in rule.denylist if accepted for match in pattern.finditer(line)):
            parts = [part for part in match.groups() if part and len(part) >= 12]
            secret = max(parts, key=len, default=match.group())
            if accepted & {match.group(), *match.groups()} and not _is_placeholder(secret):
                yield rule.secret_type, secret


def _is_placeholder(secret: str) -> bool:
    """Whether documentation is likely to show this text as an example."""
    return (
        len(secret) < 12
        or _PLACEHOLDER.search(secret) is not None
        or len(set(secret[4:])) < 6
        or not any(character.isdigit() for character in secret)
        or not any(character.isalpha() for character in secret)
    )


def _is_login(user: str, password: str, host: str) -> bool:
    """Whether a password in an address is meant for a real place."""
    return (
        _SPEAKS_OF_ITSELF.search(password) is None
        and len(password) >= 8
        and password != user
        and password[0] not in "<$%{["
        and not password.isalpha()
        and not _is_placeholder(f"{password:.>12}".replace(".", "-"))
        and _LOCAL_HOST.fullmatch(host) is None
    )


@cache
def _rules() -> tuple[_Rule, ...]:
    """The rules that know a credential by its form; those that go by entropy or by variable names cry wolf on prose."""
    with _offline():
        modules = {name: import_module(f"detect_secrets.plugins.{name}") for name in _RULE_MODULES}
    return tuple(getattr(modules[name], rule)() for name, rule in _RULE_MODULES.items())


@contextmanager
def _offline() -> Iterator[None]:
    """Lets detect-secrets be imported without `requests`, by which it can ask issuers whether a credential is valid.

    Nothing here calls that; without the module nothing ever can, and a page with a credential is scanned sooner.
    """
    if "requests" in sys.modules:
        yield
        return
    absent = ModuleType("requests")
    vars(absent)["Response"] = object  # named in an annotation
    sys.modules["requests"] = absent
    try:
        yield
    finally:
        del sys.modules["requests"]
