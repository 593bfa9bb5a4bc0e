"""Reference links of Markdown in doc comments: `[text][label]` and the lines that say where labels lead."""

import re

_DEFINITION = re.compile(
    r"^[ \t]*\[(?P<label>[^\[\]\n^]{1,80})\]:[ \t]+<?(?P<target>\S{1,500}?)>?[ \t]*(?:\n|\Z)", re.MULTILINE
)
_REFERENCE = re.compile(r"(?<![\w\])`])\[(?P<text>[^\[\]`\n]{1,200})\]\[(?P<label>[^\[\]\n]{0,80})\]")


def without_references(doc: str) -> str:
    """The comment with links in place: those to the web as `[text](address)`, others, which lead to pages of another
    site, as their text. Comments that define no label, or none that they use, stay as they are."""
    targets = {found["label"].lower(): found["target"] for found in _DEFINITION.finditer(doc)}
    if not targets:
        return doc
    used: set[str] = set()

    def resolved(match: re.Match[str]) -> str:
        label = (match["label"] or match["text"]).lower()
        if label not in targets:
            return match[0]
        used.add(label)
        target = targets[label]
        return f"[{match['text']}]({target})" if target.startswith(("http://", "https://")) else match["text"]

    text = _REFERENCE.sub(resolved, doc)
    return _DEFINITION.sub(lambda match: "" if match["label"].lower() in used else match[0], text)
