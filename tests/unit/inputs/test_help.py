"""What the command says without a run."""

import re

import pytest

from docsfy_action import __version__
from docsfy_action.inputs.about import Group
from docsfy_action.inputs.answers import answer
from docsfy_action.inputs.catalog import specs
from docsfy_action.inputs.help import help_text


def test_help_names_every_option_once_under_a_heading() -> None:
    """A user finds every input, and the flags with both their forms."""
    text = help_text()
    for spec in specs():
        assert len(re.findall(rf"^  --{spec.name}[ ,]", text, re.MULTILINE)) == 1
        if spec.is_flag:
            assert f"--{spec.name}, --no-{spec.name}" in text
    headings = [line.removesuffix(":") for line in text.splitlines() if line.endswith(":") and line[0] != " "]
    assert [heading for heading in headings if heading in list(Group)] == list(Group)


def test_help_fits_80_columns_and_is_plain_text() -> None:
    """It is read in terminals, pagers and logs."""
    text = help_text()
    assert max(map(len, text.splitlines())) < 80
    assert "`" not in text
    assert text == text.encode("ascii").decode()
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ((), None),
        (("--force",), None),
        (("--version",), f"docsfy-action {__version__}\n"),
        (("--force", "--version", "--help"), f"docsfy-action {__version__}\n"),
        (("-h",), help_text()),
        (("--help", "--version"), help_text()),
    ],
)
def test_the_first_question_is_answered(argv: tuple[str, ...], expected: str | None) -> None:
    """`--help` and `--version` win over everything else on the line, so that they work in every situation."""
    assert answer(argv) == expected
