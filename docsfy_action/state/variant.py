"""Names a variant of the documentation, and turns the name into folders."""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

_SAFE = re.compile(rb"[a-z0-9._+,=@-]")
# A folder of this form belongs to the store itself: locks, and what was set aside.
_RESERVED = re.compile(r"\.|.*\.(lock|damaged-\d+)$", re.DOTALL)
_MAX_NAME = 150
_EMPTY = "%-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What a state belongs to: the repository, the branch, and who writes. Any text is allowed in every part."""

    owner: str
    project: str
    branch: str
    provider: str
    model: str = ""

    @property
    def project_folder(self) -> PurePosixPath:
        """Folder of all variants of the project, relative to the state folder."""
        return PurePosixPath(folder_name(self.owner), folder_name(self.project))

    @property
    def folder(self) -> PurePosixPath:
        """Folder of this variant, relative to the state folder; different variants never share one."""
        names = (folder_name(part) for part in (self.branch, self.provider, self.model))
        return self.project_folder.joinpath("variants", *names)

    def on_branch(self, branch: str) -> "Variant":
        """The same variant on another branch."""
        return replace(self, branch=branch)


def folder_name(text: str) -> str:
    """One safe folder name for any text; different texts have different names, also where a file system does not tell
    upper from lower case. Readable for usual names: `claude-opus-4-6[1m]` is `claude-opus-4-6%5b1m%5d`."""
    data = text.encode("utf-8", "surrogatepass")
    reserved = _RESERVED.match(text) is not None
    name = "".join(
        chr(byte) if _SAFE.match(bytes([byte])) and not (reserved and byte == ord(".")) else f"%{byte:02x}"
        for byte in data
    )
    if len(name) > _MAX_NAME:
        # `~` is escaped everywhere else, so that no other text can have this name.
        return f"{name[:_MAX_NAME]}~{hashlib.sha256(data).hexdigest()}"
    return name or _EMPTY
