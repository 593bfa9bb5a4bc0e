"""What a bare code span claims is read off its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.names import read_claim

VALUES = [
    "3.11", ">=3.11", "^18.2.0", "~=1.4", "==1.2.*", ">=3.9,<4", "v2", "1.0.0-rc.1", "3.x",
    "10MB", "5s", "1h30m", "0x1F", "1e6",
    "8080", "-1", "0.5", "100%", "2026-11-23", "12:30:00", "a1b2c3d4e5f6a7b8", "0644", "1_000", ":8080", "127.0.0.1:80",
    "https://x.org/a", "http://localhost:8000", "localhost:3000", "mailto:a@b.c", "...", "==", "{}", "<name>", '"two words"',
    "''", "True", "None", "null", "str", "list[int]", "str | None", "dict[str, Any]", "UTF-8", "", "  ",
    "v0.0.0-20180428-95032a82",
]  # fmt: skip

CLAIMS: dict[str, tuple[str, str, list[str]]] = {
    "src/app.py": ("path", "src/app.py", ["src", "app.py"]),
    "./src/": ("path", "./src/", ["src"]),
    "app.py": ("path", "app.py", ["app.py"]),
    "app.py:42": ("path", "app.py", ["app.py"]),
    "tests/test_a.py::test_b": ("path", "tests/test_a.py", ["tests", "test_a.py"]),
    ".gitignore": ("path", ".gitignore", [".gitignore"]),
    "docs/<name>.md": ("pattern", "docs/*.md", ["docs", ".md"]),
    "/api/{id}/items": ("pattern", "/api/*/items", ["api", "items"]),
    "src/**/*.py": ("pattern", "src/**/*.py", ["src", ".py"]),
    "*.toml": ("pattern", "*.toml", [".toml"]),
    "actions/checkout@v5": ("path", "actions/checkout@v5", ["actions", "checkout", "v5"]),
    "--dry-run": ("flag", "", ["--dry-run"]),
    "--out=FILE": ("flag", "", ["--out"]),
    "-v/--verbose": ("flag", "", ["-v", "--verbose"]),
    "--[no-]color": ("flag", "", ["--color", "--no-color"]),
    "[--force]": ("flag", "", ["--force"]),
    "HOME_DIR": ("environment", "", ["HOME_DIR"]),
    "$HOME_DIR": ("environment", "", ["HOME_DIR"]),
    "${HOME_DIR}": ("environment", "", ["HOME_DIR"]),
    "HOME_DIR=x/y": ("environment", "", ["HOME_DIR"]),
    '"HOME_DIR"': ("environment", "", ["HOME_DIR"]),
    "name": ("name", "", ["name"]),
    '"name"': ("name", "", ["name"]),
    "Client.get": ("name", "", ["Client.get"]),
    "a::b::c": ("name", "", ["a.b.c"]),
    "get()": ("name", "", ["get"]),
    "@cached": ("name", "", ["cached"]),
    "**kwargs_of": ("name", "", ["kwargs_of"]),
    "some-package": ("name", "", ["some-package"]),
    "x = Client(timeout=3)": ("name", "", ["x", "Client", "timeout"]),
    "from shop import Client": ("name", "", ["shop", "Client"]),
    "os.environ['A_B']": ("name", "", ["A_B", "os.environ"]),
    "run --fast now": ("name", "", ["--fast", "run", "now"]),
    "dict[str, Basket] | None": ("name", "", ["Basket"]),
    "tool <command> [OPTIONS]": ("name", "", ["tool"]),
    "$refs.form": ("name", "", ["refs.form"]),
}


@pytest.mark.parametrize("text", VALUES)
def test_values_claim_nothing(text: str) -> None:
    """Numbers, versions, addresses, placeholders and the languages' own words are no names of the repository."""
    assert read_claim(text) is None


@pytest.mark.parametrize("text", CLAIMS)
def test_claims(text: str) -> None:
    """Kind, path, and the names to look up."""
    claim = read_claim(text)
    assert claim is not None
    words = [".".join(parts) for parts in claim.words]
    assert (claim.kind, claim.path, words) == CLAIMS[text]


@given(st.text(max_size=80))
def test_any_code_span_is_read(text: str) -> None:
    """No text raises, and every claim has something to look up."""
    claim = read_claim(text)
    assert claim is None or claim.words or claim.path
