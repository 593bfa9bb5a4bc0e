"""Checks what example code imports from the commit's own packages."""

import re
from collections.abc import Iterator

from docsfy_action.verify.offers import package_name
from docsfy_action.verify.outcomes import Outcome, words
from docsfy_action.verify.resolving import Scope, check_go_package, check_name

_PYTHON = frozenset({"python", "py", "python3", "pycon"})
_SCRIPTS = frozenset({"javascript", "js", "jsx", "typescript", "ts", "tsx"})
_GO = frozenset({"go", "golang"})
_PYTHON_IMPORT = re.compile(r"^[ \t>.]*import[ \t]+([\w., \t]+)", re.MULTILINE)
_PYTHON_FROM = re.compile(r"^[ \t>.]*from[ \t]+(\w[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)", re.MULTILINE)
_SCRIPT_IMPORT = re.compile(r"""\b(?:import|export)\b[^'"`;{}]{0,200}\{([^{}]{0,2000})\}\s*from\s*(['"])([^'"\n]+)\2""")
_SCRIPT_REQUIRE = re.compile(r"""\{([^{}]{0,2000})\}\s*=\s*require\(\s*(['"])([^'"\n]+)\2""")
_GO_IMPORT = re.compile(r'^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w./@-]+)"\s*$', re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w*")


def imports(language: str, code: str, scope: Scope) -> Iterator[tuple[str, Outcome]]:
    """(name as a reader would say it, outcome) for everything that `code` imports from packages of the commit."""
    if language in _PYTHON:
        yield from _python(code, scope)
    elif language in _SCRIPTS:
        yield from _scripts(code, scope)
    elif language in _GO:
        for path in _GO_IMPORT.findall(code):
            if (outcome := check_go_package(path, scope)) is not None:
                yield path, outcome


def _python(code: str, scope: Scope) -> Iterator[tuple[str, Outcome]]:
    wanted: list[str] = []
    for module, names in _PYTHON_FROM.findall(code):
        wanted += [f"{module}.{name}" for name in _python_names(names)] or [module]
    for modules in _PYTHON_IMPORT.findall(code):
        wanted += [part.split()[0] for part in modules.split(",") if part.split()]
    for name in dict.fromkeys(wanted):
        parts = tuple(filter(None, name.split(".")))
        if _is_own(parts[0], scope):
            yield name, check_name(parts, scope)


def _python_names(names: str) -> Iterator[str]:
    for part in re.sub(r"#[^\n]*", "", names).strip("()").split(","):
        match = _NAME.match(part.strip())
        if match is not None:
            yield match.group()


def _is_own(package: str, scope: Scope) -> bool:
    """Whether a package of this name lies where packages lie: at the root or in `src`."""
    places = (f"{base}{package}" for base in ("", "src/"))
    paths = scope.evidence.files.paths
    return any(f"{place}/__init__.py" in paths or f"{place}.py" in paths for place in places)


def _scripts(code: str, scope: Scope) -> Iterator[tuple[str, Outcome]]:
    """Names in braces; a default import may be called anything."""
    own = scope.evidence.commands.packages
    for pattern in (_SCRIPT_IMPORT, _SCRIPT_REQUIRE):
        for names, _, package in pattern.findall(code):
            for part in names.split(",") if package_name(package) in own else ():
                match = _NAME.match(part.strip().removeprefix("type "))
                if match is not None:
                    yield match.group(), Outcome(needs=(words(match.group()),))
