"""Zip archives: what they hold comes out, under harmless names, within bounds, one bad member alone refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from flows.reading import limits, members, read, sniff, unpack
from tests.workbooks import xlsx
from transforms.grid import Unreadable

TABLE = xlsx([("a", [["北京", 1]], [])])


def _zip(entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def _named(raw: bytes, data: bytes, extra: bytes = b"") -> bytes:
    """An archive whose one member's name is these bytes, without the flag that says UTF-8."""
    info = zipfile.ZipInfo("x" * len(raw))
    info.extra = extra
    archive = _zip([(info, data)])
    return archive.replace(b"x" * len(raw), raw)


def test_members_come_with_their_paths_and_litter_stays_behind() -> None:
    archive = _zip(
        [
            ("年鉴2022/1-07.xls", b"one"),
            ("年鉴2022/", b""),
            ("a.yml", b"table: x"),
            ("__MACOSX/._a", b"no"),
            (".DS_Store", b"no"),
            ("b/~$open.xlsx", b"no"),
            ("b/Thumbs.db", b"no"),
        ]
    )
    assert sniff(archive) == "zip"
    assert members(archive) == [("年鉴2022/1-07.xls", b"one"), ("a.yml", b"table: x")]
    with pytest.raises(Unreadable, match="an archive, not a table"):
        read(archive)


def test_a_workbook_is_no_archive_though_it_is_a_zip() -> None:
    assert members(_zip([("t.xlsx", TABLE)])) == [("t.xlsx", TABLE)]


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/x.xls", "abs/x.xls"),
        ("C:\\Users\\me\\x.xls", "Users/me/x.xls"),
        ("..\\..\\x.xls", "x.xls"),
        ("a/./b/../c.xls", "a/b/c.xls"),
        ('a/b\x01<c>:"|?*.xls', "a/b__c______.xls"),
        ("a" * 300, "a" * 200),
    ],
)
def test_a_path_cannot_climb(name: str, harmless: str) -> None:
    assert members(_zip([(name, b"x")])) == [(harmless, b"x")]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "big5"])
def test_names_without_the_flag_are_read_in_their_encoding(encoding: str) -> None:
    name = "各地區技術市場.xls" if encoding == "big5" else "各地区技术市场成交合同.xls"
    assert members(_named(name.encode(encoding), b"x")) == [(name, b"x")]


def test_a_name_in_the_unicode_extra_field_is_preferred() -> None:
    raw, name = b"x.xls", "技术.xls".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    info = zipfile.ZipInfo(raw.decode())
    info.extra = extra
    assert members(_zip([(info, b"1")])) == [("技术.xls", b"1")]


def test_an_archive_within_an_archive_is_unpacked_and_no_deeper() -> None:
    inner = _zip([("t.csv", b"1"), ("deep.zip", _zip([("x", b"2")]))])
    found, refused = unpack(_zip([("in.zip", inner), ("u.csv", b"3")]))
    assert found == [("in.zip/t.csv", b"1"), ("u.csv", b"3")]
    assert [name for name, _ in refused] == ["in.zip/deep.zip"]


def test_bad_members_are_refused_alone() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    archive = bytearray(_zip([("good", b"yes"), (link, b"/etc/passwd"), ("torn", b"some text to tear" * 9)]))
    at = archive.index(b"torn") + 4
    archive[at : at + 4] = b"\xff\xff\xff\xff"
    found, refused = unpack(bytes(archive))
    assert found == [("good", b"yes")]
    assert [name for name, _ in refused] == ["link", "torn"]
    assert refused[0][1].startswith("a link") and refused[1][1].startswith("damaged")


def test_an_encrypted_member_is_refused() -> None:
    archive = bytearray(_zip([("a", b"secret")]))
    archive[6] |= 1
    at = archive.index(b"PK\x01\x02")
    archive[at + 8] |= 1
    assert unpack(bytes(archive))[1] == [("a", "encrypted in its archive: unpack it with its password first")]


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="zip bomb"):
        members(_zip([("a", bytes(limits.RATIO_FREE + 1))]))
    monkeypatch.setattr(limits, "MAX_EXPANDED", 1000)
    with pytest.raises(Unreadable, match="zip bomb"):
        members(_zip([(str(n), bytes(300)) for n in range(4)]))
    monkeypatch.setattr(limits, "MAX_MEMBERS", 3)
    with pytest.raises(Unreadable, match="members"):
        members(_zip([(str(n), b"") for n in range(4)]))


def test_what_nested_archives_expand_to_is_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.reading.archive.MAX_EXPANDED", 1000)
    inner = _zip([("x", bytes(400))])
    found, refused = unpack(_zip([(f"{n}.zip", inner) for n in range(4)]))
    assert [name for name, _ in found] == ["0.zip/x", "1.zip/x"]
    assert ["zip bomb" in reason for _, reason in refused] == [True, True]


def test_a_member_that_belies_its_size_gives_no_more_than_it_states() -> None:
    archive = _zip([("a", b"x" * 5000)]).replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    found, refused = unpack(archive)
    assert not found
    assert "damaged" in refused[0][1]


def test_a_torn_archive_says_so() -> None:
    archive = _zip([("a", b"x" * 100)])
    for end in range(len(archive)):
        with pytest.raises(Unreadable):
            members(archive[:end])
