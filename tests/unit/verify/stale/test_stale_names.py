"""Names that a change takes away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import Role, SourceFile
from docsfy_action.verify.stale.names import GoneName, Kind, Side, gone_files, gone_names


def side(texts: dict[str, str], role: Role = Role.SOURCE) -> Side:
    """Files with the facts that the extractors find in them."""
    files = {}
    for path, text in texts.items():
        extractor = extractor_for(path)
        assert extractor is not None
        files[path] = SourceFile(
            path=path, blob="", language=extractor.name, role=role, facts=extractor.extract(text.encode())
        )
    return Side(files=files, text=texts.get)


def gone(before: dict[str, str], after: dict[str, str]) -> dict[str, GoneName]:
    """What the change takes away, by name."""
    return {one.name: one for one in gone_names(side(before), side(after))}


CLI = 'import click\n\n@click.command()\n@click.option("--{0}", help="What {0} is.")\ndef run({0}):\n    """Run."""\n'


def test_what_went_with_its_place() -> None:
    """Definitions, flags and variables; not what is private, and of a class that went not each of its members."""
    before = {
        "a.py": 'import os\n\nX_LIMIT = os.environ["SHOP_LIMIT"]\n\n\nclass Cart:\n    def add(self): ...\n\n\n'
        "def _hidden(): ...\n\n\ndef stays(): ...\n"
    }
    found = gone(before, {"a.py": "def stays(): ...\n"})
    assert {(name, one.kind, one.line) for name, one in found.items()} == {
        ("Cart", Kind.SYMBOL, 6), ("X_LIMIT", Kind.SYMBOL, 3), ("SHOP_LIMIT", Kind.VARIABLE, 3),
    }  # fmt: skip
    assert found["Cart"].label == "class"


def test_what_moved_to_another_file_is_there() -> None:
    """Whichever of the changed files holds it now."""
    assert gone({"a.py": "def move_me(): ...\n"}, {"b.py": "\n\ndef move_me(): ...\n"}) == {}


@pytest.mark.parametrize(("bases", "absent"), [("", ()), ("(Base)", (".total",))])
def test_a_member_is_gone_for_certain_where_its_owner_inherits_nothing(bases: str, absent: tuple[str, ...]) -> None:
    """Else it may have moved up: then its word must not stand in the code."""
    before = {"a.py": f"class Cart{bases}:\n    def total(self): ...\n    def add(self): ...\n"}
    found = gone(before, {"a.py": f"class Cart{bases}:\n    def add(self): ...\n"})
    assert list(found) == ["Cart.total"]
    assert set(absent) <= set(found["Cart.total"].absent)
    assert bool(found["Cart.total"].absent) == bool(absent)


def test_plain_words_are_looked_for_as_code_has_them() -> None:
    """Comments are full of them."""
    found = gone({"a.py": "def cents(): ...\n\n\ndef to_cents(): ...\n"}, {"a.py": "\n"})
    assert "cents" not in found["cents"].absent
    assert "cents(" in found["cents"].absent
    assert found["to_cents"].absent == ("to_cents",)


def test_a_function_with_another_name_and_the_same_text_was_renamed() -> None:
    """Wherever it stands now; its docstring and its recursion may name it."""
    old = 'def pack(box: str) -> int:\n    """Let pack do it."""\n    return pack(box)\n'
    found = gone({"a.py": old}, {"b.py": "\n\n" + old.replace("pack", "wrap_up")})
    assert found["pack"].renamed_to == "wrap_up"


def test_nothing_uncertain_is_called_renamed() -> None:
    """Another body, two that came, or two that went alike."""
    old = "def pack(box):\n    return box\n"
    assert gone({"a.py": old}, {"a.py": "def wrap(box):\n    return None\n"})["pack"].renamed_to == ""
    two = old.replace("pack", "wrap") + "\n\n" + old.replace("pack", "bind")
    assert gone({"a.py": old}, {"a.py": two})["pack"].renamed_to == ""
    both = gone({"a.py": two}, {"a.py": old})
    assert {one.renamed_to for one in both.values()} == {""}


def test_a_flag_with_the_same_help_was_renamed() -> None:
    """In the same command; one with another help was not."""
    assert gone({"cli.py": CLI.format("price")}, {"cli.py": CLI.format("cost")})["--price"].renamed_to == "--cost"
    other = CLI.format("cost").replace("What cost is.", "Something else.")
    assert gone({"cli.py": CLI.format("price")}, {"cli.py": other})["--price"].renamed_to == ""


def test_a_variable_on_the_same_line_was_renamed() -> None:
    """Where the line says more than the name; short flags and hidden ones are no claims."""
    line = 'import os\n\nlimit = int(os.environ.get("{}", "10"))\n'
    found = gone({"a.py": line.format("SHOP_LIMIT")}, {"a.py": line.format("SHOP_MAXIMUM")})
    assert found["SHOP_LIMIT"].renamed_to == "SHOP_MAXIMUM"


def test_commands_tasks_and_programs() -> None:
    """What a user or a developer types."""
    before = {
        "Makefile": "lint:\n\truff\n\ntest:\n\tpytest\n",
        "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\nshop = "shop:main"\nshop-old = "shop:old"\n',
        "action.yml": "name: x\ninputs:\n  old-input:\n    description: x\nruns:\n  using: node20\n",
    }
    after = {
        "Makefile": "test:\n\tpytest\n",
        "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\nshop = "shop:main"\n',
        "action.yml": "name: x\ninputs:\n  new-input:\n    description: y\nruns:\n  using: node20\n",
    }
    found = gone(before, after)
    assert {(name, one.kind) for name, one in found.items()} == {
        ("lint", Kind.TASK), ("shop-old", Kind.PROGRAM), ("old-input", Kind.INPUT),
    }  # fmt: skip
    assert found["lint"].runner == "make"


@pytest.mark.parametrize("role", [Role.TEST, Role.EXAMPLE, Role.DOCUMENT, Role.VENDORED, Role.GENERATED])
def test_what_is_no_part_of_the_program_is_not_looked_at(role: Role) -> None:
    """A test that went takes nothing away."""
    assert gone_names(side({"a.py": "def gone_now(): ...\n"}, role), side({})) == ()


def test_files_that_went_and_that_moved() -> None:
    """By path; one that moved has its new path."""
    found = gone_files(["b.py"], {"a.py": "c.py"})
    assert [(one.name, one.renamed_to) for one in found] == [("a.py", "c.py"), ("b.py", "")]


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_compared(old: str, new: str) -> None:
    """Whatever the files hold; and nothing is taken away by no change."""
    gone({"a.py": old}, {"a.py": new})
    assert gone({"a.py": old}, {"a.py": old}) == {}
