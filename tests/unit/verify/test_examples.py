"""Example code imports what the commit's own packages offer."""

import pytest

from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.references import verify_page
from tests.unit.verify.commits import evidence
from tests.unit.verify.shop import FILES

README = "# Shop\n\n```python\nfrom shop import Old\nOld().run()\n```\n"


@pytest.fixture(scope="module")
def commit() -> CommitEvidence:
    """The sample repository; its README is out of date."""
    return evidence({**FILES, "README.md": README, "setup_helper.py": "X = 1\n", "web/os.py": ""})


CASES: list[tuple[str, str, list[str]]] = [
    ("python", "from shop import Client", []),
    ("python", "from shop.client import (\n    Client,  # it\n    Base as B,\n)", []),
    ("python", "import shop, shop.cli as cli, os", []),
    ("python", "import os\nimport httpx\nfrom flask import Lost\nfrom . import lost", []),
    ("python", "import setup_helper", []),
    ("python", "from shop import *", []),
    ("pycon", ">>> from shop import Lost\n... import shop.lost", ["shop.Lost", "shop.lost"]),
    ("python", "from shop.client import Client, Lost", ["shop.client.Lost"]),
    ("python", "from shop.lost import Client", ["shop.lost.Client"]),
    ("js", "import { openShop } from '@acme/shop-web'", []),
    ("ts", "import type { Lost } from 'elsewhere'\nimport any, { type openShop as o } from \"@acme/shop-web\"", []),
    ("js", "import anything from '@acme/shop-web'\nimport {} from '@acme/shop-web'", []),
    ("ts", "import { openShop, closeShop } from '@acme/shop-web'", ["closeShop"]),
    ("js", "const { openShop, closeShop: c } = require('@acme/shop-web')", ["closeShop"]),
    ("go", 'import (\n\t"fmt"\n\td "github.com/acme/shop/cmd/shopd"\n)', []),
    ("go", 'import "github.com/acme/shop/lost"', ["github.com/acme/shop/lost"]),
    ("text", "from shop import Lost", []),
]


@pytest.mark.parametrize(("language", "code", "missing"), CASES)
def test_imports_of_examples(language: str, code: str, missing: list[str], commit: CommitEvidence) -> None:
    """Names and modules of the commit must exist; other packages are other people's."""
    found = verify_page("page", f"# T\n\n```{language}\n{code}\n```\n", commit).unresolved
    assert [(finding.kind, finding.text) for finding in found] == [("import", name) for name in missing]


def test_samples_of_a_cited_file_are_its_own_affair(commit: CommitEvidence) -> None:
    """A sample that the page takes from a file it cites is shown as it stands there, and so is one in a quotation."""
    fence = "```python\nfrom shop import Old\nOld().run()\n```\n"
    assert verify_page("page", f"# T\n\nFrom [it](src:README.md):\n\n{fence}", commit).unresolved == ()
    assert verify_page("page", f"# T\n\nFrom [it](src:Makefile):\n\n{fence}", commit).unresolved
    assert verify_page("page", f"# T\n\n{fence}", commit).unresolved
    quoted = "".join(f"> {line}\n" for line in fence.splitlines())
    assert verify_page("page", f"# T\n\nFrom [it](src:README.md):\n\n{quoted}", commit).unresolved == ()


@pytest.mark.parametrize("text", ["import {" * 5_000, "from a import (" * 5_000, "import a, " * 5_000, "{" * 50_000])
def test_monstrous_examples_take_bounded_time(text: str, commit: CommitEvidence) -> None:
    """Code that looks like endless imports is read in a moment."""
    for language in ("python", "js", "go"):
        verify_page("page", f"# T\n\n```{language}\n{text}\n```\n", commit)
