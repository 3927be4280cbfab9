"""Check the marts with Great Expectations: a suite for each, failing rows named by their keys, Data Docs.

Great Expectations takes seconds to import, so nothing here imports it before `check` or `warm` (warming.py) runs.
Each suite runs twice at most: once asking only whether it holds, and once more, in detail, for the
expectations that don't.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.validation import data_docs
from flows.validation.check_frames import Frames, Marts
from flows.validation.held import Held
from flows.validation.suites import Outcome, Rule, Suite, load, reference
from flows.validation.verdict import SHOWN, Checked, checked
from flows.validation.warming import forget, warm

__all__ = ["Checking", "Engine", "begin_files", "check", "check_files", "finish_files", "has_come", "warm"]

_under_way: list[Checking] = []
MISSING = Rule("mart_is_there", "", {}, "critical", "The release has this mart.", "发布版本包含此表。")


def check(marts: Marts, suites: Path, docs: Path | None = None) -> Checked:
    """Run every suite of a folder over the marts, and write Data Docs into `docs` when it is given.

    `marts` gives a frame or a Parquet file by the mart's name; one that isn't there raises KeyError. Findings have
    the check `gx.<slug>`, the severity error for critical, and one row for each failing row up to SHOWN.
    Raises ValueError for a suite that cannot be read.
    """
    checking = Checking(marts, suites)
    checking.run()
    return checking.conclude(docs)


class Checking:
    """A check under way, for marts that do not all come at once."""

    def __init__(self, marts: Marts, suites: Path, kept: Held | None = None, spill: Path | None = None) -> None:
        warm()
        forget()
        self._frames, self._engine, self._suites, self._kept = Frames(marts, spill), Engine(), load(suites), kept
        self._reports: dict[str, tuple[Suite, list[Outcome], Any]] = {}
        self.there: set[str] = set()

    def run(self, there: Collection[str] | None = None) -> None:
        """Run the suites that have not run yet: all, or those of which every mart that they read is `there`."""
        for suite in self._suites:
            if suite.table in self._reports or (there is not None and not suite.reads() <= set(there)):
                continue
            if self._kept and (page := self._kept.page(suite)):
                self._reports[suite.table] = (suite, [Outcome(rule, success=True) for rule in suite.rules], page)
            elif self._frames.has(suite.table):
                self._reports[suite.table] = (suite, *self._engine.run(suite, self._frames))
            elif not suite.optional:
                self._reports[suite.table] = (suite, [Outcome(MISSING, success=False)], None)

    def conclude(self, docs: Path | None = None) -> Checked:
        """The verdict of all suites, and Data Docs into `docs` when it is given."""
        reports = [self._reports[suite.table] for suite in self._suites if suite.table in self._reports]
        pages = data_docs.write(docs, reports) if docs is not None else {}
        if self._kept:
            held = [suite for suite, outcomes, _ in reports if all(outcome.success for outcome in outcomes)]
            self._kept.keep((suite, pages[suite.table]) for suite in held if suite.table in pages)
        return checked([(suite, outcome) for suite, outcomes, _ in reports for outcome in outcomes])


def check_files(marts: Path, suites: Path, docs: Path, kept: Path | None = None) -> Checked:
    """`check` on the Parquet files of a folder, of which only the columns that the suites name are read. A suite
    that held for the same bytes before, as the folder `kept` knows, is not run again."""
    begin_files(marts, suites, kept)
    return finish_files(docs)


def begin_files(marts: Path, suites: Path, kept: Path | None = None) -> None:
    """The first part of `check_files`: nothing is checked before a mart is there."""

    def mart(name: str) -> Path:
        return marts / f"{name}.parquet"

    held, spill = (Held(kept, marts), kept.with_name("checked")) if kept else (None, None)
    _under_way[:] = [Checking(mart, suites, held, spill)]


def has_come(mart: str) -> None:
    """Another part: whatever can be checked now that one more mart is there."""
    _under_way[0].there.add(mart)
    _under_way[0].run(_under_way[0].there)


def finish_files(docs: Path) -> Checked:
    """The rest of what `begin_files` began."""
    checking = _under_way.pop()
    checking.run()
    return checking.conclude(docs)


class Engine:
    """Great Expectations with one in-memory context; it writes no files."""

    def __init__(self) -> None:
        import great_expectations as gx

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        asset = context.data_sources.add_pandas("marts").add_dataframe_asset("mart")
        self._batches = asset.add_batch_definition_whole_dataframe("whole")

    def run(self, suite: Suite, frames: Frames) -> tuple[list[Outcome], Any]:
        """The outcome of each rule, in the suite's order, and the result that Data Docs are rendered from."""
        pieces, broken = frames.select(suite)
        outcomes = {
            n: Outcome(rule, success=False, exception=broken[rule.check])
            for n, rule in enumerate(suite.rules)
            if rule.check in broken
        }
        shown: dict[int, Any] = {}
        for frame, rules in pieces:
            result = self._validate(_gx_suite(suite, rules, frames), frame, "BOOLEAN_ONLY")
            items = dict(_by_rule(result))
            again = {n: rules[n] for n, item in items.items() if not item.success and not _exception(item)}
            if again:
                # not with unexpected_index_column_names: that takes half a minute for 20,000 failing rows
                detail = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN}
                items |= dict(_by_rule(self._validate(_gx_suite(suite, again, frames), frame, detail)))
            for n, item in items.items():
                before, now = outcomes.get(n), _outcome(suite, rules[n], item, frame)
                if before is None or (before.success and not now.success):
                    shown[n] = item
                outcomes[n] = now if before is None else before.and_of(now, SHOWN)
        result.results = [shown[n] for n in sorted(shown)]
        return [outcomes[n] for n in sorted(outcomes)], result

    def _validate(self, suite: Any, frame: Any, result_format: Any) -> Any:
        # what Batch.validate does, which takes the frame's fingerprint twice
        from great_expectations.validator.v1_validator import Validator

        validator = Validator(self._batches, result_format, batch_parameters={"dataframe": frame})
        return validator.validate_expectation_suite(suite)


def _gx_suite(suite: Suite, rules: Mapping[int, Rule], frames: Frames) -> Any:
    """The rules as a Great Expectations suite; each carries its number, by which its result is found."""
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    expectations = []
    for n, rule in rules.items():
        kwargs = dict(rule.kwargs)
        if isinstance(values := kwargs.get("value_set"), Mapping):
            # only the values that occur: a long list costs Great Expectations more than the column
            known = frames.values(*reference(values))
            kwargs["value_set"] = [
                value for value in frames.values(suite.table, kwargs["column"]) if value in known
            ]
        configuration = ExpectationConfiguration(
            type=rule.type,
            kwargs=kwargs,
            meta={"rule": n},
            severity=FailureSeverity(rule.severity),
            description=data_docs.described(rule),
        )
        expectations.append(configuration.to_domain_obj())
    return gx.ExpectationSuite(name=suite.table, expectations=expectations)


def _by_rule(result: Any) -> Iterator[tuple[int, Any]]:
    return ((item.expectation_config.meta["rule"], item) for item in result.results)


def _exception(item: Any) -> str | None:
    """What was raised while one expectation was judged: Great Expectations nests it by metric, or doesn't."""
    info = item.exception_info or {}
    for one in [info] if "raised_exception" in info else info.values():
        if one["raised_exception"]:
            return str(one["exception_message"]).strip().splitlines()[0]
    return None


def _outcome(suite: Suite, rule: Rule, item: Any, frame: Any) -> Outcome:
    """The outcome of one expectation; its failing rows by the suite's key and the columns the rule reads."""
    if exception := _exception(item):
        return Outcome(rule, success=False, exception=exception)
    detail = item.result or {}
    return Outcome(
        rule,
        success=bool(item.success),
        rows=tuple(_failing(suite, rule, frame, detail.get("partial_unexpected_index_list") or [])),
        failed=detail.get("unexpected_count"),
        observed=detail.get("observed_value"),
    )


def _failing(suite: Suite, rule: Rule, frame: Any, indices: list[int]) -> list[dict[str, Any]]:
    """The rows at some places of a frame, as far as they name and explain themselves."""
    rows: list[dict[str, Any]] = []
    if not indices:  # as nearly always: pandas takes milliseconds to select nothing
        return rows
    named = [name for name in dict.fromkeys((*suite.key, *rule.columns())) if name in frame and name != rule.check]
    for values in frame[named].iloc[indices].astype(object).to_dict("records"):
        row = {name: _plain(value) for name, value in values.items()}
        if row not in rows:  # a key that stands twice is one finding
            rows.append(row)
    return rows


def _plain(value: Any) -> Any:
    """A value as the mart has it: pandas turns whole numbers beside nulls into floats, nulls into NaN."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() else value
    return value
