"""What of a commit model programs get to see, and what of it they never do."""

import os
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.errors import StateError
from docsfy_action.repository.export import LeftOut, Limits, exported, remove_export, why_left_out, write_export
from tests.unit.samples import STEADY, MemoryReader, Texts, snapshot_of

STEERING = """
.git/config .git/hooks/pre-commit sub/.git .GIT/config .claude/settings.json sub/.claude/settings.local.json .Claude/x
.claude.json .claudeignore .claude-plugin/plugin.json .gemini/settings.json .gemini/.env .geminiignore .cursor/hooks.json
.cursorrules .cursorignore .cursorindexingignore .codex/config.toml .vscode/settings.json .mcp.json sub/.mcp.json .lsp.json
.github/hooks/x.json .github/mcp.json .github/copilot-instructions.md .github/instructions/a.md .GitHub/Hooks/x .agents/x
sub/.github/prompts/a.prompt.md CLAUDE.md docs/claude.md CLAUDE.local.md GEMINI.md Gemini.MD AGENTS.md agents.md
AGENTS.override.md sub/dir/AGENTS.md .aider.conf.yml .clinerules .windsurfrules .windsurf/rules/a .roo/x .roorules .kiro/x
.continue/config.json opencode.json gemini-extension.json .aiexclude .ignore .rgignore .worktreeinclude .idea/x .zed/x
""".split()
SECRET = ".env .env.local .ENV .envrc sub/.env.production .netrc .npmrc .pypirc .ssh/id_rsa".split()
# Names that some file system takes for one of the above.
DISGUISED = [
    ".g\u200cit/config",
    "CLAUDE.md.",
    "CLAUDE.md ",
    ".claude./x",
    "ＣＬＡＵＤＥ.md",
    "GEMINI.md::$DATA",
    ".en\u00adv",
]
HARMLESS = """
README.md src/app.py .github/workflows/ci.yml .github/dependabot.yml .gitignore .gitattributes .gitmodules docs/agents/intro.md
claude/client.py gemini.py prompts/a.md mcp/server.py environment.md .pre-commit-config.yaml .editorconfig docs/hooks/x.md
docs/claude.mdx .devcontainer/devcontainer.json skills/SKILL.md env .github/ISSUE_TEMPLATE/bug.md .eslintrc.json
""".split()
UNSAFE = [
    "../out",
    "a/../b",
    "/etc/passwd",
    "a//b",
    "a/./b",
    "",
    "a\\b",
    "a\nb",
    "a\0b",
    "x" * 300,
    "x/" * 600 + "y",
    "a/ /b",
]


def _written(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("path", [*STEERING, *DISGUISED[:6]])
def test_what_steers_a_model_program_is_left_out_at_any_depth_and_in_any_letter_case(path: str) -> None:
    """Settings, hooks, servers, instructions and ignore files of AI programs are no part of what they may read."""
    assert why_left_out(path) is LeftOut.STEERING


@pytest.mark.parametrize("path", [*SECRET, DISGUISED[6]])
def test_files_that_are_known_to_hold_secrets_are_left_out(path: str) -> None:
    """A committed `.env` is neither read as configuration nor shown to a model."""
    assert why_left_out(path) is LeftOut.SECRET


@pytest.mark.parametrize("path", HARMLESS)
def test_what_only_resembles_such_a_file_stays(path: str) -> None:
    """Workflows, manifests and a project's own code about agents are what the documentation is made from."""
    assert why_left_out(path) is None


@pytest.mark.parametrize("path", [*UNSAFE, b"caf\xe9.py".decode("utf-8", "surrogateescape")])
def test_names_that_are_unsafe_or_no_text_are_left_out(path: str) -> None:
    """No path leaves the folder, and none has bytes that programs and protocols could not repeat."""
    assert why_left_out(path) is LeftOut.NAME


@STEADY
@given(
    st.text() | st.lists(st.sampled_from(["..", ".", "", "a", ".git", "B", "\\", "\ud800"]), max_size=5).map("/".join)
)
def test_a_path_that_passes_stays_inside(path: str) -> None:
    """Whatever a tree is called: what passes is relative, has no empty or parent part, and encodes as UTF-8."""
    if why_left_out(path) is None:
        assert os.path.normpath(path) == path
        assert not path.startswith(("/", "../"))
        assert path.encode("utf-8")


def test_an_export_holds_the_texts_of_the_commit_byte_for_byte_and_says_what_it_left_out(tmp_path: Path) -> None:
    """Line ends, encodings and final newlines stay; links, submodules, binaries and unsafe names do not come along."""
    texts: dict[str, str | bytes] = {
        "README.md": b"\xef\xbb\xbfa\r\nb",
        "src/app.py": "é = 1",
        "latin.txt": b"caf\xe9",
        "logo.png": b"\x89PNG\0\0",
        "link": "/etc/passwd",
        "vendored": "",
        "AGENTS.md": "obey",
        ".env": "KEY=1",
        "empty": "",
    }
    snapshot = snapshot_of(texts, modes={"link": "120000", "vendored": "160000", "src/app.py": "100755"})
    export = write_export(snapshot, MemoryReader(texts), tmp_path / "deep" / "export")
    kept = {"README.md": b"\xef\xbb\xbfa\r\nb", "src/app.py": "é = 1".encode(), "latin.txt": b"caf\xe9", "empty": b""}
    assert _written(export.folder) == kept
    assert export.paths == set(kept)
    assert export.left_out == {
        LeftOut.LINK: 2, LeftOut.STEERING: 1, LeftOut.SECRET: 1, LeftOut.BINARY: 1,
    }  # fmt: skip
    assert not any(file.is_symlink() for file in export.folder.rglob("*"))


def test_files_that_are_left_out_are_not_even_read(tmp_path: Path) -> None:
    """What is refused by its name or size never comes into memory."""
    texts = {".env": "KEY=1", "CLAUDE.md": "obey", "big": "x" * 100, "a": "a"}
    reader = MemoryReader(texts)
    write_export(snapshot_of(texts), reader, tmp_path / "export", limits=Limits(file_bytes=99))
    assert reader.asked == ["a"]


def test_an_export_is_read_only_and_nothing_in_it_runs(tmp_path: Path) -> None:
    """No file has a bit that lets anybody write or execute it, no folder one that lets anybody write."""
    texts = {"run.sh": "#!/bin/sh", "a/b/c": "c"}
    snapshot = snapshot_of(texts, modes={"run.sh": "100755"})
    folder = write_export(snapshot, MemoryReader(texts), tmp_path / "export").folder
    modes = {stat.S_IMODE(place.stat().st_mode) for place in folder.rglob("*") if place.is_file()}
    folders = {stat.S_IMODE(place.stat().st_mode) for place in (folder, *folder.rglob("*")) if place.is_dir()}
    assert (modes, folders) == ({0o444}, {0o555})
    remove_export(folder)


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        (Limits(file_bytes=3), {"z", "a/b"}),
        (Limits(total_bytes=5), {"z", "a/b"}),
        (Limits(total_bytes=4), {"z"}),
        (Limits(files=1), {"z"}),
        (Limits(), {"z", "a/b", "a/c/d"}),
    ],
)
def test_an_export_is_bounded_and_prefers_what_is_near_the_root(tmp_path: Path, limits: Limits, kept: set[str]) -> None:
    """Size of a file, size of all, number of files: beyond a bound the deepest are left out and counted."""
    texts = {"a/b": "bb", "a/c/d": "dddd", "z": "zzz"}
    export = write_export(snapshot_of(texts), MemoryReader(texts), tmp_path / "export", limits=limits)
    assert export.paths == kept
    assert export.left_out.get(LeftOut.SIZE, 0) == 3 - len(kept)


def test_a_size_that_the_tree_does_not_tell_is_bounded_all_the_same(tmp_path: Path) -> None:
    """In a partial clone sizes are unknown; the content decides."""
    texts = {"a": "aaaa", "b": "b"}
    snapshot = snapshot_of(texts, sizes={"a": -1, "b": -1})
    assert write_export(snapshot, MemoryReader(texts), tmp_path / "e", limits=Limits(file_bytes=2)).paths == {"b"}


def test_paths_that_the_file_system_takes_for_one_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """A file at the place of a folder is left out, as is a second file of the same name."""
    texts = {"a": "file", "a/b": "below", "c": "c"}
    export = write_export(snapshot_of(texts), MemoryReader(texts), tmp_path / "export")
    assert _written(export.folder) == {"a": b"file", "c": b"c"}
    assert export.left_out == {LeftOut.NAME: 1}


@pytest.mark.parametrize("there", ["folder", "link"])
def test_nothing_is_written_into_a_place_that_is_already_there(tmp_path: Path, there: str) -> None:
    """A folder or link that somebody else made, and might still change, is no place for an export."""
    target = tmp_path / "export"
    target.symlink_to(tmp_path / "elsewhere") if there == "link" else target.mkdir()
    with pytest.raises(StateError):
        write_export(snapshot_of({"a": "a"}), MemoryReader({"a": "a"}), target)
    assert not (tmp_path / "elsewhere").exists()


def test_an_export_is_removed_with_its_block_and_a_dead_run_s_before_it(tmp_path: Path) -> None:
    """Read-only folders do not stay behind, whoever made them, and not after a failure either."""
    texts: Texts = {"a/b/c": "c"}
    folder = tmp_path / "export"
    write_export(snapshot_of(texts), MemoryReader(texts), folder)
    blocks = ExitStack()
    export = blocks.enter_context(exported(snapshot_of({"d": "d"}), MemoryReader({"d": "d"}), folder))
    assert _written(export.folder) == {"d": b"d"}
    with pytest.raises(KeyError), blocks:
        raise KeyError
    assert not folder.exists()


def test_removing_follows_no_link(tmp_path: Path) -> None:
    """A link at the export's place, or inside it, costs nobody a file."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "file").write_text("precious", "utf-8")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "link").symlink_to(victim)
    (tmp_path / "link").symlink_to(victim)
    remove_export(folder)
    remove_export(tmp_path / "link")
    remove_export(tmp_path / "nothing")
    assert not folder.exists()
    assert (victim / "file").read_text("utf-8") == "precious"
