"""Who imports whom, what leans on what, and how a large graph shrinks to a drawing."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.graph import ImportGraph, collapse
from docsfy_action.facts.model import ImportTime
from tests.unit.samples import STEADY, code_base


def graph(**edges: str) -> ImportGraph:
    """A graph: `a="b c"` says that `a` imports `b` and `c`; underscores stand for dots."""
    found = {name.replace("_", "."): frozenset(text.replace("_", ".").split()) for name, text in edges.items()}
    nodes = tuple(sorted({*found, *(target for targets in found.values() for target in targets)}))
    return ImportGraph(nodes=nodes, edges={name: found.get(name, frozenset()) for name in nodes})


def edges_of(texts: dict[str, str]) -> dict[str, list[str]]:
    """Edges of the import graph of a sample, without modules that import nothing."""
    return {name: sorted(targets) for name, targets in code_base(texts).graph.edges.items() if targets}


def test_importers_are_the_edges_the_other_way_round() -> None:
    """What imports a module is known as well as what it imports."""
    importers = graph(a="c", b="c d").importers
    assert importers == {"c": frozenset({"a", "b"}), "d": frozenset({"b"})}


def test_rank_adds_up_to_one_and_prefers_what_others_lean_on() -> None:
    """What is imported often, or by something that is, ranks high; importing others gives no rank."""
    rank = graph(app="core", cli="core", core="base").rank
    assert sum(rank.values()) == pytest.approx(1)
    assert rank["base"] > rank["core"] > rank["app"] == rank["cli"]


def test_an_empty_graph_has_no_ranks() -> None:
    """A repository without code is no division by zero."""
    assert graph().rank == {}


def test_reachable_follows_imports_through_circles() -> None:
    """Everything a module needs, itself included, is found once."""
    found = graph(a="b", b="c", c="a d", e="a").reachable(["a"])
    assert found == {"a", "b", "c", "d"}


def test_importing_names_of_a_package_is_importing_the_package() -> None:
    """`from pkg import name` leans on the package, unless every name is a module of it."""
    texts = {
        "p/__init__.py": "VALUE = 1\n",
        "p/one.py": "",
        "p/two.py": "",
        "p/only_modules.py": "from p import one, two\n",
        "p/both.py": "from p import one, VALUE\n",
        "p/whole.py": "import p\n",
        "p/other.py": "import json\n",
    }
    assert edges_of(texts) == {"p.only_modules": ["p.one", "p.two"], "p.both": ["p", "p.one"], "p.whole": ["p"]}


def test_tools_of_developers_are_no_part_of_the_graph() -> None:
    """What stands beside a package draws no arrows and gets none."""
    texts = {"p/__init__.py": "import tool\n", "p/a.py": "import p\n", "tool.py": "import p.a\n"}
    graph = code_base(texts).graph
    assert graph.nodes == ("p", "p.a")
    assert graph.edges == {"p": frozenset(), "p.a": frozenset({"p"})}


def test_a_module_does_not_import_itself() -> None:
    """A package that takes a name from its own submodule leans on that, not on itself."""
    texts = {"p/__init__.py": "import p\nfrom p import one\nfrom p.one import x\n", "p/one.py": "x = 1\n"}
    assert edges_of(texts) == {"p": ["p.one"]}


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("from p import b", None),
        ("import p.b\ndef f():\n    import p.b\n", None),
        ("def f():\n    import p.b\n", ImportTime.DEFERRED),
        ("if TYPE_CHECKING:\n    import p.b\ndef f():\n    import p.b\n", ImportTime.DEFERRED),
        ("if TYPE_CHECKING:\n    from p import b\n", ImportTime.TYPING),
    ],
)
def test_an_edge_is_as_soon_as_the_first_of_its_imports(text: str, when: ImportTime | None) -> None:
    """One import that loading needs is enough; those beside it are late."""
    found = code_base({"p/__init__.py": "", "p/a.py": text, "p/b.py": ""}).graph
    assert found.edges["p.a"] == {"p.b"}
    assert found.late == ({("p.a", "p.b"): when} if when else {})
    assert found.loading["p.a"] == (set() if when else {"p.b"})
    assert found.running["p.a"] == (set() if when is ImportTime.TYPING else {"p.b"})
    assert found.reachable(["p.a"]) == {"p.a", *found.running["p.a"]}


def test_late_imports_lend_weight_and_are_not_drawn() -> None:
    """What type checkers follow says who leans on whom; groups are joined by what loading takes."""
    found = code_base({"a.py": "if TYPE_CHECKING:\n    import b\n", "b.py": "import c\n", "c.py": ""}).graph
    assert found.importers["b"] == {"a"}
    assert dict(collapse(found, 5).edges) == {("b", "c"): 1}


def test_declarations_hold_nothing_that_runs() -> None:
    """Stubs and `.d.ts` files are for type checkers."""
    found = code_base({"a.d.ts": 'import { b } from "./b";\n', "b.ts": "", "s.pyi": "import t\n", "t.py": ""}).graph
    assert set(found.late.values()) == {ImportTime.TYPING}
    assert set(found.late) == {("a", "b"), ("s", "t")}


def test_go_packages_import_each_other_by_their_full_names() -> None:
    """Edges between Go packages hold, other modules are left out."""
    texts = {
        "go.mod": "module example.com/t\n",
        "a/a.go": 'package a\n\nimport (\n\t"fmt"\n\n\t"example.com/t/b"\n)\n',
        "b/b.go": "package b\n",
    }
    assert edges_of(texts) == {"example.com/t/a": ["example.com/t/b"]}


def test_a_small_graph_is_drawn_as_it_is() -> None:
    """With room enough every module is its own group, and edges are counted by import."""
    small = collapse(graph(a_x="b", b="c"), 10)
    assert small.groups == {"a.x": ("a.x",), "b": ("b",), "c": ("c",)}
    assert small.edges == {("a.x", "b"): 1, ("b", "c"): 1}


def test_deep_modules_merge_into_their_parents() -> None:
    """When there are too many modules, those of one package become one group and imports inside it vanish."""
    deep = graph(a_one="a_two b_one", a_two="b_two", b_one="b_two", c_one="a_one a_two")
    assert collapse(deep, 4).groups == {"a": ("a.one", "a.two"), "b": ("b.one", "b.two"), "c": ("c.one",)}
    assert collapse(deep, 4).edges == {("a", "b"): 2, ("c", "a"): 2}


def test_a_flat_package_shows_its_main_modules_instead_of_one_box() -> None:
    """A level with a single group says nothing: one level deeper, the modules that matter most stay."""
    flat = graph(**{f"p_m{number}": "p_base" for number in range(20)}, p_base="")
    drawn = collapse(flat, 6)
    assert len(drawn.groups) == 6
    assert "p.base" in drawn.groups


def test_more_top_level_groups_than_fit_leave_the_least_used_out() -> None:
    """Without anything to merge, those that the rest leans on most are kept."""
    wide = graph(**{f"m{number}": "hub" for number in range(9)}, hub="")
    drawn = collapse(wide, 3)
    assert len(drawn.groups) == 3
    assert "hub" in drawn.groups
    assert set(drawn.edges) <= {(name, "hub") for name in drawn.groups}


def test_paths_are_cut_at_slashes() -> None:
    """Go packages and scripts merge by folder, whatever dots are in their names."""
    drawn = collapse(ImportGraph(nodes=("x.y/a/1", "x.y/a/2", "x.y/b/1"), edges=dict.fromkeys(
        ("x.y/a/1", "x.y/a/2", "x.y/b/1"), frozenset())), 2)  # fmt: skip
    assert set(drawn.groups) == {"x.y/a", "x.y/b"}


def test_a_group_that_holds_nearly_everything_is_shown_by_its_parts() -> None:
    """One box beside some crumbs would be no picture; where its parts do not fit, it stays one."""
    names = ("a.one", "b.two", *(f"lib.{part}.{number}" for part in "cde" for number in range(3)))
    whole = ImportGraph(nodes=names, edges=dict.fromkeys(names, frozenset()))
    assert set(collapse(whole, 6).groups) == {"a.one", "b.two", "lib.c", "lib.d", "lib.e"}
    deep = tuple(name.replace("lib", "lib.core") for name in names)
    whole = ImportGraph(nodes=deep, edges=dict.fromkeys(deep, frozenset()))
    assert set(collapse(whole, 4).groups) == {"a.one", "b.two", "lib.core"}


def test_modules_may_be_passed_over() -> None:
    """They are in no group, and arrows to them are not drawn."""
    found = collapse(graph(a="b c", b="c"), 5, without=("c",))
    assert dict(found.groups) == {"a": ("a",), "b": ("b",)}
    assert dict(found.edges) == {("a", "b"): 1}


def test_nothing_collapses_to_nothing() -> None:
    """An empty graph has no groups."""
    assert collapse(graph(), 5).groups == {}


MODULE_NAMES = st.sampled_from([".".join(parts) for size in (1, 2, 3) for parts in product("abc", repeat=size)])


@settings(STEADY, max_examples=60)
@given(imports=st.lists(st.tuples(MODULE_NAMES, MODULE_NAMES), max_size=30), limit=st.integers(1, 8))
def test_a_collapsed_graph_fits_and_invents_no_edge(imports: list[tuple[str, str]], limit: int) -> None:
    """Whatever the graph: at most `limit` groups, no module in two of them, each edge stands for real imports."""
    names = sorted({name for pair in imports for name in pair})
    chosen = {name: frozenset(b for a, b in imports if a == name) - {name} for name in names}
    drawn = collapse(ImportGraph(nodes=tuple(names), edges=chosen), limit)
    assert len(drawn.groups) <= limit
    members = [name for group in drawn.groups.values() for name in group]
    assert len(members) == len(set(members))
    home = {name: group for group, inside in drawn.groups.items() for name in inside}
    for (source, target), number in drawn.edges.items():
        assert source != target
        real = [1 for name in names for other in chosen[name] if (home.get(name), home.get(other)) == (source, target)]
        assert len(real) == number
