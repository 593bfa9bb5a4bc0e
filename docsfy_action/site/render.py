"""The door of this room: final pages in, a published folder out, or the last good site untouched."""

import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from docsfy_action.errors import RenderError
from docsfy_action.site.cache import RenderCache
from docsfy_action.site.check import PageLinks, check_pages, scan
from docsfy_action.site.diagrams import LICENCE, LICENCE_TEXT, SCRIPT, mermaid_script
from docsfy_action.site.llms import llms_full_txt, llms_txt, twin
from docsfy_action.site.model import FindingKind, SiteFinding, SiteResult, SiteSpec, printable
from docsfy_action.site.output import MARKER, check_output, discard, marker, prepare, reported, swap
from docsfy_action.site.redirects import redirect_pages
from docsfy_action.site.settings import Setting, digest, site_settings, without_diagrams
from docsfy_action.site.sitemap import sitemap
from docsfy_action.site.user_config import Layered, lay_over
from docsfy_action.site.user_files import user_files

_FATAL = frozenset({FindingKind.BROKEN_LINK, FindingKind.BROKEN_ANCHOR, FindingKind.FILE_LINK})


def render_site(spec: SiteSpec, *, output_dir: Path, cache: RenderCache | None = None) -> SiteResult:
    """Build the site and put it in the place of `output_dir`.

    Raises OutputError for a folder that holds anything else than a site of ours or cannot be written, InputError for a
    user's MkDocs file that cannot be used, and RenderError for pages that MkDocs or our own check refuse.
    """
    spec = printable(spec)
    output_dir = output_dir.absolute()
    check_output(output_dir)
    script = mermaid_script()
    settings = site_settings(spec)
    layered = lay_over(settings if script is not None else without_diagrams(settings), spec)
    new = prepare(output_dir)
    try:
        with reported(output_dir):
            result = _build(spec, layered, new, script, cache)
        swap(new, output_dir)
    except BaseException:
        discard(new)
        raise
    return result


def _build(spec: SiteSpec, layered: Layered, new: Path, script: bytes | None, cache: RenderCache | None) -> SiteResult:
    # MkDocs takes 0.4 s to import, which a run with nothing to render need not pay.
    from docsfy_action.site.builder import BuildOrder, build_site
    from docsfy_action.site.theme import theme_digest

    base_key = f"{theme_digest()}-{_pages_digest(layered.settings)}" if layered.pure else ""
    with tempfile.TemporaryDirectory() as workplace:
        docs_dir = Path(workplace) / "docs"
        docs_dir.mkdir()
        for name, content in user_files(layered.settings, spec).items():
            (docs_dir / name).parent.mkdir(parents=True, exist_ok=True)
            (docs_dir / name).write_bytes(content)
        built = build_site(
            BuildOrder(
                spec=spec, settings=layered.settings, docs_dir=docs_dir, site_dir=new, base_key=base_key, cache=cache
            )
        )
    warnings = list(spec.notices)
    if script is None and any("```mermaid" in page.markdown for page in spec.pages):
        warnings.append(
            "Diagrams are shown as text: the package mmdc 0.7.0, which has the script for them, is missing."
        )
    files = _own_files(spec)
    if built.diagrams and script is not None:
        files |= {SCRIPT: script, LICENCE: LICENCE_TEXT.encode()}
    for name, content in files.items():
        (new / name).write_bytes(content)
    for site in spec.sites:
        shutil.copytree(site.folder, new / site.name)
    warnings += _check(spec, new, dict(built.links) if layered.pure else {})
    return SiteResult(
        pages=len(spec.pages),
        bytes=sum(path.stat().st_size for path in new.rglob("*") if path.is_file()),
        warnings=tuple(warnings),
        html_pages_rendered=built.rendered,
        html_pages_reused=built.reused,
    )


def _own_files(spec: SiteSpec) -> dict[str, bytes]:
    """The files that MkDocs knows nothing of."""
    texts = {f"{page.slug}.md": twin(page) for page in spec.pages}
    texts |= dict(redirect_pages(spec))
    texts |= {
        "llms.txt": llms_txt(spec),
        "llms-full.txt": llms_full_txt(spec),
        "sitemap.xml": sitemap(spec),
        ".nojekyll": "",
        MARKER: marker(spec),
    }
    return {**{name: text.encode() for name, text in texts.items()}, **spec.carried}


def _check(spec: SiteSpec, folder: Path, links: dict[str, PageLinks]) -> list[str]:
    """Check the pages; of known pages only the content, because the frame is the same on all of them. Sites below an index
    were checked when they were made."""
    files = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    pages = dict(links)
    below = tuple(f"{site.name}/" for site in spec.sites)
    for name in sorted(files):
        if name.endswith(".html") and not name.startswith(below) and (name not in links or name == "index.html"):
            pages[name] = scan((folder / name).read_text("utf-8"))
    base_path = (urlsplit(spec.site_url).path.rstrip("/") if spec.site_url else "") + "/"
    findings = check_pages(pages, files, base_path)
    if fatal := [finding for finding in findings if finding.kind in _FATAL]:
        raise RenderError(
            f"The site has faults: {_list(fatal)}", hint="Correct these pages; the last good site is still in place."
        )
    return [str(finding) for finding in findings]


def _list(findings: list[SiteFinding]) -> str:
    more = f"; and {len(findings) - 5} more" if len(findings) > 5 else ""
    return "; ".join(str(finding) for finding in findings[:5]) + more


def _pages_digest(settings: dict[str, Setting]) -> str:
    """The configuration that all pages depend on; each page's part of the navigation is in its own key."""
    return digest({**settings, "nav": None})
