"""The readers of JSON, YAML, TOML and INI: the same values as the languages' own parsers, each with its line."""

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.formats.syntax.ini import parse_ini
from docsfy_action.facts.formats.syntax.json import parse_json
from docsfy_action.facts.formats.syntax.text import Unreadable, command_lines, one_line
from docsfy_action.facts.formats.syntax.toml import parse_toml
from docsfy_action.facts.formats.syntax.tree import MISSING, Node, Shape
from docsfy_action.facts.formats.syntax.yaml import parse_yaml

WORDS = st.text("ab é\"\\/\n'#:[]{},", max_size=6)
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(-99, 99), st.booleans()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def as_text(value: object) -> object:
    """A value with its scalars as the text a document writes them in."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return value if isinstance(value, str) else json.dumps(value)


def value_of(node: Node) -> object:
    """The same for a tree."""
    if node.shape is Shape.TABLE:
        return {key: value_of(item) for key, item in node.pairs()}
    return [value_of(item) for item in node.items] if node.shape is Shape.LIST else node.scalar


@settings(max_examples=120, deadline=2000)
@given(value=VALUES, indent=st.sampled_from([None, 1, 4]))
def test_json_reads_as_the_standard_parser_does(value: object, indent: int | None) -> None:
    """Whatever JSON can say comes out as it went in."""
    assert value_of(parse_json(json.dumps(value, indent=indent))) == as_text(value)


@settings(max_examples=80, deadline=2000)
@given(value=st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, max_size=3))
def test_yaml_reads_json_alike(value: object) -> None:
    """JSON is YAML, but for null; merge keys do not occur here."""
    assert value_of(parse_yaml(json.dumps(value, indent=2))) == as_text(value)


def test_json_knows_lines_through_comments_and_strings() -> None:
    """Comments, escapes and braces inside strings do not mislead; what comes twice counts last."""
    tree = parse_json('// a {\n{"a": /* \n\n */ 1,\n"b": ["x\\n{",\n "y"],\n"a": {"c": null},}')
    assert (tree.get("b").line, [item.line for item in tree.get("b").items]) == (5, [5, 6])
    assert (tree.get("a").line, tree.get("a", "c").line) == (7, 7)
    assert tree.get("a", "c").text == ""


@pytest.mark.parametrize(
    ("literal", "text"), [('"\\u00e9"', "é"), ('"\\ud83d\\ude00"', "😀"), ('"\\ud800x"', "x"), ('"\\q"', "\\q")]
)
def test_json_escapes(literal: str, text: str) -> None:
    """Escapes are decoded; half a surrogate pair, which nothing could store, is dropped; unknown ones stay."""
    assert parse_json(literal).text == text


TOML = '''\
# [not.a.table]
top = 1979-05-27 07:32:00
"quoted.key" = """
[also.not]
a = "x"
"""
[a]
b.c = { d = 1, "e" = [ 2,
  3 ] } # {
list = [
  "x", # "y"
  'z]',
  [ "w" ],
]
[a.f]
g = 3.5
[[h]]
i = """x"""" # four quotes
[[h]]
[h.j]
k = ''
'''


def test_toml_knows_the_line_of_every_key_and_item() -> None:
    """Strings, comments and arrays over several lines do not mislead; the values are those of `tomllib`."""
    tree = parse_toml(TOML)
    assert list(tomllib.loads(TOML)) == [key for key, _ in tree.pairs()]
    found = {
        "top": tree.get("top").line,
        "quoted.key": tree.get("quoted.key").line,
        "a": tree.get("a").line,
        "d": tree.get("a", "b", "c", "d").line,
        "e": tree.get("a", "b", "c", "e").line,
        "3": tree.get("a", "b", "c", "e").items[1].line,
        "list": [item.line for item in tree.get("a", "list").items],
        "g": tree.get("a", "f", "g").line,
        "h": [item.line for item in tree.get("h").items],
        "k": tree.get("h").items[1].get("j", "k").line,
    }
    assert found == {
        "top": 2, "quoted.key": 3, "a": 7, "d": 8, "e": 8, "3": 9, "list": [11, 12, 13], "g": 16, "h": [17, 19], "k": 21,
    }  # fmt: skip
    assert tree.get("h").items[0].get("i").scalar == 'x"'
    assert tree.get("top").text == "1979-05-27 07:32:00"


@settings(max_examples=60, deadline=2000)
@given(items=st.lists(st.text("ab\"'\\# [],\n", max_size=5), min_size=1, max_size=5))
def test_toml_arrays_give_each_item_its_line(items: list[str]) -> None:
    """One item a line: the n-th string stands on line n + 1, whatever is in it."""
    text = "a = [\n" + "".join(f"{json.dumps(item)},\n" for item in items) + "]\n"
    found = parse_toml(text).get("a").items
    assert [(item.scalar, item.line) for item in found] == [(item, n) for n, item in enumerate(items, start=2)]


def test_yaml_plain_words_stay_words() -> None:
    """Neither `on` nor `3.10` nor `no` is taken for anything but what is written; only null is nothing."""
    tree = parse_yaml("on: no\nv: 3.10\nd: 2026-01-01\nn: ~\nq: '~'\ne:\n")
    assert [(key, node.text) for key, node in tree.pairs()] == [
        ("on", "no"), ("v", "3.10"), ("d", "2026-01-01"), ("n", ""), ("q", "~"), ("e", ""),
    ]  # fmt: skip


def test_yaml_merges_and_aliases() -> None:
    """A merge key lays other tables under a table, the first of several on top; own entries win; aliases know their line."""
    tree = parse_yaml(
        "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: *a\n*a : e\nf: *nothing\n"
    )
    assert value_of(tree.get("c")) == {"y": "1", "z": "2", "x": "3"}
    assert tree.get("d").line == 6
    assert not tree.get("f")


def test_yaml_reads_the_first_document() -> None:
    """What follows `---` is another document."""
    assert value_of(parse_yaml("a: 1\n---\nb: 2\n")) == {"a": "1"}
    assert parse_yaml("") == MISSING


def test_ini_values_over_several_lines() -> None:
    """Deeper lines go on with a value; comments, empty lines and what stands before any section are skipped."""
    tree = parse_ini("lost = 1\n[a]\n; no\nx: 1 # one\ny =\n  b\n  # c\n\n  d = e\nz\n[a]\nw = 2\n")
    assert value_of(tree) == {"a": {"x": "1", "y": ["b", "d = e"], "w": "2"}}
    assert [item.line for item in tree.get("a", "y").items] == [6, 9]


def test_commands_of_a_script() -> None:
    """Comments and empty lines go; what is continued stays together, without the indentation that it shares."""
    script = "# a\n  make \\\n    all \\\n\n  echo '#'\n\nlast \\"
    assert command_lines(script) == ("make \\\n  all \\", "echo '#'", "last \\")


def test_long_texts_are_cut() -> None:
    """A description of a megabyte is no description."""
    assert len(one_line("a b " * 10_000)) <= 2_000
    assert one_line("a b " * 10_000).endswith("…")


def test_what_is_no_json_is_unreadable() -> None:
    """The reader's one exception."""
    with pytest.raises(Unreadable):
        parse_json("}")
