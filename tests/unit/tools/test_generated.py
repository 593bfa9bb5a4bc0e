"""What is written into README and workflows between marks."""

from pathlib import Path

import pytest
import yaml

from tools.generated import main, passed_on, with_blocks, with_examples

WORKFLOW = """\
on:
  workflow_call:
    inputs:
      # <inputs limits site>
      old: 1
      # </inputs>
"""


def test_a_block_takes_the_inputs_of_its_groups() -> None:
    """What stood there goes, the marks stay, and a second pass changes nothing; numbers keep the action's default, texts
    say nothing unless the caller does."""
    text = with_blocks(WORKFLOW)
    assert with_blocks(text) == text
    assert text.startswith(WORKFLOW.partition("      old")[0])
    inputs = yaml.safe_load(text)[True]["workflow_call"]["inputs"]
    assert list(inputs) == [spec.name for spec in passed_on(["limits", "site"])]
    assert (inputs["max-concurrent-pages"]["type"], inputs["max-concurrent-pages"]["default"]) == ("number", 5)
    assert (inputs["max-ai-calls"]["type"], inputs["max-ai-calls"]["default"]) == ("number", 0)
    assert (inputs["site-name"]["type"], inputs["site-name"]["default"]) == ("string", "")
    assert "output-dir" not in inputs


def test_inputs_are_handed_on_by_their_names() -> None:
    """`with:` names every input that the same groups declare."""
    text = with_blocks("with:\n  # <with writing>\n  # </with>\nenv:\n  # <env>\n  # </env>\n")
    handed = yaml.safe_load(text)
    assert handed["with"] == {spec.name: f"${{{{ inputs.{spec.name} }}}}" for spec in passed_on(["writing"])}
    assert handed["env"]["ANTHROPIC_API_KEY"] == "${{ secrets.ANTHROPIC_API_KEY }}"


@pytest.mark.parametrize("mark", ["inputs weather", "nothing", "with limit"])
def test_a_mark_that_means_nothing_is_an_error(mark: str) -> None:
    """A slip of the pen would otherwise leave a block as it is."""
    kind = mark.partition(" ")[0]
    with pytest.raises(ValueError, match="nobody knows"):
        with_blocks(f"# <{mark}>\n# </{kind}>\n")


def test_examples_are_copied_whole(tmp_path: Path) -> None:
    """Every file is shown and every mark has a file; the rest of the text stays."""
    (tmp_path / "a.yml").write_text("name: A\n")
    text = "before\n<!-- example:a.yml:begin -->\nold\n<!-- example:a.yml:end -->\nafter\n"
    new = with_examples(text, tmp_path)
    assert new == (
        "before\n<!-- example:a.yml:begin -->\n\n```yaml\nname: A\n```\n\n<!-- example:a.yml:end -->\nafter\n"
    )
    assert with_examples(new, tmp_path) == new
    (tmp_path / "b.yml").write_text("name: B\n")
    with pytest.raises(ValueError, match=r"the examples are a\.yml, b\.yml, and shown are a\.yml"):
        with_examples(new, tmp_path)


def test_a_wrong_call_is_told() -> None:
    """Neither writing nor checking."""
    assert main([]) == 2
    assert main(["--check", "README.md"]) == 2
