"""Commands of several files as one tree."""

from docsfy_action.facts.command_tree import PlacedCommand, by_module, join_commands
from docsfy_action.facts.model import BlobFacts, Command, CommandLink, Option


def command(name: str, identity: str = "", usage: str = "") -> Command:
    """A command; its usage is its name unless given."""
    return Command(name=name, line=1, framework="test", id=identity, usage=usage or name)


def link(parent: str, child: str, name: str = "") -> CommandLink:
    """A link from parent to child."""
    return CommandLink(parent=parent, child=child, line=1, name=name)


def option(name: str, owner: str = "", *, inherited: bool = False, line: int = 1) -> Option:
    """An option with one long flag."""
    return Option(name=name, line=line, flags=(f"--{name}",), owner=owner, inherited=inherited)


def names(placed: tuple[PlacedCommand, ...]) -> list[tuple[str, str, str]]:
    """(program, name, path) of each command."""
    return [(entry.program, entry.name, entry.path) for entry in placed]


def flags(placed: tuple[PlacedCommand, ...], name: str) -> list[tuple[str, str]]:
    """(name, origin) of the options of the command of that name."""
    found = next(entry for entry in placed if entry.name == name)
    return [(p.option.name, p.inherited_from) for p in found.options]


ROOT = BlobFacts(
    commands=(command("tides", "NewRoot", "tides <command>"),),
    command_links=(link("NewRoot", "m/issue#NewIssue"), link("NewRoot", "AddMore"), link("NewRoot", "m/util#AddFlags")),
    options=(option("debug", "NewRoot", inherited=True),),
)
ISSUE = BlobFacts(
    commands=(command("issue", "NewIssue"), command("issue list", "newList")),
    command_links=(link("NewIssue", "newList"),),
    options=(option("all", "newList"), option("debug", "newList")),
)
UTIL = BlobFacts(options=(option("repo", "AddFlags", inherited=True),))
MORE = BlobFacts(commands=(command("more", "moreCmd"),), command_links=(link("AddMore", "moreCmd"),))
MAIN = BlobFacts(command_links=(link("", "m/root#NewRoot"),))
TREE = by_module(
    {
        "main.go": ("m", MAIN),
        "root/root.go": ("m/root", ROOT),
        "root/more.go": ("m/root", MORE),
        "issue/issue.go": ("m/issue", ISSUE),
        "util/util.go": ("m/util", UTIL),
        "other.go": ("m", BlobFacts(lines=3)),
    }
)


def test_commands_are_named_as_users_type_them() -> None:
    """Links between files give each command the words above it, the program's own word left out."""
    assert names(join_commands(TREE)) == [
        ("tides", "", "root/root.go"),
        ("tides", "issue", "issue/issue.go"),
        ("tides", "issue list", "issue/issue.go"),
        ("tides", "more", "root/more.go"),
    ]


def test_functions_that_are_handed_a_command_add_to_it() -> None:
    """What a function adds to the command that it is handed, options and subcommands, is the command's own."""
    assert flags(join_commands(TREE), "") == [("debug", ""), ("repo", "")]


def test_options_reach_the_commands_below() -> None:
    """An inherited option is listed at the commands below with its origin, unless they have one of that flag."""
    placed = join_commands(TREE)
    assert flags(placed, "issue") == [("debug", "tides"), ("repo", "tides")]
    assert flags(placed, "issue list") == [("all", ""), ("debug", ""), ("repo", "tides")]


def test_a_file_without_anything_to_join_is_left_out() -> None:
    """Only files with commands, options or links take part."""
    assert "other.go" not in [file.path for file in TREE]


def test_only_what_is_started_is_a_program() -> None:
    """A command that nothing adds keeps its own word when another one is known to be started."""
    files = {
        "a.go": ("m", BlobFacts(commands=(command("", "root", "tides"),))),
        "b.go": (
            "m",
            BlobFacts(commands=(command("lost", "x"), command("lost sub", "y")), command_links=(link("x", "y"),)),
        ),
    }
    placed = join_commands(by_module(files))
    assert names(placed) == [("tides", "", "a.go"), ("", "lost", "b.go"), ("", "lost sub", "b.go")]
    assert [entry.rooted for entry in placed] == [True, False, False]


def test_the_one_command_with_others_below_is_the_program() -> None:
    """Where nothing is known to be started, a single tree is taken for the program, several trees are not."""
    tree = BlobFacts(commands=(command("tides", "r"), command("tides add", "a")), command_links=(link("r", "a"),))
    other = BlobFacts(commands=(command("other", "r"), command("other rm", "a")), command_links=(link("r", "a"),))
    assert names(join_commands(by_module({"a.go": ("a", tree)}))) == [("tides", "", "a.go"), ("tides", "add", "a.go")]
    both = join_commands(by_module({"a.go": ("a", tree), "b.go": ("b", other)}))
    assert [entry.name for entry in both] == ["other", "other rm", "tides", "tides add"]


def test_a_link_may_name_the_word() -> None:
    """A parent that gives its children names of its own decides what users type."""
    files = {
        "main.ts": (
            "main",
            BlobFacts(commands=(command("", "main"),), command_links=(link("main", "./dev#default", "start"),)),
        ),
        "dev.ts": ("dev", BlobFacts(commands=(command("dev", "dev"),), export_aliases=(("default", "dev"),))),
    }
    placed = join_commands(
        by_module(files), lambda path, module: "dev" if path == "main.ts" and module == "./dev" else ""
    )
    assert [entry.name for entry in placed] == ["", "start"]


def test_commands_without_identity_keep_their_names() -> None:
    """Frameworks that declare a tree in one place need no links: options belong to the command of their name."""
    facts = BlobFacts(
        commands=(command(""), command("add")),
        options=(option("all"), Option(name="force", line=2, command="add"), option("owned", "elsewhere")),
    )
    placed = join_commands(by_module({"cli.py": ("cli", facts)}))
    assert [(entry.name, [p.option.name for p in entry.options]) for entry in placed] == [
        ("", ["all"]),
        ("add", ["force"]),
    ]


def test_circles_end() -> None:
    """Commands that are added to each other, or to themselves, are listed once each, from the program down."""
    links = (link("a", "b"), link("b", "a"), link("b", "b"), link("b", "f"), link("f", "f"))
    circle = BlobFacts(commands=(command("", "a"), command("b", "b")), command_links=links)
    assert [entry.name for entry in join_commands(by_module({"x.go": ("m", circle)}))] == ["", "b"]
    lost = BlobFacts(commands=(command("a", "a"), command("b", "b")), command_links=links)
    assert [entry.name for entry in join_commands(by_module({"x.go": ("m", lost)}))] == ["a", "a b"]


def test_a_program_stays_one_when_other_code_is_handed_it() -> None:
    """A link back to the program, as from a function that walks up the tree, does not take the program away."""
    facts = BlobFacts(
        commands=(command("tides", "root"), command("tides add", "add")),
        command_links=(link("", "root"), link("root", "add"), link("add", "root")),
    )
    assert [entry.name for entry in join_commands(by_module({"x.go": ("m", facts)}))] == ["", "add"]


def test_the_order_of_files_does_not_matter() -> None:
    """The same files in another order give the same commands."""
    assert join_commands(TREE[::-1]) == join_commands(TREE)
