"""A branch in memory."""

from collections.abc import Mapping

from docsfy_action.repository.branch_files import Beside


class MemoryBranch:
    """Files by path; a symbolic link is a file that says where it leads."""

    def __init__(self, content: Mapping[str, bytes]) -> None:
        self.content = dict(content)

    @property
    def files(self) -> frozenset[str]:
        return frozenset(self.content)

    def read(self, path: str) -> bytes | None:
        return self.content.get(path)

    def apply(self, beside: Beside) -> None:
        """What a commit does."""
        for gone in beside.remove:
            for path in list(self.content):
                if path == gone.rstrip("/") or path.startswith(f"{gone.rstrip('/')}/"):
                    del self.content[path]
        self.content |= beside.write
        self.content |= {path: f"-> {target}".encode() for path, target in beside.links.items()}
