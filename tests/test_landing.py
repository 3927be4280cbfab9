"""Whatever is handed over is kept once, under its hash, with every name it came by; nothing is lost."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st

from flows.documents.given import Given, Problem, declaration, expand, shown
from flows.home import landing
from flows.home.folder import Home
from flows.home.landing import Document, damaged, land, landed, read_bytes


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder to put files into."""
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def all_of(*paths: Path, skip: Path | None = None) -> tuple[list[Given], list[Problem]]:
    problems: list[Problem] = []
    return list(expand(paths, problems, skip)), problems


def names(*paths: Path) -> list[str]:
    given, problems = all_of(*paths)
    assert problems == []
    return [each.name for each in given]


# Keeping


def test_the_same_bytes_twice_are_one_document_with_both_names(home: Home) -> None:
    first = land(home, [Given("b.xls", b"table"), Given("c.xls", b"other"), Given("a.xls", b"table")])
    assert [each.new for each in first] == [True, True, False]
    second = land(home, [Given("c.xls", b"table"), Given("a.xls", b"table")])
    assert [each.new for each in second] == [False, False]
    assert landed(home) == sorted(
        [
            Document(sha(b"table"), ("a.xls", "b.xls", "c.xls"), 5),
            Document(sha(b"other"), ("c.xls",), 5),
        ],
        key=lambda document: document.sha256,
    )
    assert read_bytes(home, sha(b"table")) == b"table"
    assert [event["documents"] for event in home.events()] == [[sha(b"table"), sha(b"other")]]


def test_landing_what_is_there_writes_nothing(home: Home) -> None:
    land(home, [Given("a.xls", b"table")])
    before = {path: path.stat().st_mtime_ns for path in home.path.rglob("*")}
    land(home, [Given("a.xls", b"table")])
    assert {path: path.stat().st_mtime_ns for path in home.path.rglob("*")} == before


def test_kept_files_are_read_only(home: Home) -> None:
    land(home, [Given("a.xls", b"table")])
    assert {path.stat().st_mode & 0o222 for path in home.landing.iterdir()} == {0}


@settings(max_examples=30, deadline=None)
@given_that(st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=2)), max_size=8), st.randoms())
def test_the_order_of_arrival_does_not_matter(files: list[tuple[str, bytes]], chance: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Home(f"{folder}/one"), Home(f"{folder}/other")
        land(one, (Given(*file) for file in files))
        shuffled = sorted(files, key=lambda _: chance.random())  # type: ignore[attr-defined]
        for file in shuffled:
            land(other, [Given(*file)])
        assert landed(one) == landed(other)
        assert damaged(one) == {}
        assert {document.sha256 for document in landed(one)} == {sha(data) for _, data in files}


def test_a_damaged_file_is_reported_and_mended_when_it_is_given_again(home: Home) -> None:
    land(home, [Given("a.xls", b"table"), Given("b.xls", b"other"), Given("c.xls", b"third")])
    for data, spoil in ((b"table", b"tablE"), (b"other", b"oth")):
        (home.landing / sha(data)).chmod(0o644)
        (home.landing / sha(data)).write_bytes(spoil)
        with pytest.raises(landing.Damaged, match="no longer match its hash: give it again"):
            read_bytes(home, sha(data))
    assert damaged(home).keys() == {sha(b"table"), sha(b"other")}
    again = land(home, [Given("a.xls", b"table"), Given("b.xls", b"other")])
    assert [each.new for each in again] == [False, False]
    assert damaged(home) == {}
    (home.landing / sha(b"third")).unlink()
    with pytest.raises(landing.Damaged, match="cannot be read"):
        read_bytes(home, sha(b"third"))


@pytest.mark.parametrize("note", [None, b"", b"{", b"[]", b'{"names": 3, "declared": null}'])
def test_a_document_whose_names_are_lost_is_still_there(home: Home, note: bytes | None) -> None:
    land(home, [Given("a.xls", b"table")])
    path = home.landing / f"{sha(b'table')}.json"
    path.unlink()
    if note is not None:
        path.write_bytes(note)
    assert landed(home) == [Document(sha(b"table"), (sha(b"table"),), 5)]
    land(home, [Given("a.xls", b"table")])
    assert landed(home) == [Document(sha(b"table"), ("a.xls",), 5)]


def test_what_is_no_document_is_passed_over(home: Home) -> None:
    land(home, [Given("a.xls", b"table")])
    for name in (".tmp-0123", "README", "0" * 63, "A" * 64):
        (home.landing / name).write_text("?")
    assert len(landed(home)) == 1


def test_declarations(home: Home) -> None:
    by_file, by_line = declaration("papers", 2019), declaration("patents", "2020")
    land(home, [Given("a.xls", b"table", by_file), Given("b.xls", b"other")])
    declared = {document.names[0]: document.declared for document in landed(home)}
    assert declared == {"a.xls": {"table": "papers", "year": 2019}, "b.xls": None}
    land(home, [Given("a.xls", b"table")])
    assert [each.declared for each in landed(home) if each.declared] == [by_file], "silence takes nothing back"
    land(home, [Given("a.xls", b"table", by_line), Given("b.xls", b"other", by_line)])
    assert {str(document.declared) for document in landed(home)} == {"{'table': 'patents', 'year': 2020}"}
    for table, year in (("", 2020), (None, 2020), ("papers", "soon"), ("papers", 20), ("papers", None)):
        with pytest.raises((ValueError, TypeError)):
            declaration(table, year)


# What a path holds


def test_folders_are_walked_in_order_without_hidden_files_and_notes(inbox: Path) -> None:
    for name in (
        "b.xls", "a.xls", "a.xls.yml", "b.yml", "sources.yml", ".hidden", "~$b.xls", "deep/er/c.html",
        ".git/config", "deep/sources.yml", "stray.yml", "__MACOSX/a.xls",
    ):  # fmt: skip
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("table: papers\nyear: 2019")
    assert names(inbox) == ["a.xls", "b.xls", "c.html", "stray.yml"]
    assert names(inbox / "deep", inbox / "b.xls", inbox / "b.yml") == ["c.html", "b.xls"]
    assert names(inbox / ".hidden") == [".hidden"], "what is named outright is meant"
    declared = {each.name: each.declared for each in all_of(inbox)[0]}
    assert declared["a.xls"] == declared["b.xls"] == {"table": "papers", "year": 2019}
    assert declared["c.html"] is None


@pytest.mark.parametrize(
    "text", ["", "[", "table: papers", "table:\nyear: 2019", "table: a\nyear: x", "- 1", "\x00"]
)
def test_a_sidecar_that_says_too_little_is_reported_and_its_file_taken(inbox: Path, text: str) -> None:
    (inbox / "a.xls").write_text("table")
    (inbox / "a.xls.yml").write_text(text)
    given, problems = all_of(inbox)
    assert given == [Given("a.xls", b"table")]
    assert problems == [Problem(str(inbox / "a.xls.yml"), "a sidecar needs 'table: NAME' and 'year: YYYY'")]


def test_a_path_that_is_not_there_is_named_before_anything_is_read(inbox: Path) -> None:
    (inbox / "a.xls").write_text("table")
    with pytest.raises(FileNotFoundError, match=r"no such file or folder: .*nowhere\.xls"):
        expand([inbox, inbox / "nowhere.xls"], [])


def test_what_cannot_be_read_is_reported_and_the_rest_taken(inbox: Path) -> None:
    (inbox / "a.xls").write_text("table")
    (inbox / "b.xls").symlink_to(inbox / "nowhere")
    os.mkfifo(inbox / "c.xls")
    (inbox / "z.xls").write_text("last")
    given, problems = all_of(inbox)
    assert [each.name for each in given] == ["a.xls", "z.xls"]
    assert [(Path(path).name, reason) for path, reason in problems] == [
        ("b.xls", "is a link to nothing"),
        ("c.xls", "is no regular file"),
    ]


def test_a_file_without_permission_is_reported(inbox: Path) -> None:
    from tests.small_disks import as_nobody

    (inbox / "a.xls").write_text("secret")
    (inbox / "b").mkdir()
    (inbox / "b/c.xls").write_text("hidden")
    (inbox / "z.xls").write_text("table")
    (inbox / "a.xls").chmod(0)
    (inbox / "b").chmod(0)
    for folder in [inbox, *inbox.parents[:-2]]:
        folder.chmod(folder.stat().st_mode | 0o055)
    answer = as_nobody(lambda: json.dumps([[each.name for each in all_of(inbox)[0]], all_of(inbox)[1]]))
    taken, problems = json.loads(answer)
    assert taken == ["z.xls"]
    assert problems == [[str(inbox / "a.xls"), "permission denied"], [str(inbox / "b"), "permission denied"]]


def test_links_are_followed_but_not_in_circles_and_the_home_is_not_entered(inbox: Path, home: Home) -> None:
    (inbox / "a.xls").write_text("table")
    (inbox / "again").symlink_to(inbox)
    (inbox / "b.xls").symlink_to(inbox / "a.xls")
    assert names(inbox) == ["a.xls", "b.xls"]
    assert names(inbox, inbox) == ["a.xls", "b.xls"], "a folder named twice is walked once"
    land(home, all_of(inbox)[0])
    home_within = Home(inbox / "warehouse")
    land(home_within, all_of(inbox)[0])
    given, _ = all_of(inbox, skip=home_within.path)
    assert [each.name for each in given] == ["a.xls", "b.xls"]


def archive(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return data.getvalue()


def test_archives_are_opened(inbox: Path) -> None:
    inner = archive(**{"deep/表.xls": b"inner"})
    outer = archive(**{
        "2021/a.xls": b"table", "2021\\b.xls": b"other", "__MACOSX/2021/._a.xls": b"?", "inner.zip": inner
    })  # fmt: skip
    (inbox / "all.zip").write_bytes(outer)
    (inbox / "all.zip.yml").write_text("{table: papers, year: 2019}")
    given, problems = all_of(inbox)
    assert problems == []
    said = {"table": "papers", "year": 2019}
    assert sorted(given) == [("a.xls", b"table", said), ("b.xls", b"other", said), ("表.xls", b"inner", said)]


def test_a_broken_or_empty_archive_is_a_document_itself(inbox: Path) -> None:
    whole = archive(**{"a.xls": b"table" * 100})
    (inbox / "broken.zip").write_bytes(whole[:60])
    (inbox / "empty.zip").write_bytes(archive())
    assert names(inbox) == ["broken.zip", "empty.zip"]


def test_archived_files_that_cannot_be_had_are_reported(inbox: Path) -> None:
    data = bytearray(archive(**{"a.xls": b"table", "b.xls": b"other"}))
    data[data.index(b"table")] ^= 1
    (inbox / "all.zip").write_bytes(data)
    given, [problem] = all_of(inbox)
    assert [each.name for each in given] == ["b.xls"]
    assert problem.path.endswith("all.zip: a.xls")
    assert "damaged" in problem.reason


# Names


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("2021年.xls".encode(), "2021年.xls"),
        ("北京.xls".encode("gb18030"), "北京.xls"),
        (b"caf\xe9.xls", "caf\\xe9.xls"),
        (b"a\nb\x1b[31m.xls", "a\\nb\\x1b[31m.xls"),
        ("a\u202eslx.xls".encode(), "a\\u202eslx.xls"),
    ],
)
def test_names_in_any_encoding(inbox: Path, home: Home, raw: bytes, text: str) -> None:
    try:
        (inbox / os.fsdecode(raw)).write_text("table")
    except OSError:
        pytest.skip("this file system does not take names of arbitrary bytes")
    given, problems = all_of(inbox)
    assert problems == []
    assert land(home, given)[0].names == (text,)
    assert landed(home)[0].names == (text,)
    text.encode("utf-8")


@given_that(st.text(st.characters(codec=None), max_size=20))
def test_any_name_can_be_shown(name: str) -> None:
    assert shown(name).encode("utf-8").decode().isprintable()
    assert shown(shown(name)) == shown(name)


# Memory


def test_files_are_not_held_all_at_once(home: Home) -> None:
    size = 2**20

    def many() -> Iterator[Given]:
        for number in range(120):
            yield Given(f"{number}.xls", number.to_bytes(4, sys.byteorder) * (size // 4))

    tracemalloc.start()
    land(home, many())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(landed(home)) == 120
    assert peak < 1.3 * landing.BATCH_BYTES
