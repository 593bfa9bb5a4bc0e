"""Single definitions and settings of Go files that a golden file would hide among others."""

import pytest

from docsfy_action.facts.languages.go import EXTRACTORS
from docsfy_action.facts.model import BlobFacts

LONG = "a" * 250


def extract(source: str) -> BlobFacts:
    """Facts of a text."""
    return EXTRACTORS[0].extract(f"package p\n{source}".encode())


@pytest.mark.parametrize(
    ("source", "signature", "value"),
    [
        (f'const a = "{LONG}"', "const a", ""),
        (f'var a string = "{LONG}"', "var a string", ""),
        ("var a, b = f()", "var a, b = f()", ""),
        ("var a = 1 // x", "var a = 1", "1"),
        ("var a = []int{1, // one\n2}", "var a = []int{1, 2}", "[]int{1, 2}"),
        ("type a map[string]int", "type a map[string]int", "map[string]int"),
        (f"type a func({LONG} int)", "type a", ""),
        ("type a = b", "type a = b", "b"),
        ("type a interface{}", "type a interface", ""),
        ("type a struct{}", "type a struct", ""),
    ],
)
def test_signatures_and_values(source: str, signature: str, value: str) -> None:
    """What is too long for a line is cut off where the name and type end."""
    symbol = extract(source).symbols[0]
    assert (symbol.signature, symbol.value) == (signature, value)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("func (a *(B)) C() {}", ["B.C"]),
        ("func (B[T]) C() {}", ["B.C"]),
        ("func () C() {}", []),
        ("func (a struct{}) C() {}", []),
        ("var _, a = 1, 2", ["a"]),
        ("var (\n)", []),
        (f"type A struct {{ B struct {{ {LONG} int }} }}", ["A", "A.B"]),
        ("type (\n\tA int\n)", ["A"]),
        ('import "x"\nfunc init() {}', []),
    ],
)
def test_names(source: str, names: list[str]) -> None:
    """Methods are named after their receiver's type; blanks and `init` have no name to be found under."""
    assert [symbol.name for symbol in extract(source).symbols] == names


def test_long_inner_structs_are_cut() -> None:
    """A field whose type is a long struct is shown up to its brace."""
    member = extract(f'type A struct {{ B struct {{ {LONG} int }} `json:"b"` }}').symbols[1]
    assert (member.signature, member.returns, member.value) == ("B struct", "", '`json:"b"`')


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("// A is.\nvar A int", "A is."),
        ("// No.\n\nvar A int", ""),
        ("/* A is. */ var A int", "A is."),
        ("var A int // trailing", "trailing"),
        ("var A int // nolint:all", ""),
        ("// Of the group.\nvar (\n\tA int\n)", "Of the group."),
        ("// Of the group.\nvar (\n\t// A is.\n\tA int\n)", "A is."),
        ("var ( // no\n\tA int\n)", ""),
        ("//go:generate x\n// A is.\nvar A int", "A is."),
        ("// A is.\n//\n//\n// More.\nvar A int", "A is.\n\nMore."),
        ("//\tcode\nvar A int", "\tcode"),
        ("// Of the group.\ntype (\n\tA int\n)", "Of the group."),
        ("// Of the group.\ntype (\n\tA int\n\tB int\n)", ""),
    ],
)
def test_comments(source: str, doc: str) -> None:
    """Comments are read as go/ast does it: right above, or behind on the same line, without directives."""
    assert extract(source).symbols[0].doc == doc


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('var a = os.Getenv("A")', ["A"]),
        ("var a = os.Getenv(f())", []),
        ("var a = os.Getenv(x + y)", []),
        ('func f(k string) string { return os.Getenv("P_" + g()) }\nvar a = f("A")', []),
        ('func f(k, x string) string { return os.Getenv(k) }\nvar a = f("A", "no")', ["A"]),
        ("func f(k string) string { return os.Getenv(k) }\nvar a = f()", []),
        ('func (r R) f(k string) string { return os.Getenv(k) }\nvar a = r.f("A")', []),
        ('func f() { x(cmp.Or(os.Getenv("A"), "d")) }', ['A="d"']),
        ('func f() { a := os.Getenv("A"); if a == "" { return "d" } }', ['A="d"']),
        ('func f() { a := os.Getenv("A"); if a == "" { return } }', ["A"]),
        ('func f() { a := os.Getenv("A"); if a == "" { panic(a) } }', ["A"]),
        ('func f() { var a = os.Getenv("A"); if a == "" { a = "d" } }', ['A="d"']),
        ('func f() { a = os.Getenv("A"); if a == "" { b = "d" } }', ["A"]),
        ('func f() { if os.Getenv("A") == "" { a = "d" } }', ["A"]),
        ('func f() { os.ExpandEnv(x); os.ExpandEnv("plain") }', []),
        ('type T struct { A string `env:""`; B string `env:",required"` }', []),
        ('func f() { viper.SetEnvKeyReplacer(r); viper.BindEnv("a-b"); f().GetString("x") }', []),
        ('func f() { x.y.GetString("x"); viper.SetDefault("k"); viper.GetString() }', []),
    ],
)
def test_environment(source: str, expected: list[str]) -> None:
    """Variables whose name is written out are settings, with the default that the code itself gives."""
    facts = extract(f'import ("os"; "cmp"; "github.com/spf13/viper")\n{source}')
    found = [f"{s.name}={s.default}" if s.default else s.name for s in facts.settings if s.kind == "environment"]
    assert found == expected


def test_keys_of_viper_without_a_known_variable() -> None:
    """A key is a setting although the variable behind it cannot be told."""
    code = 'viper.SetDefault("k"); viper.AutomaticEnv(); viper.GetInt("a b")'
    facts = extract(f'import "github.com/spf13/viper"\nfunc f() {{ {code} }}')
    assert [(s.name, s.env) for s in facts.settings] == [("a b", ()), ("k", ("K",))]


def test_a_word_compared_with_the_arguments_is_a_command() -> None:
    """A flag set belongs to a subcommand where the program compares its arguments with the set's name."""
    code = 's := flag.NewFlagSet("add", 0); s.Int("n", 1, "u"); if os.Args[1] == "add" { s.Parse(nil) }'
    facts = extract(f'import ("flag"; "os")\nfunc f() {{ {code} }}')
    assert [command.name for command in facts.commands] == ["add"]


def test_flag_sets_are_followed_to_where_they_come_from() -> None:
    """A set that is handed on or made elsewhere belongs to whoever made it; unknown ones to nobody."""
    source = """
import ("github.com/spf13/cobra"; "github.com/spf13/pflag")
func root() *cobra.Command { return rootCmd }
var rootCmd = &cobra.Command{Use: "root"}
func share(set *pflag.FlagSet) { more(set); set.Bool("shared", false, "u") }
func use(c *cobra.Command) { share(c.PersistentFlags()); (&cobra.Command{Use: "x"}).AddCommand(c) }
func init() { rootCmd.AddCommand(&one, two.Command, three().Cmd()); share(pflag.CommandLine) }
var one = cobra.Command{Use: "one"}
"""
    facts = extract(source)
    assert [(link.parent, link.child) for link in facts.command_links] == [
        ("root", "rootCmd"),
        ("share", "more"),
        ("use", "share"),
        ("rootCmd", "one"),
        ("rootCmd", "three"),
    ]
