"""What single statements of manifests, task files, containers and licences mean."""

import pytest

from docsfy_action.facts.formats.syntax.flow import html_text
from docsfy_action.facts.formats.syntax.pep508 import requirement
from docsfy_action.facts.formats.syntax.tables import repository_address
from docsfy_action.facts.model import Task
from tests.unit.facts.formats.samples import extract


def tasks(path: str, text: str) -> dict[str, Task]:
    """The tasks of a file by name."""
    return {task.name: task for task in extract(path, text).tasks}


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("git+https://git.example.org/a/b.git", "https://git.example.org/a/b"),
        ("https://git.example.org/a/b/#readme", "https://git.example.org/a/b"),
        ("git://git.example.org/a/b.git", "https://git.example.org/a/b"),
        ("git@git.example.org:a/b.git", "https://git.example.org/a/b"),
        ("ssh://git@git.example.org/a/b", "https://git.example.org/a/b"),
        ("a/b", "https://github.com/a/b"),
        ("github:a/b#main", "https://github.com/a/b"),
        ("gitlab:a/b", "https://gitlab.com/a/b"),
        ("gist:1234", "https://gist.github.com/1234"),
        ("b", ""),
        ("", ""),
        ("a b c", ""),
    ],
)
def test_repository_addresses(said: str, address: str) -> None:
    """All the ways in which manifests name a repository lead to its web page."""
    assert repository_address(said) == address


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("a", ("a", "", "")),
        ("a.b_c-1 >= 1 ; x", ("a.b_c-1", ">= 1", "x")),
        ("a [b , c]>1", ("a", "[b , c]>1", "")),
        ("a(>=1,<2)", ("a", ">=1,<2", "")),
        ("a @ https://x.example.org/a;b.zip", ("a", "@ https://x.example.org/a;b.zip", "")),
        ("a @ https://x.example.org/a.zip ; c", ("a", "@ https://x.example.org/a.zip", "c")),
        ("a^1", ("a", "^1", "")),
        ("./a", None),
        ("a b", None),
        ("a/b", None),
        ("", None),
        ("a" * 81, None),
    ],
)
def test_requirements(said: str, found: tuple[str, str, str] | None) -> None:
    """Name, constraint and marker of PEP 508; paths and prose are none."""
    dependency = requirement(said, line=1)
    assert (dependency and (dependency.name, dependency.constraint, dependency.marker)) == found


@pytest.mark.parametrize(
    ("text", "name", "published"),
    [
        ('[project]\nname = "a"\n[project.license]\ntext = "MIT"\n', "a", True),
        ('[tool.flit.metadata]\nmodule = "a"\nhome-page = "https://a.example.org"\nrequires = ["b"]\n', "a", True),
        ('[build-system]\nrequires = []\nbuild-backend = "x"\n', "", True),
        ('[tool.uv.workspace]\nmembers = ["a"]\n', "", False),
        ('[tool.poetry]\nname = "a"\npackage-mode = false\n', "a", False),
    ],
)
def test_python_manifests_of_other_tools(text: str, name: str, published: bool) -> None:
    """A file that builds or gathers packages is a manifest, whichever tool reads it."""
    (manifest,) = extract("pyproject.toml", text).manifests
    assert (manifest.name, manifest.published) == (name, published)


def test_a_file_of_tool_settings_is_no_manifest() -> None:
    """Many repositories have a `pyproject.toml` only for their linter."""
    assert extract("pyproject.toml", "[tool.ruff]\nline-length = 100\n").manifests == ()


def test_a_long_licence_text_is_no_licence_name() -> None:
    """Some manifests hold the whole licence; then the classifiers tell which it is."""
    text = (
        '[project]\nname = "a"\nlicense = { text = "' + "word " * 40 + '" }\n'
        'classifiers = ["License :: OSI Approved", "License :: OSI Approved :: MIT License"]\n'
    )
    assert extract("pyproject.toml", text).manifests[0].licence == "MIT License"


def test_development_groups_of_pdm_and_uv() -> None:
    """Groups from before PEP 735 are groups all the same; entry points may be tables."""
    text = (
        '[tool.pdm.dev-dependencies]\nlint = ["a"]\n[tool.uv]\ndev-dependencies = ["b"]\n'
        '[tool.poetry.dependencies]\npython = "3"\n"no name!" = "1"\nc = {}\n[tool.poetry.scripts]\n"d\\n" = "e"\nf = {}\n'
    )
    facts = extract("pyproject.toml", text)
    assert [(item.name, item.group) for item in facts.dependencies] == [("c", "runtime"), ("a", "lint"), ("b", "dev")]
    assert facts.entry_points == ()


def test_tasks_call_tasks_in_sequences() -> None:
    """In a list of commands the name of another task is a task that is needed, not a command."""
    text = (
        '[tool.poe.tasks]\na = "x"\nb = ["a", "y"]\nc = { sequence = [{ ref = "a" }, { cmd = "z" }] }\nd = {}\ne = 1\n'
    )
    found = tasks("pyproject.toml", text)
    assert {name: (task.run, task.needs) for name, task in found.items()} == {
        "a": (("x",), ()), "b": (("y",), ("a",)), "c": (("z",), ("a",)), "d": ((), ()), "e": (("1",), ()),
    }  # fmt: skip


def test_tox_in_its_old_place_in_pyproject() -> None:
    """`legacy_tox_ini` holds a whole `tox.ini`; its tasks are on the line of that key."""
    text = '[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = a\n[testenv]\ncommands = x\n"""\n'
    assert tasks("pyproject.toml", text)["a"].line == 2


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("a,b", ["a", "b"]),
        ("a\n  b\n  c", ["a", "b", "c"]),
        ("py{3,4}{,-x}", ["py3", "py3-x", "py4", "py4-x"]),
        ("py3{9-11}", ["py39", "py310", "py311"]),
        ("{a, b}-c", ["a-c", "b-c"]),
        ("{env:X}{a", []),
        ("{1-999}", [str(number) for number in range(1, 61)]),
        ("{a,b}" * 40, []),
    ],
)
def test_tox_environments(listed: str, names: list[str]) -> None:
    """Braces are taken apart, up to a number of environments that a person would still look at."""
    found = list(tasks("tox.ini", f"[tox]\nenvlist = {listed}\n[testenv]\ncommands = x\n"))
    assert found == names if names else len(found) <= 60


@pytest.mark.parametrize(
    ("text", "name", "line", "literal"),
    [
        ("[tox]\nenvlist = a\n[testenv]\ncommands = x\n", "a", 2, ""),
        ("[tox]\nenvlist =\n    a\n    py{1,2}-{b,c}\n[testenv]\ncommands = x\n", "py2-b", 4, "py{1,2}-{b,c}"),
        ("[tox]\nenv_list = py{1,\n    2}\n[testenv]\ncommands = x\n", "py2", 2, "env_list"),
        ("[tox]\nenvlist = b\n[testenv:{a,b}]\ncommands = x\n", "b", 3, "testenv:{a,b}]"),
    ],
)
def test_tox_environments_are_found_by_what_is_written(text: str, name: str, line: int, literal: str) -> None:
    """Where braces make a name, the text with the braces stands in the file, and the name does not."""
    task = tasks("tox.ini", text)[name]
    assert (task.line, task.literal) == (line, literal)


def test_tox_environments_without_commands_are_left_out() -> None:
    """An environment that runs nothing is nothing to run; an unfinished command stays as it is."""
    assert tasks("tox.ini", "[tox]\nenvlist = a\n[testenv:b]\ncommands = x \\\n") != {}
    assert list(tasks("tox.toml", 'env_list = ["a"]\n[env.b]\ncommands = [["x"], "y", [{}], []]\n')) == ["b"]


SETUP = """
from setuptools import setup
A = ["a"]
B = ("b" "c")
C = f"{A}"
D = {"k": "v", 1: "w", "n": unknown}
if x:
    E = ["e"]
    E = ["f"]
O: str = "p"
P: str
setup(
    "positional",
    name=B + "-" + O,  # comment
    version=str(1),
    description=C,
    author=D["k"],
    license=b"MIT",
    url=("https://a.example.org" # split
         "/b"),
    install_requires=A + [F] + ["g>=1"] + E,
    extras_require=dict(x=["h"], y="i", z=unknown),
    python_requires=">=" + str(3),
    keywords=1 - 2,
    project_urls=D,
    entry_points={"console_scripts": "j = k:l\\n not one"},
    **OTHER,
    **D,
)
"""


def test_setup_is_read_as_far_as_it_is_literal() -> None:
    """Sums of literals and names with one value are read; all else is left out, never guessed."""
    facts = extract("setup.py", SETUP)
    (manifest,) = facts.manifests
    assert (manifest.name, manifest.version, manifest.description, manifest.licence) == ("bc-p", "", "", "")
    assert manifest.urls == (("Homepage", "https://a.example.org/b"),)
    assert manifest.extras == ("x", "y")
    assert [(item.name, item.group) for item in facts.dependencies] == [
        ("a", "runtime"), ("g", "runtime"), ("h", "x"), ("i", "y"),
    ]  # fmt: skip
    assert [item.name for item in facts.entry_points] == ["j"]


@pytest.mark.parametrize(
    "text", ["setup()\n", "print('x')\n", "setup(name=name)\n", "setup(\n", "a = a\nsetup(name=a)\n"]
)
def test_a_setup_script_without_literals_says_nothing(text: str) -> None:
    """There is no manifest without a name."""
    assert extract("setup.py", text).manifests == ()


def test_sessions_of_nox() -> None:
    """Only decorated functions are sessions; calls whose words are computed are cut where the computing starts."""
    text = (
        "@session\ndef a(session):\n    session.run('x', '', 'y z', *args, 'w')\n    session.run(v)\n    session.run()\n"
        "    session.run('p', # why\n 'q')\n"
        "@nox.session(name='')\ndef b(session): ...\n@nox.session\nclass C: ...\n@nox.session\nx = 1\n"
    )
    assert {name: task.run for name, task in tasks("noxfile.py", text).items()} == {"a": ('x "" "y z"', "p q")}


def test_package_json_in_its_odder_forms() -> None:
    """Old ways of writing are read; what has the wrong type is left out."""
    text = (
        '{"description": "x", "licenses": [{"type": "MIT"}, {"type": "ISC"}, {}], "keywords": "a, b", "main": 1,'
        '"bin": {"x": 1, "y": ""}, "dependencies": {"a": 1, "": "2", "b": "3"}, "scripts": {"t": ["a"], "u": ""}}'
    )
    facts = extract("package.json", text)
    (manifest,) = facts.manifests
    assert (manifest.licence, manifest.keywords, manifest.exports) == ("MIT OR ISC", ("a", "b"), ())
    assert [item.name for item in facts.dependencies] == ["b"]
    assert (facts.entry_points, facts.tasks) == ((), ())
    assert extract("package.json", '{"type": "module"}').manifests == ()
    assert extract("package.json", '{"bin": "x.js"}').entry_points == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "Cargo.toml",
            '[profile.release]\nlto = true\n[dependencies]\n"a\\nb" = "1"\n[[bin]]\npath = "x"\n',
        ),
        ("composer.json", '{"scripts": {"": "x"}, "require": {"php": "8"}}'),
        ("deno.json", '{"imports": {"a": "./b.ts"}, "tasks": {"": "x"}}'),
        ("pubspec.yaml", "version: 1\nexecutables:\n  '': x\n"),
        ("Pipfile", '[packages]\n"a b" = "*"\n'),
        ("environment.yml", "dependencies: python\n"),
        ("action.yml", "runs: node\n"),
        ("pom.xml", "<settings/>"),
        ("pom.xml", "<project><artifactId></artifactId></project>"),
        ("Tides.csproj", "<Other/>"),
        ("go.mod", "require a\n\nmodule\n"),
        ("go.work", "go 1.23\n"),
        ("pnpm-workspace.yaml", "packages: []\n"),
        ("compose.yaml", "services:\n  '': {image: a}\n  b: text\n"),
        (".github/workflows/a.yml", "name: nothing\n"),
        (".github/workflows/a.yml", "env: {}\n"),
        ("Dockerfile", "RUN x\nEXPOSE 1\n# FROM a\n"),
        ("tides.gemspec", "spec.version = '1'\nspec.executables = ''\n"),
        ("Gemfile", "x" * 1_001 + "\n"),
        ("tides.gemspec", "x" * 1_001 + "\n"),
        ("build.gradle.versions.toml", "[libraries]\na = { version = '1' }\n"),
        ("setup.cfg", "[metadata]\nname =\n[options.entry_points]\nconsole_scripts = x\n"),
        (".env", "# A=1\nnot one\n= 2\n"),
        (".env.example", "# Set a=1 or so\n# a=1\n" + "A" * 81 + "=1\n"),
        ("Makefile", "A = 1\n.SUFFIXES:\n%.o: %.c\n$(X): y\n"),
        ("justfile", "set x := 'y'\nnot a recipe\n"),
        ("LICENSE", "\n---\n"),
    ],
)
def test_files_that_name_nothing_have_no_facts(path: str, text: str) -> None:
    """A file that has the name of a format, but says nothing of what it is for, gives no facts."""
    facts = extract(path, text)
    assert not any((facts.manifests, facts.dependencies, facts.entry_points, facts.tasks, facts.containers))
    assert not any((facts.workflows, facts.settings, facts.action_inputs, facts.licences, facts.error))


def test_details_of_manifests_in_other_languages() -> None:
    """Parents, inherited versions, addresses and wrong names, one of each."""
    dependencies = "<dependencies><dependency/></dependencies>"
    pom = f"<project><parent><groupId>g</groupId></parent><artifactId>a</artifactId>{dependencies}</project>"
    assert extract("pom.xml", pom).manifests[0].name == "g:a"
    assert extract("pom.xml", pom.replace("<parent><groupId>g</groupId></parent>", "")).manifests[0].name == "a"
    cargo = extract("Cargo.toml", '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\n"" = "1"\n')
    assert (cargo.manifests[0].published, cargo.manifests[0].workspaces) == (False, ("a",))
    action = extract("action.yml", "runs: {using: node20, main: a.js, post: b.js}\ninputs: {'': {}}\n")
    assert (action.manifests[0].exports, action.action_inputs) == (("a.js", "b.js"), ())


def test_makefile_oddities() -> None:
    """`##` above a rule documents a file target, too; messages of make are no commands; the file may end anywhere."""
    text = (
        "## Made for people\nout/a.txt: b\n\ttouch $@\n\nifndef X\n\t$(error no X)\nendif\n\nx: A=1\nx: ; echo hi\n"
        "y z &: x\n\t+@-run\n# ---------\n\n# --- Section ---\n# ==========\nw:\n\n##@ Group\nv::\n\\#u: x\nlast: \\"
    )
    found = tasks("Makefile", text)
    assert {name: (task.run, task.doc, task.needs) for name, task in found.items()} == {
        "out/a.txt": (("touch $@",), "Made for people", ("b",)),
        "x": (("echo hi",), "", ()),
        "y": (("run",), "", ("x",)),
        "z": (("run",), "", ("x",)),
        "w": ((), "", ()),
        "v": ((), "", ()),
        "last": ((), "", ()),
    }


@pytest.mark.parametrize(
    ("text", "base", "needs"),
    [
        ("ARG A=b:1\nFROM $A\n", "b:1", ()),
        ("ARG A\nFROM ${A:-c:2}\n", "c:2", ()),
        ("ARG A=$B\nFROM ${A}\n", "${A}", ()),
        ("ARG A='b'\nFROM x-${A}\n", "x-${A}", ()),
        ("FROM a AS x\nFROM b\nCOPY --from=0 /a /a\nADD --from=1 a b\n", "b", ("x",)),
        ("FROM\n", "", ()),
        ("FROM a\nRUN <<-E cat\n\tFROM b\n\tE\nENV\nENV a b\nVOLUME /x /y\n", "a", ()),
        ("FROM a\nRUN cat <<E\nFROM b\n", "b", ()),
        ("FROM a\nCMD []\nENTRYPOINT [x]\n", "a", ()),
        ("FROM a\nRUN x \\\n", "a", ()),
        ("FROM a\nENV 1=2\n", "a", ()),
    ],
)
def test_stages_of_dockerfiles(text: str, base: str, needs: tuple[str, ...]) -> None:
    """Bases that are a variable are filled in, here-documents are passed over, copies name the stage they take from."""
    containers = extract("Dockerfile", text).containers
    last = containers[-1] if containers else None
    assert (last.base if last else "", last.depends_on if last else ()) == (base, needs)


LICENCES = {
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and ... "
    "The above copyright notice and this permission notice shall be included",
    "MIT-0": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and ...",
    "ISC": "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby "
    "granted, provided that the above copyright notice",
    "0BSD": "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby "
    "granted. The software is provided",
    "BSD-2-Clause": "Redistribution and use in source and binary forms, with or without modification, are permitted",
    "BSD-3-Clause": "Redistribution and use in source and binary forms, with or without\nmodification, are permitted ... "
    "Neither the name of the copyright holder",
    "BSD-4-Clause": "Redistribution and use in source and binary forms, with or without modification, are permitted ... "
    "must display the following acknowledgement",
    "Apache-2.0": "                                 Apache License\n                           Version 2.0, January 2004",
    "Apache-2.0 WITH LLVM-exception": "Apache License\nVersion 2.0 ... LLVM Exceptions to the Apache 2.0 License",
    "GPL-3.0": "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007 ... GNU Affero General Public License Version 3",
    "GPL-2.0": "GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991",
    "LGPL-3.0": "GNU LESSER GENERAL PUBLIC LICENSE\n Version 3 ... the GNU General Public License, version 3",
    "LGPL-2.1": "GNU LESSER GENERAL PUBLIC LICENSE Version 2.1, February 1999",
    "AGPL-3.0": "# GNU Affero General Public License\n\n_Version 3, 19 November 2007_",
    "MPL-2.0": "Mozilla Public License Version 2.0",
    "BSL-1.0": "Boost Software License - Version 1.0 - August 17th, 2003",
    "BUSL-1.1": "Business Source License 1.1",
    "CC0-1.0": "Creative Commons Legal Code\n\nCC0 1.0 Universal",
    "Unlicense": "This is free and unencumbered software released into the public domain.",
    "": 'MIT License ... "Commons Clause" License Condition ... permission is hereby granted, free of charge, to any person '
    "obtaining a copy of this software and",
}


@pytest.mark.parametrize(("spdx", "text"), LICENCES.items())
def test_licences_are_told_by_their_words(spdx: str, text: str) -> None:
    """Line breaks, marks and case aside; the licence that comes first is the file's own."""
    assert extract("LICENSE", f"Title of it\n\n{text}\n").licences[0].spdx == spdx
    assert extract("LICENSE", f"// {text}\n\n{'Words. ' * 100}{LICENCES['MIT']}").licences[0].spdx == spdx


def test_values_of_real_environment_files_are_nowhere_in_the_facts() -> None:
    """Whatever a `.env` holds, nothing of it but names is kept: not in defaults, comments or errors."""
    text = (
        "# key opensesame-1\nA=opensesame-2\nexport B='opensesame-3' # opensesame-4\n# C=opensesame-5\n"
        'D="opensesame-6\nopensesame-7"\nE: opensesame-8\n'
    )
    for path in (".env", ".env.local", ".env.production", "prod.env", ".ENV"):
        facts = extract(path, text)
        assert "opensesame" not in repr(facts)
        assert [setting.name for setting in facts.settings] == ["A", "B", "D"]
        assert not any(setting.template or setting.doc for setting in facts.settings)


@pytest.mark.parametrize(
    ("line", "default", "doc"),
    [
        ("A=1", "1", ""),
        ("A = 'x y'", "x y", ""),
        ("A=x # why", "x", "why"),
        ("A=#x", "#x", ""),
        ("A= # why", "", "why"),
        ("# why\nA=1 # not this", "1", "why"),
        ("#A=1", "1", ""),
        ("# A='x y'", "x y", ""),
        ("export A=`x`", "x", ""),
        ("A='open", "", ""),
        ("# --- Title ---\n#\n# why\nA=", "", "why"),
        ("# gone\n\nA=", "", ""),
    ],
)
def test_lines_of_environment_templates(line: str, default: str, doc: str) -> None:
    """A template's values are defaults, without quotes; the comment right above documents, else the one behind."""
    (setting,) = extract(".env.example", f"{line}\n").settings
    assert (setting.name, setting.default, setting.doc) == ("A", default, doc)


def test_html_is_text_without_what_is_folded_away() -> None:
    """Tags, comments, tables and details go; letters whose small form is longer do no harm."""
    assert html_text("<P>İ a<br>b</P><DETAILS>c</DETAILS><table><tr>d") == "İ a b c"
    assert html_text("<p>a<!-- b --> &lt;c&gt; <Picture>d</picture></p>") == "a <c>"


def test_workflow_details() -> None:
    """Runners in a group, jobs that are no jobs, matrices of tables, time zones of schedules."""
    text = (
        "on:\n  schedule: [{cron: '1 2 * * *', timezone: UTC}]\n  push: {branches: []}\njobs:\n  a:\n"
        "    runs-on: {labels: [x, y]}\n    strategy: {matrix: {o: [{n: 1, m: [2, 3]}], exclude: [x], '': [1]}}\n"
        "    steps: [text, {run: x}]\n  b: nothing\n  c: {runs-on: {group: g}}\n"
    )
    (workflow,) = extract(".github/workflows/a.yml", text).workflows
    assert workflow.triggers == (("schedule", "1 2 * * * (UTC)"), ("push", ""))
    assert [(job.id, job.runs_on) for job in workflow.jobs] == [("a", "x, y"), ("c", "g")]
    assert workflow.jobs[0].matrix == (("o", ("n: 1, m: 2, 3",)),)
    assert [step.run for step in workflow.jobs[0].steps] == [("x",)]
