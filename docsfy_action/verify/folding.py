"""Code without what its layout adds, so that a signature is found however the source breaks its lines."""

import re

_STRINGS = r"(?P<string>\"\"\".*?\"\"\"|\'\'\'.*?\'\'\'|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
_HASH_COMMENTS = re.compile(rf"{_STRINGS}|#[^\n]*", re.DOTALL)
_SLASH_COMMENTS = re.compile(rf"{_STRINGS}|//[^\n]*|/\*.*?\*/", re.DOTALL)
_LAST_COMMA = re.compile(r",(?=[)\]}])")


def fold(code: str, path: str) -> str:
    """`code` without white space, comments and commas before a closing bracket; `path` says whose comments."""
    comments = _HASH_COMMENTS if path.endswith((".py", ".pyi")) else _SLASH_COMMENTS
    bare = comments.sub(lambda match: match["string"] or "", code)
    return _LAST_COMMA.sub("", "".join(bare.split()))
