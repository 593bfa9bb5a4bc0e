"""A run with `index-of`: no repository is documented; sites that were made before get an index and are published with it."""

from docsfy_action.errors import SourceError
from docsfy_action.lifecycle import PageAction, PageReport, RunReport, Stage, Status
from docsfy_action.site.assemble import pages_address
from docsfy_action.site.finished import find_sites
from docsfy_action.site.hosts import commit_url
from docsfy_action.site.index_site import IndexWishes, index_site
from docsfy_action.site.model import INDEX
from docsfy_action.site.render import render_site
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source


def build_index(source: Source, run: Run) -> RunReport:
    """The index of the sites in `index-of`, with them below it, in the output folder. What is no site is left out, with a
    warning; SourceError where nothing is left."""
    inputs = source.inputs
    folder = inputs.index_of
    assert folder is not None
    shown = folder.relative_to(inputs.workspace).as_posix()
    run.enter(Stage.PLANNING)
    try:
        sites, left_out = find_sites(folder)
    except OSError as error:
        raise SourceError(
            f"index-of: {shown} cannot be read: {error.strerror}.", hint="Check that the step before left it readable."
        ) from error
    for entry in left_out:
        run.warn(f"{shown}/{entry.name} {entry.reason}, so the index leaves it out.")
    if not sites:
        raise SourceError(
            f"index-of: {shown} holds no finished site.",
            hint="Put each site into a folder of its own below it, as the action left it in `output-dir`.",
        )
    commit = source.snapshot.commit
    site = index_site(
        sites,
        IndexWishes(
            name=source.title,
            site_url=_address(source),
            preview=source.place.preview,
            repo_url=inputs.repo_url or (source.remote.url if source.remote else ""),
            language=inputs.language,
            commit=commit,
            commit_date=source.snapshot.committed.date().isoformat(),
            commit_url=commit_url(source.remote, commit) if source.remote else "",
            user_config=source.user_config,
            user_config_name=inputs.mkdocs_config or "",
            trusted=source.trusts_user_config,
        ),
    )
    names = ", ".join(site.name for site in sites)
    run.pages[INDEX] = PageReport(
        slug=INDEX,
        title=source.title,
        action=PageAction.WRITE,
        reason=f"an index of {'one site' if len(sites) == 1 else f'{len(sites)} sites'}: {names}",
        writer="builtin",
    )
    if inputs.dry_run:
        return run.report(Status.READY, Stage.PLANNING)
    run.enter(Stage.RENDERING)
    for warning in render_site(site, output_dir=inputs.output_dir).warnings:
        run.warn(warning)
    return run.report(Status.READY, Stage.RENDERING)


def _address(source: Source) -> str:
    said = source.place.url if source.place.url is not None else source.inputs.site_url
    return pages_address(source.remote) if said is None else said
