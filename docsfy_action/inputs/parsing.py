"""Reads inputs in two phases: options and environment first, then what `.docsfy.yml` of the documented commit adds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import InitSettingsSource

from docsfy_action.errors import Problem
from docsfy_action.github.environment import RunnerEnvironment
from docsfy_action.inputs.catalog import specs
from docsfy_action.inputs.command_line import read_options
from docsfy_action.inputs.configuration import CONFIGURATION_FILE, read_configuration
from docsfy_action.inputs.credentials import Credentials
from docsfy_action.inputs.environment import runner_environment
from docsfy_action.inputs.model import Inputs
from docsfy_action.inputs.paths import OWN_FOLDER, output_folder, overlap
from docsfy_action.inputs.problems import input_error, invalid_inputs, invalid_variables, shown
from docsfy_action.inputs.sources import EnvironmentSource
from docsfy_action.inputs.values import Cache, Phase, Provider

_MOVE_AWAY = f"docsfy-action writes its report into {OWN_FOLDER}; remove or rename what is there."


def parse(argv: Sequence[str], environ: Mapping[str, str], *, cwd: Path, platform: str) -> Inputs:
    """Inputs from options (`argv` without the program's name) and environment; InputError names all that is wrong.

    `cwd` is the workspace where the runner names none; `platform` is `sys.platform`.
    """
    environment = runner_environment(environ, cwd=cwd, platform=platform)
    options = read_options(argv)
    variables = EnvironmentSource(Inputs, environ, frozenset(spec.field for spec in specs()))
    given = {**{name: str(value) for name, value in variables().items()}, **options.values}
    credentials, found = _credentials(environ)
    problems = [*options.problems, *_workspace(environment)]
    if given.get("provider", Provider.BUILTIN) != Provider.BUILTIN:
        # The embedded writer uses no key, so a broken one in somebody's environment must not stop it.
        problems += found
    conflicts = _conflicts(given, environment)
    inputs = None
    try:
        fixed = InitSettingsSource(Inputs, {"environment": environment, "credentials": credentials})
        inputs = Inputs(fixed, InitSettingsSource(Inputs, dict(options.values)), variables)
        problems += _overlaps(inputs)
    except ValidationError as error:
        invalid = invalid_inputs(error, given, {})
        problems += invalid.values()
        conflicts = {name: problem for name, problem in conflicts.items() if name not in invalid}
    problems += conflicts.values()
    if problems or inputs is None:
        raise input_error(problems)
    return inputs


def with_configuration(inputs: Inputs, text: bytes | None, *, path: str = CONFIGURATION_FILE) -> Inputs:
    """The same inputs with what the file `path` of the documented commit says below everything explicit.

    `text` is the file's content, None where there is none; it is foreign. InputError names everything that is wrong.
    """
    if text is None:
        return inputs
    configuration = read_configuration(text, path=path)
    problems = list(configuration.problems)
    source = InitSettingsSource(Inputs, {**configuration.values, "steering": configuration.steering})
    try:
        inputs = inputs.below(source)
    except ValidationError as error:
        places = {name: (path, line) for name, line in configuration.lines.items()}
        problems += invalid_inputs(error, configuration.values, places).values()
    if problems:
        raise input_error(sorted(problems, key=lambda problem: problem.line))
    return inputs


def _credentials(environ: Mapping[str, str]) -> tuple[Credentials, tuple[Problem, ...]]:
    try:
        return Credentials(EnvironmentSource(Credentials, environ, frozenset(Credentials.model_fields))), ()
    except ValidationError as error:
        return Credentials.none(), invalid_variables(error)


def _workspace(environment: RunnerEnvironment) -> list[Problem]:
    if not environment.workspace.is_dir():
        message = f"GITHUB_WORKSPACE: {shown(str(environment.workspace))} is not a folder."
        return [Problem(message=message, hint="Check out the repository first, or leave the variable out.")]
    try:
        output_folder(environment.workspace, f"{OWN_FOLDER}/site")
    except ValueError as error:
        # The report always goes there, wherever the site goes.
        return [Problem(message=f"The folder {OWN_FOLDER} of the workspace is not usable, {error}.", hint=_MOVE_AWAY)]
    return []


def _conflicts(given: Mapping[str, str], environment: RunnerEnvironment) -> dict[str, Problem]:
    """Inputs that contradict others, by name; judged by what was said, so that they are told beside invalid values."""
    found: dict[str, str] = {}
    if "repository-url" in given and "repository-path" in given:
        found["repository-url"] = (
            f"repository-url: {shown(given['repository-url'])} cannot be given together with repository-path: "
            f"{shown(given['repository-path'])}. One repository is documented; leave one of them out."
        )
    if "ref" in given and "repository-url" not in given:
        found["ref"] = (
            f"ref: {shown(given['ref'])} has a meaning only with repository-url. In a workflow, give the ref to the "
            "checkout step; on a laptop, check it out."
        )
    if "index-of" in given and given.get("phase", "all") != "all":
        found["index-of"] = f"index-of: {shown(given['index-of'])} is made by one job; leave `phase` out."
    if given.get("shard", "1/1") != "1/1" and given.get("phase") != "write":
        found["shard"] = f"shard: {shown(given['shard'])} has a meaning only with phase: write."
    phase = given.get("phase", Phase.ALL)
    if phase != Phase.ALL and given.get("cache") == Cache.OFF:
        found["cache"] = (
            f"cache: 'off' cannot be given together with phase: {shown(phase)}. Jobs hand over in the cache."
        )
    if phase in {Phase.WRITE, Phase.ASSEMBLE} and given.get("dry-run", "").lower() == "true":
        found["dry-run"] = f"dry-run has no meaning with phase: {shown(phase)}. A dry run only plans; use phase: plan."
    if given.get("provider") == "api" and ":" not in given.get("model", ":"):
        found["model"] = f"model: {shown(given['model'])} names no vendor. With provider: api it takes vendor:model."
    branch = given.get("pages-branch", "gh-pages")
    if given.get("publish") == "branch" and "repository-url" not in given and branch == environment.branch:
        found["pages-branch"] = (
            f"pages-branch: {shown(branch)} is the branch that is documented; the site would replace its content."
        )
    return {name: Problem(message=message) for name, message in found.items()}


def _overlaps(inputs: Inputs) -> list[Problem]:
    """Folders of which one would overwrite the other."""
    return [
        Problem(message=f"{name} and output-dir must not hold each other: the site replaces its whole folder.")
        for name, folder in (("cache-dir", inputs.cache_dir), ("index-of", inputs.index_of))
        if folder is not None and overlap(folder, inputs.output_dir)
    ]
