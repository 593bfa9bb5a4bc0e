"""What the source alone says of names, strings, lists and calls, seen through the facts that depend on it."""

import pytest

from docsfy_action.facts.languages.python import EXTRACTORS
from docsfy_action.facts.model import BlobFacts, SymbolKind

(PYTHON,) = EXTRACTORS


def facts(source: str) -> BlobFacts:
    """The facts of source text."""
    return PYTHON.extract(source.encode())


def variables(source: str) -> list[str]:
    """Names of the environment variables read by source text that begins with `import os`."""
    return [setting.name for setting in facts(f"import os\n{source}").settings]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("os.environ['A' 'B']", ["AB"]),
        ("os.environ['A' + ('B')]", ["AB"]),
        ("os.environ[('A'  # why\n 'B')]", ["AB"]),
        ("X = 'A'\nos.environ[f'{X}_{1}']", ["A_1"]),
        ("X = Y = 'A'\nos.environ[Y]", ["A"]),
        ("X, Y = 'A', 'B'\nos.environ[Y]", ["B"]),
        ("X = ('A')\nos.environ[X]", ["A"]),
        ("class C:\n    class D:\n        X = 'A'\nos.environ[C.D.X]", ["A"]),
        ("X = 'A'\nX = 'B'\nos.environ[X]", []),
        ("X = 'A'\nX += 'B'\nos.environ[X]", []),
        ("with a as X:\n    os.environ[X]", []),
        ("for X, Y in z:\n    os.environ[X]", []),
        ("def X(): ...\nos.environ[X]", []),
        ("X = 'A'\ndef f(X):\n    os.environ[X]", []),
        ("def f():\n    X = 'A'\n    os.environ[X]\nos.environ[X]", ["A"]),
        ("class C:\n    X = 'A'\n    os.environ[X]\n    def f(self):\n        os.environ[X]", ["A"]),
        ("os.environ[b'A']", []),
        ("os.environ[1]", []),
        ("os.environ['not a name']", []),
        (f"os.environ['{'A' * 81}']", []),
        ("os.environ['\\x41\\u0042\\103\\N{LATIN CAPITAL LETTER D}']", ["ABCD"]),
        ("os.environ[X.strip()]\nX = ' A '", ["A"]),
        ("import textwrap\nos.environ[textwrap.dedent('A')]", ["A"]),
        ("def env(name):\n    '''Doc.'''\n    return f'APP_{name}'\nos.environ[env('A')]", ["APP_A"]),
        ("def env(name):\n    return f'APP_{name}_{other}'\nos.environ[env('A')]", []),
        ("for X in sorted({'B', 'A'}):\n    os.environ[X]", ["A", "B"]),
        ("N = {'A': 1, 'B': 2}\nfor X in N.keys():\n    os.environ.get(X)", ["A", "B"]),
        ("N = {'A': 1, **more}\nfor X in N:\n    os.environ.get(X)", []),
        ("import os as o\no.environ.get('A')", ["A"]),
        ("e = dict(os.environ)\ne.get('A')", ["A"]),
        ("e = copy(os.environ)\ne.get('A')", []),
        ("def f(os):\n    os.getenv('A')", []),
        ("os.environ.get()", []),
        ("os.environ.items()", []),
        ("def f(name):\n    g(name)\ndef g(name):\n    os.environ[name]\nf('A')\ng(1)", ["A"]),
        ("class C:\n    def f(self, n):\n        os.getenv(n)\nf('A')", []),
    ],
)
def test_names_of_variables_are_those_that_the_file_spells_out(source: str, names: list[str]) -> None:
    """Constants, sums, loops and functions are followed; what the file does not say is left out."""
    assert variables(source) == names


@pytest.mark.parametrize(
    ("source", "default", "kind", "required"),
    [
        ("int(os.environ.get('A', 3))", "3", "int", False),
        ("int(os.environ.get('A') or os.environ.get('B') or '4')", "'4'", "int", False),
        ("f(1, os.environ['A'])", "", "", True),
        ("D = 5\nos.environ.get('A', D)", "5", "", False),
        ("os.environ.get('A', None)", "", "", False),
        ("def f(d):\n    os.environ.get('A', d)", "", "", False),
        ("os.environ.get('A', CONFIG.value)", "CONFIG.value", "", False),
        ("try:\n    os.environ['A']\nexcept ValueError: pass", "", "", True),
        ("try:\n    os.environ['A']\nexcept: pass", "", "", False),
        ("os.environ['A']\nif 'A' in os.environ: pass", "", "", False),
        ("os.environ.get('A', 'x' * 300)", "'x' * 300", "", False),
        (f"os.environ.get('A', '{'x' * 300}')", "", "", False),
    ],
)
def test_defaults_types_and_whether_a_variable_must_be_set(
    source: str, default: str, kind: str, required: bool
) -> None:
    """A default that says nothing to a reader is left out; a missing variable that is expected is not required."""
    setting = facts(f"import os\n{source}").settings[0]
    assert (setting.default, setting.type, setting.required) == (default, kind, required)


@pytest.mark.parametrize(
    ("source", "described"),
    [
        ("'''A\n\t  b\n        c'''", "A\n  b\nc"),
        ("'''A\n\tb\n\t\tc'''", "A\nb\n\tc"),
        ("'A ' # why\n'b'", "A"),
        ("('A ' # why\n 'b')", ""),
        ("f'''A'''", ""),
        ("b'''A'''", ""),
        ("'a\\N{EM DASH}b\\N{NO SUCH NAME}\\q\\ud800'", "a—b\\N{NO SUCH NAME}\\q\\ud800"),
        ("r'a\\n'", "a\\n"),
        ("'a\\\n b'", "a b"),
    ],
)
def test_docstrings_are_the_text_of_the_literal(source: str, described: str) -> None:
    """Escapes are read without Python, indentation goes, form feeds stay; f-strings and bytes are no docstrings."""
    assert facts(source).doc == described


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("X = 1", SymbolKind.CONSTANT),
        ("x: int", SymbolKind.VARIABLE),
        ("x = 1", None),
        ("X = y = 1", SymbolKind.CONSTANT),
        ("T = TypeVar('T')", None),
        ("__all__ = ['T']\nT = TypeVar('T')", SymbolKind.TYPE),
        ("Id = NewType('Id', int)", SymbolKind.TYPE),
        ("Names = Union[str, int]", SymbolKind.TYPE),
        ("Names = int | None", SymbolKind.TYPE),
        ("Names = compute()", None),
        ("Colour = Enum('Colour', 'red blue')", SymbolKind.CLASS),
        ("x = 1\nx = 2\n'''Doc.'''", SymbolKind.VARIABLE),
        ("x.y = 1", None),
        ("X: Final = 1\nclass X: ...", SymbolKind.CLASS),
        ("class X: ...\nX = wrap(X)", SymbolKind.CLASS),
        ("def X(): ...\nif a:\n    def X():\n        '''Doc.'''", SymbolKind.FUNCTION),
        ("for x in y:\n    def X(): ...", SymbolKind.FUNCTION),
        ("match y:\n    case 1:\n        class X: ...", SymbolKind.CLASS),
        ("with y:\n    X = 1", SymbolKind.CONSTANT),
    ],
)
def test_what_counts_as_a_definition(source: str, kind: SymbolKind | None) -> None:
    """Upper case, annotation, documentation or `__all__` make a variable one; a function or class comes before data."""
    found = facts(source).symbols
    assert [symbol.kind for symbol in found] == ([kind] if kind else [])


def test_instance_attributes_are_found_in_branches_of_the_constructor() -> None:
    """Only what is annotated or documented, and only on the object itself."""
    source = (
        "class A:\n    def __init__(self):\n        if x:\n            self.a: int = f()\n        other.b: int = 1\n"
    )
    assert [(s.name, s.signature) for s in facts(source).symbols[2:]] == [("A.a", "a: int")]
    assert facts("class A:\n    def __init__(): ...").symbols[-1].name == "A.__init__"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("'--x', choices=list('ab')", ()),
        ("'--x', choices=list(NAMES)", ("b", "a")),
        ("'--x', choices=sorted(NAMES)", ("a", "b")),
        ("'--x', choices=NAMES.keys()", ("b", "a")),
        ("'--x', choices=[1, 2.5, 'c']", ("1", "2.5", "c")),
        ("'--x', choices=Colour", ("r", "b")),
        ("'--x', choices=unknown()", ()),
        ("'--x', **OPTIONS", ("o",)),
        ("*FLAGS, choices=['s']", ("s",)),
        ("'--x', choices=range(3)", ()),
    ],
)
def test_choices_are_read_from_literals_and_constants(arguments: str, expected: tuple[str, ...]) -> None:
    """Lists, dictionaries, enumerations and spread arguments of the same file."""
    source = (
        "import argparse, enum\nNAMES = {'b': 1, 'a': 2}\nOPTIONS = dict(choices=('o',))\nFLAGS = ('--x', '-y')\n"
        "class Colour(enum.Enum):\n    RED = 'r'\n    BLUE = 'b'\n"
        f"p = argparse.ArgumentParser()\np.add_argument({arguments})\n"
    )
    (option,) = facts(source).options
    assert option.choices == expected
    assert option.name == "--x"


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("for q in (p, r):\n    q.add_argument('--x')", [("", "--x")]),
        ("p.add_argument('--x', nargs=0)", [("", "--x")]),
        ("p.add_argument(dest='only_dest')", [("", "only_dest")]),
        ("p.add_argument(*unknown)", []),
        ("other.add_argument('--x')", []),
        ("def f(parser):\n    parser.add_argument('--x')\nf(p)", [("", "--x")]),
        ("def f(a):\n    return a\nf(p).add_argument('--x')", [("", "--x")]),
        ("class P(argparse.ArgumentParser): ...\nz = P()\nz.add_argument('--x')", [("", "--x")]),
    ],
)
def test_arguments_are_added_to_the_parser_that_is_meant(source: str, options: list[tuple[str, str]]) -> None:
    """Loops, parameters, return values and subclasses are followed; other receivers are not guessed."""
    found = facts(f"import argparse\np = argparse.ArgumentParser()\nr = None\n{source}").options
    assert [(option.command, option.name) for option in found] == options


@pytest.mark.parametrize(
    ("parameter", "name", "flags", "kind"),
    [
        ("a: bool | None = None", "a", ("--a", "--no-a"), "flag"),
        ("a: Optional[bool] = None", "a", ("--a", "--no-a"), "flag"),
        ("a: int | None = typer.Option(None)", "a", ("--a",), "int"),
        ("a: list[Colour] = typer.Option([])", "a", ("--a",), "list[Colour]"),
        ("a = typer.Option(1, unknown())", None, (), ""),
        ("a: Annotated[int, Other()] = 1", "a", ("--a",), "int"),
        ("a: str = typer.Argument(...)", "a", (), "str"),
        ("a=1", "a", ("--a",), ""),
        ("a", "a", (), ""),
        ("*a", None, (), ""),
        ("a_b: Annotated[str, typer.Option('-x', 'renamed')] = ''", "-x", ("-x",), "str"),
    ],
)
def test_typer_derives_options_from_parameters(
    parameter: str, name: str | None, flags: tuple[str, ...], kind: str
) -> None:
    """Flags, negations and types are those that typer would make."""
    found = facts(f"import typer\napp = typer.Typer()\n@app.command()\ndef main({parameter}): ...\napp()\n").options
    assert [(option.name, option.flags, option.type) for option in found] == ([(name, flags, kind)] if name else [])


@pytest.mark.parametrize(
    ("source", "commands"),
    [
        ("@click.command()\ndef run_cmd(): ...", ["run"]),
        ("@click.command\ndef f(): ...\nf()", [""]),
        ("@click.command()\ndef f(): ...\nf.main(prog_name='x')", [""]),
        ("@click.command()\ndef f():\n    f = g()\n    f()", ["f"]),
        ("@click.command(None)\ndef f(): ...", ["f"]),
        ("@other.command()\ndef f(): ...", []),
        ("@property\ndef f(): ...", []),
        ("@click.group()\ndef cli(): ...\n@cli.command(cls=C)\ndef f(): ...", ["", "f"]),
        ("class C(click.Command): ...\n@click.command(cls=C)\ndef f(): ...", ["f"]),
        ("x = click.version_option()", []),
        ("def deco(f): ...\n@click.command()\n@deco\n@a.b\ndef f(): ...", ["f"]),
    ],
)
def test_click_names_commands_after_their_functions(source: str, commands: list[str]) -> None:
    """The program itself has no name; decorators of other frameworks make no commands."""
    assert [command.name for command in facts(f"import click\n{source}").commands] == commands


def test_typer_commands_may_be_made_by_calls() -> None:
    """`app.command()(function)` registers like the decorator; a computed name makes the command unknown."""
    source = (
        "import typer\napp = typer.Typer()\ndef f(): ...\ndef g(): ...\napp.command('eff')(f)\napp.command(name())(g)\n"
    )
    assert [command.name for command in facts(source).commands] == ["", "eff"]


def test_automatic_variables_come_from_the_call_that_starts_the_program() -> None:
    """`auto_envvar_prefix` given to the call reaches the options of nested commands."""
    source = (
        "import click\n@click.group()\ndef cli(): ...\n@cli.command()\n@click.option('--x')\n"
        "@click.option('--y', allow_from_autoenv=False)\ndef run(): ...\ncli(auto_envvar_prefix='APP')\n"
    )
    assert [option.env for option in facts(source).options] == ["APP_RUN_X", ""]
    assert facts(source).settings == ()


@pytest.mark.parametrize(
    ("written", "told"),
    [("Tool.__doc__", "Tends plants."), ("main.__doc__", "Waters."), ("__doc__", "Of the file."), ("gone.__doc__", "")],
)
def test_a_description_may_be_a_docstring(written: str, told: str) -> None:
    """What a class, a function or the file says of itself is often what its program prints."""
    source = (
        '"""Of the file."""\nimport argparse\nclass Tool:\n    """Tends plants."""\ndef main():\n    """Waters."""\n'
        f"    argparse.ArgumentParser(description={written}).parse_args()\n"
    )
    (command,) = facts(source).commands
    assert command.help == told


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ('"--x", **{"help": "Loud.", 1: 2, **more}', "Loud."),
        ('"--x", **dict(help="Loud.")', "Loud."),
        ('*("--x",), help="Loud."', "Loud."),
        ('"--x", **made()', ""),
        ('*made(), "--x", help=text()', ""),
    ],
)
def test_arguments_may_be_unpacked(option: str, told: str) -> None:
    """Collections that the source spells out are read; entries that are no text, and what is made elsewhere, are not."""
    found = facts(f"import click\n@click.command()\n@click.option({option})\ndef go(x): ...\n").options
    assert [item.help for item in found] in ([told], [] if not told else [told])
