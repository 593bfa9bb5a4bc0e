"""The command-line reference: every program with its commands and options, as the code defines them."""

from tests.unit.writers.sites import pages_of

MANIFEST = '[project]\nname = "tool"\n\n[project.scripts]\n{}\n'


def click_file(*commands: str) -> str:
    """A click program whose commands are methods of one group; `group name` makes a nested one."""
    lines = ["import click", "", "@click.group()", "def cli():", '    "Does it."', ""]
    for group in dict.fromkeys(command.split()[0] for command in commands if " " in command):
        lines += ["@cli.group()", f"def {group}():", f'    "About {group}."', ""]
    for command in commands:
        owner, name = command.split() if " " in command else ("cli", command)
        lines += [f'@{owner}.command("{name}")', f"def {owner}_{name}():", f'    "Does {name}. Well."', ""]
    return "\n".join(lines)


def program(text: str, scripts: str = 'tool = "tool.cli:cli"', **more: str) -> dict[str, str]:
    """The pages of a project with one command-line module."""
    files = {name.replace("__", "/") + ".py": source for name, source in more.items()}
    return pages_of({"pyproject.toml": MANIFEST.format(scripts), "tool/__init__.py": "", "tool/cli.py": text, **files})


def test_each_command_has_its_place_and_its_words() -> None:
    """The table leads to each command by its first sentence; the whole help stands with it."""
    page = program(click_file("add", "list"))["command-line"]
    assert "| [`add`](#tool-add) | <q>Does add.</q> | [source](src:tool/cli.py#cli_add) |" in page
    assert (
        "## tool add\n\nDefined in [`tool/cli.py`](src:tool/cli.py#cli_add).\n\n```text\ntool add\n```\n\n> Does add. Well."
        in page
    )


def test_a_program_with_one_command_needs_no_table() -> None:
    """The heading alone says it."""
    page = program(click_file("add"))["command-line"]
    assert "## Commands" not in page
    assert "## tool add" in page


def test_several_programs_share_a_page_without_sharing_headings() -> None:
    """Each has its part; their tables of commands are told apart."""
    page = program(
        click_file("add", "list"),
        'one = "tool.cli:cli"\ntwo = "tool.more:cli"',
        tool__more=click_file("add", "drop"),
    )["command-line"]
    assert "The project offers two programs: [`one`](#one) and [`two`](#two)." in page
    assert "### Commands of one" in page
    assert "### Commands of two" in page
    assert "### two drop" in page


def test_large_groups_have_pages_of_their_own() -> None:
    """The main page lists their commands and leads there; the rest stays on it."""
    pages = program(click_file(*(f"big c{number:02}" for number in range(25)), "small"))
    main, big = pages["command-line"], pages["command-line-tool-big"]
    assert "| [`big c00`](command-line-tool-big.md#tool-big-c00) |" in main
    assert "## tool small" in main
    assert "## tool big c00" not in main
    assert big.startswith("# The tool big commands\n")
    assert "## tool big c24" in big
    assert "small" not in big


def test_a_program_of_which_nothing_is_known_sends_to_its_help() -> None:
    """Better the program's own words than none."""
    page = program("def cli(): ...\n")["command-line"]
    assert (
        "Its options could not be read from the code; ask the program itself:\n\n```console\ntool --help\n```" in page
    )


def test_options_of_a_program_may_be_defined_elsewhere() -> None:
    """Where the code that starts is not the code that defines, both are named."""
    page = program(
        "from tool.more import cli\n",
        tool__more=click_file("add"),
    )["command-line"]
    assert "Its commands and options are defined in [`tool/more.py`](src:tool/more.py#cli)." in page


ARGUMENTS = """
import argparse

def cli():
    parser = argparse.ArgumentParser(description="Sorts | filters.")
    parser.add_argument("source", type=str, help="from *where* on")
    parser.add_argument("-l", "--level", type=int, choices=[1, 2], default=1, help="how deep")
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true")
"""


def test_arguments_and_options_are_tables() -> None:
    """What must be given, what may be chosen, what holds otherwise; nothing is repeated that is not known."""
    page = program(ARGUMENTS)["command-line"]
    assert "```text\ntool [OPTIONS] SOURCE\n```" in page
    assert "| `source` | required | str | <q>from *where* on</q> |" in page
    assert "| `-l`, `--level` ([source](src:tool/cli.py?--level)) | `1` | `1` or `2` | <q>how deep</q> |" in page
    assert "| `--out` ([source](src:tool/cli.py?--out)) | required | – | – |" in page
    assert "| `--dry-run` ([source](src:tool/cli.py?--dry-run)) | – | flag | – |" in page


def test_a_variable_that_sets_an_option_is_named() -> None:
    """It stands with the description, or alone."""
    text = click_file() + '\n@cli.command("go")\n@click.option("--x", envvar="TOOL_X")\ndef go(x):\n    "Goes."\n'
    assert "Also set by `TOOL_X`." in program(text)["command-line"]


def test_a_program_whose_options_are_made_at_run_time_sends_to_its_help() -> None:
    """A parser is known, but nothing that it takes; a program with commands has its table instead."""
    page = program("import click\n\n@click.command()\ndef cli(): ...\n")["command-line"]
    assert "so they cannot be read from the code. It tells them itself:\n\n```console\ntool --help\n```" in page
    assert "cannot be read" not in program(click_file("add"))["command-line"]


def test_commands_without_their_program_are_listed_all_the_same() -> None:
    """Where the code tells commands but not what they hang on, the program is only said to start somewhere."""
    text = "import click\n\n@click.command()\ndef lonely():\n    'Is alone.'\n\ndef cli(): ...\n"
    page = program(text)["command-line"]
    assert "## tool lonely" in page
    assert "could not be read" not in page


def test_other_names_of_a_command_are_told() -> None:
    """Aliases work as well as the name."""
    go = {
        "go.mod": "module example.com/tool\n",
        "main.go": 'package main\n\nimport "github.com/spf13/cobra"\n\nvar rootCmd = &cobra.Command{Use: "tool"}\n\n'
        'var addCmd = &cobra.Command{Use: "add", Aliases: []string{"new", "plus"}, Short: "Adds"}\n\n'
        "func init() { rootCmd.AddCommand(addCmd) }\n\nfunc main() { rootCmd.Execute() }\n",
    }
    page = pages_of(go)["command-line"]
    assert "Also called `new` and `plus`." in page
    assert page.startswith("# The tool command\n\n`tool` starts in [`main.go`](src:main.go).")


MANY = """
import argparse

def cli():
    parser = argparse.ArgumentParser(description="Sorts.\\n\\nSlowly.", epilog="Mind the gap.")
    parser.add_argument("source")
    parser.add_argument("more", nargs="?", help="another")
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--level", default="high", choices=["low", "high"])
    parser.add_argument("--title", default="two words")
    parser.add_argument("--skip", action="append", default=[])
    parser.add_argument("--fast", action="store_true", default=False)
"""


def test_the_synopsis_tells_what_may_be_left_out_or_repeated() -> None:
    """Brackets stand around what is optional, dots behind what may be repeated; the tables say the same in words."""
    page = program(MANY)["command-line"]
    assert "```text\ntool [OPTIONS] SOURCE [MORE] [REST]...\n```" in page
    assert "| `rest` | – | repeatable |" in page
    assert "| `--skip` ([source](src:tool/cli.py?--skip)) | – | repeatable |" in page


def test_defaults_are_as_a_user_would_type_them() -> None:
    """Quotes are the source's, not the user's, unless the value holds blanks; an empty list or an unset flag is none."""
    page = program(MANY)["command-line"]
    assert "| `high` | `low` or `high` |" in page
    assert '| `"two words"` |' in page
    assert "`[]`" not in page
    assert "`False`" not in page


def test_the_long_description_and_its_end_are_quoted() -> None:
    """What the program's own help says stands there once: the short description is not said again before the long."""
    page = program(MANY)["command-line"]
    assert "> Sorts.\n>\n> Slowly.\n>\n> Mind the gap.\n" in page


def cobra(root: str = "", **commands: str) -> dict[str, str]:
    """The pages of a Go program with one variable for each command, the fields of which are given."""
    made = "".join(
        f"var {name}Cmd = &cobra.Command{{{fields}}}\n"
        for name, fields in {"root": f'Use: "tool", {root}', **commands}.items()
    )
    added = "\n".join(f"rootCmd.AddCommand({name}Cmd)" for name in commands)
    init = f'rootCmd.PersistentFlags().String("config", "", "the file")\nrootCmd.Flags().Bool("own", false, "alone")\n{added}'
    text = f'package main\n\nimport "github.com/spf13/cobra"\n\n{made}\nfunc init() {{\n{init}\n}}\n\n'
    return pages_of({"go.mod": "module example.com/tool\n", "main.go": text + "func main() { rootCmd.Execute() }\n"})


def test_options_of_every_command_are_told_once() -> None:
    """They have a table where they are defined; the commands below name them and lead there."""
    page = cobra(add='Use: "add <name> [flags]", Short: "Adds"', drop='Use: "drop", Short: "Drops"')["command-line"]
    assert (
        "**Options of every tool command**\n\n| Option | Type | Description |\n| --- | --- | --- |\n| `--config`"
        in page
    )
    assert page.count("the file") == 1
    assert page.count("Like [every tool command](#the-tool-command), it also takes `--config`.") == 2
    assert "```text\ntool add [OPTIONS] <name>\n```" in page


def test_a_command_with_commands_below_it_says_so() -> None:
    """A group is called with one of its commands, and so is the program."""
    assert "```text\ntool [OPTIONS] COMMAND\n```" in cobra(add='Use: "add", Short: "Adds"')["command-line"]
    page = cobra(add='Use: "add", Short: "Adds"')["command-line"]
    assert "tool add [OPTIONS]\n" in page
    nested = program(click_file("big one", "big two"))["command-line"]
    assert "```text\ntool big COMMAND\n```" in nested


def test_examples_are_a_block_of_code() -> None:
    """As the program prints them: with prompts they are a console's, else plain text."""
    page = cobra(
        add='Use: "add", Long: "Adds.\\n\\nA lot.", Short: "Adds", Example: "$ tool add x"',
        drop='Use: "drop", Short: "Drops", Example: "tool drop x"',
    )["command-line"]
    assert "> Adds.\n>\n> A lot.\n" in page
    assert "**Examples**\n\n```console\n$ tool add x\n```" in page
    assert "**Examples**\n\n```text\ntool drop x\n```" in page


def test_a_text_with_unknown_parts_stands_behind_the_whole_one() -> None:
    """What only the running program knows is a hole; a first paragraph that says nothing new for it is left out."""
    page = cobra(add='Use: "add", Short: "Adds much", Long: "Adds " + much() + ".\\n\\nAnd more."')["command-line"]
    assert "> Adds much\n>\n> And more.\n" in page


def test_commands_below_lead_to_the_page_of_their_program() -> None:
    """Options of every command are told on the program's own page."""
    go = "".join(f'var c{n} = &cobra.Command{{Use: "c{n}", Short: "Does {n}"}}\n' for n in range(25))
    text = f"""package main

import "github.com/spf13/cobra"

var rootCmd = &cobra.Command{{Use: "tool"}}
var bigCmd = &cobra.Command{{Use: "big"}}
{go}
func init() {{
    rootCmd.PersistentFlags().String("config", "", "the file")
    rootCmd.AddCommand(bigCmd)
    bigCmd.AddCommand({", ".join(f"c{n}" for n in range(25))})
}}

func main() {{ rootCmd.Execute() }}
"""
    pages = pages_of({"go.mod": "module example.com/tool\n", "main.go": text})
    assert "Like [every tool command](command-line.md#the-tool-command)" in pages["command-line-tool-big"]


def test_a_constant_of_the_project_is_shown_with_its_value() -> None:
    """Users type values, not names; a constant of another package keeps its name, as its value is not known."""
    text = """
import argparse
from other import ELSEWHERE
from tool.more import Service

HERE = 15

def cli():
    parser = argparse.ArgumentParser()
    parser.add_argument("--timeout", default=HERE)
    parser.add_argument("--url", default=Service.URL)
    parser.add_argument("--style", default=ELSEWHERE)
    parser.add_argument("--auth", default=(None, None))
"""
    page = program(text, tool__more='class Service:\n    URL = "https://example.com/v1"\n')["command-line"]
    defaults = [line.split(" | ")[1].removesuffix(" |") for line in page.split("\n") if line.startswith("| `--")]
    assert defaults == ["`15`", "`https://example.com/v1`", "`ELSEWHERE`", "–"]


def test_a_group_with_a_page_of_its_own_is_that_of_one_program() -> None:
    """A command of the same name of another program stays where it is."""
    pages = program(
        click_file(*(f"run c{number:02}" for number in range(25)), "small"),
        'one = "tool.cli:cli"\ntwo = "tool.more:cli"',
        tool__more=click_file("run", "drop"),
    )
    page = next(text for text in pages.values() if "### two drop" in text or "## two drop" in text)
    assert "| [`run`](#two-run) |" in page
    assert "# two run\n" in page
