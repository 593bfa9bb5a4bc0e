"""The files through which a step talks to the runner: outputs, saved state and the job summary."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

logger = logging.getLogger(__name__)

SUMMARY_LIMIT = 900 * 1024  # bytes; the runner drops a summary of more than 1 MiB whole


def key_value_lines(values: Mapping[str, str], token: str) -> str:
    """The values as the runner reads them, each ended by a random mark (`token`), so that no value can end itself.

    Raises ValueError for a value that holds the mark, which a random mark never does.
    """
    mark = f"ghadelimiter_{token}"
    for name, value in values.items():
        if mark in value or mark in name:
            raise ValueError(f"the value of {name} holds the mark that ends it")
    return "".join(f"{name}<<{mark}\n{_encodable(value)}\n{mark}\n" for name, value in values.items())


def write_outputs(path: Path | None, values: Mapping[str, str], *, token: Callable[[], str]) -> bool:
    """Appends outputs to the file `GITHUB_OUTPUT` names; gives whether they were written. No file is no failure."""
    return _append(path, key_value_lines(values, token()), "outputs")


def save_state(path: Path | None, values: Mapping[str, str], *, token: Callable[[], str]) -> bool:
    """Appends values for a later entry point of this step to the file `GITHUB_STATE` names, like `write_outputs`."""
    return _append(path, key_value_lines(values, token()), "state")


def write_summary(path: Path | None, markdown: str) -> bool:
    """Appends to the job summary, cut at whole lines to what the runner accepts, like `write_outputs`."""
    text = _encodable(markdown if markdown.endswith("\n") else f"{markdown}\n")
    return _append(path, cut_bytes(text, SUMMARY_LIMIT - _size(path)), "job summary")


def cut_bytes(text: str, limit: int) -> str:
    """The text, where it has more than `limit` bytes only its first lines and a line that says so."""
    content = text.encode()
    if len(content) <= limit:
        return text
    notice = "\n\n_This summary was cut, because the runner accepts no more; report.json holds everything._\n"
    kept = content[: max(limit - len(notice.encode()), 0)].decode(errors="ignore")
    if not kept:
        return ""
    return kept[: kept.rfind("\n") + 1].rstrip("\n") + notice


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _size(path: Path | None) -> int:
    try:
        return path.stat().st_size if path is not None else 0
    except OSError:
        return 0


def _append(path: Path | None, text: str, what: str) -> bool:
    if path is None or not text:
        return False
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        logger.warning("The %s could not be written to %s: %s", what, path, error.strerror or error)
        return False
    return True
