"""What `.docsfy.yml` says beyond inputs: audience, instructions, excluded paths, pinned and hand-written pages."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedPage:
    """A page that the outline must have. Empty texts are left to the outline."""

    slug: str
    title: str = ""
    description: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandwrittenPage:
    """A Markdown file of the repository that becomes a page as it is. `path` is relative to the repository; `slug` is
    the one asked for, else the one made from the file's name; an empty title is the file's own."""

    path: str
    slug: str
    title: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSteering:
    """Pages that must, must not, or already do exist. `forbid` holds slugs in which `*` stands for any text."""

    pin: tuple[PinnedPage, ...] = ()
    forbid: tuple[str, ...] = ()
    handwritten: tuple[HandwrittenPage, ...] = ()

    def forbids(self, slug: str) -> bool:
        """Whether a page with this slug must not be made."""
        return any(fnmatchcase(slug, pattern) for pattern in self.forbid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """The wishes of the documented repository. `exclude` holds gitignore patterns of paths that are not documented."""

    audience: str = ""
    instructions: str = ""
    exclude: tuple[str, ...] = ()
    pages: PageSteering = field(default_factory=PageSteering)
