"""Bare names against a commit: proven by its files, found as words, or not there."""

import pytest

from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.references import verify_page
from tests.unit.verify.commits import evidence
from tests.unit.verify.shop import FILES

CITE = "[c](src:src/shop/client.py) [d](src:src/shop/cli.py) [e](src:README.md)"
MORE = {
    "plugins/vase/go.mod": "module github.com/acme/shop/plugins/vase/v2\n",
    "plugins/vase/clay/clay.go": "package clay\n",
    "src/shop/tree.py": (
        '"""Bases in a row."""\n\nimport abc\n\n\nclass Root(abc.ABC):\n    def grow(self) -> None: ...\n\n\n'
        "class Middle(Root): ...\n\n\nclass Leaf(Middle, Generic[T], Root): ...\n\n\ndef helper_function() -> None: ...\n"
    ),
    "app/[slug]/page.tsx": "export const openPage = 1\n",
    "src/shop/plugins/__init__.py": "",
    "src/shop/models/__init__.py": "from .fields import *\nfrom shop.models.base import *\n\n__all__ = every + [*other]\n",
    "src/shop/models/fields.py": "from ..models import *\n\n\nclass TextField: ...\n",
    "src/shop/models/base.py": "from .deep import *\n",
    "src/shop/models/deep.py": "class Model: ...\n",
    "lib/Makefile.am": "x\n",
    "settings.js": "process.env.NODE_FLAVOUR; opts.noVerify; new Option('no-colour')\n",
}


@pytest.fixture(scope="module")
def commit() -> CommitEvidence:
    """The sample repository and a few files more."""
    return evidence({**FILES, **MORE})


def verdict(span: str, commit: CommitEvidence, cite: str = CITE) -> str:
    """`proven`, `weak` or `missing` for a code span, `nothing` where it is not looked up."""
    result = verify_page("page", f"# T\n\n{cite} `` {span} ``\n", commit)
    empty = verify_page("page", f"# T\n\n{cite}\n", commit)
    if result.unresolved:
        return "missing"
    if result.checked == empty.checked:
        return "nothing"
    return "weak" if result.weak else "proven"


CASES = {
    # paths
    "src/shop/client.py": "proven",
    "./src/shop/": "proven",
    "shop/client.py": "proven",
    "client.py": "proven",
    "app/[slug]/page.tsx": "proven",
    "src/shop/client": "proven",
    ".example": "proven",
    ".cfg": "missing",
    "web/client.py": "missing",
    "build/report.json": "weak",
    "report.json": "weak",
    "lost/report.json": "missing",
    "github.com/acme/shop/cmd/shopd": "proven",
    "github.com/acme/shop": "proven",
    "github.com/acme/shop/v3": "proven",
    "github.com/acme/shop/cmd/lost": "missing",
    "github.com/acme/shop/plugins/vase/v2/clay": "proven",
    "github.com/acme/shop/plugins/vase/v2/lost": "missing",
    "shop.models.TextField": "proven",
    "shop.models.Model": "proven",
    "shop.models.Lost": "missing",
    "github.com/spf13/cobra": "proven",
    "@acme/shop-web": "proven",
    "shop/lost.py": "missing",
    "/usr/lib/lost": "missing",
    "~/shop/items": "missing",
    "process.env": "weak",
    # patterns
    "*.py": "proven",
    "src/**/*.json": "proven",
    "docs/<name>.md": "proven",
    "*.cfg": "missing",
    "lost/*.py": "missing",
    "lost_*": "nothing",
    "SHOP_*": "nothing",
    "/client/{item}": "weak",
    "*.{js,ts}": "nothing",
    "**/<x>/*": "nothing",
    # flags
    "--dry-run": "proven",
    "--no-dry-run": "proven",
    "--wait-long": "weak",
    "--no-verify": "weak",
    "--no-colour": "weak",
    "--lost": "missing",
    "--no-lost": "missing",
    "-q/--lost": "missing",
    # environment
    "SHOP_API_TOKEN": "proven",
    "SHOP_LOG_LEVEL": "proven",
    "NODE_FLAVOUR": "weak",
    "LOST_VALUE": "missing",
    # names
    "Client": "proven",
    "acme_shop": "proven",
    "shop": "proven",
    "lint": "proven",
    "postgres": "proven",
    "Makefile": "proven",
    "helper_function": "weak",
    "CLIENT": "weak",
    "Lost": "missing",
    "unicorn_mode": "missing",
    "noVerify": "weak",
    # dotted names
    "Client.get": "proven",
    "shop.client": "proven",
    "shop.client.Client.get": "proven",
    "shop.client.httpx": "proven",
    "shop.client.lost": "missing",
    "shop.Client": "proven",
    "shop.lost": "missing",
    "client.get": "proven",
    "client.lost": "missing",
    "self.url": "proven",
    "Client.url": "proven",
    "Client.close": "proven",
    "Client.grow": "weak",
    "Client.lost": "missing",
    "Basket.put": "proven",
    "Basket.items_inside": "proven",
    "Basket.get": "missing",
    "httpx.Response": "proven",
    "openPage.toString": "missing",
    # code
    "Client(url=1).get(item)": "proven",
    "from shop.client import Client": "proven",
    "from shop.client import Lost": "missing",
    "x: Lost": "missing",
    "Client --dry-run": "proven",
    "Client('two words', 'Lost')": "proven",
    "a." * 30 + "b": "missing",
}


@pytest.mark.parametrize("span", CASES)
def test_a_code_span_against_the_commit(span: str, commit: CommitEvidence) -> None:
    """What cited files and paths bear out is proven, what merely stands somewhere is weak, the rest is missing."""
    assert verdict(span, commit) == CASES[span]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("Leaf.grow", "proven"),
        ("Leaf.lost", "missing"),
        ("Leaf.helper_function", "proven"),
        ("Root.register", "missing"),
    ],
)
def test_members_are_inherited(span: str, expected: str, commit: CommitEvidence) -> None:
    """A member may come from a base in the cited files, or from one elsewhere if the word exists at all."""
    assert verdict(span, commit, "[t](src:src/shop/tree.py)") == expected


def test_documents_vouch_for_nothing(commit: CommitEvidence) -> None:
    """A name that only stands in prose is not there, even if the page cites that prose."""
    assert verdict("unicorn_mode", commit, "[g](src:docs/guide.md)") == "missing"
    assert verdict("--mythical", commit, "[g](src:docs/guide.md)") == "missing"
