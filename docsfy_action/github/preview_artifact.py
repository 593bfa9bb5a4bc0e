"""The preview of a pull request as an artifact: the site's folder as a zip file that can be unpacked and opened from disk."""

import zipfile
from pathlib import Path

from docsfy_action.github.pages_artifact import EPOCH, contents


def preview_name(number: int) -> str:
    """What the artifact is called."""
    return f"docs-preview-pr-{number}"


def write_preview_artifact(site: Path, into: Path) -> Path:
    """The site as the zip file that is uploaded, in the folder `into`; the same site gives the same bytes.

    PublishError for a site that holds anything but files and folders.
    """
    archive = into / "preview.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in contents(site):
            if path.is_dir():
                continue
            name = path.relative_to(site).as_posix().encode("utf-8", "backslashreplace").decode()
            about = zipfile.ZipInfo(name, date_time=EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o100644 << 16
            packed.writestr(about, path.read_bytes())
    return archive
