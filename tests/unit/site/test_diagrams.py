"""The script that draws diagrams."""

import hashlib
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from docsfy_action.site import diagrams


def test_the_installed_script_is_the_build_that_was_tested() -> None:
    """The wheel brings mermaid 11.12.0 to the byte."""
    script = diagrams.mermaid_script()
    assert script is not None
    assert hashlib.sha256(script).hexdigest() == diagrams.SHA256


@pytest.mark.parametrize("content", [None, b"another build"])
def test_a_missing_or_other_script_is_not_used(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the file, or with other bytes in it, there is no script."""
    if content is not None:
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets" / "mermaid.js").write_bytes(content)
    spec = ModuleSpec("mmdc", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(diagrams, "find_spec", lambda _: spec)
    assert diagrams.mermaid_script() is None


def test_without_the_package_there_is_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is no error."""
    monkeypatch.setattr(diagrams, "find_spec", lambda _: None)
    assert diagrams.mermaid_script() is None


def test_a_diagram_is_text_that_no_markup_can_leave() -> None:
    """The source is escaped, and the search index leaves it out."""
    html = diagrams.diagram_fence("a --> b</code><script>", "mermaid", "mermaid", {}, None)
    assert html == '<pre class="mermaid" data-search-exclude><code>a --&gt; b&lt;/code&gt;&lt;script&gt;</code></pre>'
