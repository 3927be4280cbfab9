"""What is reused is what would have been made: after any sequence of changes a home holds, byte for byte, the release
that a new home makes of the same documents."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flows.declarations import DATA
from flows.home.folder import Home
from flows.marts.warehouse import Warehouse
from flows.run import Run
from tests.small_staging import staging


def everything_in(release: Path) -> dict[str, bytes]:
    """Marts and Data Docs of a release, by path."""
    files = [*release.glob("marts/*.parquet"), *release.glob("data_docs/**/*.html")]
    return {file.relative_to(release).as_posix(): file.read_bytes() for file in files}


def test_any_sequence_of_changes_gives_the_full_rebuild(
    raw_run: Run, tmp_path: Path, refreshed: Callable[..., Run]
) -> None:
    chance = random.Random(1)
    files = [file for file in sorted((DATA / "raw").rglob("*.*")) if file.suffix != ".yml"]
    chance.shuffle(files)
    cuts = sorted(chance.sample(range(1, len(files)), 2))
    home = Home(tmp_path / "home")
    for begin, end in zip([0, *cuts], [*cuts, len(files)], strict=True):
        run = refreshed(home, *files[begin:end])
        run.close()
        _damage(home, chance)
    whole = everything_in(raw_run.home.current)
    grown = everything_in(home.candidates / run.candidate if run.candidate else home.current)
    assert grown.keys() == whole.keys()
    assert [name for name in whole if grown[name] != whole[name]] == []
    assert (run.candidate or run.release) == raw_run.release


def _damage(home: Home, chance: random.Random) -> None:
    """Something that was kept is lost, something else is cut short."""
    kept = sorted(path for path in home.cache.rglob("*") if path.is_file())
    lost, cut = chance.sample(kept, 2)
    lost.unlink()
    cut.write_bytes(cut.read_bytes()[:20])


def test_an_unchanged_mart_is_neither_made_nor_checked_again(
    tmp_path: Path, refreshed: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that says nothing new changes the document dimension and what follows from it, nothing else."""
    home = Home(tmp_path / "home")
    paper = next((DATA / "raw" / "paper").glob("*.csv"))
    refreshed(home, paper).close()
    held = {path.name for path in (home.cache / "held").iterdir()}
    made: list[str] = []
    write = Warehouse.write_one

    def noted(warehouse: Warehouse, out: Path, name: str) -> int:
        made.append(name)
        return write(warehouse, out, name)

    monkeypatch.setattr(Warehouse, "write_one", noted)
    copy = tmp_path / "again.csv"
    copy.write_bytes(paper.read_bytes() + b"\n")
    refreshed(home, copy).close()
    assert sorted(made) == ["document", "finding"]
    again = {path.name for path in (home.cache / "held").iterdir()}
    assert len(held & again) > len(held) / 2


def test_a_kept_mart_is_sound_only_beside_what_it_refers_to(tmp_path: Path) -> None:
    """The members of regions have not changed and are taken; a region that they name is gone."""
    given, kept = staging(), tmp_path / "kept"
    with Warehouse(given, kept=kept) as first:
        assert set(first.make(tmp_path / "first")) == set(first.names())
        assert first.integrity().is_empty()
        first.keep(tmp_path / "first", set())
    fewer = given | {"region": given["region"].filter(pl.col("code") != "110000")}
    with Warehouse(fewer, kept=kept) as second:
        made = contents(tmp_path / "second", second)
        broken = second.integrity()
    assert made["region_member"] == (tmp_path / "first" / "marts" / "region_member.parquet").read_bytes()
    assert "region_member.member: '110000' is not in region.region (3 rows)" in broken["message"].to_list()
    with Warehouse(fewer) as anew:
        assert contents(tmp_path / "anew", anew) == made
        assert anew.integrity().equals(broken)


def contents(out: Path, warehouse: Warehouse) -> dict[str, bytes]:
    """The marts that a warehouse makes below `out`."""
    return {name: (out / "marts" / f"{name}.parquet").read_bytes() for name in warehouse.make(out)}
