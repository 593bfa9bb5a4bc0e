"""The page of recent changes, beyond what the golden pages show."""

from docsfy_action.writers.builtin.changes import ChangesInput, write


def test_each_month_stands_once_whatever_the_order_of_the_dates() -> None:
    """Rebased and late merged commits carry dates out of order: headings repeat for none, and newer months come first."""
    days = ("2026-07-02", "2026-06-30", "2026-07-01", "2026-08-01")
    page = write(
        ChangesInput(
            title="x",
            commits=tuple((str(n) * 40, f"Change {n}", day, 2026, int(day[5:7])) for n, day in enumerate(days)),
            touched=(),
            changelog="",
        )
    )
    lines = [line for line in page.splitlines() if line.startswith(("## ", "-   "))]
    assert [line.split(":")[0] for line in lines] == [
        "## August 2026",
        "-   2026-08-01",
        "## July 2026",
        "-   2026-07-02",
        "-   2026-07-01",
        "## June 2026",
        "-   2026-06-30",
    ]
