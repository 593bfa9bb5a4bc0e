"""What jobs of one run hand each other, in a folder."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.lifecycle import PageAction
from docsfy_action.state.model import Record, Unreadable, dump, parse
from docsfy_action.state.sharing import RunFolder, ShardLog
from docsfy_action.state.sharing_model import (
    PlanRecord,
    RowRecord,
    ShardRecord,
    SpentRecord,
    VerdictRecord,
    WorkRecord,
    amount,
    dollars,
)
from tests.unit.state.pages import COMMIT, page

ONE, TWO = page("one", "1"), page("two", "2")
PLAN = PlanRecord(
    program="1.0",
    commit=COMMIT,
    settings={"language": "en"},
    outline="o" * 64,
    count=2,
    works=(
        WorkRecord(slug="one", milliseconds=5, cost="0.100000000000"),
        WorkRecord(slug="two", milliseconds=7),
        WorkRecord(slug="three", milliseconds=7),
    ),
    verdicts=(VerdictRecord(slug="two", action=PageAction.KEEP, reason="It stands."),),
    spent=(SpentRecord(page="", calls=2, input_tokens=5, cost="0.5"),),
    seconds={"planning": 1.5},
)
RECORD = ShardRecord(
    plan=PLAN.digest,
    index=1,
    count=2,
    rows=(
        RowRecord(slug="one", action=PageAction.WRITE, reason="new page", writer="builtin", seconds=0.5),
        RowRecord(slug="three", action=PageAction.FAIL, reason="refused", writer="", failed=True),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """The folder of a run, with a plan."""
    found = RunFolder(tmp_path, tmp_path / "octo/tool/runs/77-abc")
    found.write_plan(PLAN)
    return found


def log_of(folder: RunFolder, plan: PlanRecord = PLAN) -> ShardLog:
    """The log of the first shard."""
    log = folder.log(plan, 1)
    log.begin()
    return log


def test_a_plan_is_read_as_it_was_written(folder: RunFolder) -> None:
    """Down to every value; in another folder there is none."""
    assert folder.read_plan() == PLAN
    assert RunFolder(folder.root, folder.path.with_name("78-abc")).read_plan() is None


def test_pages_survive_the_moment_they_are_done(folder: RunFolder) -> None:
    """A job that is killed before it could say more has handed over what it had finished, and half a line is no harm."""
    log = log_of(folder)
    log.save_page(ONE, "1")
    log.save_page(TWO, "2")
    journal = folder.path / "shard-1-of-2.jsonl"
    journal.write_bytes(journal.read_bytes()[:-9])
    shard = folder.log(PLAN, 1).read()
    assert shard is not None
    assert {slug: (one.text, one.row.action) for slug, one in shard.pages.items()} == {"one": ("1", PageAction.WRITE)}


def test_rows_tell_of_pages_and_of_those_that_were_not_written(folder: RunFolder) -> None:
    """The row of a page, and the row without a page."""
    log = log_of(folder)
    log.save_page(ONE, "1")
    log.note(RECORD)
    shard = log.read()
    assert shard is not None
    assert shard.record == RECORD
    assert (shard.pages["one"].text, shard.pages["one"].row.seconds) == ("1", 0.5)
    assert (shard.pages["three"].text, shard.pages["three"].row.failed) == (None, True)
    assert sorted(path.name for path in log.files) == [
        f"one.{ONE.content_digest}.md",
        "shard-1-of-2.json",
        "shard-1-of-2.jsonl",
    ]


def test_a_shard_belongs_to_its_plan(folder: RunFolder) -> None:
    """What was written for another plan, another number of shards or another shard is nobody's; a plan that decides the same is
    the same, whatever was spent on it."""
    log = log_of(folder)
    log.save_page(ONE, "1")
    log.note(RECORD)
    again = PLAN.model_copy(update={"spent": (), "warnings": ("Slow.",), "seconds": {}})
    assert folder.log(again, 1).read() is not None
    for other in ({"count": 3}, {"nonce": "forced"}, {"verdicts": ()}, {"commit": "d" * 40}):
        assert folder.log(PLAN.model_copy(update=other), 1).read() is None
    assert folder.log(PLAN, 2).read() is None


def test_text_that_is_not_what_its_digest_says_is_no_page(folder: RunFolder) -> None:
    """Nor is a page that the plan does not have to be written."""
    log = log_of(folder)
    log.save_page(ONE, "1")
    log.save_page(page("four", "4"), "4")
    next(folder.path.glob("pages/one.*")).write_text("planted")
    shard = log.read()
    assert shard is None or shard.pages == {}


def test_links_lead_nowhere(folder: RunFolder, tmp_path: Path) -> None:
    """A plan behind a link, or in a folder that is one, is not read."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "plan.json").write_bytes(dump(PLAN))
    (folder.path / "plan.json").unlink()
    (folder.path / "plan.json").symlink_to(elsewhere / "plan.json")
    assert isinstance(folder.read_plan(), Unreadable)
    linked = folder.path.with_name("79-abc")
    linked.symlink_to(elsewhere)
    assert RunFolder(folder.root, linked).read_plan() is None


def test_only_the_newest_runs_are_kept(folder: RunFolder) -> None:
    """And always one's own."""
    for number in range(12):
        other = folder.path.with_name(f"{number}-old")
        other.mkdir()
        os.utime(other, (1000 + number, 1000 + number))
    os.utime(folder.path, (1, 1))
    folder.forget_others()
    left = {path.name for path in folder.path.parent.iterdir()}
    assert left == {"77-abc", *(f"{number}-old" for number in range(4, 12))}


def test_dollars_are_written_down_exactly() -> None:
    """To a millionth of a millionth, which is below the price of a token; nothing known stays nothing known."""
    for text in ("0", "0.000000000015", "12.5"):
        assert dollars(amount(Decimal(text))) == Decimal(text)
    assert dollars(amount(None)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from((PLAN, RECORD)), st.data())
def test_a_file_that_somebody_changed_is_read_or_not_and_never_raises(record: Record, data: st.DataObject) -> None:
    """Any value in the place of any other."""
    value = json.loads(dump(record))
    key = data.draw(st.sampled_from(sorted(value)))
    value[key] = data.draw(JSON)
    read = parse(type(record), json.dumps(value).encode())
    assert isinstance(read, Unreadable | type(record))
    if isinstance(read, PlanRecord):
        assert len(read.digest) == 64


@given(st.binary(max_size=60))
def test_bytes_that_are_no_record_never_raise(data: bytes) -> None:
    """Whatever they are."""
    assert isinstance(parse(PlanRecord, data), Unreadable)
