"""What expressions of Go code stand for, as far as the file itself says."""

import pytest

from docsfy_action.facts.languages.go import EXTRACTORS
from docsfy_action.facts.model import BlobFacts, Command, Option

TEMPLATE = """package p

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const word = "tides"
const sum = word + "!"
const number = 7

var changed = "a"
var twice, other = "b", "c"

func init() {{ changed = "d" }}

func make(given string) *cobra.Command {{
	local := "local"
	if true {{ again := "e" }} else {{ again := "f" }}
	shadow := word
	cmd := &cobra.Command{{Use: "c", Short: {short}}}
	cmd.Flags().String("flag", {default}, "usage")
	return cmd
}}
"""


def extract(*, short: str = '""', default: str = '""') -> BlobFacts:
    """Facts of a file with these expressions as a command's description and a flag's default."""
    return EXTRACTORS[0].extract(TEMPLATE.format(short=short, default=default).encode())


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"plain"', "plain"),
        ("`raw \\n`", "raw \\n"),
        (r'"a\tb\n\"c\" \\ \x41 \u00e9 \U0001F30A \101 \q"', 'a\tb\n"c" \\ A é 🌊 A q'),
        (r'"\ud800 \U00110000"', "\ufffd \ufffd"),
        ("word", "tides"),
        ("sum", "tides!"),
        ("(word)", "tides"),
        ("local", "local"),
        ("shadow", "tides"),
        ("twice", "b"),
        ('word + ": " + `x`', "tides: x"),
        ("word + given", "tides…"),
        ("changed", ""),
        ("given", ""),
        ("again", ""),
        ("missing", ""),
        ("number", ""),
        ("'x'", ""),
        ('fmt.Sprintf("%s of %d", word, number)', "tides of 7"),
        ('fmt.Sprintf("%s of %s", word, given)', "tides of …"),
        ("fmt.Sprintf(given, word)", ""),
        ("fmt.Sprintf()", ""),
        ('strings.TrimSpace("  a ")', "a"),
        ('strings.ToUpper("a")', ""),
        ('string("a")', "a"),
        ("dedent.Dedent(`\n\t\ta\n\t\t  b\n`)", "a\n  b"),
        ('i18n.T("a")', "a"),
        ("a - b", ""),
        ('func() string { return "a" }()', ""),
        ("nil", ""),
    ],
)
def test_strings(expression: str, value: str) -> None:
    """Literals, constants and sums of them are read; parts that cannot be read become a hole; all else is unknown."""
    assert extract(short=expression).commands[0].help == value.strip()


@pytest.mark.parametrize(
    ("expression", "default"),
    [
        ('"a"', '"a"'),
        ("word", '"tides"'),
        ("number", "7"),
        ("-1", "-1"),
        ("1.5", "1.5"),
        ("true", "true"),
        ("2*time.Hour + 30*time.Minute", "2*time.Hour + 30*time.Minute"),
        ("(math.MaxInt)", ""),
        ('[]string{"a", word}', ""),
        ('[]string{"a"}', '[]string{"a"}'),
        ("map[string]string{}", ""),
        ("os.TempDir()", ""),
        ("given", ""),
        ("false", ""),
        ("0", ""),
        ('""', ""),
        ("nil", ""),
        ("1+(2*3)", "1+(2*3)"),
    ],
)
def test_defaults(expression: str, default: str) -> None:
    """A default is a literal's own text; a type's zero value is none, as programs do not show it."""
    assert extract(default=expression).options[0].default == default


def only(source: str) -> tuple[tuple[Command, ...], tuple[Option, ...]]:
    """Commands and options of a file that imports what it uses."""
    imports = 'import ("flag"; "os"; "github.com/spf13/cobra"; "github.com/spf13/pflag"; "github.com/urfave/cli/v2")\n'
    facts = EXTRACTORS[0].extract(f"package p\n{imports}{source}".encode())
    return facts.commands, facts.options


@pytest.mark.parametrize(
    "source",
    [
        "func f() { x.Flags().String(name, d, u) }",
        "func f(cmd *cobra.Command) { cmd.Flags().String() }",
        'func f(cmd *cobra.Command) { cmd.Flags().StringP("a b", "", "", "") }',
        "func f(cmd *cobra.Command) { cmd.MarkFlagRequired() }",
        'func f(cmd *Other) { cmd.Flags().String("a", "", "") }',
        'func f() { go run(); defer String("a", "", "") }',
        'func f() { flag.Strings("a", "", "") }',
        'func f() { set.String("a", "", ""); f.x.String("a", "", ""); f()().String("a", "", "") }',
        'func f() { x := x; x.String("a", "", "") }',
        'func f(flags *other.FlagSet) { flags.String("a", "", "") }',
        "var c = &cobra.Command{Use: name()}",
        'var c = &cobra.Command{Short: "no name"}',
        'var c = &cli.Command{Usage: "no name"}',
        'var f = &cli.StringFlag{Usage: "of no command"}',
    ],
)
def test_what_cannot_be_read_is_left_out(source: str) -> None:
    """A flag or command whose name or place is not known is not guessed."""
    assert only(source) == ((), ())


def test_a_flag_of_a_nameless_command_is_left_out() -> None:
    """Where a command is not known by name, neither are its flags."""
    assert only('var c = &cobra.Command{Use: name()}\nfunc init() { c.Flags().Bool("a", false, "") }') == ((), ())


def test_a_variable_is_looked_up_where_it_stands() -> None:
    """The same name means another command in another function; an assignment reaches the package's variable."""
    source = """
var root *cobra.Command
func one() { cmd := &cobra.Command{Use: "one"}; cmd.Flags().Bool("a", false, ""); root.AddCommand(cmd) }
func two() { cmd := &cobra.Command{Use: "two"}; cmd.Flags().Bool("b", false, ""); root.AddCommand(cmd) }
func init() { root = &cobra.Command{Use: "root"} }
func main() { root.Execute() }
"""
    commands, options = only(source)
    assert [(command.name, command.id) for command in commands] == [
        ("one", "one.cmd"),
        ("two", "two.cmd"),
        ("", "root"),
    ]
    assert [(option.name, option.command) for option in options] == [("a", "one"), ("b", "two")]


def test_who_starts_another_package_s_command() -> None:
    """A file that runs a command of another package says which one is the program."""
    source = b"""package main
import ("example.com/tides/root"; "k8s.io/component-base/cli"; "github.com/spf13/cobra")
func main() { cmd, err := root.NewCmdRoot(); cmd.ExecuteContext(ctx) }
func other() { cli.Run(root.Command) }
func unknown() { x.Execute() }
"""
    links = EXTRACTORS[0].extract(source).command_links
    assert [(link.parent, link.child) for link in links] == [
        ("", "example.com/tides/root#NewCmdRoot"),
        ("", "example.com/tides/root#Command"),
    ]
