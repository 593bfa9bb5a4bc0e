"""The user's MkDocs file in a whole run: who named it decides what it may hold, and its paths lead into the commit."""

import json
from pathlib import Path

import pytest

from tests.integration.program import Outcome, Program, commit, library

FULL = """site_name: Corner shop
theme:
  custom_dir: ../overrides
  logo: img/logo.svg
extra_css: [css/extra.css]
extra_javascript: [{path: js/extra.js, defer: true}, 'https://example.org/x.js']
hooks: [hooks/sign.py]
"""
FILES = {
    "website/mkdocs.yml": FULL,
    "overrides/main.html": '{% extends "base.html" %}{% block footer %}<p>our own footer</p>{% endblock %}\n',
    "website/docs/css/extra.css": "h1 { color: teal }\n",
    "website/js/extra.js": "console.log(1)\n",
    "website/docs/img/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "website/hooks/sign.py": "def on_page_content(html, **_):\n    return html + '<p>signed</p>'\n",
}
INPUT = ("--mkdocs-config", "website/mkdocs.yml")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on the sample library with an MkDocs file that uses everything."""
    folder = library(tmp_path / "shop")
    commit(folder, FILES, "A site of our own")
    return Program(folder, tmp_path / "state", monkeypatch, capsys)


def refused(outcome: Outcome) -> str:
    """What is said of a file that may not hold what it holds."""
    assert outcome.status == 2, outcome.printed
    assert "not allowed in a file that anybody may have written" in outcome.printed
    return outcome.printed


def test_a_file_that_the_command_line_names_is_read_in_full(program: Program) -> None:
    """Templates, hooks, styles, scripts and the logo are those of the commit, whatever lies in the work tree."""
    (program.folder / "overrides" / "main.html").write_text("not committed")
    (program.folder / "website" / "docs" / "css" / "extra.css").unlink()
    outcome = program(*INPUT)
    assert outcome.status == 0, outcome.printed
    site = program.site()
    landing = site["index.html"].decode()
    assert "our own footer" in landing
    assert "<p>signed</p>" in landing
    assert "Corner shop" in landing
    assert site["css/extra.css"] == FILES["website/docs/css/extra.css"].encode()
    assert site["js/extra.js"] == FILES["website/js/extra.js"].encode()
    assert 'src="img/logo.svg"' in landing
    ours, theirs = landing.index('href="assets/docsfy/site.css"'), landing.index('href="css/extra.css"')
    assert ours < theirs, "the user's styles have the last word"
    assert program(*INPUT).report["stage"] == "up_to_date"


def test_a_file_that_the_repository_names_may_not_run_code(program: Program) -> None:
    """`.docsfy.yml` comes with the code; the error says which key, and where such a file can be named."""
    commit(program.folder, {".docsfy.yml": "mkdocs-config: website/mkdocs.yml\n"}, "Steer")
    said = refused(program())
    assert "website/mkdocs.yml: " in said
    assert "`mkdocs-config`" in said


def test_what_cannot_do_harm_is_taken_from_both(program: Program) -> None:
    """Colours and the name of the site need nobody's word, and relative paths in a file without any mean nothing."""
    plain = "site_name: Corner shop\ntheme: {palette: {scheme: slate, primary: teal}}\n"
    commit(
        program.folder, {".docsfy.yml": "mkdocs-config: website/mkdocs.yml\n", "website/mkdocs.yml": plain}, "Colours"
    )
    assert program().status == 0
    named_by_repository = program.site()
    assert b'data-md-color-primary="teal"' in named_by_repository["index.html"]
    assert program(*INPUT).status == 0
    assert program.site() == named_by_repository


@pytest.mark.parametrize(("head", "allowed"), [("somebody/shop", True), ("stranger/shop", False), ("", False)])
def test_a_file_of_a_fork_may_not_run_code(program: Program, tmp_path: Path, head: str, allowed: bool) -> None:
    """The workflow names the file, but a stranger may have written it."""
    event = tmp_path / "event.json"
    repositories = {"head": {"repo": {"full_name": head}}, "base": {"repo": {"full_name": "somebody/shop"}}}
    event.write_text(json.dumps({"action": "opened", "number": 1, "pull_request": {"number": 1, **repositories}}))
    outcome = program(*INPUT, GITHUB_EVENT_NAME="pull_request", GITHUB_EVENT_PATH=str(event))
    if allowed:
        assert outcome.status == 0, outcome.printed
    else:
        refused(outcome)


def test_a_file_of_another_repository_may_not_run_code(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `repository-url` names is somebody else's code."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Program(elsewhere, tmp_path / "other-state", monkeypatch, capsys)
    refused(other("--repository-url", program.folder.as_uri(), *INPUT))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extra_css: [css/none.css]\n", "extra_css names 'css/none.css'"),
        ("theme: {logo: none.svg}\n", "theme.logo names 'none.svg'"),
        ("theme: {custom_dir: none}\n", "custom_dir"),
        ("hooks: [none.py]\n", "none.py"),
    ],
)
def test_a_file_that_is_named_and_missing_stops_the_run(program: Program, text: str, said: str) -> None:
    """The error names it instead of publishing a site without it."""
    commit(program.folder, {"website/mkdocs.yml": text}, "Wrong")
    outcome = program(*INPUT)
    assert outcome.status in (1, 2)
    assert said in outcome.printed
