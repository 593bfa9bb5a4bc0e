"""Our configuration of MkDocs."""

from docsfy_action.site.model import SiteSection, SiteVersion
from docsfy_action.site.settings import (
    SMALL_SITE,
    PythonName,
    Setting,
    digest,
    markdown_extensions,
    navigation,
    repository_name,
    site_settings,
    theme_language,
    without_diagrams,
)
from tests.unit.site.sites import page, site


def test_the_navigation_shows_pages_outside_sections_first_and_escapes_titles() -> None:
    """Titles become HTML, because the theme's templates escape nothing."""
    inner = SiteSection(title="In & out", slugs=("b",))
    spec = site(
        page("a", title="List<T>"),
        page("b"),
        page("c"),
        sections=(SiteSection(title="S", slugs=("a",), sections=(inner,)),),
    )
    assert navigation(spec) == [
        {"Example": "index.md"},
        {"C": "c.md"},
        {"S": [{"List&lt;T&gt;": "a.md"}, {"In &amp; out": [{"B": "b.md"}]}]},
    ]


def features_of(settings: dict[str, Setting]) -> list[Setting]:
    """The features of the theme."""
    theme = settings["theme"]
    assert isinstance(theme, dict)
    features = theme["features"]
    assert isinstance(features, list)
    return features


def test_only_small_sites_show_the_whole_navigation_on_every_page() -> None:
    """Beyond a size, pages show their own section only; pruning is always on."""
    small = site(*(page(f"p{number}") for number in range(SMALL_SITE - 1)))
    large = site(*(page(f"p{number}") for number in range(SMALL_SITE)))
    features = [features_of(site_settings(spec)) for spec in (small, large)]
    assert ["navigation.sections" in names for names in features] == [True, False]
    assert all("navigation.prune" in names and "navigation.expand" not in names for names in features)


def test_no_foreign_fonts_are_asked_for() -> None:
    """Material loads fonts from another host unless it is told not to."""
    theme = site_settings(site())["theme"]
    assert isinstance(theme, dict)
    assert theme["font"] is False


def test_languages_that_the_theme_does_not_speak_fall_back() -> None:
    """First the language without its region, then English."""
    asked = ["de", "de-CH", "pt_BR", "zh-Hant", "tlh", "", "../en", "EN"]
    assert [theme_language(name) for name in asked] == ["de", "de", "pt-BR", "zh-Hant", "en", "en", "en", "en"]


def test_a_repository_is_called_by_owner_and_name() -> None:
    """The name of the link is the path of the repository, or the host where there is none."""
    assert repository_name("https://github.com/owner/name.git") == "owner/name"
    assert repository_name("https://git.example.org/") == "git.example.org"


def test_without_the_script_diagrams_are_ordinary_code() -> None:
    """No page then asks Material to draw anything."""
    extensions = without_diagrams(site_settings(site()))["markdown_extensions"]
    assert isinstance(extensions, dict)
    assert extensions["pymdownx.superfences"] == {"preserve_tabs": True}


def test_the_digest_sees_values_but_not_the_order_of_keys() -> None:
    """Configurations that mean the same have the same digest, others another."""
    one, two = PythonName(path="a.b"), PythonName(path="a.b", keywords=(("case", "lower"),))
    assert digest({"a": 1, "b": one}) == digest({"b": one, "a": 1})
    values: list[Setting] = [1, "1", True, one, two, [one]]
    assert len({digest({"a": value}) for value in values}) == 6


def test_the_table_of_contents_is_named_in_the_language_of_the_theme() -> None:
    """Only English has a better name for it than Material's own."""
    options = [markdown_extensions(language)["toc"] for language in ("en", "de")]
    assert ["title" in toc for toc in options if isinstance(toc, dict)] == [True, False]


def test_only_a_version_has_a_switcher() -> None:
    """It reads what mike's layout has beside the version; the latest release and the branch that is ahead are not outdated."""
    assert "version" not in str(site_settings(site(page("a")))["extra"])
    version = SiteVersion(name="1.0", development="release-1.x")
    extra = site_settings(site(page("a"), version=version))["extra"]
    assert isinstance(extra, dict)
    assert extra["version"] == {"provider": "mike", "alias": True, "default": ["^latest$", r"^release\-1\.x$"]}
