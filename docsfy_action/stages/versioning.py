"""Versions beside each other: which one a run publishes, and what it changes at the top of the branch."""

from dataclasses import dataclass
from pathlib import Path

from docsfy_action.errors import InputError
from docsfy_action.github.api import Refused
from docsfy_action.github.pages import PagesSite
from docsfy_action.inputs.values import Publish, Versions
from docsfy_action.repository.branch_files import Besides
from docsfy_action.repository.branch_versions import NOT_FOUND, VersionSite, beside_version, is_release, version_name
from docsfy_action.repository.repository import DETACHED
from docsfy_action.site.model import SiteVersion
from docsfy_action.site.redirects import version_redirect
from docsfy_action.stages.hosting import top_address
from docsfy_action.stages.source import Place, Source, event_of

_TAGS = "refs/tags/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """What a version is made from: the name of a branch or tag, and whether it is known to be a tag."""

    name: str
    is_tag: bool


def check_versions(source: Source) -> None:
    """Raises InputError where versions were asked for and cannot be published so."""
    inputs = source.inputs
    if inputs.versions is not Versions.OFF and inputs.publish in {Publish.PAGES, Publish.ARTIFACT}:
        raise InputError(
            f"versions: '{inputs.versions}' needs `publish: branch`: a deployment replaces the whole site, with all versions.",
            hint="Use `publish: branch`, with that branch as the source of Pages, or leave `versions` out.",
        )


def place_of_version(source: Source, pages: PagesSite | Refused) -> Place:
    """Where the site will stand: in a folder of its own where there are versions. InputError where the version has no name."""
    if source.inputs.versions is Versions.OFF:
        return Place()
    ref = _ref(source)
    name, home = version_name(ref.name), top_address(source, pages)
    if not name or ref.name == DETACHED:
        raise InputError(
            f"versions: '{source.inputs.versions}' cannot name a version after `{ref.name}`.",
            hint="Run on a branch or tag with a name of its own: `latest` and `pr-preview` are taken.",
        )
    version = SiteVersion(name=name, development=_development(source), home=f"{home}/" if home else "")
    return Place(url=f"{home}/{name}/" if home else "", version=version)


def beside(version: SiteVersion, source: Source) -> Besides:
    """What the version changes at the top of the branch."""
    ref = _ref(source)
    site = VersionSite(
        name=version.name,
        commit=source.snapshot.commit,
        committed=source.snapshot.committed,
        is_release=ref.is_tag and is_release(version.name) and not event_of(source.inputs).prerelease,
        default=version.development,
        redirect=lambda folder: version_redirect(folder, version.home),
        # Without an address its links would lead nowhere from the top.
        not_found=_read(source.inputs.output_dir / NOT_FOUND) if version.home else None,
    )
    return lambda branch: beside_version(site, branch)


def _ref(source: Source) -> Ref:
    inputs, environment = source.inputs, source.inputs.environment
    if inputs.repository_url is not None:
        name = inputs.ref or source.repository.branch()
        return Ref(name=name, is_tag=name != source.repository.default_branch())
    if environment.ref.startswith(_TAGS):
        return Ref(name=environment.ref.removeprefix(_TAGS), is_tag=True)
    return Ref(name=source.repository.branch(), is_tag=False)


def _development(source: Source) -> str:
    named = "" if source.inputs.repository_url is not None else event_of(source.inputs).default_branch
    return version_name(named or source.repository.default_branch())


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
