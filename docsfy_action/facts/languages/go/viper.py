"""Keys that code hands to viper, and the environment variables that viper looks them up under."""

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from docsfy_action.facts.languages.go.values import PACKAGE, GoFile, arguments
from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.treesitter import captures, line, text

_PATH = "github.com/spf13/viper"
_GETTERS = {
    "GetString": "string", "GetBool": "bool", "GetInt": "int", "GetInt32": "int32", "GetInt64": "int64",
    "GetUint": "uint", "GetFloat64": "float64", "GetDuration": "time.Duration", "GetTime": "time.Time",
    "GetStringSlice": "[]string", "GetIntSlice": "[]int", "GetStringMap": "map[string]any",
    "GetStringMapString": "map[string]string",
}  # fmt: skip


def viper_settings(file: GoFile) -> Iterator[Setting]:
    """Keys with their defaults and types, and the variables that are bound to them."""
    calls = list(_calls(file))
    prefix, automatic, pairs = "", False, []
    for method, _, given in calls:
        if method == "SetEnvPrefix" and given:
            prefix = file.string(given[0]) or ""
        elif method == "AutomaticEnv":
            automatic = True
        elif method == "SetEnvKeyReplacer" and given:
            pairs = _replacements(file, given[0])
    found: dict[str, Setting] = {}
    for method, call, given in calls:
        key = file.string(given[0]) if given else None
        if not key or (method not in ("BindEnv", "SetDefault") and method not in _GETTERS):
            continue
        known = found.get(key) or Setting(name=key, kind=SettingKind.SETTING, line=line(call))
        if method == "BindEnv":
            names = [name for item in given[1:] if (name := file.string(item))]
            for name in names:
                yield Setting(name=name, kind=SettingKind.ENVIRONMENT, line=line(call))
            bound = names or [_variable(prefix, key, pairs)]
            found[key] = replace(known, env=(*known.env, *(name for name in bound if name not in known.env)))
        elif method == "SetDefault":
            found[key] = replace(known, default=file.default(given[1]) if len(given) > 1 else known.default)
        else:
            found[key] = replace(known, type=known.type or _GETTERS[method])
    for key, setting in found.items():
        variable = _variable(prefix, key, pairs)
        derived = automatic and variable.isidentifier() and variable not in setting.env
        yield replace(setting, env=(*setting.env, variable)) if derived else setting


def _variable(prefix: str, key: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        key = key.replace(old, new)
    return f"{prefix}_{key}".upper() if prefix else key.upper()


def _replacements(file: GoFile, node: Node) -> list[tuple[str, str]]:
    resolved = file.resolve(node)
    if resolved is None or resolved.type != "call_expression":
        return []
    given = [file.string(item) or "" for item in arguments(resolved)]
    return list(zip(given[::2], given[1::2], strict=False))


def _calls(file: GoFile) -> Iterator[tuple[str, Node, list[Node]]]:
    for call in captures(PACKAGE, "calls", "go", file.root).get("call", []):
        function = call.child_by_field_name("function")
        if function is None or function.type != "selector_expression":
            continue
        operand = function.child_by_field_name("operand")
        if operand is not None and _is_viper(file, operand):
            yield text(function.child_by_field_name("field")), call, list(arguments(call))


def _is_viper(file: GoFile, operand: Node) -> bool:
    if operand.type != "identifier":
        return False
    if file.packages.get(text(operand)) == _PATH:
        return True
    made = file.resolve(operand)
    return (
        made is not None
        and made.type == "call_expression"
        and file.qualified(made.child_by_field_name("function")).startswith(f"{_PATH}#New")
    )
