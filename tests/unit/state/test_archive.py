"""Archives of a state: made the same every time, and read as what a stranger may have made."""

import gzip
import io
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.state.archive import Limits, Member, Method, Refused, Unpacked, best_method, pack, unpack

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def everything(_: str) -> bool:
    """All files are wanted."""
    return True


def tar(*entries: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar with these entries."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, data in entries:
            info.size = len(data) if info.isreg() else info.size
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def entry(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    """An entry of a tar."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    return info, data


def opened(
    folder: Path,
    data: bytes,
    *,
    compress: Callable[[bytes], bytes] = gzip.compress,
    wanted: Callable[[str], bool] = everything,
    limits: Limits | None = None,
) -> Unpacked | Refused:
    """What comes of a tar; into `folder/out`, beside which nothing may appear."""
    (folder / "archive").write_bytes(compress(data))
    out = unpack(folder / "archive", folder / "out", wanted, limits)
    assert sorted(path.name for path in folder.iterdir()) == ["archive", "out"]
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    return out


def packed(folder: Path, method: Method, files: dict[str, bytes]) -> bytes:
    """An archive of ours with these files."""
    members = []
    for number, (name, data) in enumerate(files.items()):
        (folder / str(number)).write_bytes(data)
        members.append(Member(name=name, path=folder / str(number)))
    size = pack(members, folder / "packed", method)
    found = (folder / "packed").read_bytes()
    assert size == len(found)
    return found


@pytest.mark.parametrize("method", Method)
def test_what_was_packed_is_unpacked(tmp_path: Path, method: Method) -> None:
    """Names and bytes are the same, also names too long for the old form of tar."""
    files = {"a/b.md": b"text", "a/" + "x" * 180 + ".md": b"", "c": bytes(range(256)) * 5_000}
    (tmp_path / "archive").write_bytes(packed(tmp_path, method, files))
    out = unpack(tmp_path / "archive", tmp_path / "out", everything)
    assert out == Unpacked(names=tuple(sorted(files)))
    assert {name: (tmp_path / "out" / name).read_bytes() for name in files} == files


@pytest.mark.parametrize("method", Method)
def test_the_same_files_give_the_same_bytes(tmp_path: Path, method: Method) -> None:
    """Neither order nor times nor owners are in it."""
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    one = packed(tmp_path / "1", method, {"a": b"1", "b": b"2"})
    assert packed(tmp_path / "2", method, {"b": b"2", "a": b"1"}) == one


def test_zstd_is_taken_where_it_is_there() -> None:
    """As the toolkit does."""
    assert best_method() is Method.ZSTD


def test_only_what_is_wanted_is_written(tmp_path: Path) -> None:
    """The rest is passed over; folders are made as they are needed."""
    data = tar(entry("a/", kind=tarfile.DIRTYPE), entry("a/no", b"x" * 9_000), entry("./a/yes", b"y"))
    assert opened(tmp_path, data, wanted=lambda name: name == "a/yes") == Unpacked(names=("a/yes",))
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["a", "yes"]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_every_usual_form_of_tar_is_read(tmp_path: Path, form: int) -> None:
    """The toolkit uses the tar of the machine."""
    name = "/".join(["folder" * 8] * 3) + "/page.md"
    assert opened(tmp_path, tar(entry(name, b"text"), form=form)) == Unpacked(names=(name,))


@pytest.mark.parametrize(
    "hostile",
    [
        entry("a", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        entry("a", kind=tarfile.LNKTYPE, link="b"),
        entry("a", kind=tarfile.CHRTYPE),
        entry("a", kind=tarfile.BLKTYPE),
        entry("a", kind=tarfile.FIFOTYPE),
        entry("../a", b"x"),
        entry("b/../../a", b"x"),
        entry("/tmp/a", b"x"),
        entry("b\\a", b"x"),
        entry("b\na", b"x"),
        entry("/".join("x" * 20), b"x"),
        entry("x" * 256, b"x"),
        entry("é" * 600, b"x"),
        entry("ok", b"x"),
        entry("ok/below", b"x"),
    ],
    ids=lambda made: f"{made[0].name[:8]!r}-{made[0].type.decode()}",
)
def test_an_archive_with_anything_strange_is_refused(tmp_path: Path, hostile: tuple[tarfile.TarInfo, bytes]) -> None:
    """Links, devices, names that lead out or are none of ours, files twice or below a file."""
    assert isinstance(opened(tmp_path, tar(entry("ok", b"fine"), hostile)), Refused)


def test_a_bomb_is_not_set_off(tmp_path: Path) -> None:
    """Neither by size, nor by number, nor by what compresses too well; nothing is written beyond the bound."""
    assert opened(tmp_path, tar(entry("a", bytes(20_000_000)))) == Refused(reason="it holds more than it may")
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*")) < 8_000_000


def test_there_are_no_more_entries_than_agreed(tmp_path: Path) -> None:
    """Folders count as well."""
    many = tar(*(entry(f"d{number}/", kind=tarfile.DIRTYPE) for number in range(30)))
    assert opened(tmp_path, many, limits=Limits(entries=29)) == Refused(reason="it holds more than 29 entries")


def test_a_header_may_not_promise_much(tmp_path: Path) -> None:
    """Extended headers are held in memory, and a frame of zstd may claim a window of gigabytes: both are bounded."""
    info, data = entry("a", b"x")
    info.pax_headers = {"comment": "x" * 70_000}
    assert opened(tmp_path, tar((info, data))) == Refused(reason="a header in it is too long")


def test_a_window_of_gigabytes_is_not_reserved(tmp_path: Path) -> None:
    """What `zstd --long=31` makes is not read."""
    options = {int(zstd.CompressionParameter.window_log): 31}

    def long(data: bytes) -> bytes:
        compressor = zstd.ZstdCompressor(options=options)
        return compressor.compress(data) + compressor.flush()

    assert isinstance(opened(tmp_path, tar(entry("a", bytes(1000))), compress=long), Refused)


@given(st.binary(max_size=3_000))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    """Whatever an archive is, compressed or not, it is unpacked or refused."""
    for form in (bytes, gzip.compress, zstd.compress):
        with tempfile.TemporaryDirectory() as folder:
            opened(Path(folder), data, compress=form)


SAMPLE = tar(
    entry("docsfy-state/manifest.json", b"{}" * 400),
    entry("docsfy-state/pages/" + "long" * 40 + ".md", b"# Page\n" * 100),
    entry("docsfy-state/a/", kind=tarfile.DIRTYPE),
    entry("docsfy-state/a/b", b""),
)
COMPRESSED = gzip.compress(SAMPLE), zstd.compress(SAMPLE)


@given(
    st.sampled_from((SAMPLE, *COMPRESSED)),
    st.lists(st.tuples(st.integers(0, 12_000), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, 12_000),
)
@settings(max_examples=150, deadline=None)
def test_no_damage_raises(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    """An archive with changed bytes, or cut off, is unpacked in part, or refused; nothing lies beside its folder."""
    damaged = bytearray(data)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    damaged = damaged[: cut or None]
    with tempfile.TemporaryDirectory() as folder:
        opened(Path(folder), bytes(damaged), compress=gzip.compress if data is SAMPLE else bytes)


NAMES = st.sampled_from(
    ["a", "a/b", "../a", "/a", "a/../../b", ".", "..", "a/", "x" * 100, "", "a/./b", "a//b", "\x01"]
)
KINDS = st.sampled_from([b"0", b"\0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"S", b"V", b"M", b"x"])


@given(st.lists(st.tuples(NAMES, KINDS, st.integers(0, 2_000)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_combination_of_entries_leads_out(entries: list[tuple[str, bytes, int]]) -> None:
    """Every kind of entry under every kind of name: what comes out are plain files in the folder."""
    out = io.BytesIO()
    for name, kind, size in entries:
        info, _ = entry(name, kind=kind, link="../../target")
        info.size = size
        out.write(
            info.tobuf(tarfile.USTAR_FORMAT)
            + b"12 path=/a/b\n".ljust(-(-size // 512) * 512, b"\n")[: -(-size // 512) * 512]
        )
    out.write(bytes(1024))
    with tempfile.TemporaryDirectory() as folder:
        found = opened(Path(folder), out.getvalue())
        if isinstance(found, Unpacked):
            assert all((Path(folder) / "out" / name).is_file() for name in found.names)
