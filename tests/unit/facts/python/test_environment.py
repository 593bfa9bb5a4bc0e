"""Environment variables in the rarer spellings, and what is no reading of one."""

import pytest

from docsfy_action.facts.languages.python import EXTRACTORS
from docsfy_action.facts.model import Option, Setting

(PYTHON,) = EXTRACTORS


def settings(source: str) -> tuple[Setting, ...]:
    """The settings of source text that begins with `import os`."""
    return PYTHON.extract(f"import os\n{source}\n".encode()).settings


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def read(name='A'):\n    return os.environ[name]\nread()\nread('B')", {"A", "B"}),
        ("def read(name, other):\n    return os.environ[name]\nread(other=1)", set()),
        ("class C:\n    env = os.environ\n    def f(self):\n        return self.env['A']", {"A"}),
        ("class C:\n    def f(self):\n        return self.env['A']", set()),
        ("class C:\n    def f(self):\n        return other.env['A']", set()),
        ("e = os.environ\ne['A']", {"A"}),
        ("for e in many:\n    e['A']", set()),
        ("'A' in os.environ", {"A"}),
        ("'A' in names", set()),
    ],
)
def test_readings_through_functions_and_names(source: str, names: set[str]) -> None:
    """A mapping may have any name, and a function may read the variable that its callers name."""
    assert {setting.name for setting in settings(source)} == names


def test_a_scheme_declares_variables_by_keyword() -> None:
    """django-environ takes (type, default) for each variable; what is no such pair declares nothing."""
    found = settings("import environ\nenv = environ.Env(DEBUG=(bool, False), NAME=str, ALONE=(), *rest)")
    assert sorted((s.name, s.type, s.default) for s in found) == [("ALONE", "", ""), ("DEBUG", "bool", "False")]


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("with env.prefixed('A_'), lock, open('x') as f:", "A_B"),
        ("with env.prefixed('A_'):\n  with env.prefixed('C_'):", "A_C_B"),
        ("with other.prefixed('A_'):", "B"),
    ],
)
def test_prefixes_are_those_of_the_blocks_around(block: str, name: str) -> None:
    """The prefixes of its blocks stand before a name, the outer one first."""
    (setting,) = settings(f"from environs import Env\nenv = Env()\n{block}\n    env.str('B')")
    assert setting.name == name


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("int(os.environ['A'])", "int"),
        ("str(os.environ['A'])", "str"),
        ("int('1', os.environ['A'])", ""),
        ("made()(os.environ['A'])", ""),
    ],
)
def test_a_type_is_what_the_value_is_converted_to(expression: str, kind: str) -> None:
    """Only the first argument of a conversion is converted."""
    (setting,) = settings(f"x = {expression}")
    assert setting.type == kind


@pytest.mark.parametrize(
    ("default", "variable", "shown"),
    [
        ("os.getenv('A', 'b')", "A", "'b'"),
        ("int(os.environ.get('A', 2))", "A", "2"),
        ("int(text())", "", "int(text())"),
        ("int(1, 2)", "", "int(1, 2)"),
        ("str(int(os.environ.get('A')))", "A", ""),
        ("os.environ['A']", "", "os.environ['A']"),
    ],
)
def test_the_default_of_an_option_may_be_a_variable(default: str, variable: str, shown: str) -> None:
    """The variable sets the option then, also through a conversion, and its own default is the option's."""
    source = f"import argparse, os\np = argparse.ArgumentParser()\np.add_argument('--x', default={default})\np.parse_args()\n"
    found: tuple[Option, ...] = PYTHON.extract(source.encode()).options
    assert [(option.env, option.default) for option in found] == [(variable, shown)]
