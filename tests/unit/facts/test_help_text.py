"""Help texts of programs that parse their arguments themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.help_text import HelpOption, help_facts, parse_help


@pytest.mark.parametrize(
    ("line", "flags", "metavar", "help_text"),
    [
        ("  -v, --verbose  Say more", ("-v", "--verbose"), "", "Say more"),
        ("  --zone=ZONE    Time zone", ("--zone",), "ZONE", "Time zone"),
        ("  --zone <zone>  Time zone", ("--zone",), "zone", "Time zone"),
        ("  --zone [zone]  Time zone", ("--zone",), "zone", "Time zone"),
        ("  --nth=N[,..]   Fields", ("--nth",), "N", "Fields"),
        ("  --span[=DAYS]  Days", ("--span",), "DAYS", "Days"),
        ("  -n NUM | --number NUM  How many", ("-n", "--number"), "NUM", "How many"),
        ("\t-x\tMark", ("-x",), "", "Mark"),
        ("  +c, --no-color  Plain", ("+c", "--no-color"), "", "Plain"),
        ("  --bare", ("--bare",), "", ""),
    ],
)
def test_an_entry_says_flags_value_and_description(
    line: str, flags: tuple[str, ...], metavar: str, help_text: str
) -> None:
    """The usual ways to write an entry are read alike."""
    assert parse_help(line).options == (HelpOption(flags=flags, metavar=metavar, help=help_text),)


@pytest.mark.parametrize(
    "line", ["text --flag in it", "  - an item", "    x -v", "--at the margin", "  --flag one blank"]
)
def test_other_lines_are_no_entries(line: str) -> None:
    """Prose that mentions a flag does not declare it."""
    assert parse_help(line).options == ()


def test_descriptions_go_on_below_themselves() -> None:
    """A line indented as far as the description belongs to it, also where it began on a line of its own."""
    found = parse_help(
        "  --zone=ZONE  Time\n               zone\n  --other\n          Later\n  end\n               not help"
    )
    assert [option.help for option in found.options] == ["Time zone", "Later"]


def test_usage_and_lead() -> None:
    """The usage line is found behind the word or below it; the prose above it leads."""
    assert parse_help("A tool\n\nUsage: tool [options]\nMore prose").usage == "tool [options]"
    below = parse_help("\nUsage\n\n  $ tool <x>\n")
    assert (below.usage, below.lead) == ("tool <x>", "")
    assert parse_help("Word\nA tool for tides\nusage: tool").lead == "A tool for tides"


def test_a_help_text_has_a_usage_and_several_options() -> None:
    """A text with fewer than three options, or without usage, is about something else."""
    options = "  -a  A\n  -b  B\n  -c  C\n"
    assert help_facts([(1, options), (5, "usage: x\n  -a  A\n")]).commands == ()
    found = help_facts([(3, f"Usage: tool\n{options}"), (9, f"Usage: other\n{options}")])
    assert [(c.usage, c.line) for c in found.commands] == [("tool", 3)]
    assert [(o.name, o.line) for o in found.options] == [("a", 4), ("b", 5), ("c", 6)]


@settings(max_examples=200, deadline=1000)
@given(st.text(alphabet="-+ abN=<>[],|\n\tusage:.", max_size=300))
def test_any_text_can_be_read(source: str) -> None:
    """No text makes the reader fail or hang."""
    for option in parse_help(source).options:
        assert option.flags
