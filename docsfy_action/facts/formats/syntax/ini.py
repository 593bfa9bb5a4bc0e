"""INI files as `setup.cfg` and `tox.ini` use them: sections of keys, values continued on deeper lines, line numbers."""

import re

from docsfy_action.facts.formats.syntax.tree import Node, TreeBuilder

_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_SEPARATOR = re.compile(r"[=:]")
_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$")


def parse_ini(text: str) -> Node:
    """Sections as tables of values. A value is a string, or a list of strings where it goes over several lines."""
    sections: dict[str, tuple[int, dict[str, tuple[int, list[tuple[str, int]]]]]] = {}
    current: dict[str, tuple[int, list[tuple[str, int]]]] | None = None
    values: list[tuple[str, int]] | None = None
    for line, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped or stripped.startswith(("#", ";")):
            continue
        if raw[0] in " \t" and values is not None:
            _keep(values, stripped, line)
        elif section := _SECTION.match(stripped):
            current = sections.setdefault(section["name"].strip(), (line, {}))[1]
            values = None
        elif current is not None and (separator := _SEPARATOR.search(stripped)):
            values = []
            current[stripped[: separator.start()].strip()] = (line, values)
            _keep(values, stripped[separator.end() :].strip(), line)
    return _tree(sections)


def _keep(values: list[tuple[str, int]], value: str, line: int) -> None:
    said = _COMMENT.sub("", value).strip()
    if said:
        values.append((said, line))


def _tree(sections: dict[str, tuple[int, dict[str, tuple[int, list[tuple[str, int]]]]]]) -> Node:
    builder = TreeBuilder()
    builder.open(is_list=False, line=1)
    for name, (line, pairs) in sections.items():
        builder.key(name, line)
        builder.open(is_list=False, line=line)
        for key, (key_line, values) in pairs.items():
            builder.key(key, key_line)
            if len(values) == 1 and values[0][1] == key_line:
                builder.scalar(values[0][0], line=key_line)
                continue
            builder.open(is_list=True, line=key_line)
            for value, value_line in values:
                builder.scalar(value, line=value_line)
            builder.close()
        builder.close()
    builder.close()
    return builder.root
