"""Writes what follows from the inputs and outputs: action.yml whole, and the tables of README.md between their marks.

`python -m docsfy_action.inputs.tables --write action.yml README.md` writes the files named, `--check` compares only.
"""

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from docsfy_action.inputs.catalog import InputSpec, specs
from docsfy_action.report import output_specs

_NAME = "docsfy-action"
_DESCRIPTION = "Writes and keeps up to date the documentation site of a repository; works without a key."  # 125 at most
_TOKEN = "${{ github.token }}"  # noqa: S105 - an expression for the runner, not a token
_POST = "/action/post.py"
_WIDTH = 100


def action_yml() -> str:
    """The whole action.yml. It declares no default but the token's: the runner would pass it on as if it were said."""
    lines = [
        "# Made from docsfy_action/inputs/model.py by `python -m docsfy_action.inputs.tables --write action.yml`.",
        f"name: {_NAME}",
        f"description: {_DESCRIPTION}",
        "author: The docsfy-action authors",
        "branding:",
        "  icon: book-open",
        "  color: blue",
        "inputs:",
    ]
    for spec in specs():
        lines += [f"  {spec.name}:", *_folded(_input_text(spec)), "    required: false"]
        if spec.is_secret:
            lines.append(f"    default: {_TOKEN}")
    lines.append("outputs:")
    for output in output_specs():
        lines += [f"  {output.name}:", *_folded(output.description)]
    # The second entry point saves what a cancelled run left, so it runs whatever came before.
    lines += ["runs:", "  using: docker", "  image: Dockerfile", f"  post-entrypoint: {_POST}", "  post-if: always()"]
    return "\n".join(lines) + "\n"


def inputs_table() -> str:
    """The inputs as a Markdown table."""
    rows = ["| input | default | meaning |", "| --- | --- | --- |"]
    for spec in specs():
        choices = f" One of {', '.join(f'`{choice}`' for choice in spec.choices)}." if spec.choices else ""
        default = f"`{spec.default}`" if spec.default_is_value else spec.default
        rows.append(f"| `{spec.name}` | {_cell(default)} | {_cell(spec.description + choices)} |")
    return "\n".join(rows) + "\n"


def outputs_table() -> str:
    """The outputs as a Markdown table."""
    rows = ["| output | meaning |", "| --- | --- |"]
    rows += [f"| `{output.name}` | {_cell(output.description)} |" for output in output_specs()]
    return "\n".join(rows) + "\n"


def with_tables(text: str) -> str:
    """The text with every table between its marks as it is now; ValueError names a mark that is missing."""
    for name, table in (("inputs", inputs_table()), ("outputs", outputs_table())):
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        blocks = list(re.finditer(f"{re.escape(begin)}.*?{re.escape(end)}", text, re.DOTALL))
        if len(blocks) != 1:
            raise ValueError(f"the marks {begin} and {end} must stand there once")
        text = f"{text[: blocks[0].start()]}{begin}\n\n{table}\n{end}{text[blocks[0].end() :]}"
    return text


def _input_text(spec: InputSpec) -> str:
    parts = [spec.description]
    if spec.choices:
        parts.append(f"One of: {', '.join(spec.choices)}.")
    if not spec.is_secret:
        parts.append(f"Default: {spec.default}")
    return " ".join(parts)


def _folded(text: str) -> Iterator[str]:
    yield "    description: >-"
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(argv: Sequence[str]) -> int:
    """Writes or checks the files; 1 when a checked file is out of date or a mark is missing."""
    if len(argv) < 2 or argv[0] not in {"--write", "--check"}:
        sys.stderr.write("Usage: python -m docsfy_action.inputs.tables (--write | --check) FILE...\n")
        return 2
    status = 0
    for path in map(Path, argv[1:]):
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            new = action_yml() if path.name == "action.yml" else with_tables(old)
        except ValueError as error:
            sys.stderr.write(f"{path}: {error}\n")
            status = 1
            continue
        if argv[0] == "--write":
            path.write_text(new, encoding="utf-8", newline="\n")
        elif new != old:
            sys.stderr.write(f"{path} is out of date: python -m docsfy_action.inputs.tables --write {path}\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
