"""Where inputs come from, which source wins, and what is said of those that cannot be used."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsfy_action.errors import InputError
from docsfy_action.inputs.catalog import specs
from docsfy_action.inputs.model import Inputs
from docsfy_action.inputs.parsing import parse, with_configuration
from docsfy_action.inputs.values import Cache, Provider, Publish, Shard, Verify

NAMES = [spec.name for spec in specs()]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with a folder in it."""
    (tmp_path / "work" / "sub").mkdir(parents=True)
    return tmp_path / "work"


def read(workspace: Path, *argv: str, env: Mapping[str, str] | None = None) -> Inputs:
    """Inputs from a command line and an environment."""
    return parse(argv, env or {}, cwd=workspace, platform="linux")


def refused(workspace: Path, *argv: str, env: Mapping[str, str] | None = None) -> InputError:
    """What is said of a command line and an environment that cannot be used."""
    with pytest.raises(InputError) as caught:
        read(workspace, *argv, env=env)
    return caught.value


def test_defaults_are_those_of_the_contract(workspace: Path) -> None:
    """Without a word from anyone: the current folder, the embedded writer, five dollars, strict verification."""
    inputs = read(workspace)
    assert inputs.repository_path == workspace
    assert inputs.output_dir == workspace / "_docsfy" / "site"
    assert inputs.site_dir == "_docsfy/site"
    assert inputs.report_file == workspace / "_docsfy" / "report.json"
    assert inputs.provider is Provider.BUILTIN
    assert inputs.model is None
    assert inputs.ai_timeout_minutes == 10
    assert inputs.max_concurrent_pages == 5
    assert inputs.max_ai_calls is None
    assert inputs.max_cost_usd == Decimal(5)
    assert (inputs.force, inputs.dry_run) == (False, False)
    assert (inputs.language, inputs.cache, inputs.verify) == ("en", Cache.AUTO, Verify.STRICT)
    assert (inputs.publish, inputs.pages_branch) == (Publish.NONE, "gh-pages")
    assert inputs.shard == Shard(index=1, count=1)
    assert inputs.github_token is None
    assert not [name for name in inputs.model_fields_set if name not in {"environment", "credentials"}]


def test_option_wins_over_action_input_which_wins_over_file_which_wins_over_default(workspace: Path) -> None:
    """The precedence of the contract, on one input that every source may set."""
    file = b"site-name: From file\n"
    env = {"INPUT_SITE-NAME": "From input"}
    assert with_configuration(read(workspace), None).site_name is None
    assert with_configuration(read(workspace), file).site_name == "From file"
    assert with_configuration(read(workspace, env=env), file).site_name == "From input"
    assert with_configuration(read(workspace, "--site-name", "From option", env=env), file).site_name == "From option"


def test_an_empty_value_counts_as_unset_in_every_source(workspace: Path) -> None:
    """The runner passes inputs that nobody gave as empty text; they must not hide what `.docsfy.yml` says."""
    env = {"INPUT_SITE-NAME": "", "INPUT_LANGUAGE": "  ", "INPUT_FORCE": "", "INPUT_MAX-COST-USD": ""}
    inputs = with_configuration(
        read(workspace, "--project-name", "", "--model=", env=env), b"site-name: Named\nlanguage: de\nproject-name:\n"
    )
    assert (inputs.site_name, inputs.language, inputs.project_name, inputs.model) == ("Named", "de", None, None)
    assert (inputs.force, inputs.max_cost_usd) == (False, Decimal(5))


def test_an_empty_option_does_not_hide_the_action_input(workspace: Path) -> None:
    """An empty option is no word at all, so the next source is asked."""
    assert read(workspace, "--model", "", env={"INPUT_MODEL": "m"}).model == "m"


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("provider", "claude", "provider", Provider.CLAUDE),
        ("model", "claude-opus-4-6[1m]", "model", "claude-opus-4-6[1m]"),
        ("ai-timeout-minutes", "2.5", "ai_timeout_minutes", 2.5),
        ("max-concurrent-pages", "64", "max_concurrent_pages", 64),
        ("max-ai-calls", "12", "max_ai_calls", 12),
        ("max-ai-calls", "0", "max_ai_calls", None),
        ("max-cost-usd", "0", "max_cost_usd", None),
        ("max-cost-usd", "2.50", "max_cost_usd", Decimal("2.50")),
        ("site-url", "https://example.com/docs/", "site_url", "https://example.com/docs"),
        ("language", "PT-br", "language", "pt-BR"),
        ("mkdocs-config", "docs/mkdocs.yml", "mkdocs_config", "docs/mkdocs.yml"),
        ("pages-branch", "docs/site", "pages_branch", "docs/site"),
        ("verify", "off", "verify", Verify.OFF),
        ("publish", "pages", "publish", Publish.PAGES),
        ("repository-url", "git@example.com:owner/name.git", "repository_url", "git@example.com:owner/name.git"),
        ("project-name", "My project 2.0", "project_name", "My project 2.0"),
    ],
)
def test_option_and_action_input_mean_the_same(
    workspace: Path, name: str, text: str, field: str, value: object
) -> None:
    """Each input can be given as an option, with `=` or without, and as a variable with its dashes kept."""
    for inputs in (
        read(workspace, f"--{name}", text),
        read(workspace, f"--{name}={text}"),
        read(workspace, env={f"INPUT_{name.upper()}": text}),
    ):
        assert getattr(inputs, field) == value
        assert inputs.is_explicit(field)


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_booleans_of_the_action_are_true_and_false_in_any_case(workspace: Path, text: str) -> None:
    """As the runner's toolkit reads them; `yes` or `1` are errors that say so."""
    assert read(workspace, env={"INPUT_FORCE": text}).force
    assert not read(workspace, "--no-force", env={"INPUT_FORCE": text}).force
    assert read(workspace, "--force", env={"INPUT_FORCE": "false"}).force
    assert "force: 'yes'" in refused(workspace, env={"INPUT_FORCE": "yes"}).message
    assert "true or false" in refused(workspace, env={"INPUT_DRY-RUN": "1"}).message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("provider", "cluade"),
        ("ai-timeout-minutes", "0"),
        ("ai-timeout-minutes", "nan"),
        ("ai-timeout-minutes", "inf"),
        ("max-concurrent-pages", "0"),
        ("max-concurrent-pages", "2.5"),
        ("max-ai-calls", "-1"),
        ("max-cost-usd", "-0.01"),
        ("max-cost-usd", "$5"),
        ("max-cost-usd", "NaN"),
        ("max-cost-usd", "Infinity"),
        ("site-url", "example.com"),
        ("site-url", "https://user:word@example.com"),
        ("site-url", "https://example.com/?q=1"),
        ("site-url", "https://example.com:port"),
        ("repo-url", "ftp://example.com/x"),
        ("repository-url", "ext::sh -c id"),
        ("repository-url", "https://[bad/x"),
        ("repository-url", "ftp://example.com/x"),
        ("repository-url", "https:///x"),
        ("site-url", "https:///x"),
        ("cache-dir", "~nobody-of-this-name/x"),
        ("repository-url", "ext::id"),
        ("repository-url", "--upload-pack=id"),
        ("repository-url", "https://user:word@example.com/x.git"),
        ("repository-url", "https://token@example.com/x.git"),
        ("repository-url", "ssh://-oProxyCommand=id/x"),
        ("language", "english please"),
        ("language", "e"),
        ("mkdocs-config", "../mkdocs.yml"),
        ("mkdocs-config", "/etc/mkdocs.yml"),
        ("mkdocs-config", ".git/x.yml"),
        ("mkdocs-config", "mkdocs.toml"),
        ("pages-branch", "-x"),
        ("pages-branch", "a..b"),
        ("pages-branch", "a b"),
        ("pages-branch", "x.lock"),
        ("project-name", "../x"),
        ("project-name", "a/b"),
        ("shard", "0/4"),
        ("shard", "5/4"),
        ("shard", "1/0"),
        ("shard", "1/257"),
        ("shard", "1-4"),
        ("comment", "sometimes"),
        ("phase", "writing"),
        ("cache", "s3"),
        ("model", "a\nb"),
        ("output-dir", "."),
        ("output-dir", "_docsfy"),
        ("output-dir", ".git/site"),
        ("output-dir", "../site"),
        ("output-dir", "/"),
        ("repository-path", "missing"),
        ("repository-path", ".."),
        ("cache-dir", "."),
        ("cache-dir", ".."),
        ("cache-dir", "/"),
        ("cache-dir", "sub/.git/x"),
    ],
)
def test_an_unusable_value_is_refused_with_name_value_and_what_is_allowed(
    workspace: Path, name: str, text: str
) -> None:
    """Exit 2, and a message from which the user can tell what to change."""
    error = refused(workspace, f"--{name}={text}")
    assert error.exit_status == 2
    assert error.message.startswith(f"{name}: ")
    assert "It takes" in error.message
    assert "\n" not in error.message
    assert error.hint
    if "@" not in text:
        assert text.replace("\n", "\\x0a")[:30] in error.message


def test_a_misspelt_word_gets_a_suggestion(workspace: Path) -> None:
    """One letter wrong is the usual case, so the right word is named."""
    assert "did you mean 'claude'?" in refused(workspace, "--provider", "cluade").message
    assert "did you mean '--provider'?" in refused(workspace, "--provder", "claude").message
    assert "did you mean '--output-dir'?" in refused(workspace, "--output_dir=x").message
    assert "did you mean '--no-force'?" in refused(workspace, "--no-froce").message


def test_everything_that_is_wrong_is_told_at_once(workspace: Path) -> None:
    """A user who has to fix four things learns of all four in one run, each once."""
    error = refused(
        workspace, "--provder=x", "word", "--model", "--shard=5/4", "--force=yes", env={"INPUT_MAX-AI-CALLS": "x"}
    )
    assert [problem.message.split(" ")[0] for problem in error.problems] == [
        "--model",
        "'--force=yes':",
        "'--provder'",
        "'word'",
        "max-ai-calls:",
        "shard:",
    ]
    assert error.message.splitlines()[0] == "6 things cannot be used:"


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--repository-url", "https://example.com/x", "--repository-path", "sub"], "cannot be given together"),
        (["--ref", "v1"], "only with repository-url"),
        (["--shard", "2/4"], "only with phase: write"),
        (["--shard", "2/4", "--phase", "plan"], "only with phase: write"),
        (["--phase", "plan", "--cache", "off"], "Jobs hand over in the cache"),
        (["--phase", "write", "--dry-run"], "A dry run only plans"),
        (["--provider", "api", "--model", "gpt-5"], "vendor:model"),
        (["--publish", "branch", "--pages-branch", "main"], "is the branch that is documented"),
        (["--cache-dir", "_docsfy"], "must not hold each other"),
        (["--index-of", "."], "index-of and output-dir must not hold each other"),
        (["--index-of", "sub", "--phase", "plan"], "is made by one job"),
    ],
)
def test_inputs_that_contradict_each_other_are_refused(workspace: Path, argv: list[str], says: str) -> None:
    """What cannot be done as asked stops the run before it starts."""
    assert says in refused(workspace, *argv, env={"GITHUB_REF_NAME": "main"}).message


@pytest.mark.parametrize(
    "argv",
    [
        ["--repository-url", "https://example.com/x.git", "--ref", "v1"],
        ["--phase", "write", "--shard", "2/4"],
        ["--phase", "plan", "--dry-run", "--max-shards", "256", "--shard-minutes", "0"],
        ["--shard", "1/1"],
        ["--provider", "api", "--model", "openai:gpt-5"],
        ["--provider", "api"],
        ["--publish", "branch", "--pages-branch", "gh-pages"],
        ["--repository-url", "file:///srv/git/x.git"],
        ["--repository-path", "sub"],
        ["--output-dir", "sub/site"],
        ["--index-of", "sub"],
    ],
)
def test_inputs_that_belong_together_are_accepted(workspace: Path, argv: list[str]) -> None:
    """The counterpart of the contradictions: nothing that works is refused."""
    read(workspace, *argv)


def test_a_conflict_is_not_told_beside_an_invalid_value_of_the_same_input(workspace: Path) -> None:
    """One sentence an input is enough to act on."""
    assert len(refused(workspace, "--shard", "9/4").problems) == 1


def test_secrets_appear_neither_in_a_representation_nor_in_an_error(workspace: Path) -> None:
    """What is printed or logged by accident must not hold a key or token."""
    env = {
        "INPUT_GITHUB-TOKEN": "ghs_hidden",
        "ANTHROPIC_API_KEY": "sk-hidden",
        "ACTIONS_RUNTIME_TOKEN": "run-hidden",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "oidc-hidden",
    }
    inputs = read(workspace, env=env)
    assert inputs.github_token is not None
    assert inputs.github_token.get_secret_value() == "ghs_hidden"
    assert inputs.credentials.secrets() == ("sk-hidden",)
    assert inputs.secrets == ("sk-hidden", "ghs_hidden", "run-hidden", "oidc-hidden")
    assert read(workspace).secrets == ()
    assert "hidden" not in repr(inputs) + str(inputs)
    for error in (
        refused(workspace, "--provider=claude", env={"ANTHROPIC_API_KEY": "sk hidden"}),
        refused(workspace, "--provider=nope", env=env),
        refused(workspace, "--site-url=https://u:hidden@example.com"),
        refused(workspace, "--repository-url=https://hidden@example.com/x"),
    ):
        assert "hidden" not in error.message + error.hint + repr(error.problems)


def test_a_broken_key_is_named_only_when_a_provider_could_use_it(workspace: Path) -> None:
    """The embedded writer needs no key, so a broken one in somebody's environment does not stop it."""
    env = {"OPENAI_API_KEY": "two words", "OPENAI_BASE_URL": "localhost:8080"}
    assert read(workspace, env=env).credentials.present() == frozenset()
    error = refused(workspace, "--provider", "auto", env=env)
    assert [problem.message.partition(":")[0] for problem in error.problems] == ["OPENAI_API_KEY", "OPENAI_BASE_URL"]


def test_a_variable_cannot_reach_a_field_of_the_program_itself(workspace: Path) -> None:
    """`with: environment: x` sets INPUT_ENVIRONMENT; it is ignored like any input that is not ours."""
    env = {"INPUT_ENVIRONMENT": "x", "INPUT_CREDENTIALS": "{}", "INPUT_STEERING": "x", "INPUT_ARGS": "y"}
    assert dict(read(workspace, env=env)) == dict(read(workspace))


def test_the_state_folder_is_the_users_choice_or_the_systems(workspace: Path) -> None:
    """`cache-dir` wins over the place that the environment suggests."""
    assert read(workspace, env={"HOME": "/h"}).state_dir == Path("/h/.cache/docsfy-action")
    assert read(workspace, "--cache-dir", "sub/state", env={"HOME": "/h"}).state_dir == workspace / "sub" / "state"


def test_frozen(workspace: Path) -> None:
    """Inputs do not change while a run goes on."""
    inputs = read(workspace)
    with pytest.raises(ValueError, match="frozen"):
        inputs.force = True  # type: ignore[misc]  # the assignment under test


def test_what_has_no_effect_is_a_warning(workspace: Path) -> None:
    """A model without its provider is probably a forgotten line, but nothing that must stop a run."""
    assert read(workspace).warnings == ()
    assert "provider" in read(workspace, "--model", "m").warnings[0]
    assert "cache-dir" in read(workspace, "--cache", "off", "--cache-dir", "sub/state").warnings[0]
    assert "publish: branch" in read(workspace, "--versions", "tags").warnings[0]
    assert read(workspace, "--model", "m", "--provider", "claude").warnings == ()


def test_missing_workspace_is_named(tmp_path: Path) -> None:
    """A wrong GITHUB_WORKSPACE is told as such, not as a missing repository."""
    error = refused(tmp_path, env={"GITHUB_WORKSPACE": str(tmp_path / "missing")})
    assert "GITHUB_WORKSPACE" in error.message


def test_a_folder_of_ours_that_leads_elsewhere_is_refused(workspace: Path, tmp_path: Path) -> None:
    """A pull request can commit `_docsfy` as a link; nothing is written through it, wherever the site goes."""
    (workspace / "_docsfy").symlink_to(tmp_path)
    error = refused(workspace, "--output-dir", "public")
    assert error.message.startswith("The folder _docsfy of the workspace is not usable, it leaves the workspace")
    (workspace / "_docsfy").unlink()
    (workspace / "_docsfy").write_text("a file", encoding="utf-8")
    assert "is a file and not a folder" in refused(workspace, "--output-dir", "public").message


def attempt(workspace: Path, argv: list[str], env: dict[str, str]) -> Inputs | InputError:
    """The inputs, or the error as a value."""
    try:
        return read(workspace, *argv, env=env)
    except InputError as error:
        return error


_TEXT = st.text(alphabet=st.characters(exclude_characters="\0"), max_size=40)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    argv=st.lists(st.one_of(_TEXT, st.sampled_from([f"--{name}" for name in NAMES]), st.just("--")), max_size=6),
    env=st.dictionaries(st.sampled_from([f"INPUT_{name.upper()}" for name in NAMES]), _TEXT, max_size=4),
)
def test_any_command_line_and_environment_gives_inputs_or_an_input_error(
    workspace: Path, argv: list[str], env: dict[str, str]
) -> None:
    """Nothing that a user or a workflow can write ends in a traceback; every message is printable, line by line."""
    outcome = attempt(workspace, argv, env)
    if isinstance(outcome, InputError):
        assert all(line.isprintable() for line in outcome.message.split("\n"))
        assert outcome.problems
    else:
        assert outcome.output_dir.is_relative_to(outcome.workspace)
        assert outcome.repository_path.is_relative_to(outcome.workspace)
