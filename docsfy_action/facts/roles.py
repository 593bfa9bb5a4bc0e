"""What files are for, told from their paths and `.gitattributes` alone; and which paths the user excludes."""

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from docsfy_action.facts.formats.licence import is_licence_file
from docsfy_action.facts.formats.setup_py import is_setup_script
from docsfy_action.facts.formats.syntax.gitattributes import Attributes, parse_gitattributes
from docsfy_action.facts.formats.syntax.text import decoded
from docsfy_action.facts.model import Role

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = [
    "Attributes", "generated_by_header", "is_ignored", "is_translation", "is_usable_pattern", "parse_gitattributes", "roles_of",
]  # fmt: skip

HEADER_BYTES = 2_000
_MAX_PATTERN = 300


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VENDORED_FOLDERS = _words(
    """vendor vendors vendored _vendor third_party third-party thirdparty 3rdparty node_modules bower_components
    jspm_packages site-packages dist-packages .venv venv virtualenv Pods Godeps .yarn .pnp"""
)
_VENDORED_FILES = _words("gradlew gradlew.bat mvnw mvnw.cmd versioneer.py .pnp.cjs .pnp.loader.mjs")
_GENERATED_FOLDERS = _words(
    "dist __generated__ __snapshots__ generated .next .nuxt .svelte-kit storybook-static __pycache__ .gradle"
)
_LOCK_FILES = _words(
    """package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock poetry.lock uv.lock
    pdm.lock pixi.lock Pipfile.lock Cargo.lock go.sum go.work.sum composer.lock Gemfile.lock flake.lock pubspec.lock
    Podfile.lock Package.resolved mix.lock packages.lock.json gradle.lockfile conda-lock.yml"""
)
_GENERATED_FILE = re.compile(
    r".*(?:\.pb(?:\.gw|\.validate)?\.(?:go|h|cc|dart|swift)|_pb2(?:_grpc)?\.pyi?|_pb\.(?:js|ts|d\.ts)"
    r"|[.-]min\.(?:js|mjs|css)|\.(?:js|mjs|cjs|css|ts)\.map|\.bundle\.js|\.generated\.\w+|[._]gen\.go|_generated\.go"
    r"|\.gen\.(?:ts|tsx|py|rs)|\.(?:g|freezed|mocks)\.dart|\.(?:designer|g|g\.i)\.cs|\.snap|\.snapshot)"
    r"|zz_generated.*\.go",
    re.IGNORECASE,
)
_TEST_FOLDERS = _words(
    """test tests __tests__ __test__ __mocks__ __fixtures__ testdata test-data test_data testsuite test-suite testsuites
    fixtures unittests integration-tests integration_tests e2e-tests cypress benchmark benchmarks bench benches
    benchsuite fuzz fuzzing"""
)
# Words that mean something else, too: these hold tests only if what is in them is no prose.
_MAYBE_TEST_FOLDERS = _words("spec specs e2e")
_TEST_FOLDER = re.compile(r".+(?:[-_.]tests?|\.Tests)|__tests?_\w+__")
_TEST_FILE = re.compile(
    r"test_.*\.pyi?|.*_tests?\.(?:py|go|cc|cpp|c|rs|dart|exs|rb|lua|jl)|(?:tests|conftest)\.py"
    r"|.*[.-](?:test|tests|spec|test-d|cy|e2e|bench)\.(?:[cm]?[jt]sx?|vue|svelte)|.*_spec\.(?:rb|lua)|.*\.bats"
    r"|.*(?:Test|Tests|TestCase|IT|Spec)\.(?:java|kt|scala|groovy|php|cs|swift)"
)
# What Perl and git call the folder of their tests, and others something else; and what stands in there.
_SHORT_TEST_FOLDER = "t/"
_SHELL_TEST = re.compile(r".+\.t|t\d+.*\.sh|test[-_].+")
_EXAMPLE_FOLDERS = _words("examples _examples samples demos playground playgrounds docs_src example-apps")
# What a project generator copies is no code of its own.
_STARTER_FOLDER = re.compile(r"templates?-[\w-]+")
_TOP_EXAMPLE_FOLDERS = _words("sample demo cookbook tutorial tutorials quickstart quickstarts")
_DOCUMENT_FOLDERS = _words("docs doc documentation website man wiki")
_DOCUMENT_SUFFIXES = tuple(".md .markdown .mdown .mkd .mdx .rst .adoc .asciidoc .org .tex .pod .ipynb .textile".split())
_DOCUMENT_NAMES = _words(
    """readme changelog changes history news authors contributors contributing maintainers notice patents security
    code_of_conduct governance support faq install upgrading release releases todo roadmap thanks credits"""
)
# Codes of languages other than English, as they stand in the names of translated documents.
_LANGUAGES = _words(
    """ar az bg bn bs ca cn cs da de el es et fa fi fr he hi hr hu hy id it ja jp ka kk km kn ko kr lt lv ml mr ms my nb ne
    nl pl pt ro ru si sk sl sq sr sv ta te th tr tw ua uk ur uz vi zh"""
)
_LANGUAGE = re.compile(r"[A-Za-z]{2}(?:[-_](?:[A-Za-z]{2}|[Hh]an[st]))?")
# After a hyphen two small letters are a word, as in `do-it.md`.
_LANGUAGE_SUFFIX = re.compile(
    r"(?:(?i:readme)[._-]|\.|[_-](?=[A-Z]{2}))(?P<code>[A-Za-z]{2}(?:[-_](?:[A-Za-z]{2}|[Hh]an[st]))?)\.\w+$"
)
# Written for programs that write code, not for the project's readers.
_INSTRUCTIONS = _words("CLAUDE.md CLAUDE.local.md AGENTS.md AGENT.md GEMINI.md copilot-instructions.md llms.txt")
_CONFIG_SUFFIXES = tuple(
    """.toml .yml .yaml .ini .cfg .conf .json .json5 .jsonc .properties .gradle .gradle.kts .csproj .fsproj .vbproj .sln
    .props .targets .gemspec .podspec .mk .cmake .bazel .bzl .lock .env .tfvars .xcconfig .nix .service .dockerfile
    .plist""".split()
)
_CONFIG_FILE = re.compile(
    r"(?:GNUm|M|m)akefile|(?:Docker|Container|Jenkins|Vagrant|Brew|Proc|Pip|Gem|Rake|Pod|Cap|Guard|Snake|Tilt|Earth|Just)"
    r"file(?:[.-].+)?|justfile|CMakeLists\.txt|meson\.build|BUILD|WORKSPACE|go\.(?:mod|work)|pom\.xml|noxfile\.py"
    r"|MANIFEST\.in|CODEOWNERS|VERSION"
    r"|(?:gulp|Grunt|grunt)file\.[cm]?[jt]s|build\.(?:rs|sbt)|\.[^.].*"
)
_REQUIREMENTS = re.compile(r"(?:.*/)?(?:[\w.-]*(?:requirements|constraints)[\w.-]*|requirements/.+)\.(?:txt|in|pip)")
_TOOL_CONFIG = re.compile(r"[\w.-]+\.config\.[cm]?[jt]s|(?:jest|vitest|webpack|rollup)\.[\w.-]+\.[cm]?[jt]s")
_SOURCE_SUFFIXES = _words(
    """py pyi pyx js mjs cjs jsx ts mts cts tsx go rs java kt kts scala groovy clj cljs c h cc cpp cxx hh hpp hxx m mm
    cs fs vb rb php swift dart lua pl pm r jl ex exs erl hrl hs ml mli elm nim zig v sol sh bash zsh fish ps1 bat cmd
    sql proto graphql gql vue svelte astro html htm css scss sass less tf hcl jinja jinja2 j2 tmpl tpl erb haml ejs pug
    mustache hbs asm s f f90 f95 cu glsl wgsl vim el lisp scm tcl awk sed thrift avsc xsl xslt"""
)
_PROGRAM_FOLDERS = _words("bin scripts script tools sbin libexec")
_JAVA_PACKAGES = _words("com org net io dev")

_COMMENT = re.compile(r"""\s*(?://|\#|/?\*|<!--|--|;|%|\{-|\(\*|\"{3}|'{3}|@?rem\b)""", re.IGNORECASE)
_GENERATED_LINE = re.compile(
    r"@generated\b|<auto-?generated|\bgenerated\b.{0,200}\bdo not (?:edit|modify|change)"
    r"|\bdo not (?:edit|modify|change)\b.{0,200}\bgenerated\b"
    r"|\bfile (?:is|was|has been) (?:auto-?|automatically |machine[- ])generated\b",
    re.IGNORECASE,
)


def roles_of(paths: Iterable[str], attributes: Attributes) -> Mapping[str, Role]:
    """What each of a commit's files is for. What `.gitattributes` says goes before what the paths look like."""
    listed = tuple(paths)
    short = any(path.startswith(_SHORT_TEST_FOLDER) and _looks_like_test(path.rpartition("/")[2]) for path in listed)
    return {path: _role_of(path, attributes, short=short) for path in listed}


def _role_of(path: str, attributes: Attributes, *, short: bool) -> Role:
    """What the file at `path` is for; `short` says that the folder `t` holds tests."""
    said = attributes.states(path)
    *folders, name = path.split("/")
    if said.get("linguist-vendored", _is_vendored(folders, name)):
        return Role.VENDORED
    if said.get("linguist-generated", _is_generated(folders, name)):
        return Role.GENERATED
    # Settings of the project's own tools; a workflow called `test` is none.
    is_hidden = bool(folders) and folders[0].startswith(".")
    is_prose = _is_prose(path, name, is_hidden=is_hidden)
    if not is_hidden and (
        _is_test(folders, name, is_prose=is_prose) or (short and path.startswith(_SHORT_TEST_FOLDER))
    ):
        return Role.TEST
    if not is_hidden and _is_example(folders):
        return Role.EXAMPLE
    in_documents = bool(folders) and folders[0].lower() in _DOCUMENT_FOLDERS and not _is_go_package(folders, name)
    if said.get("linguist-documentation", is_prose or in_documents):
        return Role.DOCUMENT
    if is_hidden or _is_config(path, name):
        return Role.CONFIG
    return Role.SOURCE if _is_source(folders, name) else Role.OTHER


def _is_vendored(folders: Sequence[str], name: str) -> bool:
    return name in _VENDORED_FILES or not _VENDORED_FOLDERS.isdisjoint(folders)


def _is_generated(folders: Sequence[str], name: str) -> bool:
    is_named = name in _LOCK_FILES or _GENERATED_FILE.fullmatch(name) is not None
    return is_named or not _GENERATED_FOLDERS.isdisjoint(folders)


def _is_test(folders: Sequence[str], name: str, *, is_prose: bool) -> bool:
    if _TEST_FILE.fullmatch(name):
        return True
    for folder in folders:
        if folder.lower() in _TEST_FOLDERS or _TEST_FOLDER.fullmatch(folder):
            return True
        if folder.lower() in _MAYBE_TEST_FOLDERS and not is_prose:
            return True
    return False


def _looks_like_test(name: str) -> bool:
    return _TEST_FILE.fullmatch(name) is not None or _SHELL_TEST.fullmatch(name) is not None


def _is_go_package(folders: Sequence[str], name: str) -> bool:
    """Whether a file belongs to a Go package called `doc`, which is as good a name as any for what writes documents."""
    return folders[0] == "doc" and name.endswith(".go")


def _is_example(folders: Sequence[str]) -> bool:
    if folders and folders[0].lower() in _TOP_EXAMPLE_FOLDERS:
        return True
    for above, folder in zip(("", *folders), folders, strict=False):
        if folder.lower() in _EXAMPLE_FOLDERS or _STARTER_FOLDER.fullmatch(folder):
            return True
        # In Java `com.example` is a package like any other.
        if folder.lower() == "example" and above not in _JAVA_PACKAGES:
            return True
    return False


def _is_prose(path: str, name: str, *, is_hidden: bool) -> bool:
    """Whether a file is written for people. Of those in hidden folders most are forms, whatever their suffix."""
    stem, _, suffix = name.partition(".")
    is_named = stem.lower().replace("-", "_") in _DOCUMENT_NAMES
    is_called_so = is_named and (stem[:1].isupper() or stem in ("readme", "changelog"))
    if name in _INSTRUCTIONS:
        return False
    if is_hidden or suffix in ("", "txt"):
        return is_called_so or is_licence_file(path)
    return name.lower().endswith(_DOCUMENT_SUFFIXES) or is_licence_file(path)


def _is_config(path: str, name: str) -> bool:
    if name.lower().endswith(_CONFIG_SUFFIXES) or name in _INSTRUCTIONS or is_setup_script(path):
        return True
    is_tool_config = _TOOL_CONFIG.fullmatch(name) is not None and "/src/" not in f"/{path}"
    return is_tool_config or _CONFIG_FILE.fullmatch(name) is not None or _REQUIREMENTS.fullmatch(path) is not None


def _is_source(folders: Sequence[str], name: str) -> bool:
    stem, dot, suffix = name.rpartition(".")
    if dot and stem:
        return suffix.lower() in _SOURCE_SUFFIXES
    return not _PROGRAM_FOLDERS.isdisjoint(folders)


def is_translation(path: str) -> bool:
    """Whether a document's path says that it is written in another language than English: `README.zh-CN.md`,
    `README_KO.md`, `docs/pt-br/install.md`."""
    *folders, name = path.split("/")
    said = folders[1:] if folders and folders[0].lower() in _DOCUMENT_FOLDERS else []
    if (suffix := _LANGUAGE_SUFFIX.search(name)) is not None:
        said.append(suffix["code"])
    return any(_LANGUAGE.fullmatch(word) and word[:2].lower() in _LANGUAGES for word in said)


def generated_by_header(first_bytes: bytes) -> bool:
    """Whether a comment among a file's first lines says that a program wrote it; pass at least `HEADER_BYTES` of it."""
    lines = decoded(first_bytes[:HEADER_BYTES]).split("\n")[:40]
    return any(_COMMENT.match(line) and _GENERATED_LINE.search(line) for line in lines)


def is_ignored(path: str, patterns: Sequence[str]) -> bool:
    """Whether `path` is excluded by `patterns`, written like lines of a `.gitignore`; unusable ones are skipped."""
    return bool(patterns) and _spec(tuple(patterns)).match_file(path)


def is_usable_pattern(pattern: str) -> bool:
    """Whether `is_ignored` can use a pattern: for telling the user about those that it cannot."""
    try:
        _compiled([pattern])
    except (ValueError, re.error):
        return False
    return 0 < len(pattern) <= _MAX_PATTERN


@lru_cache(maxsize=8)
def _spec(patterns: tuple[str, ...]) -> "GitIgnoreSpec":
    return _compiled([pattern for pattern in patterns if is_usable_pattern(pattern)])


def _compiled(patterns: Sequence[str]) -> "GitIgnoreSpec":
    # Costs 40 ms to load, and most repositories exclude nothing.
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        # Of brackets such as `[a--b]`, which git takes as well.
        warnings.simplefilter("ignore", FutureWarning)
        return GitIgnoreSpec.from_lines(patterns)
