"""Single definitions and settings of scripts that a golden file would hide among others."""

import pytest

from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import BlobFacts

CONSTRUCTED = [("A", False), ("A.constructor", False), ("A.b", False), ("A.c", False)]


def extract(source: str, path: str = "file.ts") -> BlobFacts:
    """Facts of a text."""
    extractor = extractor_for(path)
    assert extractor is not None
    return extractor.extract(source.encode())


@pytest.mark.parametrize(
    ("source", "bases"),
    [
        ("class A extends B {}", ("B",)),
        ("class A extends mix(B, C) {}", ("mix(B, C)",)),
        ("class A {}", ()),
    ],
)
def test_base_classes_in_javascript(source: str, bases: tuple[str, ...]) -> None:
    """A base class is any expression."""
    assert extract(source, "file.js").symbols[0].bases == bases


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("namespace A { export const b = 1; const c = 2 }", [("A", False), ("A.b", False), ("A.c", False)]),
        ("export namespace A { export const b = 1; const c = 2 }", [("A", True), ("A.b", True), ("A.c", False)]),
        ("export declare namespace A { const b: 1 }", [("A", True), ("A.b", True)]),
        ("namespace A.B { export const c = 1 }\nexport { A }", [("A.B", True), ("A.B.c", True)]),
        ("class A { constructor(protected b = 1, private c: string) {} }", CONSTRUCTED),
        ("const { a = 1, b: { c } } = x", [("a", False), ("c", False)]),
        ("export const a = 1, b = () => {}", [("a", True), ("b", True)]),
        ("/** D */\nexport default () => {}", [("default", True)]),
        ("export default async function named() {}", [("named", True)]),
        (
            "const f = function () {}; f.x = 1; f['y'] = () => {}; other.z = 1",
            [("f", False), ("f.x", False), ("f.y", False)],
        ),
        ("exports.a = function a() {}; function a() {}", [("a", True)]),
        ("module.exports = function named() {}; function named() {}", [("named", True)]),
        ("exports.a = exports.b = 1", [("a", True), ("b", True)]),
        ("module.exports.nested.deep = 1", []),
        ("interface A { 'quoted': 1; [k: string]: 1; 5: number }", [("A", False), ("A.quoted", False), ("A.5", False)]),
        ("enum E { A, 'B b' }", [("E", False), ("E.A", False)]),
        ("type A = { b: 1 } & C", [("A", False)]),
        ("let a, b", [("a", False), ("b", False)]),
        (";", []),
        ("class { }", []),
    ],
)
def test_names_and_who_may_use_them(source: str, expected: list[tuple[str, bool]]) -> None:
    """Definitions are found under the names that users have for them, and are public when these are exported."""
    found = [(symbol.name, symbol.public) for symbol in extract(source).symbols]
    assert found == expected


def test_comments_of_declared_variables() -> None:
    """The comment above a declaration speaks of its first variable; each has the lines of its own."""
    first, second = extract("/** D */\nconst a = 1,\n  b = 2").symbols
    assert (first.doc, second.doc) == ("D", "")
    assert (first.span.start, second.span.start) == (2, 3)


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("const a = require('m')", [("m", ("*",), (("*", "a"),), False)]),
        ("const { a: b } = await import('m')", [("m", ("a",), (("a", "b"),), False)]),
        ("const {} = require('m')", [("m", ("*",), (), False)]),
        ("const { a = 1, ...b } = require('m')", [("m", ("a",), (), False)]),
        ("exports.a = require('m').b", [("m", ("b",), (("b", "a"),), True)]),
        ("exports.a = require('m').a", [("m", ("a",), (), True)]),
        ("module.exports = { ...require('m') }", [("m", ("*",), (), True)]),
        ("x = { ...require('m') }", [("m", ("*",), (), False)]),
        ("x = require('m'); x.y = require('n')", [("m", ("*",), (), False), ("n", ("*",), (), False)]),
        ("require(name); require(); require(`m`)", [("m", ("*",), (), False)]),
        ("import('m').catch(f)", [("m", ("*",), (), False)]),
        ("import type { A } from 'm'", [("m", ("A",), (), False)]),
        ("import {} from 'm'", [("m", (), (), False)]),
        ("export {} from 'm'", [("m", (), (), True)]),
        ("export * as 'a-b' from 'm'", [("m", ("*",), (("*", "a-b"),), True)]),
        ("import x = NS.y", []),
    ],
)
def test_imports(source: str, imports: list[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...], bool]]) -> None:
    """What is taken from a module, under which name, and whether it is handed on."""
    assert [(i.module, i.names, i.aliases, i.reexport) for i in extract(source).imports] == imports


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("process.env", []),
        ("const env = process.env; f(env); const { A } = env", ["A"]),
        ("f({ ...process.env })", []),
        ("const [a] = process.env", []),
        ("const { [k]: a, 'not a name': b } = process.env", []),
        ("({ A: x } = process.env)", ["A"]),
        ("process.env[`A`]", ["A"]),
        ("process.env[`${a}_${b}`]; process.env[`${a()}`]; process.env['x' - y]", []),
        ("function f() { return process.env[k] }; f('A')", []),
        ("f(function (k) { return process.env[k] }); f('A')", []),
        ("const get = ({ k }) => process.env[k]; get('A')", []),
        ("const get = k => process.env[k]; get('A'); get(k)", ["A"]),
        ("const get = (k, d) => { if (process.env[k]) return process.env[k]; return d }\nget('A', 'x')", ["A='x'"]),
        ("const get = (k, d, e) => process.env[k] || d || e\nget('A', 'x', 'y')", ["A"]),
        ("process.env.A?.split(',') ?? []", ["A"]),
        ("process.env.A ?? process.env.B ?? 'c'", ["A='c'", "B='c'"]),
        ("process.env.A ? 'b' : 'c'", ["A"]),
        ("x in process.env", []),
        ("import.meta.env.BASE_URL; import.meta.env['X']", ["X"]),
        ("Deno.env.set('A', 'b'); Deno.env.get(); Deno.env.get", []),
        ("for (const k in process.env) {}", []),
    ],
)
def test_environment(source: str, expected: list[str]) -> None:
    """Reads with a name that is known are settings; whatever else is done with the environment is none."""
    found = [f"{s.name}={s.default}" if s.default else s.name for s in extract(source).settings]
    assert found == expected


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("yargs.command('a', 'b', module)", []),
        ("const m = { builder: { all: {} }, handler: 1 }\nyargs.command('a', 'b', m)", ["--all"]),
        ("yargs.command('a', 'b', { builder: { all: {} }, handler })", ["--all"]),
        ("yargs.option('all').alias('b', 'missing').alias('x', 'all')", ["--all", "-x"]),
        ("yargs.option('all').alias({ all: ['b'] }).demandOption('all', false)", ["--all", "-b"]),
        ("yargs.option('port', { type: dynamic }).coerce('port', Number).options(5)", ["--port"]),
        ("yargs.usage().help()", []),
        ("module.exports = { command: 'x', builder: { all: {} }, handler: f }", ["--all"]),
        ("exports.command = name; exports.handler = f; exports.builder = {}", []),
    ],
)
def test_yargs(source: str, options: list[str]) -> None:
    """Tables, builders and later refinements of options all count."""
    facts = extract(f"import yargs from 'yargs'\n{source}")
    assert [flag for option in facts.options for flag in sorted(option.flags, key=len, reverse=True)] == options


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (".addOption(create('-a'))", []),
        (
            ".addOption(new Option('-a <x>').env(name).default(compute(), 'computed').argParser(f))",
            [("-a", "computed", "")],
        ),
        (".addOption(program.createOption('-a'))", []),
        (".addOption(new Option('not a flag'))", []),
        (".addOption(option)", [("-a", "'d'", "A")]),
        (".addArgument(new Argument('file'))", [("file", "", "")]),
        (".addArgument(new Argument(''))", []),
        (".argument('')", []),
        (".version('1').version(v, flags)", []),
        (".action().action(() => {}).action(() => f())", []),
        (".option('-a', 'x', f, g())", [("-a", "", "")]),
    ],
)
def test_commander(source: str, found: list[tuple[str, str, str]]) -> None:
    """Options are read from flags or instances, as far as both are written out."""
    head = (
        "import { program, Option, Argument } from 'commander'\nconst option = new Option('-a').env('A').default('d')\n"
    )
    options = extract(f"{head}program{source}").options
    assert [(o.flags[-1] if o.flags else o.name, o.default, o.env) for o in options] == found
