"""The user's MkDocs file in a real build."""

from pathlib import Path

import pytest

from docsfy_action.errors import InputError, RenderError
from docsfy_action.site.cache import MemoryCache
from docsfy_action.site.model import SiteResult, SiteSpec
from docsfy_action.site.render import render_site
from tests.unit.site.sites import page, site


def configured(text: str, folder: Path, *, trusted: bool = True) -> SiteSpec:
    """A site with a file that lies in a folder."""
    pages = (page("a", "# A\n\nH~2~O\n"), page("b"))
    return site(*pages, user_config=text.encode(), user_config_dir=folder, trusted=trusted, commit_date="2026-11-20")


def built(text: str, tmp_path: Path, *, trusted: bool = True) -> tuple[SiteResult, str]:
    """The result, and the page `a`."""
    result = render_site(configured(text, tmp_path, trusted=trusted), output_dir=tmp_path / "site", cache=MemoryCache())
    return result, (tmp_path / "site" / "a.html").read_text()


def test_colours_and_extensions_of_the_users_are_seen(tmp_path: Path) -> None:
    """Also of an untrusted file."""
    text = (
        "theme: {palette: {scheme: slate, primary: teal}}\nmarkdown_extensions: {pymdownx.tilde: {subscript: true}}\n"
    )
    _, html = built(text, tmp_path, trusted=False)
    assert 'data-md-color-primary="teal"' in html
    assert "H<sub>2</sub>O" in html


def test_a_navigation_of_the_users_stands_with_its_titles(tmp_path: Path) -> None:
    """Titles in the navigation win; pages that it leaves out are built all the same."""
    _, html = built("nav: [index.md, {Mine: a.md}, {Web: 'https://example.com/'}]", tmp_path, trusted=False)
    assert "<title>Mine - Example</title>" in html
    assert 'href="https://example.com/"' in html
    assert (tmp_path / "site" / "b.html").exists()


def test_a_navigation_that_names_a_missing_page_stops_the_build(tmp_path: Path) -> None:
    """The error names the entry."""
    with pytest.raises(RenderError, match=r"none\.md"):
        built("nav: [index.md, none.md]", tmp_path)


def test_templates_hooks_and_plugins_of_a_trusted_file_run(tmp_path: Path) -> None:
    """Paths start at the file's folder; the user's templates win over ours; nothing is remembered of such a build."""
    (tmp_path / "overrides").mkdir()
    (tmp_path / "overrides" / "main.html").write_text(
        '{% extends "base.html" %}{% block footer %}<p>my footer of {{ build_date_utc }}</p>{% endblock %}'
    )
    (tmp_path / "hook.py").write_text("def on_page_content(html, **_):\n    return html + '<p>from a hook</p>'\n")
    text = "theme: {custom_dir: overrides}\nhooks: [hook.py]\nplugins: [tags]\n"
    cache = MemoryCache()
    for _ in range(2):
        result = render_site(configured(text, tmp_path), output_dir=tmp_path / "site", cache=cache)
        assert (result.html_pages_rendered, result.html_pages_reused) == (3, 0)
    html = (tmp_path / "site" / "a.html").read_text()
    assert "my footer of 2026-11-20 00:00:00+00:00" in html
    assert "from a hook" in html
    assert "from a hook" in (tmp_path / "site" / "search" / "search_index.json").read_text()


def test_what_hooks_put_into_pages_is_checked_too(tmp_path: Path) -> None:
    """A broken link that only a hook knows of stops the build."""
    (tmp_path / "hook.py").write_text(
        "def on_post_page(output, page, **_):\n"
        "    return output + '<a href=\"none.html\">x</a>' if page.file.src_uri == 'a.md' else output\n"
    )
    with pytest.raises(RenderError, match=r"broken link 'none\.html'"):
        built("hooks: [hook.py]", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plugins: [no-such-plugin]", 'The "no-such-plugin" plugin is not installed'),
        ("markdown_extensions: [no_such_extension]", "no_such_extension"),
        ("theme: {custom_dir: none}", "custom_dir"),
        ("site_url: 3", "site_url"),
        ("markdown_extensions: {toc: {slugify: !!python/name:no.such.name }}", "no.such.name"),
        ("theme: {language: 3}", "3"),
        ("theme: {palette: [{toggle: {icon: no/icon, name: x}}]}", "no/icon"),
        ("theme: {icon: {repo: no/icon}}\nrepo_url: https://github.com/o/r", "no/icon"),
    ],
)
def test_settings_that_do_not_work_are_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    """What MkDocs or a template cannot use is reported with its name, never as a traceback."""
    with pytest.raises((InputError, RenderError)) as caught:
        built(text, tmp_path)
    assert said in caught.value.message
    assert "mkdocs-config" in caught.value.hint or "package" in caught.value.hint
