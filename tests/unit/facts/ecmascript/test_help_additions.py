"""Text that a program of commander adds to its help."""

import pytest

from docsfy_action.facts.extractor import extractor_for


@pytest.mark.parametrize(
    ("added", "examples", "details"),
    [
        ("'after', `\\nExamples:\\n  $ tool x\\n`", "Examples:\n  $ tool x", ""),
        ("'before', 'Tends plants.'", "", "Tends plants."),
        ("'after', made()", "", ""),
        ("'after'", "", ""),
    ],
)
def test_added_help_is_examples_or_details(added: str, examples: str, details: str) -> None:
    """What speaks of examples is one; other text belongs to the description; what is computed says nothing."""
    extractor = extractor_for("file.ts")
    assert extractor is not None
    source = f"import {{ program }} from 'commander'\nprogram.name('tool').addHelpText({added})\nprogram.parse()\n"
    (command,) = extractor.extract(source.encode()).commands
    assert (command.examples, command.details) == (examples, details)
