"""What a page stands on: no change of a fact that it names goes unseen, and what it does not name does not count."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.plan.provenance import provenance
from docsfy_action.plan.reasons import explain
from docsfy_action.verify.grounding import Grounds, files_of, ground
from docsfy_action.writers.model.factsheet import fact_sheet
from tests.contract.models.explainer import explain as write
from tests.unit.samples import STEADY, MemoryReader, code_base
from tests.unit.verify.mutations import Mutation, mentions, mutated, mutations
from tests.unit.verify.shop import FILES, PAGE
from tests.unit.writers.projects import PROJECTS, project_context, project_pages, project_texts


def _grounds(texts: dict[str, str]) -> Grounds:
    return Grounds(code_base(texts), MemoryReader(texts).read)


def _ground(markdown: str, texts: dict[str, str]) -> dict[str, dict[str, str]]:
    return {key: dict(facets) for key, facets in ground(markdown, _grounds(texts)).items()}


def _why(markdown: str, path: str, old: str, new: str) -> str:
    """The reason that is given for a page after `old` has become `new` in a file; empty where nothing has changed for it."""
    before = _ground(markdown, FILES)
    assert old in FILES[path]
    after = _ground(markdown, {**FILES, path: FILES[path].replace(old, new, 1)})
    return explain(before, after) if before != after else ""


CLIENT = "src/shop/client.py"


@pytest.mark.parametrize(
    ("markdown", "path", "old", "new", "why"),
    [
        ("[`Client`](src:src/shop/client.py#Client)", CLIENT, "url: str", "url: bytes", "`Client` changed"),
        ("[the client](doc:src/shop/client.py#Client.get)", CLIENT,
         "get(self, item", "get(self, items", "`Client.get` changed its signature"),
        ("`Client.get`", CLIENT, "Get one item", "Fetch one item", "`Client.get` changed its documentation"),
        ("`get`", CLIENT, "def get(", "def fetch(", "`get` is new, `Client.get` is gone"),
        ("`timeout`", CLIENT, "timeout: int = TIMEOUT", "timeout: int = 5", "`timeout` changed"),
        ("[`Client`](src:src/shop/client.py#Client)", CLIENT, "self.url + item", "item", "`Client` changed"),
        ("It is a `Client`.", CLIENT, "get(self, item: str)", "get(self, items: str)", "`Client` changed"),
        ("`TIMEOUT`", CLIENT, "TIMEOUT = 30", "TIMEOUT = 31", "`TIMEOUT` changed"),
        ("[30](src:src/shop/client.py?TIMEOUT%20%3D)", CLIENT, "TIMEOUT = 30", "TIMEOUT = 31", "changed"),
        ("`SHOP_API_TOKEN`", CLIENT, "SHOP_API_TOKEN", "SHOP_TOKEN", "`SHOP_API_TOKEN`"),
        ("`items_inside`", CLIENT, "= [item]", "= (item,)", "`items_inside` changed"),
        ("Set the SHOP_LOG_LEVEL variable.", ".env.example", "info", "debug", "`SHOP_LOG_LEVEL` changed its default"),
        ("`--max-price`", "src/shop/cli.py", "type=int", "type=float", "changed"),
        ("`sell`", "src/shop/cli.py", "Sell something", "Sell it", "`sell` changed its help text"),
        ("`--wait-long`", "cmd/shopd/main.go", "wait-long", "wait", "`--wait-long`"),
        ("`httpx`", "pyproject.toml", "httpx>=0.27", "httpx>=0.28", "`httpx` changed its version range"),
        ("`acme-shop`", "pyproject.toml", "1.2.0", "1.3.0", "`acme-shop` has a new version"),
        ("`>=3.11`", "pyproject.toml", ">=3.11", ">=3.12", "`>=3.11` is gone"),
        ("`make lint`", "Makefile", "ruff check src", "ruff check", "`lint` changed"),
        ("```console\nmake test\n```", "Makefile", "test: lint", "test:", "`test` changed"),
        ("```console\nshop sell --max-price 3\n```", "src/shop/cli.py", '"sell"', '"vend"', "`vend"),
        ("```console\npytest -q\n```", "Makefile", "pytest -q", "pytest", "changed"),
        ("```console\nshopctl sync --now\n```", "README.md", "--now", "--later", "`shopctl sync --now`"),
        ("```python\nclient.get(item=3)\n```", CLIENT, "self, item: str) -> httpx", "self, what: str) -> httpx", "changed"),
        ("```mermaid\nflowchart TD\n    n_a[\"openShop\"]\n```", "web/cli.js",
         "openShop(name)", "openShop()", "`openShop` changed"),
        ("`web`", "src/shop/cli.py", "def main() -> None:\n", "def web() -> None:\n    pass\n\n\ndef main() -> None:\n",
         "`web` is new"),
        ("`--out-dir`", "src/shop/data/items.json", "build/report", "build/out", "`--out-dir` changed"),
        ("`--no-dry-run`", "src/shop/cli.py", "--dry-run", "--dry", "`--no-dry-run`"),
        ("```console\n./scripts/check.sh --fast\n```", ".github/workflows/ci.yml",
         "ubuntu-latest", "ubuntu-24.04", "`test` changed"),
        ("[it](src:src/shop/client.py#Base)\n\nText.\n\n```python\nx = '30'\n```", CLIENT,
         "TIMEOUT = 30", "TIMEOUT = 31", "`30` is gone"),
        ("`compose.yaml` starts `postgres`", "compose.yaml", "postgres:16", "postgres:17", "`postgres` changed"),
        ("the job `test`", ".github/workflows/ci.yml", "ubuntu-latest", "ubuntu-24.04", "`test` changed"),
    ],
)  # fmt: skip
def test_a_change_of_what_is_named_is_seen(markdown: str, path: str, old: str, new: str, why: str) -> None:
    """Names of every kind, wherever on a page they stand, and a reason that people understand."""
    said = _why(f"# T\n\n{markdown}\n", path, old, new)
    assert why.split(",", maxsplit=1)[0] in said or (why == "`vend" and "`sell`" in said), said


@pytest.mark.parametrize(
    ("markdown", "path", "old", "new"),
    [
        ("`Client.get`", CLIENT, "Close it", "Shut it"),
        ("`Client.get`", CLIENT, "TIMEOUT = 30", "TIMEOUT = 31"),
        ("`Client.get`", CLIENT, '"""Talks', '"""\n\n\nTalks'),
        ("`sell`", "Makefile", "pytest -q", "pytest"),
        ("`src/shop/cli.py`", "src/shop/cli.py", "Sell", "Vend"),
        ("Nothing in code marks.", CLIENT, "class Client", "class Customer"),
        ("`httpx`", "pyproject.toml", '"pytest"', '"pytest>=8"'),
        ("It is a `Client`.", CLIENT, "self.url + item", "item"),
        ("```python\nclient = Client(url)\n```", CLIENT, "get(self, item: str)", "get(self, items: str)"),
        ("```python\nopen_all(args=1)\n```", CLIENT, "item: str) -> httpx", "*args: str) -> httpx"),
    ],
)
def test_what_is_not_named_does_not_count(markdown: str, path: str, old: str, new: str) -> None:
    """Other facts of the same file, lines that move, and files that are named in passing leave a page as it is."""
    assert _why(f"# T\n\n{markdown}\n", path, old, new) == ""


def test_files_cited_or_opened_count_as_a_whole() -> None:
    """A link to a file, and a file that tools read, stand for all that is in it; a folder for the names in it."""
    grounds = _grounds(FILES)
    facets = ground("# T\n\n[it](src:Makefile) [all](src:src/shop/)\n", grounds, opened=["go.mod", "gone.txt"])
    assert {key: set(value) for key, value in facets.items()} == {
        "file Makefile#": {"content"},
        "file go.mod#": {"content"},
        "file gone.txt#": {"content"},
        "folder src/shop#": {"content"},
    }
    assert facets["file gone.txt#"] == {"content": "absent"}
    assert ground("# T\n\n[it](src:Makefile) [all](src:src/shop/)\n", grounds, opened=files_of(facets)) == facets
    more = _ground("# T\n\n[all](src:src/shop/)\n", {**FILES, "src/shop/new.py": ""})
    assert more["folder src/shop#"] != facets["folder src/shop#"]


def test_members_of_a_type_count_where_it_is_cited() -> None:
    """Go puts methods outside of their type, even into other files: a new one is a change of the type."""
    texts = {"s/a.go": "package s\n\ntype Server struct{}\n", "s/b.go": "package s\n\nfunc (s *Server) Run() {}\n"}
    before = _ground("[`Server`](src:s/a.go#Server)", texts)
    after = _ground("[`Server`](src:s/a.go#Server)", {**texts, "s/c.go": "package s\n\nfunc (s *Server) Stop() {}\n"})
    assert [
        facet
        for facet, value in after["symbol s/a.go#Server"].items()
        if value != before["symbol s/a.go#Server"][facet]
    ] == ["members"]


def test_a_name_of_many_facts_has_one_key() -> None:
    """Twenty functions of one name are held together, and each of them still counts."""
    texts = {f"m{number}.py": "def run(a):\n    return a\n" for number in range(20)}
    before = _ground("`run`", texts)
    assert list(before) == ["names #run"]
    assert _ground("`run`", {**texts, "m7.py": "def run(b):\n    return b\n"}) != before


def test_a_word_in_many_lines_counts_where_it_is_cited() -> None:
    """A frequent word says little: only its lines in files that the page cites are held."""
    texts = {"a.txt": "thing\n", **{f"{number}.txt": f"thing {number}\n" for number in range(60)}}
    page = "`thing` in [a](src:a.txt?thing)"
    before = _ground(page, texts)
    assert _ground(page, {**texts, "7.txt": "thing again\n"}) == before
    assert _ground(page, {**texts, "a.txt": "a thing\n"}) != before


def test_keys_are_those_of_other_pages() -> None:
    """A symbol has the key and the hashes that it has in the provenance of a builtin page, and more."""
    code = code_base(FILES)
    located = next(iter(_grounds(FILES).index.symbols(CLIENT, "Client.get")))
    ((key, hashes),) = provenance(located).facets.items()
    facets = ground("`Client.get`", Grounds(code, lambda _: None))
    assert key in facets
    assert hashes.items() <= facets[key].items()
    assert set(facets[key]) - set(hashes) == {"body"}


def test_a_name_that_appears_is_seen() -> None:
    """A name that the commit did not hold is noted as absent, so that its coming is a change."""
    before = _ground("`brand_new`", FILES)
    assert before == {"word #brand_new": {"content": "absent"}}
    assert _ground("`brand_new`", {**FILES, "web/new.js": "// brand_new\n"}) != before


def test_a_parameter_that_many_have_is_that_of_the_files_that_are_cited() -> None:
    """Half of a program takes a `name`; a page is about some of it. A page that cites none of it stands on all of them."""
    texts = {f"src/shop/part{number}.py": f"def use{number}(name: str) -> None:\n    pass\n" for number in range(12)}
    other = {**texts, "src/shop/part7.py": "def use7(name: int) -> None:\n    pass\n"}
    near = {**texts, "src/shop/part1.py": "def use1(name: int) -> None:\n    pass\n"}
    page = "[`use1`](src:src/shop/part1.py#use1) takes a `name`."
    assert _ground(page, texts) == _ground(page, other)
    assert _ground(page, texts) != _ground(page, near)
    assert _ground("It takes a `name`.", texts) != _ground("It takes a `name`.", other)


CHANGES = {"kelpie": 110, "sprout": 100, "tidewatch": 270, "shop": 30}


def _written(project: str) -> tuple[dict[str, str], CodeBase, dict[str, str]]:
    """Texts, facts and pages of a fixture: those of the embedded writer, and what a model writes of each file."""
    if project == "shop":
        return FILES, code_base(FILES), {"page": PAGE}
    code = project_context(project).code
    told = {f"about-{path}": write("About it", "about-it", fact_sheet(code, (path,))) for path in code.files}
    return dict(project_texts(project)), code, {**project_pages(project), **told}


@pytest.mark.parametrize("project", [*PROJECTS, "shop"])
def test_no_change_of_a_named_fact_is_missed(project: str) -> None:
    """Every rename, removal, and change of signature, default, value, flag, variable, command and constraint of what a
    page names changes its facets, on every page that names it: five hundred changes, drawn with a fixed seed."""
    texts, code, pages = _written(project)
    grounds = Grounds(code, MemoryReader(texts).read)
    before = {slug: ground(text, grounds) for slug, text in pages.items()}
    naming: dict[Mutation, list[str]] = {}
    for slug, text in pages.items():
        for mutation in mutations(mentions(text), code, texts):
            naming.setdefault(mutation, []).append(slug)
    made = 0
    missed = []
    for mutation in random.Random(project).sample(list(naming), len(naming)):
        after = Grounds(mutated(code, mutation), MemoryReader({**texts, mutation.path: mutation.text}).read)
        made += 1
        missed += [
            (slug, mutation.kind, mutation.path, mutation.name)
            for slug in naming[mutation]
            if ground(pages[slug], after) == before[slug]
        ]
        if made >= CHANGES[project]:
            break
    assert missed == []
    assert made >= CHANGES[project]


def test_facets_are_the_same_each_time() -> None:
    """Neither what was looked up before nor the order of files changes anything."""
    grounds = _grounds(FILES)
    first = ground(PAGE, grounds)
    assert ground(PAGE, grounds) == first
    backwards = dict(reversed(FILES.items()))
    assert ground(PAGE, _grounds(backwards)) == first
    assert list(first) == sorted(first)


@STEADY
@given(
    st.lists(
        st.sampled_from(["`", "```console\n", "```", "\n", "](src:", "[", ")",
                         "Client.get", "--max-price", "#", "?", "%ff", "a.b.", "..", "*"])
        | st.text(max_size=6),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_any_page_is_grounded(markdown: str) -> None:
    """Whatever stands on a page, it has facets and never an error."""
    facets = ground(markdown, SHOP)
    assert all(value for hashes in facets.values() for value in hashes.values())


SHOP = _grounds(FILES)


def test_grounding_is_fast() -> None:
    """A page of twenty thousand characters takes no longer than a run can spare for each page."""
    markdown = PAGE * 8
    ground(markdown, SHOP)
    started = time.process_time()
    ground(markdown, SHOP)
    assert time.process_time() - started < 1
