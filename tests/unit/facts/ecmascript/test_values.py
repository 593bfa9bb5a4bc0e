"""What expressions of scripts stand for, as far as the file itself says."""

import pytest

from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import BlobFacts

TEMPLATE = """
import dedent from 'dedent'
import { Command } from 'commander'
import { imported } from './other'

const word = 'tides'
const sum = word + '!'
const number = 7
const frozen = 'a' as const
let changed = 'a'
changed = 'b'
let kept = 'kept'
var twice = 1, other = 'c'

function make(given, { taken }, single = 'x') {
  const local = 'local'
  const word2 = word
  const again = 1
  { const again = 2 }
  return new Command('c').description(DESCRIPTION).option('--flag', 'usage', DEFAULT)
}
const arrow = lonely => new Command('d').description(lonely)
"""


def extract(source: str, path: str = "file.ts") -> BlobFacts:
    """Facts of a text."""
    extractor = extractor_for(path)
    assert extractor is not None
    return extractor.extract(source.encode())


def made(*, description: str = "''", default: str = "''") -> BlobFacts:
    """Facts of a file with these expressions as a command's description and an option's default."""
    return extract(TEMPLATE.replace("DESCRIPTION", description).replace("DEFAULT", default))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'plain'", "plain"),
        ('"double"', "double"),
        ("`template`", "template"),
        (r"'a\tb \u00e9 \u{1F30A} \x41 \'q\' \\ \q'", "a\tb é 🌊 A 'q' \\ q"),
        (r"'\ud800 \u{110000}'", "\ufffd \ufffd"),
        ("'a\\\nb'", "ab"),
        ("word", "tides"),
        ("sum", "tides!"),
        ("frozen", "a"),
        ("kept", "kept"),
        ("(word as string)!", "tides"),
        ("<string>word", "tides"),
        ("local", "local"),
        ("word2", "tides"),
        ("other", "c"),
        ("`${word}: ${given}`", "tides: …"),
        ("`${}`", ""),
        ("word + ': ' + `x`", "tides: x"),
        ("'a' - 'b'", ""),
        ("given", ""),
        ("taken", ""),
        ("changed", ""),
        ("again", ""),
        ("imported", ""),
        ("missing", ""),
        ("number", ""),
        ("['a', word].join('\\n')", "a\ntides"),
        ("['a', 'b'].join()", "a,b"),
        ("['a', given].join(' ')", ""),
        ("['a'].join(given)", ""),
        ("' a '.trim()", "a"),
        ("'a'.toUpperCase()", ""),
        ("dedent`\n  a\n  b`", "a\n  b"),
        ("dedent('a')", "a"),
        ("String.raw`a`", "a"),
        ("other()", ""),
    ],
)
def test_strings(expression: str, value: str) -> None:
    """Literals, constants, sums and joined lists are read; parts that cannot be read become a hole."""
    assert made(description=expression).commands[0].help == value


@pytest.mark.parametrize(
    ("expression", "default"),
    [
        ("'a'", "'a'"),
        ("word", "'tides'"),
        ("number", "7"),
        ("-1", "-1"),
        ("!word", ""),
        ("true", "true"),
        ("/a/", "/a/"),
        ("`a`", "`a`"),
        ("`a${b}`", ""),
        ("`a\nb`", ""),
        ("['a', 1]", "['a', 1]"),
        ("['a', given]", ""),
        ("{}", ""),
        ("null", ""),
        ("undefined", ""),
        ("compute()", ""),
        ("[" + "'a', " * 100 + "]", ""),
    ],
)
def test_defaults(expression: str, default: str) -> None:
    """A default is a literal's own text; what is computed is none."""
    assert made(default=expression).options[0].default == default


def test_a_single_parameter_hides_the_name_around() -> None:
    """A parameter is not the constant of its name."""
    source = "import { Command } from 'commander'\nconst a = 'x'\nconst f = a => new Command('c').description(a)"
    assert extract(source).commands[0].help == ""


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import { Command } from 'commander'\nprogram.command('lost')", []),
        ("import { Command } from 'commander'\nfunction f(x) { x.command('lost') }", []),
        ("import { Command } from 'commander'\nfunction f(x: Command) { x.command('kept') }", ["kept"]),
        ("import { Command } from 'commander'\nfunction f(program) { program.command('kept') }", ["kept"]),
        ("import { Command } from 'commander'\n[].map((program) => program.command('lost'))", []),
        ("import { Command } from 'commander'\nclass A { f(program) { program.command('lost') } }", []),
        ("import { Command } from 'commander'\nlet p\np = new Command('p')\np.command('kept')", ["p", "p kept"]),
        (
            "import { Command } from 'commander'\nlet p\nfunction f() { p = new Command('p') }\np.command('x')",
            ["p", "p x"],
        ),
        ("import { Command } from 'commander'\nexports.f = (program) => { program.command('kept') }", ["kept"]),
        ("import * as c from 'commander'\nnew c.Command('kept')", ["kept"]),
        ("import { Command } from 'other'\nnew Command('lost')", []),
        ("import { Command } from 'commander'\nexport default new Command('kept')", ["kept"]),
        (
            "import { Command } from 'commander'\nfunction f() { new Command('a'); }\nreturn new Command('b')",
            ["a", "b"],
        ),
        ("import { Command } from 'commander'\nnew Command('p').command().option('-x')", ["p"]),
        ("import { Command } from 'commander'\nnew Command('p').name('').name(n).argument().option(o)", ["p"]),
        ("import { Command } from 'commander'\nnew Command().name('tool')", [""]),
        ("import { Command } from 'commander'\nconst part = new Command().name('part')", ["part"]),
        ("import { createCommand } from 'commander'\nconst x = createCommand('x')\nx.addCommand(x)", ["x"]),
        ("import { Command } from 'commander'\nconst p = new Command('p')\np.addCommand(...all)", ["p"]),
        ("import yargs from 'yargs'\nyargs.command(list, 'x').option().alias('a')", [""]),
        ("import yargs from 'yargs'\nyargs.command('$0', 'all').command({ describe: 'x' })", [""]),
        ("import { hideBin } from 'yargs/helpers'\nyargs(process.argv).command('a')", []),
        ("import cac from 'cac'\nother('x').command('a')", []),
        ("import { cac } from 'cac'\ncac().command()", [""]),
        ("import { parseArgs } from 'util'\nparseArgs({})", [""]),
    ],
)
def test_where_commands_are_recognised(source: str, names: list[str]) -> None:
    """Only what an import, a type or the usual name shows to be a command of the library is one."""
    assert [command.name for command in extract(source).commands] == names


@pytest.mark.parametrize(
    ("source", "children"),
    [
        ("program.addCommand(await load())", ["load"]),
        ("program.addCommand((await import('./x')).default)", []),
        ("program.addCommand(require('./x'))", ["./x#default"]),
        ("program.addCommand(all.serve)", ["./all#serve"]),
        ("program.addCommand(serve())", ["./all#serve"]),
        ("program.addCommand(1)", []),
        ("register(program); other(1); [](program)", ["register"]),
    ],
)
def test_references_to_other_files(source: str, children: list[str]) -> None:
    """What code adds from elsewhere is named by module and export, or by the name it has here."""
    head = "import { program } from 'commander'\nimport * as all from './all'\nimport { serve } from './all'\n"
    assert [link.child for link in extract(head + source).command_links] == children


@pytest.mark.parametrize(
    ("source", "exports"),
    [
        ("module.exports.a.b = 1", None),
        ("exports.a = 1, exports.b = 2", ("a", "b")),
        ("a = b", None),
        ("export {}", ()),
        ("export default class {}", ("default",)),
        ("export default 1", ("default",)),
        ("export const [a, , { b: [c] }] = x", ("a", "c")),
        ("exports['quoted'] = 1; exports[computed] = 2", ("quoted",)),
    ],
)
def test_exports(source: str, exports: tuple[str, ...] | None) -> None:
    """Every way to export a name is seen; a file without exports has no list of them."""
    assert extract(source, "file.js").exports == exports
