"""Keeps what is said in several places the same: action.yml, README.md and the reusable workflows.

`python -m tools.generated --write` writes, `--check` compares only. README's tables and action.yml come from the inputs, its
workflows from `examples/`. A workflow of `.github/workflows` gets, between marks that name groups of inputs, what it takes
from its caller and hands to the action.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from docsfy_action.inputs import tables
from docsfy_action.inputs.about import Group
from docsfy_action.inputs.catalog import InputSpec, specs
from docsfy_action.inputs.credentials import Credentials

ROOT = Path(__file__).parents[1]
WORKFLOWS = Path(".github/workflows")
EXAMPLES = Path("examples")

# What a workflow sets itself, or what has no meaning where the workflow says where code, site and state are.
WITHHELD = frozenset(
    {"dry-run", "output-dir", "publish", "preview", "comment", "comment-from", "phase", "shard", "github-token"}
)
# What takes a number: a workflow's input has a type, and a number that nobody gave would be 0.
_NUMBERS = frozenset({"N", "MINUTES", "USD"})

_BLOCK = re.compile(
    r"^(?P<indent> *)# <(?P<kind>[a-z]+)(?P<words>[a-z ]*)>\n(?P<old>.*?)^(?P=indent)# </(?P=kind)>$",
    re.DOTALL | re.MULTILINE,
)
_EXAMPLE = re.compile(r"<!-- example:(?P<name>[a-z-]+\.yml):begin -->.*?<!-- example:(?P=name):end -->", re.DOTALL)


def passed_on(words: Sequence[str]) -> tuple[InputSpec, ...]:
    """The inputs that a workflow hands on: those of the groups named, without the ones that it decides itself."""
    groups = {Group[word.upper()] for word in words}
    return tuple(spec for spec in specs() if spec.about.group in groups and spec.name not in WITHHELD)


def variables() -> tuple[str, ...]:
    """The environment variables that keys and addresses of models are read from."""
    return tuple(str(field.validation_alias) for field in Credentials.model_fields.values())


def with_blocks(text: str) -> str:
    """A workflow with everything between its marks as it is now; ValueError for a mark that means nothing."""
    return _BLOCK.sub(_block, text)


def with_examples(text: str, examples: Path) -> str:
    """A README with every example between its marks as it stands in the file; ValueError where one is missing or not shown."""
    shown = [match["name"] for match in _EXAMPLE.finditer(text)]
    there = sorted(path.name for path in examples.glob("*.yml"))
    if sorted(shown) != there:
        raise ValueError(f"the examples are {', '.join(there)}, and shown are {', '.join(sorted(shown)) or 'none'}")

    def example(match: re.Match[str]) -> str:
        name = match["name"]
        content = (examples / name).read_text("utf-8")
        return f"<!-- example:{name}:begin -->\n\n```yaml\n{content}```\n\n<!-- example:{name}:end -->"

    return _EXAMPLE.sub(example, text)


def files(root: Path = ROOT) -> dict[Path, Callable[[str], str]]:
    """Every file that is generated in whole or part, and how its new text follows from the old one."""
    found: dict[Path, Callable[[str], str]] = {
        root / "action.yml": lambda _: tables.action_yml(),
        root / "README.md": lambda text: with_examples(tables.with_tables(text), root / EXAMPLES),
    }
    found.update(dict.fromkeys(sorted((root / WORKFLOWS).glob("*.yml")), with_blocks))
    return found


def _block(match: re.Match[str]) -> str:
    kinds: dict[str, Callable[[Sequence[str]], Iterator[str]]] = {
        "inputs": _inputs, "with": _with, "secrets": _secrets, "env": _env,
    }  # fmt: skip
    kind, words, indent = match["kind"], match["words"].split(), match["indent"]
    if kind not in kinds or not set(words) <= {group.name.lower() for group in Group}:
        raise ValueError(f"nobody knows the mark <{kind}{match['words']}>")
    lines = "".join(f"{indent}{line}\n" for line in kinds[kind](words))
    return f"{indent}# <{kind}{match['words']}>\n{lines}{indent}# </{kind}>"


def _inputs(words: Sequence[str]) -> Iterator[str]:
    for spec in passed_on(words):
        choices = f" One of: {', '.join(spec.choices)}." if spec.choices else ""
        yield f"{spec.name}:"
        yield f"  description: {_quoted(f'{spec.description}{choices} Default: {spec.default}')}"
        if spec.is_flag:
            yield from ("  type: boolean", "  default: false")
        elif spec.about.metavar in _NUMBERS:
            yield from (
                "  type: number",
                f"  default: {spec.default if spec.default_is_value and spec.default[0].isdigit() else 0}",
            )
        else:
            yield from ("  type: string", "  default: ''")


def _with(words: Sequence[str]) -> Iterator[str]:
    for spec in passed_on(words):
        yield f"{spec.name}: ${{{{ inputs.{spec.name} }}}}"


def _secrets(_: Sequence[str]) -> Iterator[str]:
    for name in variables():
        what = (
            "Address of the model provider, where it is not the vendor's"
            if name.endswith("_URL")
            else "Key of the model provider"
        )
        yield f"{name}:"
        yield f"  description: {what}"
        yield "  required: false"


def _env(_: Sequence[str]) -> Iterator[str]:
    for name in variables():
        yield f"{name}: ${{{{ secrets.{name} }}}}"


def _quoted(text: str) -> str:
    """A single-quoted scalar of YAML."""
    return "'" + text.replace("'", "''") + "'"


def main(argv: Sequence[str]) -> int:
    """Writes or checks all files; 1 where one is out of date or a mark is wrong."""
    if list(argv) not in (["--write"], ["--check"]):
        sys.stderr.write("Usage: python -m tools.generated (--write | --check)\n")
        return 2
    status = 0
    for path, renewed in files().items():
        old = path.read_text("utf-8")
        try:
            new = renewed(old)
        except ValueError as error:
            sys.stderr.write(f"{path}: {error}\n")
            status = 1
            continue
        if new == old:
            continue
        if argv[0] == "--write":
            path.write_text(new, "utf-8", newline="\n")
        else:
            sys.stderr.write(f"{path} is out of date: make generated\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
