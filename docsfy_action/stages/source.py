"""The first stage: the repository is opened or cloned, its `.docsfy.yml` is read, and the variant gets its name."""

import hashlib
import json
import logging
import tempfile
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from docsfy_action import __version__
from docsfy_action.errors import InputError
from docsfy_action.github.events import Activity, ActivityKind, activity, read_payload
from docsfy_action.inputs.configuration import CONFIGURATION_FILE
from docsfy_action.inputs.model import Inputs
from docsfy_action.inputs.parsing import with_configuration
from docsfy_action.inputs.values import Cache, Phase, Provider
from docsfy_action.providers.choose import Chosen, choose, without_key
from docsfy_action.repository.addresses import remote_of
from docsfy_action.repository.clone import clone
from docsfy_action.repository.deepen import with_files
from docsfy_action.repository.git import Credentials
from docsfy_action.repository.reader import CommitReader
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.snapshot import Remote, Snapshot
from docsfy_action.repository.workspace import open_workspace
from docsfy_action.site.model import SiteVersion
from docsfy_action.site.settings import theme_language
from docsfy_action.stages.run import Run
from docsfy_action.state.store import DirectoryStore
from docsfy_action.state.variant import Variant

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the site will stand. `url` is its address, None for that of the project's site, and empty for one that is opened
    from disk; `preview` keeps search engines out; `version` is given where it is one of several versions."""

    url: str | None = None
    preview: bool = False
    version: SiteVersion | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """The repository at the documented commit, and everything that was asked for about it. `chosen` is the model that
    writes, None for the embedded writer alone; `absent` says why it cannot be called, empty where it can.

    `said_site_url` is the site's address as the workflow or the user named it, without what the repository says of it.
    `home` is where the repository lives, `remote` where links to it lead: the same unless `repo-url` says otherwise.
    """

    inputs: Inputs
    repository: Repository
    snapshot: Snapshot
    reader: CommitReader
    home: Remote | None
    remote: Remote | None
    name: str
    title: str
    credentials: Credentials | None
    chosen: Chosen | None = None
    absent: str = ""
    said_site_url: str = ""
    trusts_user_config: bool = False
    place: Place = Place()

    @property
    def branch(self) -> str:
        """The branch whose state this run has. That of a fork has the pull request's number behind a colon, which no branch can
        hold: a stranger's `main` is not ours."""
        name, event = self.repository.branch(), event_of(self.inputs)
        ours = self.inputs.repository_url is not None or not event.is_fork or event.pull_request is None
        return name if ours else f"{name}:pull/{event.pull_request}"

    @property
    def default_branch(self) -> str:
        """The branch whose state another branch starts from; empty for the default branch itself."""
        event = read_payload(event_payload(self.inputs))
        repository = event.get("repository")
        named = repository.get("default_branch") if isinstance(repository, dict) else None
        default = named if isinstance(named, str) and named else self.repository.default_branch()
        return "" if default == self.branch else default

    @property
    def user_config(self) -> bytes | None:
        """The user's MkDocs file as of the commit."""
        path = self.inputs.mkdocs_config
        if path is None:
            return None
        data = self.reader.read(path)
        if data is None:
            raise InputError(
                f"mkdocs-config: '{path}' is not a file of the documented commit.",
                hint="Give its path from the top of the repository, and commit it.",
            )
        return data

    @property
    def settings_digest(self) -> str:
        """Digest of all that, besides the commit, decides what the site says."""
        said = self.inputs
        parts = [
            __version__, self.name, self.title, said.site_url, said.repo_url, said.language, said.verify,
            repr(said.steering), self.remote.url if self.remote else "",
            hashlib.sha256(self.user_config or b"").hexdigest(), self.trusts_user_config, repr(self.place),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def open_source(inputs: Inputs, run: Run, stack: ExitStack) -> Source:
    """The documented commit; files it needs open are closed with `stack`."""
    uses_service(inputs)
    credentials = _credentials(inputs)
    if inputs.repository_url is not None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-")))
        repository = clone(
            inputs.repository_url, inputs.ref or "", into=folder / "repository.git", credentials=credentials
        )
    else:
        repository = open_workspace(inputs.repository_path, workspace=inputs.workspace, environment=run.environ)
        if inputs.index_of is None and (changed := repository.uncommitted()):
            files = "one file has" if changed == 1 else f"{changed} files have"
            run.warn(f"The commit is documented, not the work tree: {files} changes that are not committed.")
    snapshot = repository.snapshot()
    run.commit = snapshot.commit
    vouched = inputs.mkdocs_config is not None and _is_own_code(inputs)
    reader = _reader(repository, [CONFIGURATION_FILE], credentials, stack)
    said_site_url = inputs.site_url or ""
    inputs = with_configuration(inputs, reader.read(CONFIGURATION_FILE))
    if inputs.mkdocs_config is not None:
        reader = _reader(repository, [inputs.mkdocs_config], credentials, stack)
    for warning in inputs.warnings:
        run.warn(warning)
    chosen, absent = _chosen(inputs)
    if chosen is None and inputs.language.partition("-")[0].lower() != "en":
        run.warn(_english(inputs.language))
    run.site_dir = inputs.site_dir if inputs.builds_site else ""
    home = repository.remote()
    name = inputs.project_name or (home.name if home else _folder_name(inputs, repository))
    return Source(
        inputs=inputs,
        repository=repository,
        snapshot=snapshot,
        reader=reader,
        home=home,
        remote=remote_of(inputs.repo_url or "") or home,
        name=name,
        title=inputs.site_name or name,
        credentials=credentials,
        chosen=chosen,
        absent=absent,
        said_site_url=said_site_url,
        trusts_user_config=vouched,
    )


def _english(language: str) -> str:
    spoken = theme_language(language) != "en"
    frame = (
        "menus, search and page language follow" if spoken else "menus are English too, for want of a translation to"
    )
    return f"The embedded writer writes English; {frame} `{language}`."


def _chosen(inputs: Inputs) -> tuple[Chosen | None, str]:
    """The model that writes, and why it cannot be called: a pull request that is given no secrets has no key, and that is
    nobody's fault. Raises InputError for a key that is missing anywhere else."""
    try:
        keys, addresses = inputs.credentials.keys(), inputs.credentials.addresses()
        return choose(inputs.provider, inputs.model, keys=keys, addresses=addresses), ""
    except InputError as error:
        event = event_of(inputs)
        # A plan can be made, and pages of other jobs be put together, without a key.
        calls = not inputs.dry_run and inputs.phase is not Phase.ASSEMBLE
        if not event.without_secrets and calls:
            raise
        chosen = without_key(inputs.provider, inputs.model)
        logger.debug("no key: %s", error.message)
        if not event.without_secrets:
            return chosen, ""
    reason = "This pull request is given no secrets, so no model is called: pages are kept, or written by the embedded writer."
    return chosen, reason


def _is_own_code(inputs: Inputs) -> bool:
    """Whether the commit was written by people who may also change the workflow: no fork's, and no other repository's."""
    event = event_of(inputs)
    ours = event.kind in {ActivityKind.LOCAL, ActivityKind.BUILD} or (event.is_pull_request and not event.is_fork)
    return ours and event.kind is not ActivityKind.UNSAFE and inputs.repository_url is None


def _reader(
    repository: Repository, paths: Collection[str], credentials: Credentials | None, stack: ExitStack
) -> CommitReader:
    """Reads at least these files, which decide where the rest of a partial clone is put."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-")))
    found = with_files(repository, paths, into=folder / "files.git", credentials=credentials)
    return stack.enter_context(found.reader())


def open_store(source: Source, run: Run, stack: ExitStack) -> DirectoryStore:
    """The state of the variant that this run belongs to."""
    inputs = source.inputs
    variant = Variant(
        owner=source.home.owner if source.home else "local",
        project=source.name if source.home else f"{source.name}-{_place(source)}",
        branch=source.branch,
        provider=source.chosen.provider if source.chosen is not None else Provider.BUILTIN.value,
        model=source.chosen.model if source.chosen is not None else "",
    )
    root = inputs.state_dir
    # A plan leaves nothing behind, nor the state that it was made with, where that has to be fetched.
    places = {variant, variant.on_branch(source.default_branch or variant.branch)}
    elsewhere = uses_service(inputs) or source.chosen is not None
    fetched = inputs.dry_run and elsewhere and not any((root / place.folder).exists() for place in places)
    if inputs.cache is Cache.OFF or fetched:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-state-")))
    # A shard changes nothing of the state, so that several of them may work on one folder at a time.
    read_only = inputs.dry_run or inputs.phase is Phase.WRITE
    return DirectoryStore(root, variant, clock=run.now, default_branch=source.default_branch, read_only=read_only)


def uses_service(inputs: Inputs) -> bool:
    """Whether the state is kept in the Actions cache. Raises InputError where that was asked for and there is none."""
    environment = inputs.environment
    if inputs.cache not in {Cache.AUTO, Cache.ACTIONS} or environment.has_cache_service:
        return inputs.cache in {Cache.AUTO, Cache.ACTIONS}
    if inputs.cache is Cache.AUTO:
        return False
    server = " GitHub Enterprise Server has none that the action could use." if environment.is_enterprise_server else ""
    raise InputError(
        f"cache: 'actions' needs the Actions cache, which is not offered here.{server}",
        hint="Leave `cache` out, and keep `cache-dir` between runs with a step of `actions/cache`.",
    )


def event_of(inputs: Inputs) -> Activity:
    """The event that the run belongs to."""
    environment = inputs.environment
    return activity(environment.event_name, read_payload(event_payload(inputs)), actor=environment.actor)


def event_payload(inputs: Inputs) -> bytes | None:
    """The event's payload as the runner left it; None where there is none."""
    path = inputs.environment.event_path
    try:
        return path.read_bytes() if path is not None else None
    except OSError:
        return None


def _place(source: Source) -> str:
    """Tells apart repositories without a remote that are called the same."""
    return hashlib.sha256(str(source.inputs.repository_path).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _folder_name(inputs: Inputs, repository: Repository) -> str:
    if inputs.repository_url is not None:
        return inputs.repository_url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or "project"
    folder = repository.top or inputs.repository_path
    return folder.resolve().name.removesuffix(".git") or "project"


def _credentials(inputs: Inputs) -> Credentials | None:
    if inputs.github_token is None:
        return None
    return Credentials(server=inputs.environment.server_url, token=inputs.github_token.get_secret_value())
