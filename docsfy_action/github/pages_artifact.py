"""The archive that GitHub Pages takes: a zip file with one `artifact.tar`.

Its rules, from the README of actions/upload-pages-artifact (“Artifact validation”), the command in its action.yml, and the
limits in actions/deploy-pages (src/internal/deployment.js):

1. One tar file; in the artifact service's zip it is called `artifact.tar`.
2. Files and folders only, no symbolic and no hard links.
3. Files can be read, folders entered by others: 0644 and 0755.
4. Names start at the site's top (`./index.html`), nothing called `.git` or `.github` is among them, and no other hidden file
   but the ones that a web server is asked for.
5. At most 1 GB.
"""

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docsfy_action.errors import PublishError

NAME = "github-pages"
MEMBER = "artifact.tar"
MAX_BYTES = 1 << 30
_HIDDEN_AND_NEEDED = frozenset({".nojekyll", ".well-known"})
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_pages_artifact(site: Path, into: Path, *, max_bytes: int = MAX_BYTES) -> Path:
    """The site as the zip file that is uploaded, in the folder `into`; the same site gives the same bytes.

    PublishError for a site that GitHub Pages would refuse.
    """
    tar, archive = into / MEMBER, into / f"{NAME}.zip"
    with tarfile.open(tar, "w", format=tarfile.GNU_FORMAT, errors="surrogateescape") as written:
        written.addfile(_folder("."))
        for path in contents(site):
            name = f"./{path.relative_to(site).as_posix()}"
            if path.is_dir():
                written.addfile(_folder(name))
            else:
                content = path.read_bytes()
                written.addfile(_file(name, len(content)), io.BytesIO(content))
    if (size := tar.stat().st_size) > max_bytes:
        raise PublishError(
            f"The site has {size:,} bytes, and GitHub Pages takes at most {max_bytes:,}.",
            hint="Leave large files out: exclude the paths they come from in `.docsfy.yml`.",
        )
    about = zipfile.ZipInfo(MEMBER, date_time=EPOCH)
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = 0o100644 << 16
    with zipfile.ZipFile(archive, "w") as packed, packed.open(about, "w") as target, tar.open("rb") as source:
        while chunk := source.read(1 << 20):
            target.write(chunk)
    tar.unlink()
    return archive


def contents(site: Path) -> Iterator[Path]:
    """Folders and files of a site in a fixed order, each folder before what is in it, without hidden ones that no web server is
    asked for. PublishError for what is neither."""
    for place, folders, names in os.walk(site):
        folders[:] = sorted(filter(_is_wanted, folders))
        for name in sorted([*folders, *filter(_is_wanted, names)]):
            path = Path(place, name)
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise PublishError(
                    f"The site holds `{path.relative_to(site)}`, which is neither a file nor a folder.",
                    hint="GitHub Pages takes no links: remove it from `output-dir`, and run again with `force: true`.",
                )
            yield path


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") or name in _HIDDEN_AND_NEEDED


def _folder(name: str) -> tarfile.TarInfo:
    about = tarfile.TarInfo(name)
    about.type, about.mode = tarfile.DIRTYPE, 0o755
    return about


def _file(name: str, size: int) -> tarfile.TarInfo:
    about = tarfile.TarInfo(name)
    about.size, about.mode = size, 0o644
    return about
