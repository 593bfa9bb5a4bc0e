"""Which definitions users meet first."""

from docsfy_action.outline.ranking import TOPICS, WELL_KNOWN, main_members
from tests.unit.samples import code_base


def names(texts: dict[str, str]) -> list[str]:
    """Names of the main definitions, the first first."""
    return [member.name for member in main_members(code_base(texts))]


LIBRARY = {
    "p/__init__.py": """
class Client:
    "Talks."

def open_file():
    "Opens."

def bare(): ...

LIMIT = 1

def unnamed():
    "Hm."
""",
}


def test_what_the_readme_shows_comes_before_what_tests_import() -> None:
    """A word in a sample of the README counts three times, an import in a test once."""
    texts = {
        **LIBRARY,
        "README.md": "# P\n\n```python\nopen_file()\n```\n",
        "tests/test_a.py": "from p import Client\n",
        "tests/test_b.py": "from p import Client\n",
    }
    assert names(texts) == ["open_file", "Client"]


def test_a_name_that_is_used_once_is_no_main_definition() -> None:
    """One test that imports something is not how users meet it."""
    assert names({**LIBRARY, "tests/test_a.py": "from p import Client\n"}) == []


def test_undocumented_functions_and_constants_are_not_shown() -> None:
    """A guide needs something to say: a doc comment, or a base class."""
    use = "from p import bare, LIMIT, Sub\n"
    texts = {**LIBRARY, "p/sub.py": "class Sub(dict): ...\n", "tests/test_a.py": use, "tests/test_b.py": use}
    assert names(texts) == ["Sub"]


def test_documents_below_the_root_count_once() -> None:
    """Two samples in the docs weigh less than one in the README."""
    texts = {
        **LIBRARY,
        "README.md": "# P\n\n```python\nClient()\n```\n",
        "docs/use.md": "# U\n\n```python\nopen_file()\n```\n\n```python\nopen_file()\n```\n",
    }
    assert names(texts) == ["Client", "open_file"]


def test_members_of_objects_name_no_definition() -> None:
    """`client.open_file()` is a method of whatever `client` is; `p.open_file()` and what an alias stands for count."""
    member = {**LIBRARY, "README.md": "# P\n\n```python\nclient.open_file()\nself.p.open_file()\n```\n"}
    assert names(member) == []
    for sample in ("p.open_file()", "import p as lib\nlib.open_file()", "from p import open_file"):
        assert names({**LIBRARY, "README.md": f"# P\n\n```python\n{sample}\n```\n"}) == ["open_file"], sample


def test_aliases_of_scripts_count() -> None:
    """Namespace imports, default imports and `require` all give a name to a module."""
    code = "/** Makes. */\nexport function object() {}\n"
    for line in ('import * as z from "zod"', 'import z from "zod"', 'const z = require("zod")'):
        readme = f"# Z\n\n```ts\n{line}\nz.object()\n```\n"
        assert names({"index.ts": code, "README.md": readme}) == ["object"], line


def test_words_of_a_shell_name_no_definition() -> None:
    """What users type after a program's name is a command, however it is called in the code."""
    for fence in ("```console\n$ tool open_file\n```", "```sh\ntool open_file\n```", "```\n$ tool open_file\n```"):
        assert names({**LIBRARY, "README.md": f"# P\n\n{fence}\n"}) == []


def test_functions_that_run_commands_are_left_to_the_command_line() -> None:
    """Handlers and the functions that installed programs start are no code that users write."""
    texts = {
        "pyproject.toml": '[project]\nname = "p"\n\n[project.scripts]\np = "p.cli:main"\n',
        "p/__init__.py": "",
        "p/cli.py": (
            'import click\n\n@click.group()\ndef main():\n    "Starts."\n\n'
            '@main.command()\ndef predict():\n    "Predicts."\n\ndef model():\n    "Makes a model."\n'
        ),
        "README.md": "# P\n\n```python\nmain()\npredict()\nmodel()\n```\n",
    }
    assert names(texts) == ["model"]


def test_of_two_definitions_with_one_name_the_outer_is_shown() -> None:
    """The name stands for the one nearest to the top."""
    texts = {
        "p/__init__.py": "",
        "p/run.py": 'def go():\n    "Outer."\n',
        "p/deep/__init__.py": "",
        "p/deep/run.py": 'def go():\n    "Inner."\n',
        "README.md": "# P\n\n```python\ngo()\n```\n",
    }
    (member,) = main_members(code_base(texts))
    assert member.module == "p.run"


def test_a_guide_shows_a_handful() -> None:
    """More names than a guide can hold are cut."""
    text = "".join(f'def f{number}():\n    "Does."\n\n' for number in range(9))
    used = "\n".join(f"f{number}()" for number in range(9))
    assert names({"p.py": text, "README.md": f"# P\n\n```python\n{used}\n```\n"}) == [f"f{n}" for n in range(TOPICS)]


def test_prose_in_samples_names_no_definition() -> None:
    """Comments and strings are no code, and neither is a value that is handed over or a word of a type's fields."""
    for line in ("# open_file() it", '"open_file()"', "f(open_file)", "x = open_file", "class A: open_file: int"):
        assert names({**LIBRARY, "README.md": f"# P\n\n```python\n{line}\n```\n"}) == [], line
    for line in ("@open_file", "open_file(1)", "from p import (\n    a,\n    open_file,\n)", "open_file.cache"):
        assert names({**LIBRARY, "README.md": f"# P\n\n```python\n{line}\n```\n"}) == ["open_file"], line


def test_samples_need_not_repeat_how_a_package_is_imported() -> None:
    """One sample that imports all of the package under a name tells what that name means in the others."""
    code = "/** Makes. */\nexport function object() {}\n"
    manifest = '{"name": "zod", "main": "index.js"}'
    for line in ('import * as z from "zod"', 'import { z } from "zod"', 'const z = require("zod")'):
        readme = f"# Z\n\n```ts\n{line}\n```\n\n```ts\nz.object<string>({{}})\n```\n"
        assert names({"package.json": manifest, "index.js": code, "README.md": readme}) == ["object"], line
    other = '# Z\n\n```ts\nimport * as z from "other"\n```\n\n```ts\nz.object()\n```\n'
    assert names({"package.json": manifest, "index.js": code, "README.md": other}) == []


def test_translations_do_not_count_again() -> None:
    """What a document says in a second language is no second use."""
    texts = {**LIBRARY, "docs/use.md": "# U\n\n```python\nopen_file()\n```\n"}
    texts["docs/de/use.md"] = texts["README.zh-CN.md"] = texts["docs/use.md"]
    assert names(texts) == []


def test_what_everybody_uses_needs_no_doc_comment() -> None:
    """Samples enough explain a definition, also where its own code says nothing about it."""
    sample = "```python\nbare()\n```\n\n"
    assert names({**LIBRARY, "docs/use.md": "# U\n\n" + sample * WELL_KNOWN}) == ["bare"]
    assert names({**LIBRARY, "docs/use.md": "# U\n\n" + sample * (WELL_KNOWN - 1)}) == []
