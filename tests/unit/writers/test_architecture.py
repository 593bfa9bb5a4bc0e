"""The architecture page: the drawing, the layers, and what everything leans on."""

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.diagrams import parse_diagram
from docsfy_action.verify.page import parse_page
from docsfy_action.writers.builtin import architecture
from docsfy_action.writers.builtin.key_types import key_types
from tests.unit.samples import STEADY
from tests.unit.writers.sites import context_of, pages_of


def package(**imports: str) -> dict[str, str]:
    """A Python package `p` whose modules import each other: `a="b c"`."""
    texts = {"p/__init__.py": "", "setup.cfg": "[metadata]\nname = p\n"}
    for name, targets in imports.items():
        texts[f"p/{name}.py"] = "".join(f"from p import {target}\n" for target in targets.split())
    return texts


def page_of(texts: dict[str, str]) -> str:
    """The architecture page."""
    return pages_of(texts)["architecture"]


def drawn(page: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Labels and arrows of the page's diagram."""
    (fence,) = (fence for fence in parse_page(page).fences if fence.language == "mermaid")
    diagram = parse_diagram(fence.text)
    assert diagram is not None
    return {node.label for node in diagram.nodes}, {(edge.source, edge.target) for edge in diagram.edges}


def test_arrows_that_follow_from_others_are_left_out() -> None:
    """What imports what stays readable, and the page says that it was shortened."""
    page = page_of(package(a="b c", b="c", c=""))
    labels, arrows = drawn(page)
    assert labels == {"p.a", "p.b", "p.c"}
    assert len(arrows) == 2
    assert "Where one arrow follows from others, it is left out." in page
    straight = page_of(package(a="b", b="c", c=""))
    assert "it is left out" not in straight


def test_layers_are_told_where_there_are_more_than_two() -> None:
    """From what nothing imports down to the foundation."""
    page = page_of(package(a="b", b="c", c="", d="c"))
    assert "1.  [`p.a`](src:p/a.py)\n2.  [`p.b`](src:p/b.py) and [`p.d`](src:p/d.py)\n" in page
    assert "Read as layers" not in page_of(package(a="b", b="", c=""))


def test_modules_that_import_each_other_are_named() -> None:
    """A circle is said in a sentence, and its members share a layer."""
    page = page_of(package(a="b", b="a c", c="d", d=""))
    assert "[`p.a`](src:p/a.py) and [`p.b`](src:p/b.py) import each other in a circle" in page


def test_what_loading_does_not_need_closes_no_circle() -> None:
    """Imports inside functions and those for type checkers are counted in a sentence, not drawn."""
    texts = package(a="b", b="c", c="")
    texts["p/c.py"] = "if TYPE_CHECKING:\n    from p import a\n"
    texts["p/b.py"] += "\ndef go():\n    from p import a\n"
    page = page_of(texts)
    assert "import each other" not in page
    left_out = "Imports that loading a module does not need are left out: one inside functions and one for type checkers alone."
    assert left_out in page
    assert "Read as layers, from what nothing else loads down to the foundation:" in page


def test_large_circles_are_counted_and_make_no_layers() -> None:
    """When nearly everything is one circle, layers would say nothing."""
    names = "abcdefgh"
    circle = {name: names[(index + 1) % len(names)] for index, name in enumerate(names)}
    page = page_of(package(**circle, x="a", y="x"))
    assert "and two more import each other in a circle" in page
    assert "Read as layers" not in page


def test_large_code_is_drawn_by_package() -> None:
    """Modules of one package become one box, which leads to its folder; what does not fit is left out, and both is said."""
    texts = {"setup.cfg": "[metadata]\nname = big\n"}
    for number in range(20):
        texts[f"big{number}/__init__.py"] = ""
        texts[f"big{number}/x.py"] = f"import big{(number + 1) % 20}.x\n" if number < 19 else ""
    page = page_of(texts)
    assert "Modules of one package are drawn as one box." in page
    assert "Only the parts that the rest leans on most are drawn." in page
    labels, _ = drawn(page)
    assert len(labels) <= architecture.DRAWN
    assert "[`big19`](src:big19/)" in page


def test_a_group_without_a_common_folder_is_named_without_a_link() -> None:
    """Modules of one package that lie in two folders have no single place."""
    code = context_of({"src/p/__init__.py": "", "src/p/a.py": "", "lib/p/__init__.py": "", "lib/p/b.py": ""}).code
    assert architecture._place(("p.a", "p.b"), code) == ""
    assert architecture._place(("p.a",), code) == "src/p/a.py"
    assert architecture._group("p", "") == "`p`"


def test_the_root_of_a_go_module_is_linked_by_name() -> None:
    """Its name stands in `go.mod`, not in the path that the link leads to; other packages are shown by their path."""
    texts = {"go.mod": "module example.com/tool\n", "main.go": 'package main\n\nimport "example.com/tool/a/b"\n'}
    for name, target in (("a/b", "c"), ("c", "d"), ("d", "")):
        body = f'import "example.com/tool/{target}"\n' if target else ""
        texts[f"{name}/x.go"] = f"package {name[-1]}\n\n{body}"
    page = page_of(texts)
    assert "1.  [tool](src:main.go)\n2.  [`a/b`](src:a/b/x.go)" in page


def test_parts_of_two_go_modules_keep_apart() -> None:
    """A package is shown by its path below the module that holds it."""
    texts = {
        "go.mod": "module example.com/tool\n",
        "a.go": "package tool\n",
        "sub/go.mod": "module example.com/other\n",
        "sub/b.go": "package other\n",
        "p.py": "",
    }
    code = context_of(texts).code
    assert architecture._label("example.com/other", ("example.com/other",), code) == "other"
    assert architecture._label("example.com/tool", ("example.com/tool",), code) == "tool"
    assert architecture._label("p", ("p",), code) == "p"


def test_without_arrows_between_groups_nothing_is_drawn() -> None:
    """Imports inside one group are no picture; the rest of the page remains."""
    context = context_of(package(a="b", b="c", c=""))
    spec = next(page for page in context.outline.pages() if page.slug == "architecture")
    value = architecture.select(spec, context)
    alone = architecture.ArchitectureInput(
        title="p", modules=4, unpublished=0, edges=(), hidden_edges=0, deferred=0, typing=0,
        groups=value.groups, layers=(), cycles=(), ranked=(), starts=(),
        types=(),
    )  # fmt: skip
    assert "mermaid" not in architecture.write(alone)
    assert architecture.write(alone).startswith("# Architecture\n\np consists of four modules.")


def test_scripts_are_shown_by_their_files() -> None:
    """JavaScript has no names for modules but their paths."""
    texts = {"a.ts": 'import "./b";\n', "b.ts": 'import "./c";\n', "c.ts": "", "d.ts": ""}
    labels, _ = drawn(page_of(texts))
    assert labels == {"a.ts", "b.ts", "c.ts"}


def test_programs_tell_where_they_start_and_how_far_they_reach() -> None:
    """A declared program links to its declaration; one whose file is no module says only where it starts."""
    texts = {
        **package(a="b", b="c", c=""),
        "pyproject.toml": '[project]\nname = "p"\n\n[project.scripts]\nrun = "p.a:main"\nend = "p.c:main"\n',
    }
    page = page_of(texts)
    assert (
        "-   [`run`](src:pyproject.toml?run) starts in [`p/a.py`](src:p/a.py) and reaches two modules from there."
        in page
    )
    assert "-   [`end`](src:pyproject.toml?end) starts in [`p/c.py`](src:p/c.py)." in page
    odd = (
        "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--x')\n\n"
        "if __name__ == '__main__':\n    pass\n"
    )
    script = page_of({**package(a="b", b="c", c=""), "my-tools/run-it.py": odd})
    assert "-   `python my-tools/run-it.py` starts in [`my-tools/run-it.py`](src:my-tools/run-it.py)." in script


def test_modules_are_ranked_by_what_leans_on_them() -> None:
    """Numbers of importers and imports; fewer than three modules are no table."""
    page = page_of(package(a="b c", b="c", c="d", d=""))
    rows = [line for line in page.split("\n") if line.startswith("| [`p.")]
    assert [row.split(" | ")[1:3] for row in rows] == [["1", "0"], ["2", "1"], ["1", "1"]]
    assert "What the code leans on" not in page_of(package(a="b", b="c", c=""))


def test_what_is_never_published_is_not_drawn_beside_what_is() -> None:
    """The scripts and benchmarks of a workspace would hide the library that they are about."""
    texts = {
        "package.json": '{"name": "root", "private": true}',
        "play.ts": 'import { a } from "./lib/src/a";\nexport const p = a;\n',
        "lib/package.json": '{"name": "lib", "main": "./src/a.ts"}',
        "lib/src/a.ts": 'import { b } from "./b";\nimport { c } from "./c";\nexport const a = b + c;\n',
        "lib/src/b.ts": 'import { d } from "./d";\nexport const b = d;\n',
        "lib/src/c.ts": 'import { d } from "./d";\nexport const c = d;\n',
        "lib/src/d.ts": "export const d = 1;\n",
    }
    page = page_of(texts)
    labels, _ = drawn(page)
    assert labels == {f"lib/src/{name}.ts" for name in "abcd"}
    assert " One module of packages that are not published stands aside." in page
    assert "Only the parts" not in page
    few = {path: text for path, text in texts.items() if path not in ("lib/src/c.ts", "lib/src/d.ts")}
    assert "aside" not in page_of(
        {
            **few,
            "lib/src/a.ts": 'import { b } from "./b";\n',
            "lib/src/b.ts": "export const b = 1;\n",
            "x.ts": "import './play';\n",
        }
    )


def test_key_types_are_those_that_signatures_name() -> None:
    """A type with one definition that several signatures name; undocumented ones link to the source."""
    texts = package(a="b", b="c", c="")
    texts["p/__init__.py"] = "from p.d import A, B\n"
    texts["p/d.py"] = (
        'from p._e import C\n\nclass A:\n    "Is a."\n\nclass B: ...\n\nclass Rare: ...\n\ndef f(a: A, b: B) -> A: ...\n\n'
        "def g(a: list[A]) -> B: ...\n\ndef h(c: 'C') -> 'C': ...\n\ndef i() -> 'C': ...\n"
    )
    texts["p/_e.py"] = "class C: ...\n"
    page = page_of(texts)
    assert "| [`A`](doc:p/d.py#A) | 2 | <q>Is a.</q> | [`p/d.py`](src:p/d.py) |" in page
    assert "| [`C`](src:p/_e.py#C) | 2 | – |" in page
    assert "Rare" not in page


def test_a_name_counts_for_the_type_that_it_stands_for() -> None:
    """Types of other packages that are called alike are none of ours; a module may be called otherwise where it is used."""
    texts = package(a="b", b="c", c="")
    texts["p/types.py"] = "class Context: ...\n\nclass Alpha: ...\n\nclass Beta: ...\n"
    texts["p/d.py"] = (
        "import click\nfrom p import types as t\nfrom other import Beta\nfrom p.types import Alpha\n\n"
        "def f(a: click.Context, b: t.Context) -> Alpha: ...\n\ndef g(a: click.Context) -> Beta: ...\n\n"
        "def h(a: t.Context) -> Alpha: ...\n\ndef i(a: Context, b: Beta) -> None: ...\n"
    )
    rows = {row.name: row.mentions for row in key_types(context_of(texts).code)}
    assert rows == {"Context": 2, "Alpha": 2}


def test_a_type_of_a_script_may_be_taken_from_its_whole_module() -> None:
    """`import * as core` and `core.Type`."""
    texts = {
        "package.json": '{"name": "p", "main": "a.ts"}',
        "core.ts": "export interface Kind { a: string }\nexport interface Other { b: string }\n",
        "a.ts": (
            'import * as core from "./core";\nimport { Other } from "elsewhere";\n'
            "export function f(a: core.Kind): Other { return a }\nexport function g(b: Other): core.Kind { return b }\n"
        ),
    }
    assert [(row.name, row.mentions) for row in key_types(context_of(texts).code)] == [("Kind", 2)]


NODES = st.sampled_from("abcdef")
EDGES = st.dictionaries(st.tuples(NODES, NODES).filter(lambda pair: pair[0] != pair[1]), st.integers(1, 3), max_size=14)


def reach(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which node leads to which, over any number of edges."""
    found = set(edges)
    while more := {(a, d) for a, b in found for c, d in found if b == c} - found:
        found |= more
    return found


@STEADY
@given(EDGES)
def test_what_reaches_what_stays_when_edges_are_left_out(edges: dict[tuple[str, str], int]) -> None:
    """Leaving out an arrow changes nothing of the order; what is left cannot be shortened further."""
    kept = architecture.essential(edges)
    assert reach(set(kept)) == reach(set(edges))
    assert all(kept[pair] == edges[pair] for pair in kept)
    assert all(reach(set(kept) - {pair}) != reach(set(kept)) for pair in kept)


@STEADY
@given(EDGES)
def test_layers_stand_above_what_they_import(edges: dict[tuple[str, str], int]) -> None:
    """Every node has one layer; apart from circles, an edge leads to a lower one."""
    components = architecture._components(tuple("abcdef"), set(edges))
    circles = {name: part for part in components for name in part}
    assert sorted(name for part in components for name in part) == list("abcdef")
    whole = reach(set(edges))
    assert all((a, b) in whole and (b, a) in whole for part in components for a in part for b in part if a != b)
    layers = architecture._layers(components, set(edges))
    level = {name: height for height, layer in enumerate(layers) for name in layer}
    assert sorted(level) == list("abcdef")
    assert all(level[a] < level[b] for a, b in edges if circles[a] != circles[b])
