"""`Inputs`: every input of the action as a typed field, with the description that `--help` and action.yml show. As long as there
are inputs: one declaration below the other, and nothing to be divided."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, PrivateAttr, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from docsfy_action.github.environment import RunnerEnvironment
from docsfy_action.inputs import paths, values
from docsfy_action.inputs.about import About, Group, Refusal
from docsfy_action.inputs.credentials import Credentials
from docsfy_action.inputs.kinds import LINE, WEB_ADDRESS, Flag, Text, WebAddress, below_workspace, no_limit
from docsfy_action.inputs.steering import Steering
from docsfy_action.inputs.values import Cache, Comment, Phase, Preview, Provider, Publish, Shard, Verify, Versions


class Inputs(BaseSettings):
    """What the user asked for. Frozen; a value is explicit when its name is in `model_fields_set`.

    `repository_path` and `output_dir` are absolute and free of links. `max_ai_calls` and `max_cost_usd` are None where
    there is no limit. Texts without a default are None where nothing was said and are derived from the repository.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        env_prefix="INPUT_",
        env_prefix_target="all",
        env_ignore_empty=True,
        enable_decoding=False,
        hide_input_in_errors=True,
    )

    environment: InstanceOf[RunnerEnvironment]
    credentials: InstanceOf[Credentials]
    steering: InstanceOf[Steering] = Steering()

    repository_path: Annotated[
        Path,
        below_workspace(paths.repository_folder),
        About(
            group=Group.SOURCE,
            refused=Refusal.PLACE,
            metavar="PATH",
            allowed="a folder inside the workspace",
            default=".",
        ),
        Field(
            validate_default=True,
            description="Repository to document, inside the workspace: the checkout, or the current folder.",
        ),
    ] = Path()
    repository_url: Annotated[
        Annotated[str, AfterValidator(values.clone_address), Field(max_length=500)] | None,
        About(
            group=Group.SOURCE,
            refused=Refusal.RUNS,
            metavar="URL",
            allowed="an https, ssh or file address that git can clone, without a password",
            default="none",
        ),
        Field(description="Document another repository: it is cloned. Not together with `repository-path`."),
    ] = None
    ref: Annotated[
        Annotated[str, AfterValidator(values.git_ref)] | None,
        About(
            group=Group.SOURCE,
            refused=Refusal.RUNS,
            metavar="REF",
            allowed="the name of a branch or tag, or a commit id",
            default="the remote's default branch",
        ),
        Field(description="Branch, tag or commit to clone with `repository-url`."),
    ] = None
    index_of: Annotated[
        Annotated[Path, below_workspace(paths.repository_folder)] | None,
        About(
            group=Group.SOURCE,
            refused=Refusal.PLACE,
            metavar="PATH",
            allowed="a folder inside the workspace",
            default="none",
        ),
        Field(
            description="Instead of documenting a repository, make an index site of the finished sites in the folders of this "
            "one, which are copied below it. What is no site is left out and reported."
        ),
    ] = None
    project_name: Annotated[
        Annotated[str, AfterValidator(values.project_name)] | None,
        About(
            group=Group.SOURCE,
            refused=None,
            metavar="NAME",
            allowed="up to 100 letters, digits, blanks, dots, _ and -",
            default="derived from the remote or the folder",
        ),
        Field(description="Name of the project in the documentation and in the state folder."),
    ] = None
    provider: Annotated[
        Provider,
        About(group=Group.WRITING, refused=Refusal.SPENDS),
        Field(
            description="Who writes the pages. `builtin` needs no key and no network; the others send code to a model "
            "and need its key in the environment. `auto` takes the provider whose key is there, else `builtin`."
        ),
    ] = Provider.BUILTIN
    model: Annotated[
        Text | None,
        About(
            group=Group.WRITING,
            refused=Refusal.SPENDS,
            metavar="NAME",
            allowed="the name of a model",
            default="the provider's own default",
        ),
        Field(
            description="Model of the provider, for example `claude-opus-4-6[1m]`; with `provider: api` written as "
            "`vendor:model`."
        ),
    ] = None
    ai_timeout_minutes: Annotated[
        Annotated[float, Field(gt=0, le=360, allow_inf_nan=False)],
        About(group=Group.LIMITS, refused=Refusal.SPENDS, metavar="MINUTES", allowed="a number above 0, at most 360"),
        Field(description="Time that one call of a model may take."),
    ] = 10
    max_concurrent_pages: Annotated[
        Annotated[int, Field(ge=1, le=64)],
        About(group=Group.LIMITS, refused=Refusal.SPENDS, metavar="N", allowed="a whole number from 1 to 64"),
        Field(description="How many pages are written at the same time."),
    ] = 5
    max_ai_calls: Annotated[
        Annotated[int, Field(ge=0, le=1_000_000), AfterValidator(no_limit)] | None,
        About(
            group=Group.LIMITS,
            refused=Refusal.SPENDS,
            metavar="N",
            allowed="a whole number, 0 for no limit",
            default="no limit",
        ),
        Field(
            description="Most calls of a model in one run; `0` is no limit. When it is reached, the remaining pages "
            "are kept or written by the embedded writer, and the run says so."
        ),
    ] = None
    max_cost_usd: Annotated[
        Annotated[Decimal, Field(ge=0, le=100_000, allow_inf_nan=False), AfterValidator(no_limit)] | None,
        About(
            group=Group.LIMITS, refused=Refusal.SPENDS, metavar="USD", allowed="an amount such as 2.50, 0 for no limit"
        ),
        Field(
            description="Most US dollars that one run may spend on a model; `0` is no limit. A call starts only when "
            "its upper estimate still fits."
        ),
    ] = Decimal(5)
    force: Annotated[
        Flag,
        About(group=Group.WRITING, refused=Refusal.SPENDS, allowed="true or false"),
        Field(description="Write every page again, whatever is kept from earlier runs."),
    ] = False
    dry_run: Annotated[
        Flag,
        About(group=Group.WRITING, refused=Refusal.SPENDS, allowed="true or false"),
        Field(description="Only plan: which pages would be written, and why, with calls, tokens and cost."),
    ] = False
    output_dir: Annotated[
        Path,
        below_workspace(paths.output_folder),
        About(
            group=Group.SITE,
            refused=Refusal.PLACE,
            metavar="PATH",
            allowed="a folder below the workspace",
            default="_docsfy/site",
        ),
        Field(validate_default=True, description="Where the site goes, in the workspace."),
    ] = Path("_docsfy/site")
    site_name: Annotated[
        Text | None,
        About(group=Group.SITE, refused=None, metavar="TEXT", allowed=LINE, default="the project's name"),
        Field(description="Name of the site, shown at the top of every page."),
    ] = None
    site_url: Annotated[
        WebAddress | None,
        About(
            group=Group.SITE,
            refused=None,
            metavar="URL",
            allowed=WEB_ADDRESS,
            default="the repository's GitHub Pages address",
        ),
        Field(description="Address at which the site will be read; it goes into the sitemap and into canonical links."),
    ] = None
    repo_url: Annotated[
        WebAddress | None,
        About(group=Group.SITE, refused=None, metavar="URL", allowed=WEB_ADDRESS, default="derived from the remote"),
        Field(description="Web address of the repository that links to the source code start with."),
    ] = None
    mkdocs_config: Annotated[
        Annotated[str, AfterValidator(values.yaml_file)] | None,
        About(
            group=Group.SITE,
            refused=None,
            metavar="PATH",
            allowed="the path of a YAML file inside the documented repository",
            default="none",
        ),
        Field(
            description="MkDocs file of the documented repository. What it says wins over the generated configuration. "
            "Where `.docsfy.yml` names it, and on commits of a fork, it may not hold what could run code."
        ),
    ] = None
    language: Annotated[
        Annotated[str, AfterValidator(values.language_tag)],
        About(group=Group.WRITING, refused=None, metavar="TAG", allowed="a language tag such as en, de or pt-BR"),
        Field(description="Language of the prose."),
    ] = "en"
    cache: Annotated[
        Cache,
        About(group=Group.STATE, refused=Refusal.STATE),
        Field(
            description="Where pages and facts are kept for the next run. `auto` is the Actions cache where the runner "
            "offers it, else a directory."
        ),
    ] = Cache.AUTO
    cache_dir: Annotated[
        Annotated[Path, below_workspace(paths.state_folder)] | None,
        About(
            group=Group.STATE,
            refused=Refusal.PLACE,
            metavar="PATH",
            allowed="a folder of its own",
            default="the user's cache folder, on a runner its temporary folder",
        ),
        Field(description="State folder."),
    ] = None
    verify: Annotated[
        Verify,
        About(group=Group.WRITING, refused=Refusal.VERIFIES),
        Field(
            description="What happens to a reference that the code does not bear out: `strict` repairs or removes it "
            "before publishing, `warn` reports it, `off` does not look."
        ),
    ] = Verify.STRICT
    publish: Annotated[
        Publish,
        About(group=Group.PUBLISHING, refused=Refusal.PUBLISHES),
        Field(
            description="Where the site is published: `artifact` uploads a GitHub Pages artifact, `pages` deploys it "
            "too (needs `pages: write` and `id-token: write`), `branch` commits to `pages-branch`."
        ),
    ] = Publish.NONE
    pages_branch: Annotated[
        Annotated[str, AfterValidator(values.git_ref)],
        About(group=Group.PUBLISHING, refused=Refusal.PUBLISHES, metavar="BRANCH", allowed="the name of a branch"),
        Field(description="Branch that `publish: branch` and `preview: branch` commit to."),
    ] = "gh-pages"
    pages_history: Annotated[
        Annotated[int, Field(ge=0, le=10_000)],
        About(
            group=Group.PUBLISHING,
            refused=Refusal.PUBLISHES,
            metavar="N",
            allowed="a whole number up to 10000, 0 for all",
        ),
        Field(
            description="How many commits `pages-branch` keeps; older ones are dropped, and its history is written anew. "
            "`0` keeps all."
        ),
    ] = 0
    versions: Annotated[
        Versions,
        About(group=Group.PUBLISHING, refused=Refusal.PUBLISHES),
        Field(
            description="With `tags`, `publish: branch` keeps a site for each tag and each branch that is published, in a folder "
            "of its own, with a switcher between them and `latest` for the newest release, laid out as `mike` does it."
        ),
    ] = Versions.OFF
    preview: Annotated[
        Preview,
        About(group=Group.PUBLISHING, refused=Refusal.PUBLISHES),
        Field(
            description="How the documentation of a pull request is shown: as an artifact to download, or in a folder "
            "of `pages-branch`. `auto` takes what the permissions allow."
        ),
    ] = Preview.AUTO
    comment: Annotated[
        Comment,
        About(group=Group.PUBLISHING, refused=Refusal.PUBLISHES),
        Field(description="One comment on the pull request that is kept up to date, where the permissions allow it."),
    ] = Comment.AUTO
    comment_from: Annotated[
        Annotated[Path, below_workspace(paths.inside)] | None,
        About(
            group=Group.PUBLISHING,
            refused=Refusal.PUBLISHES,
            metavar="PATH",
            allowed="a folder inside the workspace",
            default="none",
        ),
        Field(
            description="Only make the comment that another run could not make, and nothing else: folder of the artifact "
            "`docsfy-comment`, in a workflow on `workflow_run`. The file is data; the pull request is checked through the API."
        ),
    ] = None
    phase: Annotated[
        Phase,
        About(group=Group.JOBS, refused=Refusal.RUNS),
        Field(
            description="Part of the run that this job does: `plan` gives the matrix, `write` writes one shard of the "
            "pages, `assemble` builds the site."
        ),
    ] = Phase.ALL
    shard: Annotated[
        Annotated[Shard, BeforeValidator(values.shard)],
        About(
            group=Group.JOBS,
            refused=Refusal.RUNS,
            metavar="I/N",
            allowed=f"i/n with i from 1 to n and n at most {values.MAX_SHARDS}",
            default="1/1",
        ),
        Field(description="Which part of the pages a job with `phase: write` writes; `plan` gives the names."),
    ] = values.WHOLE
    max_shards: Annotated[
        Annotated[int, Field(ge=1, le=values.MAX_SHARDS)],
        About(
            group=Group.JOBS,
            refused=Refusal.RUNS,
            metavar="N",
            allowed=f"a whole number from 1 to {values.MAX_SHARDS}",
        ),
        Field(
            description="Most jobs that `phase: plan` spreads the pages over; it takes as many as the work is worth."
        ),
    ] = 8
    shard_minutes: Annotated[
        Annotated[float, Field(ge=0, le=360, allow_inf_nan=False)],
        About(group=Group.JOBS, refused=Refusal.RUNS, metavar="MINUTES", allowed="a number from 0 to 360"),
        Field(
            description="Least work, as estimated, that `phase: plan` starts a further job for: a machine takes about a minute "
            "to start. `0` takes all jobs that `max-shards` allows."
        ),
    ] = 2
    github_token: Annotated[
        SecretStr | None,
        About(
            group=Group.PUBLISHING,
            refused=Refusal.SECRET,
            metavar="TOKEN",
            allowed="a token",
            default="`${{ github.token }}` in a workflow, else none",
        ),
        Field(description="Token for fetching, publishing and commenting."),
    ] = None

    _sources: tuple[PydanticBaseSettingsSource, ...] = PrivateAttr(default=())

    def __init__(self, *sources: PydanticBaseSettingsSource) -> None:
        """Takes the values from `sources`, the first that has one wins; raises pydantic's ValidationError."""
        super().__init__(_build_sources=(sources, {}))
        self._sources = sources

    def below(self, source: PydanticBaseSettingsSource) -> Self:
        """The same inputs with one more source, which every source so far wins over."""
        return type(self)(*self._sources, source)

    def is_explicit(self, name: str) -> bool:
        """Whether a source, and not a default, gave the field `name`."""
        return name in self.model_fields_set

    @property
    def workspace(self) -> Path:
        """The folder that all paths of the contract are relative to."""
        return self.environment.workspace

    @property
    def site_dir(self) -> str:
        """The output folder relative to the workspace, with `/`, as outputs show it."""
        return self.output_dir.relative_to(self.workspace).as_posix()

    @property
    def builds_site(self) -> bool:
        """Whether the job ends with a site: one that plans, or writes a shard, hands over to others."""
        return self.phase in {Phase.ALL, Phase.ASSEMBLE}

    @property
    def report_file(self) -> Path:
        """Where `report.json` goes."""
        return self.workspace / paths.OWN_FOLDER / "report.json"

    @property
    def state_dir(self) -> Path:
        """The state folder: `cache-dir`, else the environment's own place."""
        return self.cache_dir or self.environment.state_dir

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret of the run that is known before it starts, to be masked first of all."""
        token = self.github_token.get_secret_value() if self.github_token else ""
        runtime = self.environment.runtime
        return tuple(filter(None, (*self.credentials.secrets(), token, runtime.token, runtime.id_token)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but has no effect."""
        found = []
        if self.model is not None and self.provider is Provider.BUILTIN:
            found.append("`model` has no effect with the embedded writer; name its `provider` too.")
        if self.cache_dir is not None and self.cache is Cache.OFF:
            found.append("`cache-dir` has no effect with `cache: off`.")
        if self.versions is not Versions.OFF and self.publish is Publish.NONE:
            found.append("`versions` has no effect without `publish: branch`.")
        return tuple(found)
