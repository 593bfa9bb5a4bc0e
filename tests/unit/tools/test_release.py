"""The part of a release that decides: versions that agree, notes, and an action.yml that names one image."""

from pathlib import Path

import pytest
import yaml

from tools.release import ReleaseError, check, main, major_tag, notes, pinned

ROOT = Path(__file__).parents[3]
DIGEST, OTHER = "0" * 64, "f" * 64
IMAGE = f"ghcr.io/acme/docsfy-action@sha256:{DIGEST}"
MODULE = '"""Doc."""\n\n__version__ = "1.2.3"\n'
CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Tomorrow's.

## [1.2.3] - 2026-01-31

### Fixed

- A bug.

## [1.2.2] - 2026-01-01

- Older.

[1.2.3]: https://example.com/compare
"""


def test_the_image_is_named_in_one_place_and_nothing_else_changes() -> None:
    """Of our own action.yml exactly the line that says `image: Dockerfile` is another."""
    action = (ROOT / "action.yml").read_text("utf-8")
    new = pinned(action, IMAGE)
    changed = [(old, now) for old, now in zip(action.splitlines(), new.splitlines(), strict=True) if old != now]
    assert changed == [("  image: Dockerfile", f"  image: docker://{IMAGE}")]
    before, after = yaml.safe_load(action), yaml.safe_load(new)
    assert after["runs"] == {**before["runs"], "image": f"docker://{IMAGE}"}
    assert {**after, "runs": 0} == {**before, "runs": 0}


def test_pinning_again_changes_nothing_and_a_new_image_takes_the_place_of_the_old() -> None:
    """A release that broke off can be made again, also when the image was built anew."""
    once = pinned("runs:\n  image: Dockerfile\n", IMAGE)
    assert pinned(once, IMAGE) == once
    assert pinned(once, IMAGE.replace(DIGEST, OTHER)) == once.replace(DIGEST, OTHER)


@pytest.mark.parametrize(
    "action",
    [
        "runs:\n  using: docker\n",
        "runs:\n  image: Dockerfile\n  image: Dockerfile\n",
        "runs:\n  image: docker://ghcr.io/acme/docsfy-action:v1\n",
        f"runs:\n  image: docker://ghcr.io/mallory/docsfy-action@sha256:{DIGEST}\n",
    ],
)
def test_an_action_that_is_not_as_expected_is_refused(action: str) -> None:
    """No image, two, one by a tag that can move, or somebody else's: nobody meant that to be replaced."""
    with pytest.raises(ReleaseError):
        pinned(action, IMAGE)


@pytest.mark.parametrize(
    "image",
    [
        "",
        "ghcr.io/acme/docsfy-action:v1",
        f"docker.io/acme/docsfy-action@sha256:{DIGEST}",
        f"ghcr.io/Acme/docsfy-action@sha256:{DIGEST}",
        f"ghcr.io/acme/docsfy-action@sha256:{DIGEST[:-1]}",
        f"{IMAGE}\n  entrypoint: /bin/sh",
        "@",
    ],
)
def test_only_an_image_with_its_digest_is_taken(image: str) -> None:
    """A build that gave no digest, or a name that is none, ends the release."""
    with pytest.raises(ReleaseError):
        pinned("runs:\n  image: Dockerfile\n", image)


def test_the_notes_are_the_section_of_the_version() -> None:
    """Without its heading, the sections around it, and the addresses at the end of the file."""
    assert notes("v1.2.3", CHANGELOG) == "### Fixed\n\n- A bug.\n"
    assert notes("v1.2.2", CHANGELOG) == "- Older.\n"


@pytest.mark.parametrize(
    ("tag", "module", "changelog", "says"),
    [
        ("1.2.3", MODULE, CHANGELOG, "no tag of a release"),
        ("v1.2", MODULE, CHANGELOG, "no tag of a release"),
        ("v1.2.3;rm", MODULE, CHANGELOG, "no tag of a release"),
        ("v01.2.3", MODULE, CHANGELOG, "no tag of a release"),
        ("v1.2.4", MODULE, CHANGELOG, r"says 1\.2\.4, and docsfy_action/__init__\.py 1\.2\.3"),
        ("v1.2.3", "", CHANGELOG, "nothing"),
        ("v1.2.3", MODULE, CHANGELOG.replace("## [1.2.3]", "## [1.2.4]"), "must have one section for 1.2.3; it has 0"),
        ("v1.2.3", MODULE, CHANGELOG + "\n## [1.2.3] - 2026-02-01\n\n- Twice.\n", "it has 2"),
        ("v1.2.3", MODULE, CHANGELOG.replace(" - 2026-01-31", ""), "has no date"),
        ("v1.2.3", MODULE, CHANGELOG.replace("### Fixed\n\n- A bug.\n", ""), "is empty"),
    ],
)
def test_a_release_whose_parts_do_not_agree_is_refused(tag: str, module: str, changelog: str, says: str) -> None:
    """Tag, `__version__` and a dated section of CHANGELOG name the same version, or nothing is built."""
    with pytest.raises(ReleaseError, match=says):
        check(tag, module=module, changelog=changelog)


def test_a_release_whose_parts_agree_is_made() -> None:
    """Also a pre-release."""
    check("v1.2.3", module=MODULE, changelog=CHANGELOG)
    pre = CHANGELOG.replace("[1.2.3]", "[1.2.3-rc.1]")
    check("v1.2.3-rc.1", module=MODULE.replace("1.2.3", "1.2.3-rc.1"), changelog=pre)


def test_the_tag_that_moves() -> None:
    """`v1` for those who use it, and none for a pre-release."""
    assert major_tag("v1.2.3") == "v1"
    assert major_tag("v0.4.0") == "v0"
    assert major_tag("v2.0.0-rc.1") == ""


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As an error of the workflow, with exit status 1; a wrong call is 2; `pin` writes the file."""
    (tmp_path / "docsfy_action").mkdir()
    (tmp_path / "docsfy_action/__init__.py").write_text(MODULE)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "action.yml").write_text("runs:\n  image: Dockerfile\n")
    assert main(["check", "v1.2.3"], tmp_path) == 0
    assert main(["check", "v9.9.9"], tmp_path) == 1
    assert capsys.readouterr().out.startswith("::error title=No release::The tag says 9.9.9")
    assert main(["major", "v1.2.3"], tmp_path) == 0
    assert capsys.readouterr().out == "v1\n"
    assert main(["notes", "v1.2.3"], tmp_path) == 0
    assert capsys.readouterr().out == "### Fixed\n\n- A bug.\n"
    assert main(["pin", IMAGE], tmp_path) == 0
    assert (tmp_path / "action.yml").read_text() == f"runs:\n  image: docker://{IMAGE}\n"
    assert main(["pin"], tmp_path) == 2
    assert main(["publish", "v1.2.3"], tmp_path) == 2
