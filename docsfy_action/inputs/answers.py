"""Questions that are answered without a run: `--version` and `--help`. Imports nothing heavy before it must."""

from collections.abc import Sequence

from docsfy_action import __version__


def answer(argv: Sequence[str]) -> str | None:
    """The text to print (it ends in a line break) when `argv` asks for the version or for help, else None."""
    for word in argv:
        if word == "--version":
            return f"docsfy-action {__version__}\n"
        if word in {"-h", "--help"}:
            from docsfy_action.inputs.help import help_text  # here, because pydantic takes half a second to load

            return help_text()
    return None
