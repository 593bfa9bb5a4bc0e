"""Which pages follow from the facts: one only where there is something to say."""

import re

from docsfy_action.outline.build import COMMANDS_PER_PAGE, build_outline, with_unique_slugs
from docsfy_action.outline.model import SLUG, Outline, PageKind, PageSpec, Section
from tests.unit.samples import code_base


def outline(texts: dict[str, str], *, history: bool = False) -> Outline:
    """The outline of a sample."""
    return build_outline(code_base(texts), title="Sample", history=history)


def slugs(texts: dict[str, str], *, history: bool = False) -> list[str]:
    """Slugs in nav order."""
    return [page.slug for page in outline(texts, history=history).pages()]


def click_program(*commands: str) -> dict[str, str]:
    """A declared program with these commands, groups written `group command`."""
    lines = ["import click", "", "@click.group()", "def cli():", '    "Does it."', ""]
    for group in sorted({command.split()[0] for command in commands if " " in command}):
        lines += ["@cli.group()", f"def {group}():", f'    "About {group}."', ""]
    for command in commands:
        owner, name = command.split() if " " in command else ("cli", command)
        lines += [f'@{owner}.command("{name}")', f"def {owner}_{name}():", f'    "Does {name}."', ""]
    return {
        "pyproject.toml": '[project]\nname = "t"\n\n[project.scripts]\nt = "tool.cli:cli"\n',
        "tool/__init__.py": "",
        "tool/cli.py": "\n".join(lines),
    }


def test_a_repository_of_prose_has_a_landing_page_alone() -> None:
    """What cannot be said is not promised, and empty sections are not shown."""
    found = outline({"notes.txt": "hello\n"})
    assert [section.title for section in found.sections] == [""]
    assert [page.slug for page in found.pages()] == ["index"]


def test_each_page_stands_in_its_section() -> None:
    """Guides for people who begin, reference for those who look up, the project for those who change it."""
    program = click_program("add")
    manifest = program["pyproject.toml"].replace("\n\n", '\ndependencies = ["click", "redis", "httpx"]\n\n')
    texts = {
        **program,
        "pyproject.toml": manifest,
        "action.yml": "name: T\ninputs:\n  where:\n    description: Where.\nruns:\n  using: docker\n",
        "tool/core.py": "import os\nimport redis\nfrom tool import more\n\nLEVEL = os.environ['LEVEL']\n\n"
        + "".join(f'def f{n}():\n    "Does."\n\n' for n in range(3)),
        "tool/more.py": "from tool import cli\n",
        "README.md": "# T\n\n```python\nf0()\nf1()\nf2()\n```\n",
        "Makefile": "test:\n\tpytest\n",
    }
    found = outline(texts, history=True)
    assert {section.title: [page.slug for page in section.pages] for section in found.sections} == {
        "": ["index"],
        "Guides": ["getting-started", "usage", "architecture"],
        "Reference": ["command-line", "action", "configuration", "data-and-services"],
        "API reference": ["api-tool"],
        "Project": ["development", "dependencies", "recent-changes"],
    }
    kinds = {page.slug: page.kind for page in found.pages()}
    assert kinds["index"] is PageKind.GUIDE
    assert kinds["architecture"] is PageKind.CONCEPT
    assert kinds["api-tool"] is PageKind.REFERENCE


def test_getting_started_needs_something_to_start() -> None:
    """A manifest at the root, a program or a task; code alone has no commands to show."""
    assert "getting-started" not in slugs({"a.py": "x = 1\n"})
    assert "getting-started" not in slugs({"sub/go.mod": "module x.y/z\n"})
    assert "getting-started" in slugs({"go.mod": "module x.y/z\n"})
    assert "getting-started" in slugs({"Makefile": "test:\n\tpytest\n"})


def test_architecture_needs_parts_that_depend_on_each_other() -> None:
    """Few modules, or ones without imports between them, are no picture."""
    modules = {"p/__init__.py": "", "p/a.py": "", "p/b.py": "", "p/c.py": ""}
    assert "architecture" not in slugs(modules)
    assert "architecture" in slugs({**modules, "p/a.py": "from p import b\n"})
    assert "architecture" not in slugs({"p/__init__.py": "", "p/a.py": "from p import b\n", "p/b.py": ""})


def test_configuration_exists_for_settings_and_for_options_that_variables_set() -> None:
    """Either is a reason to look something up."""
    assert "configuration" in slugs({"a.py": "import os\n\nX = os.environ['X']\n"})
    program = click_program("add")
    assert "configuration" not in slugs(program)
    command = '@cli.command("add")\ndef cli_add():'
    option = '@cli.command("add")\n@click.option("--x", envvar="T_X")\ndef cli_add(x):'
    with_env = {**program, "tool/cli.py": program["tool/cli.py"].replace(command, option)}
    assert "configuration" in slugs(with_env)


def test_services_exist_for_libraries_and_for_containers() -> None:
    """A Dockerfile is enough."""
    assert "data-and-services" in slugs({"Dockerfile": "FROM debian\n"})
    assert "data-and-services" in slugs({"a.py": "import redis\n"})


def test_an_action_has_a_reference_of_its_inputs() -> None:
    """Without inputs there would be nothing in the tables."""
    assert "action" in slugs({"action.yml": "name: T\ninputs:\n  x:\n    default: a\nruns:\n  using: docker\n"})
    assert "action" not in slugs({"action.yml": "name: T\nruns:\n  using: docker\n"})


def test_one_program_gives_its_name_to_the_page_and_several_do_not() -> None:
    """The title says what the reader looks for."""
    (page,) = [page for page in outline(click_program("add")).pages() if page.slug == "command-line"]
    assert page.title == "The t command"
    two = {
        **click_program("add"),
        "pyproject.toml": '[project]\nname = "t"\n\n[project.scripts]\nt = "tool.cli:cli"\nu = "tool.cli:cli"\n',
    }
    (page,) = [page for page in outline(two).pages() if page.slug == "command-line"]
    assert page.title == "Command line"
    assert page.subjects == ("t", "u")


def test_a_program_that_says_nothing_of_itself_has_no_reference() -> None:
    """A `package main` without commands is started, but there is nothing to look up."""
    go = {"go.mod": "module x.y/z\n", "main.go": "package main\n\nfunc main() {}\n"}
    assert "command-line" not in slugs(go)
    flags = (
        'package main\n\nimport "flag"\n\nvar x = flag.Bool("x", false, "Does x.")\n\nfunc main() { flag.Parse() }\n'
    )
    assert "command-line" in slugs({**go, "main.go": flags})


def test_large_programs_get_a_page_for_each_group_of_commands() -> None:
    """Groups that are large enough; the rest stays on the main page."""
    many = [f"big c{number:02}" for number in range(COMMANDS_PER_PAGE)] + ["small one"]
    found = slugs(click_program(*many))
    assert [slug for slug in found if slug.startswith("command-line")] == ["command-line", "command-line-t-big"]
    few = slugs(click_program(*many[: COMMANDS_PER_PAGE - 1]))
    assert [slug for slug in few if slug.startswith("command-line")] == ["command-line"]


def test_a_reference_page_is_described_by_the_names_on_it() -> None:
    """Four names, then a number."""

    def description(number: int) -> str:
        text = "".join(f"def f{index}(): ...\n" for index in range(number))
        (page,) = [page for page in outline({"lib.py": text}).pages() if page.writer == "api"]
        return page.description

    assert description(2) == "Reference of f0, f1."
    assert description(4) == "Reference of f0, f1, f2, f3."
    assert description(6) == "Reference of f0, f1, f2, f3 and 2 more."


def test_dependencies_want_a_screenful() -> None:
    """Two packages are told on the landing page well enough."""
    manifest = '[project]\nname = "t"\ndependencies = [{}]\n'
    assert "dependencies" not in slugs({"pyproject.toml": manifest.format('"a", "b"')})
    assert "dependencies" in slugs({"pyproject.toml": manifest.format('"a", "b", "c"')})


def test_recent_changes_are_told_only_where_the_history_is_whole() -> None:
    """A shallow clone does not know what is recent."""
    assert "recent-changes" not in slugs({"a.py": ""})
    assert "recent-changes" in slugs({"a.py": ""}, history=True)


def test_slugs_are_safe_and_unique() -> None:
    """Modules whose names differ only in what a slug cannot show get suffixes, whatever the order."""
    texts = {"a_b.py": "def f(): ...\n", "a/__init__.py": "", "a/b.py": "def g(): ...\n", "x.py": ""}
    found = slugs({**texts, "a_b/__init__.py": "def f(): ...\n"})
    assert len(set(found)) == len(found)
    assert all(SLUG.match(slug) for slug in found)
    assert sum(bool(re.fullmatch(r"api-a-b-[0-9a-f]{8}", slug)) for slug in found) == 2


def test_pages_that_share_a_slug_all_get_a_suffix_of_their_own_subject() -> None:
    """No page keeps the plain slug, so that adding another does not move the first."""

    def page(identity: str, slug: str) -> PageSpec:
        return PageSpec(slug=slug, title="", description="", kind=PageKind.GUIDE, identity=identity, writer="api")

    pages = (page("one", "same"), page("two", "same"), page("three", "other"))
    first = with_unique_slugs(Outline(sections=(Section(title="", pages=pages),)))
    turned = with_unique_slugs(Outline(sections=(Section(title="", pages=pages[::-1]),)))
    assert {p.identity: p.slug for p in first.pages()} == {p.identity: p.slug for p in turned.pages()}
    assert [p.slug for p in first.pages()][2] == "other"
    assert all(re.fullmatch(r"same-[0-9a-f]{8}", p.slug) for p in first.pages() if p.identity != "three")
