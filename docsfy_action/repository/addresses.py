"""Addresses of repositories as text: which may be cloned, what they name on the web, and how they look without
secrets."""

import re
from urllib.parse import unquote, urlsplit

from docsfy_action.errors import InputError
from docsfy_action.repository.snapshot import Remote

HIDDEN = "***"
# A password may hold `@`, and, though no proper URL, `/`: everything up to the last `@` goes.
_USERINFO = re.compile(r"(://)(?:[^/\s'\"<>]*|[^/@\s:'\"<>]*:(?!\d{1,5}/)[^@\s'\"<>]*)@")
_SECRET_PARAMETER = re.compile(r"(?i)([?&][\w.-]*(?:token|key|secret|password|signature|sig)[\w.-]*=)[^&\s'\"<>]+")

_SCHEMES = frozenset({"https", "http", "ssh", "git", "file"})
_SCP = re.compile(r"(?:(?P<user>[\w.+-]+)@)?(?P<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9][\w.-]*):(?P<path>[^:].*)", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*", re.ASCII)
_PATH_PART = re.compile(r"[\w.~+-]{1,255}", re.ASCII)
_FULL_NAME = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)
# Hosts that exist only for ssh over the https port, and the host that serves the same repositories on the web.
_SSH_ALIASES = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}


def redact(text: str, *secrets: str) -> str:
    """`text` without user names, passwords and tokens in its URLs and without any of `secrets`; safe to be shown."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _SECRET_PARAMETER.sub(rf"\1{HIDDEN}", _USERINFO.sub(rf"\1{HIDDEN}@", text))


def check_clone_url(url: str) -> str:
    """`url` without surrounding blanks if git may be given it; raises InputError otherwise.

    Only `https`, `http`, `ssh`, `git` and `file` URLs and `user@host:path` pass: git's other transports run commands,
    and what begins with `-` would be read as an option.
    """
    url = url.strip()
    hint = "Give an address such as https://github.com/OWNER/NAME or git@github.com:OWNER/NAME."
    if not url:
        raise InputError("`repository-url` is empty.", hint=hint)
    if url.startswith("-") or any(ord(character) < 33 or ord(character) == 127 for character in url):
        raise InputError(f"`repository-url` is not an address: `{redact(url)!a}`.", hint=hint)
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() in _SCHEMES and rest and not rest.startswith("-"):
        return url
    if not separator and "::" not in url and _SCP.fullmatch(url):
        return url
    if not separator and "::" not in url:
        hint = f"{hint} A folder on this machine is named with `repository-path`."
    raise InputError(f"`repository-url` is not an address that may be cloned: `{redact(url)}`.", hint=hint)


def split_credentials(url: str) -> tuple[str, str]:
    """An http address without its user information, and that `user:password`, decoded; other addresses as they are."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    userinfo, at, bare_host = host.rpartition("@")
    if not separator or not at or scheme.lower() not in {"https", "http"}:
        return url, ""
    user, _, password = userinfo.partition(":")
    return f"{scheme}://{bare_host}{slash}{path}", f"{unquote(user)}:{unquote(password)}"


def remote_of(url: str) -> Remote | None:
    """The repository on the web that a git address names; None for a folder, an odd address or a host without a name.

    `https`, `http`, `git`, `ssh` and `user@host:path` forms are read. The port of an ssh address is left out: it says
    nothing about the web server. Groups inside groups, as GitLab has them, are all part of the owner.
    """
    url = url.strip()
    if "://" in url:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return None
        scheme = parts.scheme.lower()
        if scheme not in {"https", "http", "git", "ssh"}:
            return None
        web_port = f":{port}" if port and scheme in {"https", "http"} else ""
        return _remote("http" if scheme == "http" else "https", host, web_port, unquote(parts.path))
    scp = _SCP.fullmatch(url)
    if scp is None or "::" in url:
        return None
    return _remote("https", scp["host"].lower(), "", scp["path"])


def runner_remote(server_url: str, full_name: str) -> Remote | None:
    """The repository that a runner names in GITHUB_SERVER_URL and GITHUB_REPOSITORY; None where they say nothing
    usable."""
    if not _FULL_NAME.fullmatch(full_name):
        return None
    return remote_of(f"{server_url.strip().rstrip('/')}/{full_name}")


def same_repository(one: Remote, other: Remote) -> bool:
    """Whether both name the same repository. Owners and names do not tell upper from lower case; hosts are not
    compared, because one server may have another name for ssh than for the web."""
    return (one.owner.lower(), one.name.lower()) == (other.owner.lower(), other.name.lower())


def _remote(scheme: str, host: str, web_port: str, path: str) -> Remote | None:
    host = _SSH_ALIASES.get(host, host)
    parts = [part for part in path.strip("/").removesuffix(".git").split("/") if part]
    if not _HOST.fullmatch(host) or ("." not in host and host != "localhost"):
        return None
    if len(parts) < 2 or not all(_PATH_PART.fullmatch(part) and part.strip(".") for part in parts):
        return None
    # Azure DevOps and the like put words of their own into the path; links made the usual way would lead nowhere.
    if "_git" in parts or host == "ssh.dev.azure.com":
        return None
    owner, name = "/".join(parts[:-1]), parts[-1]
    return Remote(url=f"{scheme}://{host}{web_port}/{owner}/{name}", host=f"{host}{web_port}", owner=owner, name=name)
