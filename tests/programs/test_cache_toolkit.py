"""Our client of the Actions cache and the official one, `@actions/cache`: what one saves the other restores."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

import docsfy_action
from docsfy_action.network import Network
from docsfy_action.state.actions_cache import ActionsCache, Restored, Saved, Service, version_of
from docsfy_action.state.archive import Member, Method, Unpacked, pack, unpack
from docsfy_action.state.travelling import ROOT
from tests.contract.cache_service import TOKEN, CacheService, Wrong

HERE = Path(__file__).parent / "toolkit"
INSTALLED = Path(docsfy_action.__file__).parent.parent / "build" / "toolkit"
FILES = {
    "manifest.json": b"{}",
    "pages/index." + "0" * 64 + ".md": "# Größe\n".encode(),
    "history.z": bytes(300_000),
}
# What the client needs beside itself; without `zstd` it takes gzip.
PROGRAMS = {Method.ZSTD: ("node", "tar", "zstd", "zstdmt", "unzstd"), Method.GZIP: ("node", "tar", "gzip")}


@pytest.fixture
def service() -> Iterator[CacheService]:
    """A service without entries."""
    with CacheService() as found:
        yield found


@cache
def toolkit() -> Path:
    """The official client, installed from its lock; the first test that needs it waits."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (HERE / "package-lock.json").read_bytes()
        done = INSTALLED / "installed.json"
        if not done.exists() or done.read_bytes() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, INSTALLED / name)
            subprocess.run(
                ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"),
                cwd=INSTALLED, check=True, capture_output=True,
            )  # fmt: skip
            done.write_bytes(wanted)
        shutil.copy(HERE / "cache.mjs", INSTALLED / "cache.mjs")
    return INSTALLED / "cache.mjs"


def official(workspace: Path, service: CacheService, method: Method, *words: str) -> object:
    """A call of the official client in a job of its own."""
    programs = workspace.with_name(f"{workspace.name}-programs")
    if not programs.exists():
        programs.mkdir()
        for name in PROGRAMS[method]:
            found = shutil.which(name)
            assert found is not None, f"the official client needs {name} on the PATH"
            (programs / name).symlink_to(found)
    temp = workspace.with_name(f"{workspace.name}-temp")
    temp.mkdir(exist_ok=True)
    environment = {
        **service.environment(),
        "PATH": str(programs),
        "HOME": str(temp),
        "RUNNER_TEMP": str(temp),
        "GITHUB_WORKSPACE": str(workspace),
        "ACTIONS_CACHE_SERVICE_V2": "true",
    }
    done = subprocess.run(
        ("node", str(toolkit()), *words),
        cwd=workspace, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    results = [line.removeprefix("result ") for line in done.stdout.splitlines() if line.startswith("result ")]
    assert results, done.stdout + done.stderr
    return json.loads(results[-1])


def filled(folder: Path) -> Path:
    """A workspace with a state in it."""
    for name, data in FILES.items():
        path = folder / ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def held(folder: Path) -> dict[str, bytes]:
    """The state in a folder."""
    root = folder / ROOT
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("method", Method)
def test_what_the_official_client_saves_is_restored(service: CacheService, tmp_path: Path, method: Method) -> None:
    """Found by the beginning of its key and by the same version, and unpacked file by file."""
    assert official(filled(tmp_path / "job"), service, method, "save", ROOT, "docs-main-1") == 0
    with closing(Network({})) as network:
        client = ActionsCache(Service(url=service.url, token=TOKEN), network, mask=lambda _: None)
        found = client.restore(
            ["docs-main-2", "docs-main-"], version_of((ROOT,), method), tmp_path / "archive", limit=10_000_000
        )
    assert isinstance(found, Restored)
    assert found.key == "docs-main-1"
    assert isinstance(unpack(tmp_path / "archive", tmp_path / "out", lambda _: True), Unpacked)
    assert held(tmp_path / "out") == FILES


@pytest.mark.parametrize("method", Method)
def test_the_official_client_restores_what_is_saved(service: CacheService, tmp_path: Path, method: Method) -> None:
    """Key, version and archive are as it expects them."""
    source = filled(tmp_path / "source")
    members = [
        Member(name=path.relative_to(source).as_posix(), path=path) for path in source.rglob("*") if path.is_file()
    ]
    pack(members, tmp_path / "archive", method)
    with closing(Network({})) as network:
        client = ActionsCache(Service(url=service.url, token=TOKEN), network, mask=lambda _: None)
        saved = client.save("docs-main-1", version_of((ROOT,), method), tmp_path / "archive")
    assert isinstance(saved, Saved)
    (tmp_path / "job").mkdir()
    assert official(tmp_path / "job", service, method, "restore", ROOT, "docs-main-2", "docs-main-") == "docs-main-1"
    assert held(tmp_path / "job") == FILES


def test_both_ask_for_the_same_version(service: CacheService, tmp_path: Path) -> None:
    """The toolkit's own vector, and what it computes for our folder."""
    assert version_of((".cache",), Method.ZSTD) == "3869c306e421985623d3b9f9620ba4b83218fd2e7f428ade05f4879e34e22753"
    official(filled(tmp_path / "job"), service, Method.ZSTD, "save", ROOT, "docs-1")
    assert service.final[0].version == version_of((ROOT,), Method.ZSTD)


def test_the_official_client_bears_with_the_same_faults(service: CacheService, tmp_path: Path) -> None:
    """The service of these tests is honest: its refusals are refusals for the official client too."""
    job = filled(tmp_path / "job")
    assert official(job, service, Method.ZSTD, "save", ROOT, "docs-1") == 0
    assert official(job, service, Method.ZSTD, "save", ROOT, "docs-1") == -1
    assert official(job, service, Method.ZSTD, "restore", ROOT, "other") is None
    service.faults["GetCacheEntryDownloadURL"] = [Wrong(status=429)]
    assert official(job, service, Method.ZSTD, "restore", ROOT, "docs-1") is None
    assert service.asked.count("GetCacheEntryDownloadURL") == 2
