"""Imports of the packages that a repository makes, and what its users import a file by."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.facts.model import Import
from docsfy_action.facts.modules import import_name
from docsfy_action.facts.script_packages import ScriptPackage, source_of, split_specifier
from tests.unit.samples import STEADY, code_base


def manifest(name: str, **fields: object) -> str:
    """A `package.json`."""
    return json.dumps({"name": name, **fields})


def resolved(texts: dict[str, str], specifier: str, path: str = "packages/a/src/index.ts") -> str:
    """The file that `import "specifier"` means in `path`, empty for another project's."""
    found = code_base({path: "", **texts}).table.resolve(path, Import(module=specifier, line=1))
    return found.primary if found else ""


@pytest.mark.parametrize(
    ("fields", "files", "specifier", "expected"),
    [
        ({"main": "./dist/index.js"}, ["src/index.ts"], "@m/b", "src/index.ts"),
        ({"main": "dist/cjs/main.cjs"}, ["src/main.ts"], "@m/b", "src/main.ts"),
        ({"source": "lib/start.ts", "main": "dist/x.js"}, ["lib/start.ts"], "@m/b", "lib/start.ts"),
        ({"types": "./index.d.cts"}, ["src/index.ts"], "@m/b", "src/index.ts"),
        ({"exports": "./source/index.js"}, ["source/index.js"], "@m/b", "source/index.js"),
        ({"exports": {"import": "./distribution/a.js"}}, ["source/a.ts"], "@m/b", "source/a.ts"),
        (
            {"exports": {".": "./dist/a.js", "./deep": {"types": "./x.d.ts", "import": "./dist/deep.js"}}},
            ["src/a.ts", "src/deep.ts"],
            "@m/b/deep",
            "src/deep.ts",
        ),
        ({"exports": {"./*": "./dist/*.js"}}, ["src/one/two.ts"], "@m/b/one/two", "src/one/two.ts"),
        (
            {"exports": {"./*": "./src/*.ts", "./in/*": "./inner/*.ts"}},
            ["src/in/x.ts", "inner/x.ts"],
            "@m/b/in/x",
            "inner/x.ts",
        ),
        ({}, ["src/index.ts"], "@m/b", "src/index.ts"),
        ({}, ["tools/x.ts"], "@m/b/tools/x", "tools/x.ts"),
        ({}, ["src/x.ts"], "@m/b/x", "src/x.ts"),
        ({"main": "./dist/index.js"}, ["src/index.ts"], "@m/b/gone", ""),
        ({"main": "./dist/index.js"}, ["src/index.ts"], "@m/bc", ""),
        ({"main": "./dist/index.js"}, ["src/index.ts"], "@m", ""),
    ],
)
def test_an_import_of_a_sibling_package_leads_to_its_source(
    fields: dict[str, object], files: list[str], specifier: str, expected: str
) -> None:
    """What the manifest exports is mostly made by a build; the import means the source that it is made from."""
    texts = {"packages/b/package.json": manifest("@m/b", **fields), **{f"packages/b/{name}": "" for name in files}}
    assert resolved(texts, specifier) == (f"packages/b/{expected}" if expected else "")


def test_a_sibling_s_import_is_an_edge_of_the_graph() -> None:
    """The packages of one repository hang together by their names."""
    texts = {
        "packages/a/package.json": manifest("@m/a"),
        "packages/a/src/index.ts": 'import { b } from "@m/b";\nimport fs from "fs";\n',
        "packages/b/package.json": manifest("@m/b", main="dist/index.js"),
        "packages/b/src/index.ts": "export const b = 1;\n",
    }
    assert code_base(texts).graph.edges["packages/a/src/index"] == {"packages/b/src/index"}


def test_packages_of_tests_and_examples_stand_for_nothing() -> None:
    """A fixture may be called like a package that the code really imports from elsewhere."""
    texts = {"tests/fixtures/b/package.json": manifest("b", main="index.js"), "tests/fixtures/b/index.js": ""}
    assert resolved(texts, "b") == ""


def test_of_two_packages_with_one_name_the_topmost_has_it() -> None:
    """Copies lie deeper than what they are copies of."""
    texts = {
        "b/package.json": manifest("b", main="one.js"),
        "b/one.js": "",
        "a/deep/package.json": manifest("b", main="two.js"),
        "a/deep/two.js": "",
    }
    assert resolved(texts, "b") == "b/one.js"


def test_what_users_import_a_module_by() -> None:
    """Scripts are known by what the package exports them as, the shortest of several, else by their file."""
    exports = {
        "./package.json": "./package.json",
        "./long/name": "./dist/index.js",
        ".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"},
        "./v4": "./dist/v4/index.js",
        "./locales/*": "./dist/locales/*.js",
    }
    texts = {
        "packages/zod/package.json": manifest("zod", exports=exports),
        "packages/zod/src/index.ts": "",
        "packages/zod/src/v4/index.ts": "",
        "packages/zod/src/inner.ts": "",
        "flask/__init__.py": "",
        "flask/app.py": "",
        "go.mod": "module example.com/m\n",
        "doc.go": "package m\n",
    }
    table = code_base(texts).table
    assert {module.primary: import_name(module, table) for module in table.modules} == {
        "packages/zod/src/index.ts": "zod",
        "packages/zod/src/v4/index.ts": "zod/v4",
        "packages/zod/src/inner.ts": "packages/zod/src/inner.ts",
        "flask/__init__.py": "flask",
        "flask/app.py": "flask.app",
        "doc.go": "example.com/m",
    }


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("zod", ("zod", ".")),
        ("zod/v4/core", ("zod", "./v4/core")),
        ("@m/b", ("@m/b", ".")),
        ("@m/b/c", ("@m/b", "./c")),
    ],
)
def test_a_scope_belongs_to_the_name_of_a_package(specifier: str, expected: tuple[str, str]) -> None:
    """`@m/b/c` is `c` of the package `@m/b`."""
    assert split_specifier(specifier) == expected


PATHS = st.text(alphabet="ab./*@", max_size=12)


@given(PATHS, PATHS, PATHS, st.lists(st.tuples(PATHS, PATHS), max_size=4))
@STEADY
def test_any_manifest_and_any_import_are_resolved_to_a_known_file_or_none(
    folder: str, name: str, specifier: str, subpaths: list[tuple[str, str]]
) -> None:
    """Manifests and imports are foreign text."""
    known = {"src/index.ts", "a.js", "b/src/a.ts"}
    package = ScriptPackage(name=name, folder=folder, subpaths=tuple(subpaths))
    assert package.resolve(split_specifier(specifier)[1], known) in {None, *known}
    assert {path for path, _ in package.specifiers(known)} <= known
    assert source_of(folder, specifier, known) in {None, *known}
