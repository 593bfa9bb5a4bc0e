"""What the code says, as values. Extractors make one `BlobFacts` out of one blob and know neither path nor commit.

Lines are counted from 1 and both ends are included. Text that comes from the repository is kept as it stands there, so
that it can be found again: signatures, annotations and defaults are source text with white space folded to one blank.
Line numbers never enter a page's digest, so that a page does not change when code only moves. `literal` is the text
whose first occurrence lies on the fact's line, set where its bare name stands earlier in the file (see `literals.py`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a file is for; decided from its path and `.gitattributes`, not from its content."""

    SOURCE = "source"
    TEST = "test"
    EXAMPLE = "example"
    DOCUMENT = "document"
    CONFIG = "config"
    GENERATED = "generated"
    VENDORED = "vendored"
    OTHER = "other"


class SymbolKind(StrEnum):
    """What a definition is, in the words of its language's users."""

    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    PROPERTY = "property"
    ATTRIBUTE = "attribute"
    CONSTANT = "constant"
    VARIABLE = "variable"
    INTERFACE = "interface"
    STRUCT = "struct"
    ENUM = "enum"
    TYPE = "type"
    NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lines `start` to `end` of a blob."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter as written: `*args` keeps its stars in `name`; empty text where nothing is written."""

    name: str
    annotation: str = ""
    default: str = ""
    keyword_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One definition. `name` is qualified inside the file: `Client.get`, for Go methods `Client.Get`.

    `signature` is the declaration without body, decorators and doc comment, e.g. `def get(self, url: str) -> Response`,
    `func (c *Client) Get(url string) error`, `class Client(Base)`. `doc` is the docstring or doc comment without quotes
    and comment markers. `public` is what the language's own rule says of the name alone (no leading underscore,
    capitalised in Go, exported in JavaScript); what a package re-exports is decided where all files are known.
    `body` is a hash of the whole definition's source text. `decorators` are source text without `@`. `overloads` are
    the signatures that callers may use where there are several; `signature` is then the first of them.
    """

    name: str
    kind: SymbolKind
    span: Span
    signature: str
    doc: str = ""
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    value: str = ""
    public: bool = True
    body: str = ""
    overloads: tuple[str, ...] = ()


class ImportTime(StrEnum):
    """When an import happens: as its file is loaded, later (inside a function), or never but for type checkers."""

    LOAD = "load"
    DEFERRED = "deferred"
    TYPING = "typing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import as written. `module` is `pkg.mod`, `.mod` (relative), `./mod`, `github.com/x/y`; `names` what is taken
    from it (`*` for all); `reexport` for `export … from`. `aliases` is (name there, name here) where the two differ,
    `*` standing for the module itself (`import * as ns`, `import alias "path"`) and `default` for a default export."""

    module: str
    line: int
    names: tuple[str, ...] = ()
    reexport: bool = False
    aliases: tuple[tuple[str, str], ...] = ()
    literal: str = ""
    when: ImportTime = ImportTime.LOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A flag or positional argument of a command. `flags` as typed (`-o`, `--output`), empty for a positional argument,
    whose `name` is then its name. `command` is the name of the command in this file that it belongs to, empty for a
    file's only command. `metavar`, `default`, `type` are source text; `env` an environment variable that sets it.
    `owner` is the `id` of the command it belongs to, where that has one: it holds across files. `inherited` marks an
    option that the commands below its command take as well, `repeated` one that may be given several times or takes
    several values."""

    name: str
    line: int
    flags: tuple[str, ...] = ()
    command: str = ""
    help: str = ""
    default: str = ""
    type: str = ""
    choices: tuple[str, ...] = ()
    env: str = ""
    required: bool = False
    metavar: str = ""
    owner: str = ""
    hidden: bool = False
    inherited: bool = False
    repeated: bool = False
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that a program offers. `name` is what the user types after the program (`remote add` for nested
    commands), empty for the program itself; `handler` the function that runs it; `framework` argparse, click, cobra …
    `help` is the one-line description, `details` the long one, `examples` as the program prints them.

    Where a tree of commands is spread over files, a file knows only its own part: `name` is then the words from the
    topmost command of this file on, and `CommandLink` says how the parts hang together. `id` is the function or
    variable by which other code gets the command (`NewCmdCreate`, `rootCmd`); `parent` is the name of the command above
    it in this file, or a reference to it where it stands in another."""

    name: str
    line: int
    framework: str
    handler: str = ""
    help: str = ""
    usage: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    hidden: bool = False
    id: str = ""
    details: str = ""
    examples: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLink:
    """Code hands a command on: `child` is added below `parent`. Both are references, `name` in the same module or
    `module#name` in another, to the `id` of a command or to a function that is handed the command or makes it: what
    that function adds, subcommands and options, belongs to the command. `name` is the word that the parent gives it.
    An empty `parent` is the start of the process: `child` is the program itself."""

    parent: str
    child: str
    line: int
    name: str = ""


class SettingKind(StrEnum):
    """How a setting reaches the program."""

    ENVIRONMENT = "environment"
    SETTING = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """An environment variable that code reads, or a field of a settings class. `owner` is the settings class.
    `template` marks an entry of a `.env` template (its value is then the default). `env` holds the environment variables
    that set a field of a settings class, derived from its prefix and aliases: they need not stand in the source."""

    name: str
    kind: SettingKind
    line: int
    default: str = ""
    type: str = ""
    doc: str = ""
    owner: str = ""
    required: bool = False
    template: bool = False
    env: tuple[str, ...] = ()
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A package that a manifest asks for. `constraint` as written; `group` is `runtime`, `development`, `optional` or
    the group's own name."""

    name: str
    line: int
    constraint: str = ""
    group: str = "runtime"
    marker: str = ""
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """A program that installing the package gives: `name` is what the user types, `target` what it runs
    (`pkg.mod:main`, `./bin/cli.js`, `./cmd/tool`)."""

    name: str
    line: int
    target: str
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A package manifest. `ecosystem` is python, npm, go, cargo …; `requires` the language version asked for as
    written (`>=3.11`); `published` False where the manifest says it is private; `urls` label → address; `build` the
    build backend or tool; `exports` the entry files of the package as written (npm `main`, `exports`, …); `packages` the
    packages or modules it lists; `workspaces` the folders of its members as written, globs included; `extras` the names
    of what can be asked for besides (Python extras: `pip install name[extra]`, Cargo features); `subpaths` is (what
    stands behind the package's name in an import, file as written) for npm: `.` for the package itself, `./v4`, `./*`;
    `literals` maps the fields `name`, `requires` and `licence` to the text that finds them (`"name": "cac"`)."""

    ecosystem: str
    line: int
    name: str = ""
    version: str = ""
    description: str = ""
    licence: str = ""
    requires: str = ""
    build: str = ""
    published: bool = True
    keywords: tuple[str, ...] = ()
    urls: tuple[tuple[str, str], ...] = ()
    exports: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    subpaths: tuple[tuple[str, str], ...] = ()
    literals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a developer can run by name. `runner` is make, npm, task, just, tox, nox, hatch, pdm, poe …; `run` the
    command lines behind it as written; `doc` the comment or description that belongs to it; `needs` other tasks;
    `literal` may be the text that its definition begins with."""

    name: str
    runner: str
    line: int
    run: tuple[str, ...] = ()
    doc: str = ""
    needs: tuple[str, ...] = ()
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a workflow job; `run` holds its command lines, `uses` the action."""

    line: int
    name: str = ""
    uses: str = ""
    run: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job of a workflow. `matrix` is (axis, values as text)."""

    id: str
    line: int
    name: str = ""
    runs_on: str = ""
    needs: tuple[str, ...] = ()
    condition: str = ""
    matrix: tuple[tuple[str, tuple[str, ...]], ...] = ()
    steps: tuple[Step, ...] = ()
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A GitHub workflow. `triggers` is (event, details), e.g. (`push`, `branches: main`), (`schedule`, `0 3 * * 1`)."""

    name: str
    line: int
    triggers: tuple[tuple[str, str], ...] = ()
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionInput:
    """An input or output of a GitHub action's `action.yml`."""

    name: str
    line: int
    output: bool = False
    description: str = ""
    default: str = ""
    required: bool = False
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A Dockerfile stage chain or a compose service. `kind` is `image` or `service`; `base` the image it is made from
    or runs; `build` the folder a service's own image is built from; `ports` as written; `environment` names only;
    `command` the entry point and command as written; `depends_on` other services or stages; `copies` what an
    image takes from the folder it is built in, as written."""

    name: str
    kind: str
    line: int
    base: str = ""
    command: str = ""
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    build: str = ""
    copies: tuple[str, ...] = ()
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a Markdown or reStructuredText document."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSample:
    """A fenced or literal code block of a document; `heading` is the nearest heading above it."""

    language: str
    text: str
    line: int
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """README, CHANGELOG, or a page of existing docs. `lead` is the first real paragraph (no badges, no HTML), as
    Markdown; `sections` is (heading, its body as Markdown up to the next heading) for the first 40 headings."""

    title: str
    line: int
    lead: str = ""
    headings: tuple[Heading, ...] = ()
    samples: tuple[CodeSample, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence file: SPDX id where the text is a known one, else empty; `title` its first line."""

    spdx: str
    title: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobFacts:
    """All that one blob says. `doc` is the module docstring, package comment or leading file comment. `exports` lists
    `__all__` or the names of export statements; None where the language or file has no such list; `export_aliases` is
    (exported name, name here) where the two differ, `default` being an exported name. `package` is the Go package
    clause. `main` marks a file that runs when started (main guard, `package main`, shebang).
    `error` says why the blob could not be read, empty where all went well; what could be read is still there."""

    lines: int = 0
    doc: str = ""
    package: str = ""
    main: bool = False
    exports: tuple[str, ...] | None = None
    export_aliases: tuple[tuple[str, str], ...] = ()
    symbols: tuple[Symbol, ...] = ()
    imports: tuple[Import, ...] = ()
    commands: tuple[Command, ...] = ()
    command_links: tuple[CommandLink, ...] = ()
    options: tuple[Option, ...] = ()
    settings: tuple[Setting, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    tasks: tuple[Task, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    action_inputs: tuple[ActionInput, ...] = ()
    containers: tuple[Container, ...] = ()
    documents: tuple[Document, ...] = ()
    licences: tuple[Licence, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of the documented commit with its facts. `language` is python, javascript, typescript, go, or the format's
    name (`pyproject`, `package-json`, `workflow`, `dockerfile`, `compose`, `makefile`, `dotenv`, `markdown` …)."""

    path: str
    blob: str
    language: str
    role: Role
    facts: BlobFacts
