"""The facts of a commit put together: what belongs to the project itself, and in which order it is told."""

from dataclasses import replace

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Role, SettingKind
from tests.unit.samples import code_base

MIT = """MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies of the Software.
"""
WHOLE = {
    "pyproject.toml": '[project]\nname = "shop"\ndescription = "Sells."\ndependencies = ["rich>=13"]\n',
    "action.yml": "name: Shop\ndescription: Acts.\ninputs:\n  where:\n    default: x\nruns:\n  using: docker\n",
    "plugins/one/pyproject.toml": '[project]\nname = "plugin"\n',
    "examples/pyproject.toml": '[project]\nname = "example"\n',
    "node_modules/dep/package.json": '{"name": "dep", "dependencies": {"x": "1"}}',
    "README.md": "# Shop\n\nSells things.\n",
    "LICENSE": MIT,
    "Makefile": "test:  ## run the tests\n\tpytest\n",
    "plugins/one/Makefile": "build:\n\ttrue\n",
    ".github/workflows/ci.yml": "name: CI\non: push\njobs:\n  test:\n    steps:\n      - run: make test\n",
    "Dockerfile": "FROM python:3.12\n",
    "shop/__init__.py": "import os\n\nLEVEL = os.environ.get('LEVEL', 'low')\n",
    "shop/late.py": "import os\n\nos.environ['LEVEL']\n",
    ".env.example": "LEVEL=high\nONLY_HERE=1\n",
    "web/app.ts": "export const a = 1;\n",
    "tests/test_shop.py": "import os\n\nos.environ['TEST_ONLY']\n",
}


def test_manifests_of_the_project_stand_before_those_below() -> None:
    """Root manifests come first; examples and other people's packages are not the project's."""
    assert [m.item.name for m in code_base(WHOLE).manifests] == ["Shop", "shop", "plugin"]


def test_the_main_manifest_is_the_topmost_package() -> None:
    """A package says more of a project than an action, and a described one more than one without description."""
    main = code_base(WHOLE).main_manifest
    assert main is not None
    assert main.path == "pyproject.toml"
    bare = {"package.json": '{"name": "b"}', "pyproject.toml": '[project]\nname = "a"\ndescription = "D"\n'}
    chosen = code_base(bare).main_manifest
    assert chosen is not None
    assert chosen.path == "pyproject.toml"
    assert code_base({"package.json": "{}"}).main_manifest is None


def test_the_readme_is_the_one_at_the_root() -> None:
    """Markdown is preferred to reStructuredText; a README below the root is about something else."""

    def path(texts: dict[str, str]) -> str:
        found = code_base(texts).readme
        return found.path if found else ""

    assert path({"README.md": "# A\n", "README.rst": "A\n=\n", "docs/README.md": "# B\n"}) == "README.md"
    assert path({"README.rst": "A\n=\n"}) == "README.rst"
    assert path({"sub/README.md": "# A\n", "README.png": ""}) == ""


def test_the_licence_is_the_file_at_the_root() -> None:
    """A licence of a part is not the project's."""
    licence = code_base(WHOLE).licence
    assert licence is not None
    assert licence.item.spdx == "MIT"
    assert code_base({"vendor/x/LICENSE": "MIT License\n", "part/LICENSE": "MIT License\n"}).licence is None


def test_settings_are_joined_by_name_with_templates_last() -> None:
    """All places of a variable are one setting; what only a test reads is none."""
    settings = {use.name: use for use in code_base(WHOLE).settings}
    assert sorted(settings) == ["LEVEL", "ONLY_HERE"]
    assert [u.path for u in settings["LEVEL"].uses] == ["shop/__init__.py", "shop/late.py", ".env.example"]
    assert settings["LEVEL"].kind is SettingKind.ENVIRONMENT


def test_fields_of_two_settings_classes_are_two_settings() -> None:
    """A field is known by its class as well as its name."""
    text = "from pydantic_settings import BaseSettings\n\nclass {}(BaseSettings):\n    port: int = 1\n"
    names = [use.name for use in code_base({"a.py": text.format("A"), "b.py": text.format("B")}).settings]
    assert names == ["A.port", "B.port"]


def test_tasks_workflows_containers_dependencies_and_inputs_name_their_files() -> None:
    """Everything is located, root files first where there is an order of importance."""
    code = code_base(WHOLE)
    assert [(task.path, task.item.name) for task in code.tasks] == [
        ("Makefile", "test"),
        ("plugins/one/Makefile", "build"),
    ]
    assert [workflow.path for workflow in code.workflows] == [".github/workflows/ci.yml"]
    assert [container.path for container in code.containers] == ["Dockerfile"]
    assert [dependency.item.name for dependency in code.dependencies] == ["rich"]
    assert [item.item.name for item in code.action_inputs] == ["where"]


def test_languages_are_ranked_by_lines_of_source() -> None:
    """Tests do not count; equal languages stand in alphabetical order."""
    assert [name for name, _ in code_base(WHOLE).languages] == ["python", "typescript"]
    assert code_base({"b.go": "package b\n", "a.py": "x = 1\n"}).languages == (("go", 1), ("python", 1))


def test_sources_have_the_roles_asked_for() -> None:
    """Source files alone unless other roles are named, by path; documents are no code."""
    code = code_base(WHOLE)
    assert [file.path for file in code.sources()] == ["shop/__init__.py", "shop/late.py", "web/app.ts"]
    assert [file.path for file in code.sources(Role.TEST)] == ["tests/test_shop.py"]


def test_the_order_in_which_files_are_read_does_not_matter() -> None:
    """The same files in another order are the same code base."""
    code = code_base(WHOLE)
    turned = CodeBase(name=code.name, files=dict(reversed(list(code.files.items()))))
    for name in ("table", "graph", "programs", "manifests", "settings", "tasks", "languages", "dependencies"):
        assert getattr(turned, name) == getattr(code, name), name
    assert turned.surface.members == code.surface.members
    assert replace(turned, files=code.files).readme == code.readme
