"""The script that draws diagrams: Mermaid as it comes with the wheel `mmdc`, published with the site that needs it."""

import hashlib
from collections.abc import Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path

MARKS = ('<pre class="mermaid"', '<div class="mermaid"')
"""What the HTML of a page with a diagram contains, and no text can."""

FENCE = f"{__name__}.diagram_fence"
"""The name under which the configuration knows what writes diagrams."""

SCRIPT = "assets/docsfy/mermaid.min.js"
LICENCE = "assets/docsfy/mermaid.LICENSE.txt"

SHA256 = "07e37dfa97b337ccc85365d57eddf99b9706f09db3b59b260d0333b23b343c4b"
"""dist/mermaid.min.js of mermaid 11.12.0 as npm has it."""

LICENCE_TEXT = """\
Mermaid 11.12.0, https://github.com/mermaid-js/mermaid

The MIT License (MIT)

Copyright (c) 2014 - 2022 Knut Sveidqvist

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def diagram_fence(
    source: str,
    language: str,
    class_name: str,
    options: Mapping[str, object],
    md: object,
    **_: object,
) -> str:
    """A diagram as Material's script expects it; its source is of no use in the search index."""
    return f'<pre class="{escape(class_name)}" data-search-exclude><code>{escape(source, quote=False)}</code></pre>'


def mermaid_script() -> bytes | None:
    """The script, or None where it is not installed or is another build than the one that was tested.

    The package is found, never imported: it brings a browser engine that nobody needs here.
    """
    spec = find_spec("mmdc")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        try:
            script = (Path(folder) / "assets" / "mermaid.js").read_bytes()
        except OSError:
            continue
        if hashlib.sha256(script).hexdigest() == SHA256:
            return script
    return None
