"""How files become modules, and how imports find them."""

import pytest

from docsfy_action.facts.model import Import
from docsfy_action.facts.modules import ModuleTable, owner_of, python_module_name
from docsfy_action.facts.script_packages import script_candidates
from tests.unit.samples import code_base

PYTHON = {
    "pyproject.toml": '[project]\nname = "shop"\n',
    "src/shop/__init__.py": "from .cart import Cart\n",
    "src/shop/cart.py": "import shop.money\nclass Cart: ...\n",
    "src/shop/money.py": "",
    "src/shop/_secret.py": "",
    "src/shop/__main__.py": "",
    "tools/release.py": "",
    "single.py": "",
}


def table(texts: dict[str, str]) -> ModuleTable:
    """The module table of a sample."""
    return code_base(texts).table


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("pkg/__init__.py", "pkg"),
        ("pkg/sub/mod.py", "pkg.sub.mod"),
        ("src/space/mod.py", "space.mod"),
        ("src/mod.py", "mod"),
        ("scripts/run.py", "run"),
        ("pkg/not-a-name.py", None),
        ("src/bad-name/mod.py", None),
        ("pkg/typed.pyi", "pkg.typed"),
    ],
)
def test_a_python_file_is_imported_by_the_folders_that_are_packages(path: str, name: str | None) -> None:
    """Folders count as long as they hold an `__init__` file, and below `src` also without one."""
    assert python_module_name(path, {"pkg", "pkg/sub"}) == name


def test_python_modules_know_their_package_and_whether_users_may_import_them() -> None:
    """Names with a leading underscore, scripts in plain folders and `__main__` are not for users."""
    modules = {module.name: module for module in table(PYTHON).modules}
    assert {name for name, module in modules.items() if module.public} == {"shop", "shop.cart", "shop.money"}
    assert modules["shop.cart"].package == "shop"
    assert "release" in modules


def test_a_file_beside_a_package_is_a_tool_of_its_developers() -> None:
    """At the top of a repository, a lone module is what users import; beside a package it is a tool."""
    assert [module.name for module in table(PYTHON).modules if module.tool] == ["single"]
    (alone,) = table({"single.py": ""}).modules
    assert alone.public
    assert not alone.tool


def test_a_project_below_the_root_may_be_a_lone_file() -> None:
    """Its own manifest makes it one that users install; beside a package of the same project it is a tool."""
    manifest = '[project]\nname = "one"\n'
    texts = {
        "packages/one/pyproject.toml": manifest,
        "packages/one/one.py": "",
        "packages/two/pyproject.toml": manifest.replace("one", "two"),
        "packages/two/src/two.py": "",
        "packages/three/pyproject.toml": manifest.replace("one", "three"),
        "packages/three/three/__init__.py": "",
        "packages/three/release.py": "",
        "packages/web/package.json": '{"name": "web"}',
        "packages/web/check.py": "",
    }
    modules = table(texts).modules
    assert {module.name for module in modules if module.public} == {"one", "two", "three"}
    assert [module.name for module in modules if module.tool] == ["release"]


def test_modules_are_shown_by_the_name_that_their_users_know() -> None:
    """Scripts are known by their file, everything else by what one imports."""
    shown = {module.shown for module in table({"p/__init__.py": "", "web/a.ts": "", "g/g.go": "package g\n"}).modules}
    assert shown == {"p", "web/a.ts", "g"}


def test_a_stub_beside_its_module_is_not_a_module_of_its_own() -> None:
    """`x.pyi` describes `x.py`; only a stub without a module stands for one."""
    names = [m.files for m in table({"p/__init__.py": "", "p/x.py": "", "p/x.pyi": "", "p/y.pyi": ""}).modules]
    assert ("p/x.pyi",) not in names
    assert ("p/y.pyi",) in names


@pytest.mark.parametrize(
    ("path", "module", "expected"),
    [
        ("src/shop/cart.py", "shop.money", "shop.money"),
        ("src/shop/cart.py", ".money", "shop.money"),
        ("src/shop/__init__.py", ".cart", "shop.cart"),
        ("src/shop/cart.py", "shop.money.Coin", "shop.money"),
        ("src/shop/cart.py", "..beyond", None),
        ("src/shop/cart.py", "...beyond", None),
        ("src/shop/cart.py", ".missing", None),
        ("src/shop/cart.py", "json", None),
        ("unknown.py", "shop", None),
    ],
)
def test_python_imports_find_modules_of_the_repository(path: str, module: str, expected: str | None) -> None:
    """Absolute and relative imports resolve; other packages do not."""
    found = table(PYTHON).resolve(path, Import(module=module, line=1))
    assert (found.name if found else None) == expected


def test_a_go_package_is_a_folder_named_by_its_module() -> None:
    """All files of a folder are one package; `internal` folders and commands are not for users."""
    go = table(
        {
            "go.mod": "module example.com/tool\n\ngo 1.22\n",
            "tool.go": "package tool\n",
            "doc.go": "// Package tool does it.\npackage tool\n",
            "cmd/tool/main.go": 'package main\n\nimport "example.com/tool"\n\nfunc main() {}\n',
            "internal/x/x.go": "package x\n",
        }
    )
    modules = {module.name: module for module in go.modules}
    assert modules["example.com/tool"].files == ("doc.go", "tool.go")
    assert [name for name, module in modules.items() if module.public] == ["example.com/tool"]
    found = go.resolve("cmd/tool/main.go", Import(module="example.com/tool", line=3))
    assert found is modules["example.com/tool"]


def test_a_go_folder_without_go_mod_is_named_by_its_path() -> None:
    """A repository that predates modules still has packages."""
    assert [m.name for m in table({"a/a.go": "package a\n", "main.go": "package main\n"}).modules] == ["a", "main"]


def test_script_imports_try_the_endings_and_index_files() -> None:
    """`./x` may be `x.ts`, `x/index.ts` or, written `./x.js`, a TypeScript file."""
    script = table(
        {
            "package.json": '{"name": "lib"}',
            "src/index.ts": "",
            "src/util/index.ts": "",
            "src/a.ts": "",
            "src/b.js": "",
        }
    )

    def found(target: str) -> str | None:
        module = script.resolve("src/index.ts", Import(module=target, line=1))
        return module.primary if module else None

    assert found("./a") == "src/a.ts"
    assert found("./a.js") == "src/a.ts"
    assert found("./util") == "src/util/index.ts"
    assert found("./b") == "src/b.js"
    assert found("./none") is None
    assert found("lodash") is None


def test_candidates_begin_with_the_file_as_written() -> None:
    """An import that names a file exactly means that file."""
    assert next(script_candidates("src/a.css")) == "src/a.css"


def test_the_nearest_manifest_owns_a_file() -> None:
    """In a monorepo a file belongs to the manifest closest above it."""
    roots = {"": "all", "packages/a": "a"}
    assert owner_of("packages/a/src/x.ts", roots) == ("packages/a", "a")
    assert owner_of("packages/b/x.ts", roots) == ("", "all")
    assert owner_of("x/y.ts", {"other": "o"}) == ("", "")
