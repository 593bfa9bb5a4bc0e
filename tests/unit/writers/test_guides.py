"""The landing page, the usage guide and hand-written pages."""

from dataclasses import replace

import pytest

from docsfy_action.outline.model import Outline, PageKind, PageSpec, Section
from docsfy_action.writers.builtin import handwritten, landing
from docsfy_action.writers.builtin.context import Context, note_on, summary_of
from tests.unit.samples import code_base
from tests.unit.writers.sites import pages_of

EMPTY = landing.LandingInput(
    title="s",
    manifest=None,
    readme_path="",
    readme_lead="",
    licence=None,
    languages=(),
    programs=(),
    program_page="",
    modules=(),
    public=0,
    tests=0,
    next_sections=(),
)


def landing_of(texts: dict[str, str]) -> str:
    """The landing page of a sample."""
    return pages_of(texts)["index"]


def test_a_project_is_introduced_in_its_own_words() -> None:
    """The manifest's description and the README's beginning, each with its source."""
    page = landing_of(
        {
            "pyproject.toml": '[project]\nname = "t"\ndescription = "Sorts things."\n',
            "README.md": "# T\n\nT is fast. See [more](docs/more.md).\n",
        }
    )
    assert page.startswith("# sample\n\n> Sorts things.\n\n— [`pyproject.toml`](src:pyproject.toml)\n\n> T is fast.")
    assert "— [`README.md`](src:README.md)" in page


def test_a_description_that_the_readme_repeats_is_not_told_twice() -> None:
    """The README says it, so the manifest need not."""
    page = landing_of(
        {
            "pyproject.toml": '[project]\nname = "t"\ndescription = "sorts things."\n',
            "README.md": "# T\n\nT sorts things, and fast.\n",
        }
    )
    assert "— [`pyproject.toml`]" not in page
    only = landing_of({"pyproject.toml": '[project]\nname = "t"\ndescription = "Sorts things."\n'})
    assert only.startswith("# sample\n\n> Sorts things.\n\n— [`pyproject.toml`](src:pyproject.toml)\n\n## At a glance")


def test_a_project_without_a_word_of_its_own_is_introduced_by_its_languages() -> None:
    """Rather a plain sentence than an invented purpose."""
    assert "sample is a repository of Python." in landing_of({"a.py": "x = 1\n"})
    assert "sample is a repository of text." in landing_of({"notes.txt": "hello\n"})


def test_at_a_glance_tells_what_the_manifest_says() -> None:
    """Kind, name, version, runtime and licence; a licence file is better than a word in the manifest."""
    manifest = '[project]\nname = "t"\nversion = "1.2"\nrequires-python = ">=3.11"\nlicense = "MIT"\n'
    page = landing_of({"pyproject.toml": manifest})
    assert "| Python package | [`t`](src:pyproject.toml?name%20%3D%20%22t%22) `1.2` |" in page
    assert "| Requires | Python [`>=3.11`](src:pyproject.toml?requires-python%20%3D%20%22%3E%3D3.11%22) |" in page
    assert "| Licence | [`MIT`](src:pyproject.toml?license%20%3D%20%22MIT%22) |" in page
    with_file = landing_of({"pyproject.toml": manifest, "LICENSE": "My Own Terms\n"})
    assert "| Licence | [My Own Terms](src:LICENSE) |" in with_file
    other = landing_of({"composer.json": '{"name": "a/t", "require": {"php": ">=8"}}'})
    assert "| Package | [`a/t`](src:composer.json?name%22%3A%20%22a/t%22) |" in other


def test_a_manifest_without_version_runtime_and_licence_is_its_name() -> None:
    """What is not said has no row."""
    page = landing_of({"package.json": '{"name": "t"}'})
    assert "| npm package | [`t`](src:package.json?name%22%3A%20%22t%22) |\n" in page
    assert "Requires" not in page
    assert "Licence" not in page


def test_commands_lead_to_their_reference() -> None:
    """The programs that installing gives."""
    page = landing_of(
        {"pyproject.toml": '[project]\nname = "t"\n\n[project.scripts]\nrun = "a:main"\n', "a.py": "def main(): ...\n"}
    )
    assert "| Commands | `run` ([command line](command-line.md)) |" in page


@pytest.mark.parametrize(("lines", "shown"), [(1, 10), (14, 10), (99, 100), (123, 120), (12345, 12000)])
def test_lines_are_rounded(lines: int, shown: int) -> None:
    """The page shall not change with every line that is added."""
    assert landing._rounded(lines) == shown


def test_languages_with_a_few_lines_are_not_named() -> None:
    """A script in another language does not make the project one of that language."""
    texts = {"a.py": "x = 1\n" * 200, "b.js": "1;\n"}
    assert "| Written in | Python (about 200 lines) |" in landing_of(texts)


def test_main_modules_are_shown_where_there_are_several() -> None:
    """One module is the whole code, and needs no table."""
    two = {"p/__init__.py": "", "p/a.py": '"""Does a."""\ndef f(): ...\n', "p/b.py": "def g(): ...\n", "c.cfg": "p"}
    page = landing_of(two)
    assert "| [`p.a`](api-p.md#pa) | <q>Does a.</q> | [source](src:p/a.py) | [`f`](doc:p/a.py#f) |" in page
    assert "## Main modules" not in landing_of({"p/__init__.py": "", "p/a.py": "def f(): ...\n"})


def test_every_page_of_the_site_is_announced() -> None:
    """Sections as headings, pages with what they are about; names with underscores stand as they are."""
    page = landing_of({"p/__init__.py": "__all__ = ['__version__', 'f']\n__version__ = '1'\n\ndef f(): ...\n"})
    assert "### API reference\n\n-   [p](api-p.md) – Reference of f, \\_\\_version\\_\\_." in page
    lonely = landing_of({"notes.txt": "hello\n"})
    assert "Where to go next" not in lonely
    itself = landing.NextSection(title="More", pages=(("index", "Home", "This page."),))
    assert landing._next(replace(EMPTY, next_sections=(itself,))) == []


def test_a_section_with_many_pages_says_so() -> None:
    """The landing page names the first pages of each section and counts the others."""
    pages = tuple((f"p{number}", f"P{number}", "About.") for number in range(2))
    for more, said in ((0, ""), (1, "One more page of this section is"), (12, "12 more pages of this section are")):
        section = landing.NextSection(title="More", pages=pages, more=more)
        *_, last = landing._next(replace(EMPTY, next_sections=(section,)))
        assert last.startswith("-   [P0](p0.md)") if not said else last == f"{said} in the navigation."


LIBRARY = '''
# The module lib.
class Session:
    """Holds things. Really."""

    def __init__(self, size: int = 1) -> None: ...

    def open(self) -> None:
        """Opens."""

    def bare(self) -> None: ...

def session() -> Session:
    """Makes one."""

class Plain(dict):
    pass
'''
README = """# L

## Usage

```python
s = Session()
session()
Plain()
```

```python
session()
```

```ruby
Plain()
```
"""


def test_the_guide_shows_what_users_start_from() -> None:
    """How it is made or called, an example that uses it, its methods, and tests that show it at work."""
    test = "from lib import Session\n"
    page = pages_of({"lib.py": LIBRARY, "README.md": README, "tests/test_lib.py": test, "tests/test_more.py": test})[
        "usage"
    ]
    assert page.startswith("# Using sample\n\nThe definitions that most users of sample start from are ")
    assert "It is created by [`Session.__init__`](src:lib.py#Session.__init__):" in page
    assert "> Holds things.\n" in page
    assert "| [`open`](doc:lib.py#Session.open) | <q>Opens.</q> | [source](src:lib.py#Session.open) |" in page
    assert "bare" not in page
    assert "See it at work in [`tests/test_lib.py`](src:tests/test_lib.py) and" in page
    assert "Its signature ([source](src:lib.py#session)):\n\n```python\ndef session() -> Session\n```" in page
    assert "An example from [`README.md`](src:README.md), under “Usage”:" in page


def test_names_that_differ_in_case_alone_have_headings_of_their_own() -> None:
    """`Session` and `session` would share an anchor, so both say what they are."""
    page = pages_of({"lib.py": LIBRARY, "README.md": README})["usage"]
    assert "## Session (class)\n" in page
    assert "## session (function)\n" in page
    assert "[`session`](#session-function)" in page
    assert "## Plain\n" in page


def test_a_sample_is_shown_once_and_in_the_language_of_the_code() -> None:
    """Of two definitions in one sample the first shows it; a sample in another language is not an example."""
    page = pages_of({"lib.py": LIBRARY, "README.md": README})["usage"]
    assert page.count("s = Session()") == 1
    assert "```python\nsession()\n```" in page
    assert "```ruby" not in page


def test_a_sample_without_heading_names_its_file_alone() -> None:
    """Nothing is said about a heading that is not there."""
    readme = "```python\nSession()\nsession()\nPlain()\n```\n"
    page = pages_of({"lib.py": LIBRARY, "README.md": readme})["usage"]
    assert "An example from [`README.md`](src:README.md):" in page


def test_samples_of_the_readme_come_before_those_of_other_documents() -> None:
    """The README is what people read first; documents below it add theirs."""
    code = code_base(
        {"README.md": "# A\n\n```python\n1\n```\n", "docs/b.md": "# B\n\n```python\n2\n```\n", "a.txt": "x"}
    )
    context = Context(code=code, outline=Outline(sections=()))
    assert [(s.path, s.item.text) for s in context.samples] == [("README.md", "1"), ("docs/b.md", "2")]
    without = Context(code=code_base({"docs/b.md": "# B\n\n```python\n2\n```\n"}), outline=Outline(sections=()))
    assert [s.path for s in without.samples] == ["docs/b.md"]


def test_a_module_is_told_by_the_file_that_has_a_word_on_it() -> None:
    """A Go package is described in any of its files; a module without description is named alone."""
    code = code_base(
        {"go.mod": "module x.y/t\n", "a.go": "package t\n", "b.go": "// Package t does. More.\npackage t\n"}
    )
    note = note_on(code.table.modules[0], code)
    assert (note.path, note.summary) == ("b.go", "Package t does.")
    assert summary_of("", "python") == ""


def handwritten_page(text: str, *, title: str = "Notes", files: tuple[str, ...] = ()) -> str:
    """A hand-written page `docs/notes.md` beside another one, `docs/other.md`."""
    specs = tuple(
        PageSpec(
            slug=slug,
            title=title,
            description="",
            kind=PageKind.GUIDE,
            identity=slug,
            writer="handwritten",
            subjects=(path,),
        )
        for slug, path in (("notes", "docs/notes.md"), ("other", "docs/other.md"))
    )
    landing_spec = PageSpec(
        slug="index", title="", description="", kind=PageKind.GUIDE, identity="landing", writer="landing", subjects=()
    )
    context = Context(
        code=code_base(dict.fromkeys(files, "")),
        outline=Outline(sections=(Section(title="", pages=(landing_spec, *specs)),)),
        texts={"docs/notes.md": text},
    )
    return handwritten.write(handwritten.select(specs[0], context))


def test_a_handwritten_page_keeps_its_words() -> None:
    """Its own title, or the one it was given."""
    assert handwritten_page("# My notes\n\nText.\n") == "# My notes\n\nText.\n"
    assert handwritten_page("Text.\n", title="A_b") == "# A_b\n\nText.\n"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("other.md", "[x](other.md)"),
        ("other.md#part", "[x](other.md#part)"),
        ("../src/a%20b.py", "[x](src:src/a%20b.py)"),
        ("#here", "[x](#here)"),
        ("https://example.com", "[x](https://example.com)"),
        ("missing.md", "x"),
        ("../../outside.md", "x"),
    ],
)
def test_links_of_a_handwritten_page_lead_where_they_did(link: str, expected: str) -> None:
    """To another hand-written page, to a file of the commit, to the page itself or the web; what leads nowhere is text."""
    assert handwritten_page(f"# T\n\n[x]({link})\n", files=("src/a b.py",)) == f"# T\n\n{expected}\n"


def test_the_front_of_a_package_is_the_first_of_its_modules() -> None:
    """Users import from it; what it offers is told by types, then functions, and never by its version first."""
    front = "from p.b import B, make\n\n__all__ = ['B', 'make', '__version__', 'LIMIT']\n__version__ = '1'\nLIMIT = 1\n"
    texts = {
        "p/__init__.py": front,
        "p/b.py": "from p.used import help_out\n\ndef make(): ...\n\nclass B: ...\n",
        "p/used.py": "def help_out(): ...\n",
        "p/c.py": "from p.used import help_out\n",
    }
    page = landing_of(texts)
    assert "What users import comes first, then the modules that the rest of the code leans on most:" in page
    rows = [line for line in page.split("\n") if line.startswith("| [`p")]
    assert rows[0].startswith("| [`p`](api-p.md#the-package-itself) |")
    assert rows[0].endswith("[`B`](doc:p/b.py#B), [`make`](doc:p/b.py#make), [`LIMIT`](doc:p/__init__.py#LIMIT) and "
                            "[`__version__`](doc:p/__init__.py#__version__) |")  # fmt: skip
    assert "-   [p](api-p.md) – Reference of B, make, LIMIT, \\_\\_version\\_\\_ and 1 more." in page


def test_a_description_that_the_readme_repeats_is_not_shown_twice() -> None:
    """A word more or less makes no other sentence."""
    manifest = '[project]\nname = "t"\ndescription = "The complete solution for command-line programs in Python"\n'
    lead = "The complete solution for [Python](https://www.python.org) command-line interfaces, in one file."
    page = landing_of({"pyproject.toml": manifest, "README.md": f"# T\n\n{lead}\n"})
    assert "programs in Python" not in page
    assert "command-line interfaces" in page
    other = landing_of({"pyproject.toml": manifest, "README.md": "# T\n\nRetries made easy.\n"})
    assert "programs in Python" in other
    assert "Retries made easy." in other
