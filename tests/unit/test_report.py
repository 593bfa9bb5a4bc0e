"""`report.json`, its schema and the outputs."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action import __version__, report
from docsfy_action.lifecycle import Mention, PageAction, PageReport, RunReport, Stage, StaleName, Status

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))

PAGE = PageReport(
    slug="client",
    title="Client",
    action=PageAction.WRITE,
    reason="`Client.get` changed its signature",
    writer="claude claude-opus-4-6[1m]",
    inputs=("src/client.py",),
    references_checked=12,
    references_unresolved=1,
    quoted_unresolved=2,
    repaired=3,
    removed=1,
    findings=("line 3",),
    ai_calls=2,
    input_tokens=100,
    output_tokens=50,
    cost_usd=0.1 + 0.2,
    seconds=1.23456,
)
REPORT = RunReport(
    status=Status.READY,
    stage=Stage.PUBLISHING,
    site_dir="_docsfy/site",
    commit="a" * 40,
    previous_commit="b" * 40,
    pages=(
        PAGE,
        PageReport(slug="index", title="I", action=PageAction.KEEP, reason="same", writer="builtin"),
        PageReport(slug="patched", title="P", action=PageAction.PATCH, reason="r", writer="builtin"),
        PageReport(slug="old", title="O", action=PageAction.REMOVE, reason="r", writer="builtin"),
        PageReport(slug="bad", title="B", action=PageAction.FAIL, reason="r", writer="builtin"),
    ),
    ai_calls=2,
    input_tokens=100,
    output_tokens=50,
    cost_usd=0.1 + 0.2,
    preview_url="https://example.com/preview",
    page_url="https://example.com/",
    matrix='{"shard": ["1/2", "2/2"]}',
    warnings=("w",),
    stale=(StaleName(kind="flag", name="--x", path="a.py", line=3, mentions=(Mention(path="b\udce4.md", line=1),)),),
    seconds={"cloning": 0.123456},
)


def test_outputs_are_those_of_the_contract_in_its_order() -> None:
    """Other people's workflows read these names."""
    assert report.outputs(REPORT) == {
        "status": "ready",
        "stage": "publishing",
        "site-dir": "_docsfy/site",
        "commit": "a" * 40,
        "previous-commit": "b" * 40,
        "pages-total": "4",
        "pages-written": "2",
        "pages-kept": "1",
        "pages-removed": "1",
        "pages-failed": "1",
        "ai-calls": "2",
        "input-tokens": "100",
        "output-tokens": "50",
        "cost-usd": "0.3",
        "unresolved-references": "1",
        "preview-url": "https://example.com/preview",
        "page-url": "https://example.com/",
        "matrix": '{"shard": ["1/2", "2/2"]}',
        "report": "_docsfy/report.json",
    }
    assert list(report.outputs(REPORT)) == [spec.name for spec in report.output_specs()]


@pytest.mark.parametrize(("cost", "text"), [(None, ""), (0.0, "0"), (5.0, "5"), (0.0000001, "0"), (1.5, "1.5")])
def test_the_cost_is_a_plain_number_or_empty(cost: float | None, text: str) -> None:
    """A workflow can compare it; no exponent, no trailing zeros."""
    found = report.outputs(RunReport(status=Status.READY, stage=Stage.UP_TO_DATE, cost_usd=cost))
    assert found["cost-usd"] == text


def test_the_report_holds_the_outputs_and_every_page() -> None:
    """Outputs as keys at the top, with underscores and their own types; each page with all that is known of it."""
    found = json.loads(report.report_json(REPORT))
    for name, text in report.outputs(REPORT).items():
        assert str(found[name.replace("-", "_")]) == text
    assert found["pages_written"] == 2
    assert found["schema_version"] == report.SCHEMA_VERSION
    assert found["version"] == __version__
    assert found["seconds"] == {"cloning": 0.123}
    assert [page["slug"] for page in found["pages"]] == ["client", "index", "patched", "old", "bad"]
    assert found["pages"][0] == {
        "slug": "client",
        "title": "Client",
        "action": "write",
        "reason": "`Client.get` changed its signature",
        "writer": "claude claude-opus-4-6[1m]",
        "inputs": ["src/client.py"],
        "references_checked": 12,
        "references_unresolved": 1,
        "quoted_unresolved": 2,
        "repaired": 3,
        "removed": 1,
        "findings": ["line 3"],
        "deferred": False,
        "ai_calls": 2,
        "input_tokens": 100,
        "output_tokens": 50,
        "cost_usd": 0.3,
        "seconds": 1.235,
    }


def test_the_published_schema_is_that_of_the_model() -> None:
    """`python -m docsfy_action.report --schema > docs/report.schema.json` renews it."""
    assert (ROOT / "docs" / "report.schema.json").read_bytes() == report.schema_json()


def test_a_report_is_valid_and_a_damaged_one_is_not() -> None:
    """The schema says something: it takes our reports and refuses others."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    found = json.loads(report.report_json(REPORT))
    validator.validate(found)
    validator.validate({**found, "something_new": 1})
    for damaged in (
        {**found, "status": "fine"},
        {**found, "pages_total": -1},
        {**found, "schema_version": 2},
        {key: value for key, value in found.items() if key != "commit"},
        {**found, "pages": [{"slug": "x"}]},
    ):
        assert not validator.is_valid(damaged)


def test_the_schema_names_every_key() -> None:
    """Nothing is written that the schema does not describe."""
    found = json.loads(report.report_json(REPORT))
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]) == set(found)
    assert all("description" in entry for entry in SCHEMA["properties"].values())
    assert set(SCHEMA["$defs"]["PageEntry"]["required"]) == set(found["pages"][0])
    assert set(SCHEMA["$defs"]["StaleEntry"]["required"]) == set(found["stale_claims"][0])


def test_the_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Into a folder that git ignores; a failed write leaves the report before and nothing beside it."""
    path = tmp_path / "_docsfy" / "report.json"
    report.write_report(REPORT, path)
    assert path.read_bytes() == report.report_json(REPORT)
    assert (path.parent / ".gitignore").read_text(encoding="utf-8") == "*\n"
    blocked = tmp_path / "blocked.json"
    blocked.mkdir()
    (blocked / "file").touch()
    with pytest.raises(OSError, match="blocked"):
        report.write_report(REPORT, blocked)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".gitignore", "_docsfy", "blocked.json"]


def test_no_link_in_the_folder_is_written_through(tmp_path: Path) -> None:
    """A pull request can commit links under the names that are written; what they point to stays untouched."""
    target = tmp_path / "target"
    target.write_text("mine", encoding="utf-8")
    folder = tmp_path / "_docsfy"
    folder.mkdir()
    for name in ("report.json", ".report.json.new"):
        (folder / name).symlink_to(target)
    (folder / ".gitignore").symlink_to(tmp_path / "elsewhere")
    report.write_report(REPORT, folder / "report.json")
    assert target.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "elsewhere").exists()
    assert (folder / "report.json").read_bytes() == report.report_json(REPORT)


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.floats(min_value=0, max_value=1e6), st.sampled_from(PageAction))
def test_any_text_can_be_reported(title: str, reason: str, seconds: float, action: PageAction) -> None:
    """Also names that are no UTF-8, which reach us surrogate-escaped."""
    page = PageReport(slug="x", title=title, action=action, reason=f"{reason}\udcff", writer="builtin", seconds=seconds)
    content = report.report_json(RunReport(status=Status.ERROR, stage=Stage.CLONING, pages=(page,), error=title))
    jsonschema.validate(json.loads(content), SCHEMA)


def test_the_schema_is_printed_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    """One way to call it, and a reminder for every other."""
    assert report.main(["--schema"]) == 0
    assert capsys.readouterr().out.encode() == report.schema_json()
    assert report.main([]) == 2
    assert "Usage" in capsys.readouterr().err
