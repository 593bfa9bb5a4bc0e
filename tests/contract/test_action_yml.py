"""action.yml, `Inputs`, the command line and README say the same; all follow from the inputs' own descriptions."""

from pathlib import Path

import pytest
import yaml

from docsfy_action.inputs import tables
from docsfy_action.inputs.catalog import specs
from docsfy_action.inputs.command_line import option_names
from docsfy_action.inputs.parsing import parse
from docsfy_action.report import output_specs

ROOT = Path(__file__).parents[2]

# The contract: other people's workflows rely on these names and their order in the tables.
INPUTS = (
    "repository-path repository-url ref index-of project-name provider model ai-timeout-minutes max-concurrent-pages "
    "max-ai-calls max-cost-usd force dry-run output-dir site-name site-url repo-url mkdocs-config language cache "
    "cache-dir verify publish pages-branch pages-history versions preview comment comment-from phase shard max-shards "
    "shard-minutes github-token"
).split()
OUTPUTS = (
    "status stage site-dir commit previous-commit pages-total pages-written pages-kept pages-removed pages-failed "
    "ai-calls input-tokens output-tokens cost-usd unresolved-references preview-url page-url matrix report"
).split()


@pytest.fixture(scope="module")
def action() -> dict[str, dict[str, dict[str, str]]]:
    """action.yml as the runner reads it."""
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return loaded


def test_names_are_those_of_the_contract(action: dict[str, dict[str, dict[str, str]]]) -> None:
    """None is renamed, in any of the places; later work may only add."""
    assert list(action["inputs"]) == [spec.name for spec in specs()] == INPUTS
    assert list(action["outputs"]) == [spec.name for spec in output_specs()] == OUTPUTS


def test_every_input_is_an_option() -> None:
    """`--name`, for booleans `--no-name` too, and no option beside them but the two that ask."""
    flags = [f"--no-{spec.name}" for spec in specs() if spec.is_flag]
    assert flags == ["--no-force", "--no-dry-run"]
    assert sorted(option_names()) == sorted([*(f"--{name}" for name in INPUTS), *flags, "--help", "--version"])


def test_only_the_token_has_a_default(action: dict[str, dict[str, dict[str, str]]]) -> None:
    """The runner passes a default on as if the user had said it, and `.docsfy.yml` could no longer win over it."""
    defaults = {name: about["default"] for name, about in action["inputs"].items() if "default" in about}
    assert defaults == {"github-token": "${{ github.token }}"}
    assert not any(about.get("required") for about in action["inputs"].values())


def test_descriptions_are_those_of_the_inputs(action: dict[str, dict[str, dict[str, str]]]) -> None:
    """One source; every description says its default, and its choices where they can be counted."""
    for spec in specs():
        text = action["inputs"][spec.name]["description"]
        assert text.startswith(spec.description)
        assert spec.is_secret or text.endswith(f"Default: {spec.default}")
        assert all(choice in text for choice in spec.choices)
    for output in output_specs():
        assert action["outputs"][output.name]["description"] == output.description


def test_the_runner_can_start_it(action: dict[str, object]) -> None:
    """A container action from the Dockerfile, with a post step that also runs after a cancelled job; presentable on the
    marketplace."""
    post = {"post-entrypoint": "/action/post.py", "post-if": "always()"}
    assert action["runs"] == {"using": "docker", "image": "Dockerfile", **post}
    assert action["branding"] == {"icon": "book-open", "color": "blue"}
    assert len(str(action["description"])) <= 125


def test_the_post_step_is_a_program_of_the_image() -> None:
    """The runner starts it by its path: it is executable, names the image's own Python, and is copied there."""
    script = ROOT / "post.py"
    assert script.stat().st_mode & 0o111 == 0o111
    assert script.read_text("utf-8").startswith("#!/action/bin/python3 -IB\n")
    assert "/program/post.py /program/LICENSE /action/\n" in (ROOT / "Dockerfile").read_text("utf-8")


@pytest.mark.parametrize("name", ["action.yml", "README.md"])
def test_files_are_up_to_date(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m docsfy_action.inputs.tables --write action.yml README.md` renews them."""
    assert tables.main(["--check", str(ROOT / name)]) == 0, capsys.readouterr().err


def test_the_defaults_that_are_shown_are_the_defaults(tmp_path: Path) -> None:
    """A shown default, given as an option, changes nothing."""
    shown = [f"--{spec.name}={spec.default}" for spec in specs() if spec.default_is_value and not spec.is_flag]
    given = parse(shown, {}, cwd=tmp_path, platform="linux")
    assert dict(given) == dict(parse([], {}, cwd=tmp_path, platform="linux"))


def test_tables_are_written_between_their_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest of a README is left alone; without marks nothing is touched and the error names them."""
    readme = tmp_path / "README.md"
    marks = "<!-- inputs:begin -->\nold\n<!-- inputs:end -->\nmiddle\n<!-- outputs:begin --><!-- outputs:end -->\nend\n"
    readme.write_text(f"start\n{marks}", encoding="utf-8")
    assert tables.main(["--check", str(readme)]) == 1
    assert tables.main(["--write", str(readme)]) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("start\n<!-- inputs:begin -->\n\n| input | default | meaning |\n")
    assert "old" not in text.splitlines()
    assert "\n<!-- inputs:end -->\nmiddle\n<!-- outputs:begin -->\n\n| output | meaning |\n" in text
    assert text.endswith("\n<!-- outputs:end -->\nend\n")
    assert tables.main(["--check", str(readme)]) == 0
    assert tables.main(["--write"]) == 2
    readme.write_text("no marks", encoding="utf-8")
    assert tables.main(["--write", str(readme)]) == 1
    assert readme.read_text(encoding="utf-8") == "no marks"
    assert "<!-- inputs:begin -->" in capsys.readouterr().err
