"""What files are for: by `.gitattributes` first, then by their paths; and what the user excludes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.model import Role
from docsfy_action.facts.roles import (
    Attributes,
    generated_by_header,
    is_ignored,
    is_translation,
    is_usable_pattern,
    parse_gitattributes,
    roles_of,
)


def role_of(path: str, attributes: Attributes) -> Role:
    """What a file is for that is alone in its repository."""
    return roles_of([path], attributes)[path]


ROLES = {
    Role.SOURCE: [
        "tides.py", "src/tides/table.py", "src/tides/testing.py", "src/tides/testclient.py", "lib/index.mjs", "cmd/root.go",
        "app/tasks.py", "src/app.config.ts", "bin/tides", "scripts/release", "src/main/java/com/example/Tides.java",
        "pkg/contest/latest.go", "src/example_loader.py", "homeassistant/setup.py", "api/tides.proto", "web/App.vue",
    ],
    Role.TEST: [
        "tests/conftest.py", "tests/README.md", "test/data.json", "src/tides/tests/test_table.py", "tides/test_table.py",
        "tides/table_test.py", "pkg/table_test.go", "src/table.spec.ts", "src/table.test-d.ts", "src/__tests__/table.js",
        "src/__mocks__/fs.js", "pkg/testdata/a.txt", "fixtures/a.json", "pkg/fixtures/README.md",
        "spec/table_spec.rb", "spec/tides.rb", "e2e/login.ts", "cypress/support.js", "benches/table.rs", "conftest.py",
        "src/test/java/TableTest.java", "src/main/java/TableIT.java", "Tides.Tests/Table.cs", "core-tests/a.kt",
        "packages/a/e2e/run.ts", "tests/vendor.py", "benchsuite/run", "src/node/__tests_dts__/a.ts",
    ],
    Role.EXAMPLE: [
        "examples/a.py", "examples/README.md", "docs_src/a.py", "playground/a/vite.config.js", "pkg/examples/a.go",
        "example/main.go", "demo/app.js", "docs/examples/a.py", "tutorials/a.ipynb", "create/template-vue/src/main.ts",
    ],
    Role.DOCUMENT: [
        "README.md", "README", "docs/index.rst", "docs/conf.py", "docs/logo.png", "website/src/index.tsx", "LICENSE",
        "COPYING", "AUTHORS", "CHANGELOG.md", "NEWS.txt", "src/tides/README.rst", "spec/format.md", "packages/a/LICENSE",
        ".github/CONTRIBUTING.md", ".github/CODE-OF-CONDUCT.md", "notes.ipynb", "INSTALL",
    ],
    Role.CONFIG: [
        "pyproject.toml", "setup.py", "setup.cfg", "package.json", "tsconfig.json", "go.mod", "Makefile", "Dockerfile",
        "Dockerfile.dev", "compose.yaml", ".env.example", ".env", ".gitignore", ".github/workflows/test.yml",
        ".github/actions/test/action.yml", ".github/ISSUE_TEMPLATE/bug.md", "requirements.txt", "requirements/extras/a.txt",
        "vite.config.ts", "jest.setup.js", "CMakeLists.txt", "BUILD.bazel", "Jenkinsfile", "pom.xml", "noxfile.py",
        "build.rs", "CLAUDE.md", "AGENTS.md", ".devcontainer/post.sh", ".eslintrc.cjs", "packages/a/setup.py",
    ],
    Role.GENERATED: [
        "package-lock.json", "go.sum", "uv.lock", "dist/index.js", "pkg/tides.pb.go", "pkg/tides_grpc.pb.go",
        "tides_pb2.py", "tides_pb2_grpc.pyi", "static/app.min.js", "static/app.js.map", "src/__generated__/a.ts",
        "tests/__snapshots__/a.snap", "zz_generated.deepcopy.go", "lib/model.g.dart", "src/schema.generated.ts",
        "models_gen.go", "Form.Designer.cs",
    ],
    Role.VENDORED: [
        "vendor/github.com/a/b.go", "third_party/a.c", "node_modules/a/index.js", "tests/node_modules/a/package.json",
        "pkg/_vendor/a.py", "gradlew", ".yarn/releases/yarn.cjs", "versioneer.py", "ios/Pods/a.m",
    ],
    Role.OTHER: ["logo.png", "data.csv", "src/tides/py.typed", "notes.txt", "patches/a.patch", "CITATION.cff"],
}  # fmt: skip


@pytest.mark.parametrize(("path", "role"), [(path, role) for role, paths in ROLES.items() for path in paths])
def test_a_path_has_the_role_that_its_users_see_in_it(path: str, role: Role) -> None:
    """Without attributes, the path alone decides."""
    assert role_of(path, Attributes()) is role


@pytest.mark.parametrize(
    ("line", "path", "role"),
    [
        ("src/** linguist-vendored", "src/a.py", Role.VENDORED),
        ("*.py linguist-generated", "src/a.py", Role.GENERATED),
        ("*.py linguist-generated=true", "src/a.py", Role.GENERATED),
        ("*.py linguist-documentation", "src/a.py", Role.DOCUMENT),
        ("vendor/** -linguist-vendored", "vendor/a.go", Role.SOURCE),
        ("vendor/** linguist-vendored=false", "vendor/a.go", Role.SOURCE),
        ("dist/** -linguist-generated", "dist/a.js", Role.SOURCE),
        ("docs/** -linguist-documentation", "docs/a.py", Role.SOURCE),
        ("*.py !linguist-generated", "src/a.py", Role.SOURCE),
        ("*.py linguist-generated\n*.py !linguist-generated", "src/a.py", Role.SOURCE),
        ("*.py text eol=lf linguist-language=Python", "src/a.py", Role.SOURCE),
        ("tests/** linguist-documentation", "tests/a.py", Role.TEST),
    ],
)
def test_attributes_go_before_the_path(line: str, path: str, role: Role) -> None:
    """What the repository says of its own files is believed, in both directions."""
    assert role_of(path, parse_gitattributes({".gitattributes": line.encode()})) is role


# Each line was compared with `git check-attr` of git 2.39; so were 20,000 random ones while this was written.
@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.py", "a/b/c.py", True),
        ("a/*.py", "a/b/c.py", False),
        ("/*.py", "c.py", True),
        ("/*.py", "a/c.py", False),
        ("**/c.py", "c.py", True),
        ("**/c.py", "a/b/c.py", True),
        ("a/**", "a", False),
        ("a/**", "a/b/c", True),
        ("a/**/c", "a/c", True),
        ("a/**/c", "a/x/y/c", True),
        ("a/**/c", "b/a/c", False),
        ("a**c", "a/b/c", False),
        ("a/****", "a/b/c", True),
        ("**", "a/b", True),
        ("/**", "a/b", True),
        ("docs/", "docs/a.md", False),
        ("docs", "docs/a.md", False),
        ("c?py", "c.py", True),
        ("a?c", "a/c", False),
        ("a[/]c", "a/c", False),
        ("[ab].py", "a.py", True),
        ("[!ab].py", "a.py", False),
        ("[^ab].py", "c.py", True),
        ("[a-c].py", "b.py", True),
        ("[]x].py", "].py", True),
        ("[[:alpha:]].py", "q.py", True),
        ("[[:digit:]].py", "q.py", False),
        ("[c-a].py", "b.py", False),
        ("[\\]].py", "].py", True),
        ("[a.py", "[a.py", False),
        ("\\*.py", "*.py", True),
        ("\\*.py", "a.py", False),
        ('"x y.py"', "x y.py", True),
        ("*a*b*", "xaybz", True),
        ("*ab", "aab", True),
        ("*aab", "aaab", True),
        ("!a.py", "a.py", False),
        ("#a.py", "#a.py", False),
        ("[attr]a", "a", False),
        ("A.PY", "a.py", False),
        ("a\\", "a\\", False),
    ],
)
def test_patterns_match_as_git_matches_them(pattern: str, path: str, matches: bool) -> None:
    """The rules of `gitattributes(5)`, which differ from those of `.gitignore` for folders and negation."""
    attributes = parse_gitattributes({".gitattributes": f"{pattern} linguist-generated\n".encode()})
    assert attributes.states(path) == ({"linguist-generated": True} if matches else {})


def test_the_nearest_file_and_then_the_last_line_wins() -> None:
    """A file below says more than one above, a later line more than an earlier one; its patterns start at its folder."""
    attributes = parse_gitattributes(
        {
            "a/.gitattributes": b"*.py -linguist-generated\nb/c.py linguist-generated\n",
            ".gitattributes": b"*.py linguist-generated linguist-vendored\nb/c.py !linguist-vendored\n",
        }
    )
    assert attributes.states("x.py") == {"linguist-generated": True, "linguist-vendored": True}
    assert attributes.states("a/x.py") == {"linguist-generated": False, "linguist-vendored": True}
    assert attributes.states("a/b/c.py") == {"linguist-generated": True, "linguist-vendored": True}
    assert attributes.states("b/c.py") == {"linguist-generated": True}


@settings(max_examples=150, deadline=2000)
@given(pattern=st.text('ab*?[]!^-\\/."# \n{}()+|$', max_size=40), path=st.text("ab/.*-", min_size=1, max_size=40))
def test_any_pattern_can_be_asked(pattern: str, path: str) -> None:
    """Foreign `.gitattributes` never raise, and no pattern takes out of proportion long."""
    attributes = parse_gitattributes({".gitattributes": f"{pattern} linguist-generated\n".encode()})
    assert set(attributes.states(path)) <= {"linguist-generated"}
    assert isinstance(role_of(path, attributes), Role)


@pytest.mark.parametrize("test", ["t/unit/test_a.py", "t/001-load.t", "t/t0001-init.sh", "t/test-lib.sh"])
def test_a_folder_called_t_holds_tests_where_some_file_in_it_is_one(test: str) -> None:
    """All of its files are then theirs; without a test it is a folder like any other, and so it is further down."""
    files = ["t/unit/a.py", "t/README.md", "src/t/a.py"]
    roles = roles_of([*files, test], Attributes())
    assert [roles[path] for path in (*files, test)] == [Role.TEST, Role.TEST, Role.SOURCE, Role.TEST]
    alone = roles_of(files, Attributes())
    assert [alone[path] for path in files] == [Role.SOURCE, Role.DOCUMENT, Role.SOURCE]


def test_a_go_package_may_be_called_doc() -> None:
    """Code that writes documents is code; what lies beside it, and `docs`, is documentation."""
    files = ["doc/man.go", "doc/man.md", "doc/conf.py", "docs/main.go", "doc/man_test.go"]
    roles = roles_of(files, Attributes())
    expected = [Role.SOURCE, Role.DOCUMENT, Role.DOCUMENT, Role.DOCUMENT, Role.TEST]
    assert [roles[path] for path in files] == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("README.zh-CN.md", True),
        ("README_KO.md", True),
        ("readme-ja.md", True),
        ("docs/pt-br/install.md", True),
        ("docs/guide.fr.md", True),
        ("packages/a/INSTALL_DE.md", True),
        ("README.md", False),
        ("docs/do-it.md", False),
        ("docs/en/docs/install.md", False),
        ("src/id/notes.md", False),
        ("docs/api.md", False),
        ("README", False),
    ],
)
def test_translations_are_told_by_their_path(path: str, *, expected: bool) -> None:
    """A language's code ends the name or is a folder of the documents; English is what all others are translated from."""
    assert is_translation(path) is expected


@pytest.mark.parametrize(
    "pattern", ["[?--?]", "[--?]", "[a--b]", "[a-\\-b]", "[[:punct:]--]", "[!?--?]", "[[a]", "[a&&b||c~~d]"]
)
def test_brackets_mean_to_git_what_they_mean_to_nobody_else(pattern: str) -> None:
    """Hyphens, brackets and doubled signs in brackets are letters; Python's regular expressions warn of them."""
    attributes = parse_gitattributes({".gitattributes": f"{pattern} linguist-generated\n".encode()})
    assert set(attributes.states("?")) <= {"linguist-generated"}


def test_many_stars_are_matched_at_once() -> None:
    """A pattern that makes a backtracking matcher take for ever is answered like any other."""
    attributes = parse_gitattributes({".gitattributes": b"*a" * 100 + b"b linguist-generated\n"})
    assert attributes.states("a" * 4_000) == {}


@pytest.mark.parametrize(
    "text",
    [
        "// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n",
        "#!/usr/bin/env python\n# This file is automatically generated\n",
        "/**\n * @generated SignedSource<<0>>\n */\n",
        "// <auto-generated>\n",
        "# DO NOT EDIT: generated by make\n",
        '"""Generated by the build. Do not modify."""\n',
        "<!-- Generated file, do not edit -->\n",
    ],
)
def test_a_comment_at_the_top_tells_generated_files(text: str) -> None:
    """The usual announcements of generators are understood."""
    assert generated_by_header(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "MARK = '@generated'\n",
        "def generated(): ...\n",
        "# Reads generated files.\n",
        "# Do not edit the table below.\n",
        "import a\n" * 60 + "# @generated\n",
        "",
    ],
)
def test_talk_about_generated_files_is_no_announcement(text: str) -> None:
    """A file that handles generated code is not generated itself."""
    assert not generated_by_header(text.encode())


@pytest.mark.parametrize(
    ("patterns", "path", "ignored"),
    [
        ((), "a.py", False),
        (("*.py",), "a/b.py", True),
        (("docs/",), "docs/a/b.md", True),
        (("docs/",), "docs", False),
        (("/a.py",), "b/a.py", False),
        (("*.py", "!keep.py"), "keep.py", False),
        (("# comment", "", "a"), "a", True),
        (("!", "[z-a]", "a"), "a", True),
    ],
)
def test_excluded_paths_follow_the_rules_of_gitignore(patterns: tuple[str, ...], path: str, ignored: bool) -> None:
    """Patterns of `.docsfy.yml` are written as in a `.gitignore`; one that cannot be used leaves the others in force."""
    assert is_ignored(path, patterns) is ignored


def test_unusable_patterns_can_be_told() -> None:
    """Whoever reads the user's file can say which pattern is wrong."""
    assert [is_usable_pattern(pattern) for pattern in ("a/**", "!", "[z-a]", "", "a" * 301)] == [True] + [False] * 4
