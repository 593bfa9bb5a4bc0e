"""The facts behind a page: what its sources say, the most important first, and never more than there is room for."""

import re

import pytest

from docsfy_action.writers.model.factsheet import fact_sheet, source_files
from tests.unit.samples import code_base
from tests.unit.verify.shop import FILES

CODE = code_base(FILES, name="shop")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (
            "src/shop/client.py",
            [
                "- `Client.get`: `def get(self, item: str) -> httpx.Response`: Get one item.",
                "- `TIMEOUT`: `TIMEOUT = 30`",
                "- environment `SHOP_API_TOKEN` (required)",
            ],
        ),
        ("src/shop/cli.py",
         ["- command `sell`: Sell something", "- option `--max-price` (of sell, int)", "- option `--dry-run`"]),
        ("pyproject.toml",
         ["- package `acme-shop` (python, version 1.2.0, needs >=3.11)", "- program `shop` starts `shop.cli:main`"]),
        ("Makefile", ["- make task `test` runs `pytest -q`"]),
        ("compose.yaml", ["- service `postgres` (from postgres:16)"]),
        ("README.md", ["~~~sh\nshopctl sync --now\n~~~"]),
        (".github/workflows/ci.yml", ["on push: jobs test"]),
        (".env.example", ["- environment `SHOP_LOG_LEVEL` (default info)"]),
    ],
)  # fmt: skip
def test_facts_of_every_kind_are_told(source: str, lines: list[str]) -> None:
    """Each as a line with what a writer needs: signature, default, type, first sentence, what runs."""
    sheet = fact_sheet(CODE, [source])
    assert sheet.startswith(f"### {source} (")
    for line in lines:
        assert line in sheet


def test_folders_stand_for_their_files() -> None:
    """A folder names all files in it; files come once, in the order of the sources."""
    paths = [file.path for file in source_files(CODE, ["src/shop/cli.py", "src/", "no/such.py"])]
    assert paths[0] == "src/shop/cli.py"
    assert sorted(paths[1:]) == ["src/shop/__init__.py", "src/shop/client.py", "src/shop/data/items.json"]


def test_without_sources_the_project_is_told() -> None:
    """Manifest, README, programs and public modules; the same where the sources do not exist any more."""
    sheet = fact_sheet(CODE, [])
    assert re.findall(r"^### (\S+)", sheet, re.MULTILINE)[:2] == ["go.mod", "README.md"]
    assert "`Client.get`" in sheet
    assert fact_sheet(CODE, ["gone/"]) == sheet


@pytest.mark.parametrize("limit", [0, 200, 500, 1_000, 5_000])
def test_room_goes_to_what_matters_most(limit: int) -> None:
    """Definitions come before their members; what has no place is counted."""
    sheet = fact_sheet(CODE, ["src/"], limit=limit)
    left = re.search(r"\((\d+) more facts of these files are left out here\.\)", sheet)
    told = sum(line.startswith("- ") for line in sheet.split("\n"))
    whole = sum(line.startswith("- ") for line in fact_sheet(CODE, ["src/"]).split("\n"))
    assert len(sheet) <= limit + 300
    assert (left is None) == (told == whole)
    if "`Client.get`" in sheet:
        assert "`Client`" in sheet


def test_the_sheet_is_the_same_each_time() -> None:
    """It depends on the facts alone, not on the order in which files are known."""
    assert fact_sheet(code_base(dict(reversed(FILES.items())), name="shop"), ["src/"]) == fact_sheet(CODE, ["src/"])
