"""Links lead somewhere, and their text says where."""

import pytest

from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.references import verify_page
from tests.unit.verify.commits import SHA, evidence
from tests.unit.verify.shop import ANCHORS, FILES


@pytest.fixture(scope="module")
def commit() -> CommitEvidence:
    """The sample repository, with a path of awkward characters."""
    return evidence({**FILES, "odd #1?.py": "class X:\n    pass\n", "latin.txt": b"caf\xe9"}, anchors=ANCHORS)


def problems(link: str, commit: CommitEvidence) -> list[str]:
    """Kinds of what is wrong with a link."""
    return [finding.kind for finding in verify_page("page", f"# T\n\n{link}\n", commit).unresolved]


GOOD = [
    "[x](src:src/shop/)",
    "[`src/shop`](src:src/shop/)",
    "[root](src:/)",
    "[`shop/client.py`](src:src/shop/client.py)",
    "[`shop.client`](src:src/shop/client.py)",
    "[`client`](src:src/shop/client.py)",
    "[`shop/client`](src:src/shop/client.py)",
    "[`./src/shop/client.py`](src:src/shop/client.py)",
    "[`Client`](src:src/shop/client.py#Client)",
    "[`get`](src:src/shop/client.py#Client.get)",
    "[`get(item)`](src:src/shop/client.py#Client.get)",
    "[`Client::get()`](src:src/shop/client.py#Client.get)",
    "[`shop.client.Client.get`](doc:src/shop/client.py#Client.get)",
    "[`--dry-run`](src:src/shop/cli.py?%22--dry-run%22)",
    "[`--wait-long`](src:cmd/shopd/main.go?wait-long)",
    "[`github.com/acme/shop/cmd/shopd`](src:cmd/shopd/main.go)",
    "[`github.com/acme/shop`](src:go.mod)",
    "[`cmd/shopd`](src:cmd/shopd/main.go)",
    "[`shopd`](src:cmd/shopd/main.go)",
    "[`acme-shop`](src:pyproject.toml)",
    "[what it says](src:README.md?sells%20things)",
    "[`caf`](src:latin.txt?caf%E9)",
    "[odd](src:odd%20%231%3F.py#X)",
    f"[`0123456`](commit:{SHA})",
    "[x](index.md) [y](client.md#clientget) [z](#t)",
    "[x](https://x.org) [y](http://x.org/#a) [z](mailto:a@b.c) <https://x.org>",
]

BAD = {
    "[x](src:src/store/)": "path",
    "[x](src:src/shop)": "path",
    "[x](src:src/shop/client.py/)": "path",
    "[x](src:../shop/client.py)": "path",
    "[x](src:src/../src/shop/client.py)": "path",
    "[x](src:src/shop/client.py#Server)": "symbol",
    "[x](src:src/shop/client.py#get)": "symbol",
    "[x](src:src/shop/#Client)": "path",
    "[x](src:README.md?buys%20things)": "literal",
    "[x](src:README.md#Shop)": "symbol",
    "[`Server`](src:src/shop/client.py#Client)": "symbol",
    "[`et`](src:src/shop/client.py#Client.get)": "symbol",
    "[`Client.put`](src:src/shop/client.py#Client.get)": "symbol",
    "[`other.Client`](src:src/shop/client.py#Client)": "symbol",
    "[`shop.cli`](src:src/shop/client.py)": "symbol",
    "[`--`](src:src/shop/cli.py?dry)": "symbol",
    "[`wet`](src:src/shop/cli.py?dry)": "symbol",
    "[x](commit:0123456)": "commit",
    f"[`fedcba9`](commit:{SHA})": "symbol",
    "[x](nowhere.md)": "link",
    "[x](index.html)": "link",
    "[x](/index.md)": "link",
    "[x](sub/index.md)": "link",
    "[x](javascript:alert%281%29)": "link",
    "[x](file:///etc/passwd)": "link",
    "[x]()": "link",
    "[x](index.md#nowhere)": "anchor",
    "[x](#nowhere)": "anchor",
    "[x](index.md#)": "anchor",
}


@pytest.mark.parametrize("link", GOOD)
def test_right_links_pass(link: str, commit: CommitEvidence) -> None:
    """Files, folders, definitions, literals, commits, pages, anchors and the web, under every usual name."""
    assert problems(link, commit) == []


@pytest.mark.parametrize("link", BAD)
def test_wrong_links_are_reported(link: str, commit: CommitEvidence) -> None:
    """What does not exist, or is not what the text of the link says."""
    assert problems(link, commit) == [BAD[link]]


def test_a_symbol_may_go_by_the_name_it_is_imported_under() -> None:
    """`import Base as ShopBase` in a file that the page cites makes `ShopBase` another name of it; nothing else does."""
    aliased = evidence(
        {**FILES, "src/shop/own.py": "from shop.client import Base as ShopBase\n\n\nclass Own(ShopBase): ...\n"}
    )
    page = "[`Own`](src:src/shop/own.py#Own) extends [`ShopBase`](src:src/shop/client.py#Base)"
    assert problems(page, aliased) == []
    assert problems(page.replace("`ShopBase`", "`TopBase`"), aliased) == ["symbol"]
    assert problems(page.removeprefix("[`Own`](src:src/shop/own.py#Own)"), aliased) == ["symbol"]


def test_a_text_of_the_program_is_no_name() -> None:
    """A string of a cited file stands for itself, also where it looks like a name of a package that is there; as written."""
    manifest = '[project]\nname = "shop"\n'
    files = {
        "pyproject.toml": manifest,
        "shop/__init__.py": "",
        "shop/cache.py": 'PREFIX = "shop.sessions"\nMARK = "shop-insecure-"\n',
    }
    commit = evidence(files)
    page = "[`PREFIX`](src:shop/cache.py#PREFIX) is {}"
    assert problems(page.format('`"shop.sessions"` or `"shop-insecure-"`'), commit) == []
    assert problems(page.format('`"shop.session"`'), commit) == ["name"]
    assert problems(page.format("`shop.sessions`"), commit) == ["name"]


def test_a_name_through_a_module_that_hands_it_on() -> None:
    """A cited file may call a symbol by a module that took it from elsewhere; only by one that it imports, and as written."""
    files = {
        "shop/base.py": "class Item:\n    pass\n",
        "shop/types.py": "from .base import Item\n",
        "shop/own.py": "from . import types\n\n\nclass Own(types.Item):\n    pass\n",
        "shop/bare.py": "class Bare:  # no types.Item\n    pass\n",
    }
    through = evidence(files)
    page = "[`Own`](src:shop/own.py#Own) extends [`types.Item`](src:shop/base.py#Item)"
    assert problems(page, through) == []
    assert problems(page.replace("`types.Item`", "`kinds.Item`"), through) == ["symbol"]
    assert problems(page.replace("shop/own.py#Own", "shop/bare.py#Bare").replace("`Own`", "`Bare`"), through) == [
        "symbol"
    ]


def test_links_inside_quotations_are_checked_too(commit: CommitEvidence) -> None:
    """The site makes links, also in a quotation; a broken one is the page's fault."""
    assert problems("[s](src:src/shop/cli.py)\n\n> [main](nowhere.md)", commit) == ["link"]
