"""The repository map that a model plans with."""

from docsfy_action.outline.map import repository_map
from tests.unit.samples import code_base

SAMPLE = {
    "README.md": "# Tide\n\nWatches tides.\n",
    "pyproject.toml": '[project]\nname = "tide"\ndescription = "Watches tides."\n\n[project.scripts]\ntide = "tide.cli:main"\n',
    "tide/__init__.py": '"""Tides as values."""\nfrom tide.core import Watch\n',
    "tide/core.py": '"""The core."""\nimport os\n\nLEVEL = os.environ.get("TIDE_LEVEL", "3")\n\n\n'
    'class Watch:\n    "W"\n\n\ndef _hidden():\n    pass\n',
    "tide/cli.py": "import click\nfrom tide.core import Watch\n\n\n@click.group()\ndef main():\n    'Does it.'\n\n\n"
    "@main.command()\ndef show():\n    'Shows the tide.'\n",
    "Makefile": "test:\n\tpytest\n",
    "examples/one.py": "import tide\n",
}


def test_says_what_a_planner_needs() -> None:
    """Manifests, commands, modules with what they say and define, settings, tasks, documents and examples are named."""
    text = repository_map(code_base(SAMPLE))
    assert "- pyproject.toml: python tide: Watches tides." in text
    assert "  - tide show: Shows the tide." in text
    assert "- tide/core.py: The core. [LEVEL, Watch]" in text
    assert "TIDE_LEVEL" in text
    assert "make test" in text
    assert "- README.md: Tide" in text
    assert "examples/one.py" in text
    assert "_hidden" not in text


def test_the_most_imported_module_comes_first() -> None:
    """Modules are ranked by who imports them."""
    text = repository_map(code_base(SAMPLE))
    assert text.index("tide/core.py:") < text.index("- tide/cli.py")


def test_stays_within_its_bound_and_counts_what_is_left_out() -> None:
    """A large repository gives a map of bounded length that says how much it leaves out."""
    many = {f"pkg/module_{n}.py": f'"""Module number {n}."""\n\n\ndef f{n}():\n    pass\n' for n in range(400)}
    text = repository_map(code_base({**SAMPLE, **many}), limit=4_000)
    assert len(text) <= 4_000
    shown = text.count("pkg/module_")
    assert 5 < shown < 400
    modules = text.partition("## Modules")[2].partition("\n\n")[0]
    listed = modules.count("\n- ")
    assert f"({403 - listed} more lines are not shown here)" in modules


def test_an_empty_repository_has_an_empty_map() -> None:
    """Nothing is invented."""
    assert repository_map(code_base({})) == ""


def test_a_long_line_is_shortened() -> None:
    """One sentence of a module takes one short line."""
    text = repository_map(code_base({"a/__init__.py": f'"""{"word " * 100}"""\n'}))
    assert max(map(len, text.splitlines())) < 160
    assert "…" in text


def test_a_package_of_several_files_is_one_line() -> None:
    """A Go package is named by one of its files, with the number of the others and at most eight names."""
    names = "\n".join(f"func F{n}() {{}}" for n in range(12))
    text = repository_map(
        code_base({"go.mod": "module x.y/z\n", "a.go": f"package z\n\n{names}\n", "b.go": "package z\n"})
    )
    assert "- a.go and 1 more files [F0, F1, F2, F3, F4, F5, F6, F7, 4 more]" in text
    assert "(without a name)" not in text
