"""Stores of rendered pieces."""

from pathlib import Path

import pytest

from docsfy_action.site.cache import DirectoryCache, MemoryCache, RenderCache


@pytest.fixture(params=["memory", "directory"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> RenderCache:
    """Each of the two stores."""
    return MemoryCache() if request.param == "memory" else DirectoryCache(tmp_path / "cache")


def test_what_was_put_is_found_under_its_namespace_only(cache: RenderCache) -> None:
    """Keys of one namespace say nothing about another; unknown keys are left out of the answer."""
    cache.put_many("a", {"1": b"one", "2": b""})
    assert cache.get_many("a", ["1", "2", "3"]) == {"1": b"one", "2": b""}
    assert cache.get_many("b", ["1"]) == {}


def test_a_damaged_file_counts_as_unknown(tmp_path: Path) -> None:
    """Bytes that do not match their checksum are never handed out."""
    cache = DirectoryCache(tmp_path)
    cache.put_many("a", {"1": b"one"})
    file = tmp_path / "a" / "1"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert cache.get_many("a", ["1"]) == {}
