"""When runs are due: data/operations/schedule.yml, as the crons that Prefect understands."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flows.project import DATA, DeclarationError, load_yaml

FILE = DATA / "operations" / "schedule.yml"
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = range(1, 13)


def declared() -> dict[str, Any]:
    """The whole file. Raises DeclarationError when it cannot be used."""
    said = load_yaml(FILE)
    try:
        crons(said)
        return {key: said[key] for key in ("timezone", "season", "otherwise", "watch", "retries")}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DeclarationError(f"{FILE}: {error!r}") from error


def crons(said: dict[str, Any]) -> dict[str, str]:
    """The two schedules: `season`, daily in its months, and `otherwise`, weekly in all the others.

    Raises KeyError or ValueError for a month, weekday or time of day that there is not.
    """
    season = sorted({int(month) for month in said["season"]["months"]})
    if not season or not set(season) <= set(MONTHS):
        raise ValueError(f"season.months: {said['season']['months']!r} are no months")
    weekday = WEEKDAYS.index(said["otherwise"]["weekday"].lower())
    other = [month for month in MONTHS if month not in season] or list(MONTHS)
    return {
        "season": f"{_time(said['season']['at'])} * {_list(season)} *",
        "otherwise": f"{_time(said['otherwise']['at'])} * {_list(other)} {weekday}",
    }


def _list(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


def _time(at: str) -> str:
    """`06:30` as the first two fields of a cron."""
    hour, minute = (int(part) for part in at.split(":"))
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise ValueError(f"{at!r} is no time of day")
    return f"{minute} {hour}"


def for_prefect() -> dict[str, str]:
    """What prefect.yaml fills in, as a build step gives it: both crons, the time zone, highlands' version."""
    said = declared()
    return {**crons(said), "timezone": said["timezone"], "version": version("highlands")}
