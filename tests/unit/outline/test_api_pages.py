"""How the API reference is cut into pages."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.outline.api_pages import (
    MODULE_MAXIMUM,
    PAGE_LIMIT,
    PAGE_MAXIMUM,
    PAGE_MINIMUM,
    ROWS,
    SCREENFUL,
    api_parts,
    members_of_subject,
    page_weight,
)
from tests.unit.samples import STEADY, code_base


def functions(number: int) -> str:
    """A module with so many public functions."""
    return "".join(f"def f{index}(): ...\n" for index in range(number))


def parts(texts: dict[str, str]) -> dict[str, list[str]]:
    """Modules by the name of their page."""
    return {part.name: list(part.modules) for part in api_parts(code_base(texts))}


def package(modules: Mapping[str, int], name: str = "p") -> dict[str, str]:
    """A Python package with modules of so many functions each; `_` in a name stands for a subpackage."""
    texts = {f"{name}/__init__.py": ""}
    for module, number in modules.items():
        folders = module.split("_")
        for depth in range(1, len(folders)):
            texts.setdefault(f"{name}/{'/'.join(folders[:depth])}/__init__.py", "")
        texts[f"{name}/{'/'.join(folders)}.py"] = functions(number)
    return texts


def test_a_small_package_is_one_page() -> None:
    """What fits on a page is not cut."""
    assert parts(package({"a": 5, "b": 5})) == {"p": ["p.a", "p.b"]}


def test_a_lone_module_is_a_page_of_its_own_name() -> None:
    """The page is named after the module, however large it is."""
    assert parts({"lone.py": functions(PAGE_LIMIT + 40)}) == {"lone": ["lone"]}


def test_modules_without_public_definitions_have_no_page() -> None:
    """There is nothing to document in them."""
    assert parts({"p/__init__.py": "", "p/a.py": functions(1), "p/b.py": "_x = 1\n"}) == {"p.a": ["p.a"]}
    assert parts({"README.md": "# x\n"}) == {}


def test_a_large_package_is_cut_by_module_and_crumbs_are_gathered() -> None:
    """Modules that are too small for a page stay together on the package's."""
    assert parts(package({"big": 50, "other": 40, "crumb": 4, "bit": 3})) == {
        "p": ["p.bit", "p.crumb"], "p.big": ["p.big"], "p.other": ["p.other"],
    }  # fmt: skip


def test_a_subpackage_that_is_still_too_large_is_cut_again() -> None:
    """Cutting goes as deep as it must, and a level with one child alone is passed through."""
    assert parts(package({"other": 20, "sub_deep_one": 50, "sub_deep_two": 50})) == {
        "p.other": ["p.other"], "p.sub.deep.one": ["p.sub.deep.one"], "p.sub.deep.two": ["p.sub.deep.two"],
    }  # fmt: skip


def test_the_package_itself_is_a_page_when_its_modules_have_theirs() -> None:
    """Definitions of `__init__` are documented under the package's name."""
    texts = {**package({"big": 50, "other": 40}), "p/__init__.py": functions(20)}
    assert parts(texts) == {"p": ["p"], "p.big": ["p.big"], "p.other": ["p.other"]}


def test_packages_are_kept_apart() -> None:
    """Two distributions of one repository never share a page, nor do two languages."""
    texts = {
        "one/pyproject.toml": '[project]\nname = "one"\n',
        "one/one/__init__.py": functions(2),
        "two/pyproject.toml": '[project]\nname = "two"\n',
        "two/two/__init__.py": functions(2),
        "web/a.ts": "export const A = 1;\n",
    }
    assert parts(texts) == {"one": ["one"], "two": ["two"], "web/a": ["web/a"]}


def test_a_script_and_its_declarations_are_one_module() -> None:
    """`index.js` and `index.d.ts` have one name, and their definitions one place."""
    texts = {"index.js": "export function go() {}\n", "index.d.ts": "export declare function go(): void;\n"}
    assert parts(texts) == {"index": ["index"]}


@pytest.mark.parametrize(
    ("module", "folder", "short"),
    [
        ("example.com/tool", ".", "tool"),
        ("example.com/tool/v2", ".", "tool"),
        ("example.com/vault", ".", "vault"),
        ("example.com/2048", ".", "2048"),
        ("example.com/tool/v2", "pkg/x", "pkg/x"),
    ],
)
def test_go_packages_are_called_by_what_sets_them_apart(module: str, folder: str, short: str) -> None:
    """What all packages of a module share is left out, a major version too."""
    path = "f.go" if folder == "." else f"{folder}/f.go"
    texts = {"go.mod": f"module {module}\n", path: "package x\n\nfunc F() {}\n"}
    assert [part.short for part in api_parts(code_base(texts))] == [short]


def test_other_languages_keep_their_names_beside_a_go_module() -> None:
    """Only what lies below the module's name is shortened."""
    texts = {
        "go.mod": "module example.com/tool\n",
        "tool.go": "package tool\n\nfunc F() {}\n",
        "helper.py": functions(1),
    }
    assert sorted(part.short for part in api_parts(code_base(texts))) == ["helper", "tool"]


def test_unrelated_packages_share_no_page_however_small() -> None:
    """Two packages of one distribution have nothing in common but the root, for which there is no page."""
    texts = {
        "pyproject.toml": '[project]\nname = "dist"\n',
        "one/__init__.py": functions(2),
        "two/__init__.py": functions(PAGE_LIMIT),
    }
    assert parts(texts) == {"one": ["one"], "two": ["two"]}


def test_less_than_a_screenful_joins_a_neighbour() -> None:
    """What would be a page of a few lines is told on the shortest page beside it, whose name stays."""
    assert parts(package({"big": 50, "other": 40, "crumb": SCREENFUL - 1})) == {
        "p.big": ["p.big"], "p.other": ["p.other", "p.crumb"],
    }  # fmt: skip


def test_a_hundred_small_modules_are_several_pages_by_their_letters() -> None:
    """No page that holds several modules is a wall, and none is a crumb."""
    names = [f"{first}{second}" for first in "abcdefghijklmnopqrst" for second in "abcde"]
    code = code_base(package(dict.fromkeys(names, 5)))
    found = api_parts(code)
    assert sorted(name for part in found for name in part.modules) == [f"p.{name}" for name in names]
    assert [part.name for part in found] == ["p.a-d", "p.e-g", "p.h-m", "p.n-q", "p.r-t"]
    assert [part.title for part in found][:2] == ["p (a to d)", "p (e to g)"]
    assert all(SCREENFUL <= len(part.modules) * 5 <= PAGE_MAXIMUM for part in found)


def test_a_module_that_comes_moves_only_its_neighbours() -> None:
    """The borders between letters are fixed, so that pages and their addresses last."""
    names = dict.fromkeys((f"{first}{second}" for first in "abcdefghijklmnopqrst" for second in "abcd"), 5)
    before = parts(package(names))
    after = parts(package({**names, "azz": 5}))
    assert before.keys() == after.keys()
    assert sum(before[name] != after[name] for name in before) == 1


def test_modules_with_one_beginning_are_told_apart_behind_it() -> None:
    """`test_a` and `test_b` share no letter that would help."""
    names = {f"testing{first}{second}": 5 for first in "abcdefgh" for second in "abcde"}
    found = parts(package(names))
    assert list(found) == ["p.testinga-testingd", "p.testinge-testingg", "p.testingh-testingm"]


def test_rows_of_a_table_take_less_room_than_headings() -> None:
    """A class with many fields is one heading and a table."""
    fields = "".join(f"    f{number}: int = 0\n" for number in range(4 * ROWS))
    members = code_base({"lib.py": f"class A:\n{fields}\nX = 1\n"}).surface.members["lib"]
    assert page_weight(members) == 1 + 5


@settings(STEADY, max_examples=15)
@given(
    st.dictionaries(
        st.from_regex(r"[ab](_[ab]){0,2}", fullmatch=True), st.integers(0, PAGE_LIMIT + 10), min_size=1, max_size=6
    )
)
def test_every_module_is_on_exactly_one_page(modules: dict[str, int]) -> None:
    """However a package is cut, no definition is lost and none is documented twice; pages have different names."""
    code = code_base(package(modules))
    found = api_parts(code)
    listed = [name for part in found for name in part.modules]
    assert sorted(listed) == sorted(code.surface.members)
    assert len({part.name for part in found}) == len(found)
    weights = {name: sum(member.weight for member in members) for name, members in code.surface.members.items()}
    for part in found:
        large = [name for name in part.modules if weights[name] >= PAGE_MINIMUM]
        total = sum(weights[name] for name in part.modules)
        assert len(large) < 2 or total < PAGE_LIMIT + SCREENFUL
        assert len(part.modules) < 2 or total < PAGE_MAXIMUM + SCREENFUL


def test_a_huge_module_is_spread_over_pages_by_letters() -> None:
    """Each member is on exactly one of them, in ranges with fixed borders; the titles say which."""
    names = [f"{letter}{index}" for letter in "acmnz" for index in range(80)]
    code = code_base({"big.py": "".join(f"def {name}(): ...\n" for name in names), "small.py": functions(30)})
    pages = {part.title: part for part in api_parts(code)}
    assert list(pages) == ["big: A to M", "big: N to Z", "small"]
    held = [
        member.name
        for part in pages.values()
        for subject in part.modules
        for member in members_of_subject(subject, code)
    ]
    assert sorted(held) == sorted([*names, *(f"f{index}" for index in range(30))])
    assert all(page_weight(members_of_subject(part.modules[0], code)) <= MODULE_MAXIMUM for part in pages.values())


def test_a_package_beside_small_modules_keeps_its_name() -> None:
    """No page is called after a module that does not exist: what a page holds alone it is named after, letters are told."""
    texts = package({"exc": 10, "util": 10}) | {"p/__init__.py": functions(160)}
    assert {part.title: part.modules for part in api_parts(code_base(texts))} == {
        "p": ("p",),
        "p (e to g)": ("p.exc",),
        "p (n to z)": ("p.util",),
    }
    texts = package(dict.fromkeys(("a", *(f"a{letter}" for letter in "abcdefghij")), 18))
    texts["p/__init__.py"] = functions(19)
    assert [part.title for part in api_parts(code_base(texts))] == ["p (a)"]
