"""The door of this room: final pages in, a published folder out, or the last good site untouched."""

import tempfile
from pathlib import Path

from docsfy_action.site.cache import RenderCache
from docsfy_action.site.llms import llms_full_txt, llms_txt, twin
from docsfy_action.site.model import SiteResult, SiteSpec
from docsfy_action.site.output import MARKER, check_output, discard, marker, prepare, swap
from docsfy_action.site.redirects import redirect_pages
from docsfy_action.site.settings import digest, site_settings
from docsfy_action.site.sitemap import sitemap


def render_site(spec: SiteSpec, *, output_dir: Path, cache: RenderCache | None = None) -> SiteResult:
    """Build the site and put it in the place of `output_dir`.

    Raises OutputError for a folder that holds anything else than a site of ours or cannot be written, InputError for a
    user's MkDocs file that cannot be used, and RenderError for pages that MkDocs or our own checks refuse.
    """
    # MkDocs takes 0.4 s to import, which a run with nothing to render need not pay.
    from docsfy_action.site.builder import BuildOrder, build_site  # noqa: PLC0415
    from docsfy_action.site.theme import theme_digest  # noqa: PLC0415

    output_dir = output_dir.absolute()
    check_output(output_dir)
    settings = site_settings(spec)
    new = prepare(output_dir)
    try:
        with tempfile.TemporaryDirectory() as workplace:
            docs_dir = Path(workplace) / "docs"
            docs_dir.mkdir()
            order = BuildOrder(
                spec=spec,
                settings=settings,
                docs_dir=docs_dir,
                site_dir=new,
                base_key=f"{theme_digest()}-{digest(settings)}",
                cache=cache,
            )
            built = build_site(order)
        _write_files(spec, new)
        size = sum(path.stat().st_size for path in new.rglob("*") if path.is_file())
        swap(new, output_dir)
    except BaseException:
        discard(new)
        raise
    return SiteResult(
        pages=len(spec.pages), bytes=size, html_pages_rendered=built.rendered, html_pages_reused=built.reused
    )


def _write_files(spec: SiteSpec, folder: Path) -> None:
    files: dict[str, str | bytes] = {f"{page.slug}.md": twin(page) for page in spec.pages}
    files |= dict(redirect_pages(spec))
    files["llms.txt"] = llms_txt(spec)
    files["llms-full.txt"] = llms_full_txt(spec)
    files["sitemap.xml"] = sitemap(spec)
    files[".nojekyll"] = ""
    files[MARKER] = marker(spec)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
