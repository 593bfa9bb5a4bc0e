"""What an image copies from the folder that it is built in."""

import pytest

from tests.unit.facts.formats.samples import extract


@pytest.mark.parametrize(
    ("instruction", "copies"),
    [
        ("COPY a b/ /app/", ("a", "b/")),
        ('COPY ["a", "b", "/app/"]', ("a", "b")),
        ("COPY --chown=me:me . /app", (".",)),
        ("COPY --from=tools /x /x", ()),
        ("ADD https://example.com/x.tgz /x", ()),
        ("COPY $WHERE /x", ()),
        ("COPY <<EOF /x\na b\nEOF", ()),
        ("COPY a", ()),
    ],
)
def test_only_files_of_the_repository_are_copies(instruction: str, copies: tuple[str, ...]) -> None:
    """Other stages, addresses, variables and text in the file itself are nothing that a clone has to hold."""
    (container,) = extract("Dockerfile", f"FROM debian\n{instruction}\n").containers
    assert container.copies == copies
