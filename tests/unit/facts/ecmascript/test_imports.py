"""When the imports of a script happen."""

import pytest

from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import ImportTime


@pytest.mark.parametrize(
    ("source", "when"),
    [
        ("import a from 'm'", ImportTime.LOAD),
        ("import 'm'", ImportTime.LOAD),
        ("import {} from 'm'", ImportTime.LOAD),
        ("import { type A, b } from 'm'", ImportTime.LOAD),
        ("import d, { type A } from 'm'", ImportTime.LOAD),
        ("import type from 'm'", ImportTime.LOAD),
        ("import { type } from 'm'", ImportTime.LOAD),
        ("export * from 'm'", ImportTime.LOAD),
        ("export * as ns from 'm'", ImportTime.LOAD),
        ("import r = require('m')", ImportTime.LOAD),
        ("const r = require('m')", ImportTime.LOAD),
        ("const r = await import('m')", ImportTime.LOAD),
        ("(function () { require('m') })()", ImportTime.LOAD),
        ("(() => require('m'))()", ImportTime.LOAD),
        ("import type A from 'm'", ImportTime.TYPING),
        ("import type { A } from 'm'", ImportTime.TYPING),
        ("import type * as ns from 'm'", ImportTime.TYPING),
        ("import { type A, /* and */ type B } from 'm'", ImportTime.TYPING),
        ("export type { A } from 'm'", ImportTime.TYPING),
        ("export { type A } from 'm'", ImportTime.TYPING),
        ("export type * from 'm'", ImportTime.TYPING),
        ("import type r = require('m')", ImportTime.TYPING),
        ("type A = import('m').B", ImportTime.TYPING),
        ("let a: typeof import('m')", ImportTime.TYPING),
        ("function f(a: import('m').B) {}", ImportTime.TYPING),
        ("import('m').then(go)", ImportTime.DEFERRED),
        ("function f() { return require('m') }", ImportTime.DEFERRED),
        ("const f = async () => { await import('m') }", ImportTime.DEFERRED),
        ("class A { get x() { return require('m') } }", ImportTime.DEFERRED),
        ("run(function () { require('m') })", ImportTime.DEFERRED),
    ],
)
def test_when_an_import_happens(source: str, when: ImportTime) -> None:
    """As the file is loaded, later, or never because the compiler drops what is only a type."""
    extractor = extractor_for("file.ts")
    assert extractor is not None
    assert [(item.module, item.when) for item in extractor.extract(source.encode()).imports] == [("m", when)]


@pytest.mark.parametrize(
    "source", ["import x = require(name)", "export * from name", "import { a } from", "exports.a", "exports.b ="]
)
def test_what_names_no_module_is_no_import(source: str) -> None:
    """Half-written statements and computed names say nothing."""
    extractor = extractor_for("file.ts")
    assert extractor is not None
    assert extractor.extract(source.encode()).imports == ()
