"""Files that the user's MkDocs file names."""

from pathlib import Path

import pytest

from docsfy_action.errors import InputError
from docsfy_action.site.settings import Setting
from docsfy_action.site.user_config import needs_files
from docsfy_action.site.user_files import user_files
from tests.unit.site.sites import site


def found(folder: Path, settings: dict[str, Setting]) -> dict[str, bytes]:
    """What is found beside a file in `folder`."""
    return user_files(settings, site(user_config_dir=folder, user_config_name="mkdocs.yml"))


def test_files_are_found_in_docs_and_beside_the_file(tmp_path: Path) -> None:
    """The folder `docs` comes first, as it does for MkDocs; what the theme brings along is left to it."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.css").write_text("docs")
    (tmp_path / "a.css").write_text("beside")
    (tmp_path / "b.js").write_text("script")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "c.css").write_text("theme")
    settings: dict[str, Setting] = {
        "extra_css": ["assets/docsfy/site.css", "a.css", "c.css", "https://example.org/x.css", "//example.org/y.css"],
        "extra_javascript": ["b.js", {"path": "b.js", "async": True}, {"type": "module"}, 3],
        "theme": {"custom_dir": "theme", "logo": "assets/images/logo.svg", "favicon": None},
    }
    assert found(tmp_path, settings) == {"a.css": b"docs", "b.js": b"script"}


def test_paths_that_leave_the_folder_are_never_opened(tmp_path: Path) -> None:
    """MkDocs says what it thinks of them."""
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "repository"
    folder.mkdir()
    names: list[Setting] = ["../secret", str(tmp_path / "secret"), "http://[", ""]
    assert found(folder, {"extra_css": names, "theme": {"logo": "../secret"}}) == {}


def test_a_file_that_is_nowhere_is_named(tmp_path: Path) -> None:
    """A page without its styles would not be noticed before readers complain."""
    with pytest.raises(InputError, match=r"theme\.favicon names 'icon\.png'"):
        found(tmp_path, {"theme": {"favicon": "icon.png"}})


def test_without_a_folder_nothing_is_looked_for() -> None:
    """A file of which only the content is known."""
    assert user_files({"extra_css": ["a.css"]}, site()) == {}


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("site_name: x\ntheme: {palette: {}}\nplugins: [search]\nmarkdown_extensions: [toc]\nextra: {a: b}\n", False),
        ("", False),
        ("theme: readthedocs\n", False),
        ("theme: {logo: a.svg}\n", True),
        ("hooks: [a.py]\n", True),
        ("extra_css: [a.css]\n", True),
        ("extra_javascript: [a.js]\n", True),
        ("extra_templates: [a.html]\n", True),
        ("plugins: [macros]\n", True),
        ("markdown_extensions: [pymdownx.snippets]\n", True),
    ],
)
def test_only_a_file_that_can_name_others_needs_the_files_of_the_commit(text: str, needed: bool) -> None:
    """Writing out a large repository for the sake of a colour would be waste."""
    assert needs_files(text.encode(), "mkdocs.yml") is needed
