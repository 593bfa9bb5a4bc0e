"""The list of repositories that the workflow `many.yml` documents."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.site_list import Entry, base_url, main, matrix, names, read_list

GITHUB = "https://github.com"


def test_a_list_has_one_repository_a_line() -> None:
    """Short for the server that runs the workflow, or an address; a ref behind a blank; comments and empty lines are nothing."""
    text = "acme/one\n\n  # a comment\nhttps://git.example.com/team/two.git v1.2  # the release\n"
    assert read_list(text, GITHUB) == (
        Entry(url="https://github.com/acme/one"),
        Entry(url="https://git.example.com/team/two.git", ref="v1.2"),
    )


def test_a_list_can_be_json() -> None:
    """Addresses, or objects that name a ref and the folder of the site."""
    text = json.dumps(["acme/one", {"url": "acme/two", "ref": "dev", "name": "second"}])
    assert read_list(text, GITHUB) == (
        Entry(url="https://github.com/acme/one"),
        Entry(url="https://github.com/acme/two", ref="dev", name="second"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("[]", "is empty"),
        ("# nothing\n", "is empty"),
        ("[1]", "neither an address nor"),
        ('[{"ref": "x"}]', "neither an address nor"),
        ('[{"url": "a/b", "branch": "x"}]', "neither an address nor"),
        ('[{"url": "a/b", "ref": 1}]', "neither an address nor"),
        ("[", "is no JSON"),
        ("acme/one v1 v2", "more than an address and a ref"),
        ("acme", "is no repository"),
        ("git@github.com:acme/one.git", "is no repository"),
        ("file:///etc", "is no repository"),
        ("https://user:secret@example.com/a/b", "is no repository"),
        ("https://example.com/", "is no repository"),
        ("https://[", "is no repository"),
        ("\n".join(f"acme/r{number}" for number in range(257)), "at most 256"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(text: str, says: str) -> None:
    """Before any repository is documented."""
    with pytest.raises(ValueError, match=says):
        read_list(text, GITHUB)


def test_each_site_gets_the_name_of_its_repository() -> None:
    """With its owner before it where two are called the same; what the list says wins."""
    entries = read_list("acme/tool\nother/Tool.git\nacme/docs", GITHUB)
    assert names(entries) == ["acme-tool", "other-Tool", "docs"]
    assert names((Entry(url="https://e.org/a/b", name="mine"),)) == ["mine"]


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([Entry(url="https://e.org/a/b"), Entry(url="https://e.net/a/b")], "would be called 'a-b'"),
        ([Entry(url="https://e.org/a/b"), Entry(url="https://e.org/a/c", name="B")], "would be called 'b'"),
        ([Entry(url="https://e.org/a/b", name="../x")], "cannot be the name"),
        ([Entry(url="https://e.org/a/b", name="x y")], "cannot be the name"),
        ([Entry(url="https://e.org/a/-b")], "cannot be the name"),
    ],
)
def test_names_that_do_not_tell_sites_apart_are_refused(entries: list[Entry], says: str) -> None:
    """A site would take another's place, or leave its folder."""
    with pytest.raises(ValueError, match=says):
        names(tuple(entries))


def test_the_matrix_knows_where_each_site_will_stand() -> None:
    """Below the index, so that absolute addresses in a site are right."""
    assert matrix(read_list("acme/one v1", GITHUB), "https://acme.github.io/docs/") == {
        "include": [
            {
                "url": "https://github.com/acme/one",
                "ref": "v1",
                "name": "one",
                "site-url": "https://acme.github.io/docs/one/",
            }
        ]
    }


def test_the_address_of_the_index_is_what_was_said_or_that_of_github_pages() -> None:
    """Of the repository that calls, with the user's own page at the root."""
    assert base_url("https://docs.acme.com", "Acme/Handbook") == "https://docs.acme.com/"
    assert base_url("", "Acme/Handbook") == "https://acme.github.io/Handbook/"
    assert base_url("", "Acme/acme.github.io") == "https://acme.github.io/"


def test_outputs_are_written_or_an_error_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The matrix on one line of the outputs; an error that the workflow shows, whatever stands in the list."""
    outputs = tmp_path / "outputs"
    environ = {"GITHUB_OUTPUT": str(outputs), "GITHUB_REPOSITORY": "acme/docs", "GITHUB_SERVER_URL": GITHUB}
    assert main({**environ, "REPOSITORIES": "acme/one"}) == 0
    first, second = outputs.read_text().splitlines()
    assert json.loads(first.removeprefix("matrix="))["include"][0]["name"] == "one"
    assert second == "site-url=https://acme.github.io/docs/"
    assert main({**environ, "REPOSITORIES": '["a\\nb%\\n::warning::x"]'}) == 1
    said = capsys.readouterr().out
    assert said.startswith("::error title=The list of repositories cannot be used::")
    assert len(said.splitlines()) == 1


@given(st.text())
def test_any_list_is_read_or_refused(text: str) -> None:
    """Nothing but a ValueError comes out, and every name is safe as a folder and as the name of an artifact."""
    try:
        found = matrix(read_list(text, GITHUB), "https://e.org/")["include"]
    except ValueError:
        return
    assert all(entry["name"].isascii() and "/" not in entry["name"] and entry["name"][0] != "." for entry in found)
