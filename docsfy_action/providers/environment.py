"""What vendors' programs and installers may see of the machine: an allow-list of variables, and no folder of the
documented repository on the PATH."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docsfy_action.repository.addresses import redact

# How the machine reaches the network. The values may hold passwords of proxies, which programs need.
_NETWORK = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
)  # fmt: skip
# Where an installer finds its registry, its certificates and its own configuration; never a key of a model.
_INSTALLER = re.compile(
    r"(?i:npm_config_|pip_|uv_)\w+|XDG_(?:CONFIG|CACHE|DATA)_(?:HOME|DIRS)|HOME|USER|LOGNAME|TMPDIR"
)
_SECRET_WORD = re.compile(r"\b(?:sk-[\w-]{8,}|AIza[\w-]{20,}|key_[0-9a-f]{16,}|crsr_[0-9a-f]{16,})")
_MAX_MESSAGE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The machine as the composition root sees it. Nothing below `workspace`, which holds foreign files, is run;
    `platform` and `machine` are `sys.platform` and `platform.machine()`, `python` is the running interpreter."""

    environ: Mapping[str, str] = field(repr=False)
    workspace: Path
    platform: str
    machine: str
    python: str

    @property
    def path(self) -> str:
        """The PATH without relative folders and without those of the workspace, which a pull request may have filled."""
        folders = self.environ.get("PATH", os.defpath).split(os.pathsep)
        return os.pathsep.join(
            folder for folder in folders if Path(folder).is_absolute() and not self.is_foreign(folder)
        )

    def is_foreign(self, place: str | Path) -> bool:
        """Whether a place lies in the workspace, also by way of a link."""
        try:
            return Path(place).resolve().is_relative_to(self.workspace.resolve())
        except (OSError, RuntimeError):
            return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The one key that a program gets, and the address it is used at; both are variables and their values."""

    variable: str
    key: str = field(repr=False)
    base_url_variable: str = ""
    base_url: str = ""


def program_environment(
    host: Host, access: Access, home: Path, switches: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of a vendor's program: PATH, language, a home folder of its own, the way to the network, its key,
    its address and `switches`. No other variable of ours, above all no token of GitHub's."""
    folders = {"HOME": home, "TMPDIR": home / "tmp", "XDG_CONFIG_HOME": home / ".config"}
    folders |= {"XDG_CACHE_HOME": home / ".cache", "XDG_DATA_HOME": home / ".local/share"}
    address = {access.base_url_variable: access.base_url} if access.base_url_variable else {}
    return {
        **_network(host),
        "PATH": host.path,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "NO_COLOR": "1",
        **{name: str(folder) for name, folder in folders.items()},
        **(switches or {}),
        **address,
        access.variable: access.key,
    }


def installer_environment(host: Host) -> dict[str, str]:
    """The environment of npm and pip: the user's own configuration of registries counts, keys of models do not."""
    own = {name: value for name, value in host.environ.items() if _INSTALLER.fullmatch(name)}
    return {**own, **_network(host), "PATH": host.path, "LANG": "C.UTF-8"}


def _network(host: Host) -> dict[str, str]:
    return {name: host.environ[name] for name in _NETWORK if host.environ.get(name)}


def scrubbed(text: str, *secrets: str) -> str:
    """A program's words as one printable line of bounded length, without secrets and passwords in addresses."""
    shown = _SECRET_WORD.sub("***", redact(text, *secrets))
    line = " ".join("".join(character if character.isprintable() else " " for character in shown).split())
    return line if len(line) <= _MAX_MESSAGE else f"{line[:_MAX_MESSAGE]} …"
