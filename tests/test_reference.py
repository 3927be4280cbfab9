"""Reference data agrees with itself: regions and their members, misprints, series, events, clusters.

What compares with the published files skips where ../shared is absent.
"""

from __future__ import annotations

import csv
import datetime as dt
import fnmatch

import pycountry

from tests.declared import CONTRACTS, DATA, INDICATORS, PUBLISHED, REGIONS, flat, parsed, reference, table, texts

SERIES = ("st-yearbook", "rd-bulletin", "gii-clusters", "paper", "supplement")


def test_regions_are_unique_and_each_name_means_one() -> None:
    assert len(REGIONS) == len(table("regions.csv"))
    assert all(row["parent"] in REGIONS or not row["parent"] for row in REGIONS.values())
    for keys in (("name_zh", "alias_zh"), ("name_en", "alias_en")):
        owners: dict[str, set[str]] = {}
        for code, row in REGIONS.items():
            for name in filter(None, "|".join(row[k] for k in keys).split("|")):
                owners.setdefault(flat(name), set()).add(code)
        assert {n: c for n, c in owners.items() if len(c) > 1} == {}
    provinces = [r for r in REGIONS.values() if r["kind"] == "province" and not r["flag"]]
    cities = [r for r in REGIONS.values() if r["kind"] == "city"]
    assert len(provinces) == 31
    assert len(cities) > 300
    assert all(c["code"][:2] == c["parent"][:2] and c["code"].endswith("00") for c in cities)
    for row in REGIONS.values():
        if row["kind"] == "economy":
            assert pycountry.countries.get(alpha_2=row["code"])
        elif "-" in row["iso_3166"]:
            assert pycountry.subdivisions.get(code=row["iso_3166"])


def test_members_exist_and_the_zones_share_the_nation_out() -> None:
    members: dict[str, list[str]] = {}
    for row in table("region_members.csv"):
        assert row["region"] in REGIONS
        assert row["member"] in REGIONS
        members.setdefault(row["region"], []).append(row["member"])
    zones = [m for z in ("cn_east", "cn_central", "cn_west", "cn_northeast") for m in members[z]]
    assert sorted(zones) == sorted(members["CN"])
    assert members["jing_jin_ji"] == ["110000", "120000", "130000"]
    assert members["yangtze_river_delta"] == ["310000", "320000", "330000", "340000"]
    assert members["chengdu_chongqing"] == ["500000", "510000"]
    assert len(members["greater_bay_area"]) == 11


def test_misprints_mean_what_is_known() -> None:
    families = {parsed(p)["table"]: [] for p in CONTRACTS}
    for path in CONTRACTS:
        families[parsed(path)["table"]].append(parsed(path))
    names = {flat(n) for r in REGIONS.values() for k in r if k != "flag" for n in r[k].split("|")}
    for row in reference("misprints.yml"):
        assert row["printed"] != row["meant"]
        assert row["part"] in ("head", "region", "title")
        if row["part"] == "region":
            assert flat(row["meant"]) in names
            assert flat(row["printed"]) not in names or flat(row["printed"]) == flat(row["meant"])
        for seen in row["where"]:
            assert all(y > 2000 for y in seen["years"])
            heads = [c for b in families[seen["table"]] for c in b["columns"] if isinstance(c, dict)]
            said = [t for c in heads for t in texts(c.get("en"))] if row["part"] == "head" else []
            titles = [t for b in families[seen["table"]] for t in texts(b["en"])] if row["part"] == "title" else []
            if row["part"] != "region":
                meant = flat(row["meant"])
                assert any(flat(t).endswith(meant) for t in [*said, *titles]), row["printed"]


def test_series_say_when_and_where_the_method_breaks() -> None:
    series = reference("editions.yml")["series"]
    assert tuple(series) == SERIES
    used = {b.get("series") or b["edition"].partition("/")[0] for b in map(parsed, CONTRACTS)}
    assert used == set(SERIES)
    for name, body in series.items():
        dt.date.fromisoformat(f"2001-{body['default_release']}")
        for year, release in body["released"].items():
            day = dt.date.fromisoformat(str(release["date"]))
            assert day.year == year - body["offset"] + body["default_release_after"], (name, year)
        since = [m["since"] for m in body.get("methodology", [])]
        until = [m.get("until") for m in body.get("methodology", [])]
        assert [u + 1 for u in until if u] == since[1:]


def test_events_name_known_indicators_and_series() -> None:
    events = parsed(DATA / "rules" / "events.yml")
    assert len({e["event"] for e in events}) == len(events)
    for event in events:
        assert all(event[k] for k in ("name_zh", "name_en", "reason_zh", "reason_en", "source", "kind"))
        assert all(fnmatch.filter(INDICATORS, p) for p in event["indicators"])
        assert all(e.partition("/")[0] in SERIES for e in event["editions"])
        assert set(event.get("regions", [])) <= REGIONS.keys()


def test_clusters_are_told_apart_in_both_languages() -> None:
    rows = table("clusters.csv")
    codes = {r["code"] for r in rows}
    assert len(codes) == len(rows)
    owners: dict[str, set[str]] = {}
    for row in rows:
        assert row["successor"] in codes or not row["successor"]
        assert all(pycountry.countries.get(alpha_2=e) for e in row["economies"].split("|")), row["code"]
        for name in filter(None, f"{row['name_en']}|{row['name_zh']}|{row['aliases']}".split("|")):
            owners.setdefault(flat(name), set()).add(row["code"])
    assert {n: c for n, c in owners.items() if len(c) > 1} == {}
    paper = (DATA / "raw" / "paper" / "he-yi-2023-table-1-clusters.csv").read_text(encoding="utf-8").splitlines()
    assert {flat(line.split(",")[1]) for line in paper[3:23]} <= owners.keys()
    ranking = PUBLISHED / "gii" / "clusters_2023.csv"
    if ranking.exists():
        with ranking.open(encoding="utf-8", newline="") as stream:
            assert {flat(r["cluster"]) for r in csv.DictReader(stream)} <= owners.keys()
