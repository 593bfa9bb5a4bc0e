"""The user's own MkDocs file."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.errors import InputError
from docsfy_action.site.model import SiteSpec
from docsfy_action.site.settings import PythonName, Setting, site_settings
from docsfy_action.site.user_config import Layered, lay_over, read
from tests.unit.site.sites import page, site


def layered(text: str, *, trusted: bool = True) -> Layered:
    """Our settings with a file laid over them."""
    spec = with_file(text, trusted=trusted)
    return lay_over(site_settings(spec), spec)


def with_file(text: str, *, trusted: bool) -> SiteSpec:
    """A site with a file of the user's."""
    return site(page("a"), user_config=text.encode(), trusted=trusted)


def part(result: Layered, *path: str) -> Setting:
    """A value inside the settings."""
    value: Setting = result.settings
    for key in path:
        assert isinstance(value, dict)
        value = value[key]
    return value


def test_mappings_merge_and_lists_replace() -> None:
    """What the file says stands; what it does not say stays as we have it."""
    result = layered("theme: {features: [navigation.tabs], logo: x.svg}\nsite_name: Mine\n")
    assert part(result, "theme", "features") == ["navigation.tabs"]
    assert part(result, "theme", "font") is False
    assert part(result, "theme", "logo") == "x.svg"
    assert part(result, "site_name") == "Mine"


@pytest.mark.parametrize(
    "text",
    ["markdown_extensions: [abbr, toc: {permalink: '#'}]", "markdown_extensions: {abbr: {}, toc: {permalink: '#'}}"],
)
def test_extensions_merge_by_name_however_they_are_written(text: str) -> None:
    """A list of extensions adds to ours, because pages could not be shown without them; options win."""
    result = layered(text)
    extensions = part(result, "markdown_extensions")
    assert isinstance(extensions, dict)
    assert {"abbr", "tables", "pymdownx.superfences"} <= set(extensions)
    assert part(result, "markdown_extensions", "toc", "permalink") == "#"


def test_no_file_and_an_empty_file_change_nothing() -> None:
    """Ours is the result, and it is pure."""
    spec = site(page("a"))
    assert lay_over(site_settings(spec), spec) == Layered(settings=site_settings(spec))
    assert layered("").settings == site_settings(spec)
    assert layered("").pure


def test_text_that_the_theme_shows_is_escaped() -> None:
    """Names and descriptions are text, not markup."""
    result = layered("site_name: R&D <x>\nsite_description: 'a \"b\"'\n")
    assert part(result, "site_name") == "R&amp;D &lt;x&gt;"
    assert part(result, "site_description") == "a &#34;b&#34;"


def test_with_a_navigation_of_the_users_pages_it_leaves_out_are_no_fault() -> None:
    """Pages outside the user's navigation are built all the same."""
    assert part(layered("nav: [index.md]"), "validation", "nav", "omitted_files") == "info"
    assert part(layered("site_author: me"), "validation", "nav", "omitted_files") == "warn"


@pytest.mark.parametrize("key", ["docs_dir", "site_dir", "use_directory_urls", "strict", "INHERIT"])
def test_what_the_action_sets_itself_is_refused_by_name(key: str) -> None:
    """Folders, addresses and strictness are part of what is promised about the site."""
    with pytest.raises(InputError, match=f"mkdocs.yml: {key} is not yours to set"):
        layered(f"{key}: x")


def test_a_mistyped_key_gets_a_suggestion() -> None:
    """MkDocs would only warn."""
    with pytest.raises(InputError) as caught:
        layered("site_nam: x")
    assert "site_nam" in caught.value.message
    assert caught.value.hint == "Did you mean site_name?"


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in ("ab", "bc", "cd", "de", "ef", "fg")
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [", "line 2: not readable as YAML"),
        ("- a", "must be a mapping"),
        ("1: a", "the key 1 is not text"),
        ("theme: [a]", "theme must be a mapping"),
        ("plugins: [[a]]", "an entry of plugins must be a name"),
        ("plugins: 3", "plugins must be a mapping"),
        ("theme: readthedocs", "theme.name is 'readthedocs'"),
        ("a: !!binary aGk=", "of the kind bytes"),
        ("a: !!python/object/new:os.system [x]", "not readable as YAML"),
        ("a: !!python/object/apply:os.system [x]", "with `kwds` only"),
        ("a: !unknown x", "not readable as YAML"),
        ("a: &x [*x]", "too many or too deeply nested"),
        (BOMB, "too many"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_the_reason(text: str, said: str) -> None:
    """The error names the file and the place or the key, and nothing of the file is run."""
    with pytest.raises(InputError) as caught:
        layered(text)
    assert caught.value.message.startswith("mkdocs.yml")
    assert said in caught.value.message


def test_python_names_stay_names_and_environment_variables_their_defaults() -> None:
    """Reading runs nothing, and a site does not depend on the environment of the machine."""
    text = (
        "a: !!python/name:os.system\n"
        "b: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n"
        "c: !ENV [HOME, x]\nd: !ENV HOME\ne: 2024-01-02\n"
    )
    assert read(text.encode(), "f") == {
        "a": PythonName(path="os.system"),
        "b": PythonName(path="pymdownx.slugs.slugify", keywords=(("case", "lower"),)),
        "c": "x",
        "d": None,
        "e": "2024-01-02",
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hooks: [x.py]", "hooks"),
        ("copyright: <script>", "copyright"),
        ("extra_javascript: [x.js]", "extra_javascript"),
        ("site_url: https://evil.example/", "site_url"),
        ("theme: {custom_dir: x}", "theme.custom_dir"),
        ("theme: {logo: x}", "theme.logo"),
        ("plugins: [search, macros]", "plugins.macros"),
        ("markdown_extensions: [pymdownx.snippets]", "markdown_extensions.pymdownx.snippets"),
        ("theme: {palette: {scheme: 'x\"><script>'}}", "theme.palette.scheme"),
        ("nav: [{'<b>': index.md}]", "nav"),
        ("nav: [{x: 'javascript:alert(1)'}]", "nav"),
        (
            "markdown_extensions: {toc: {slugify: !!python/name:os.system }}",
            "markdown_extensions.toc.slugify (os.system)",
        ),
    ],
)
def test_a_file_that_nobody_vouches_for_may_not_bring_code_or_markup(text: str, named: str) -> None:
    """The error names the key and says why; the same file is taken once it is trusted."""
    with pytest.raises(InputError, match="anybody may have written") as caught:
        layered(text, trusted=False)
    assert f"mkdocs.yml: {named}" in caught.value.message
    assert layered(text).settings


def test_harmless_wishes_of_an_untrusted_file_are_met() -> None:
    """Name, colours, features, search and known extensions cannot do harm."""
    text = (
        "site_name: Mine\ntheme: {palette: {scheme: slate}, features: [toc.integrate]}\nplugins: {search: {lang: de}}\n"
        "markdown_extensions: {toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}}\n"
        "nav: [index.md, {Reference: [a.md]}]\n"
    )
    assert layered(text, trusted=False).pure


@pytest.mark.parametrize(
    "text",
    [
        "hooks: [x.py]",
        "extra_templates: [x.html]",
        "theme: {custom_dir: x}",
        "plugins: [tags]",
        "markdown_extensions: [my_extension]",
        "markdown_extensions: {toc: {slugify: !!python/name:my.slugify }}",
    ],
)
def test_code_of_the_users_makes_the_result_impure(text: str) -> None:
    """Nothing can be remembered of pages that such code has a say in."""
    assert not layered(text).pure


YAML = st.sampled_from(
    [
        "a",
        "theme",
        "plugins",
        ": ",
        "- ",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "!!python/name:",
        "!ENV ",
        "&x ",
        "*x",
        "'",
        '"',
        "!!python/object/apply:",
        "|",
        ">",
        "%",
        "---\n",
        "...",
        "\t",
        "\x00",
        "é",
        "? ",
        "<<: ",
        "1",
        "null",
    ]
)


@given(st.one_of(st.lists(YAML, max_size=25).map("".join).map(str.encode), st.binary(max_size=60)), st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_file_raises_anything_but_an_input_error(content: bytes, trusted: bool) -> None:
    """Foreign bytes are either used or refused with a reason."""
    spec = site(page("a"), user_config=content, trusted=trusted)
    with suppress(InputError):
        lay_over(site_settings(spec), spec)


def test_styles_of_the_users_come_after_ours() -> None:
    """They have the last word, and ours are not lost; scripts, of which we name none, are theirs alone."""
    settings = layered("extra_css: [mine.css]\nextra_javascript: [mine.js]\n").settings
    assert settings["extra_css"] == ["assets/docsfy/site.css", "mine.css"]
    assert settings["extra_javascript"] == ["mine.js"]
