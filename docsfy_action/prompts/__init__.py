"""What models are told: prompts as package data, and the fence that keeps text of the repository apart from our words."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

__all__ = ["PROMPTS", "VERSION", "data", "prompt", "version"]

# Raised whenever the same prompt files and values give another text.
_FORM = b"1"
_VALUE = re.compile(r"\{\{([a-z_]+)\}\}")
_BLANK_LINES = re.compile(r"\n{3,}")
# Invisible characters that spell instructions to models, or turn the direction of writing around, and control characters.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")
_LONGEST_LABEL = 200


def _texts() -> Iterator[tuple[str, str]]:
    found = (entry for entry in files(__name__).iterdir() if entry.name.endswith(".md"))
    for entry in sorted(found, key=lambda one: one.name):
        yield entry.name.removesuffix(".md"), entry.read_text(encoding="utf-8")


PROMPTS = dict(_texts())


def prompt(name: str, **values: str) -> str:
    """The prompt in `name.md` with its `{{values}}` filled in.

    What is filled in is never looked at again. A place whose value is empty leaves no gap. A value too many or too few
    is a mistake of the caller: ValueError; so is an unknown prompt: KeyError.
    """
    text = PROMPTS[name]
    wanted = set(_VALUE.findall(text))
    if wanted != set(values):
        raise ValueError(f"the prompt {name} takes {sorted(wanted)}, not {sorted(values)}")
    kept = _VALUE.sub(lambda match: match.group() if values[match[1]] else "", text)
    return _VALUE.sub(lambda match: values[match[1]], _BLANK_LINES.sub("\n\n", kept)).strip() + "\n"


def data(text: str, label: str) -> str:
    """Text of the repository between marks that it cannot contain, so that nothing in it can pass for our words.

    The marks follow from the text alone. Hidden and control characters are shown as U+FFFD, in the label as well.
    """
    shown = _HIDDEN.sub("\ufffd", text.replace("\r\n", "\n")).strip("\n")
    name = " ".join(_HIDDEN.sub("\ufffd", label.replace("\n", " ")).split()).replace('"', "'")[:_LONGEST_LABEL]
    name = name.replace("<", "‹").replace(">", "›")
    tag = next(tag for tag in _tags(shown) if tag not in shown and tag not in name)
    return f'<{tag} from="{name}">\n{shown}\n</{tag}>'


def _tags(text: str) -> Iterator[str]:
    hasher = hashlib.sha256(text.encode("utf-8"))
    while True:
        yield f"data-{hasher.hexdigest()[:12]}"
        hasher.update(b"again")


@cache
def version(*names: str) -> str:
    """A digest that changes when one of these prompts does, for what was made with them."""
    hasher = hashlib.sha256(_FORM)
    for name in sorted(set(names)):
        text = PROMPTS[name].encode("utf-8")
        hasher.update(b"%s\0%d\0%s" % (name.encode(), len(text), text))
    return hasher.hexdigest()[:16]


VERSION = version(*PROMPTS)
