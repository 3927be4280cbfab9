"""The documents of a home, read: one by one or from the cache, then put together and untitled printings placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from flows.declarations import Declarations
from flows.documents import cache
from flows.documents.cache import Kept
from flows.documents.document import CANDIDATE, DocumentResult, read_document
from flows.home.folder import Home
from flows.home.landing import Damaged, Document, read_bytes
from transforms.corrections import set_aside
from transforms.place import place
from transforms.schema import DOCUMENT, FINDING, QUARANTINE, SOURCE_CELL, findings, frame


@dataclass
class Collected:
    """All that was read: SOURCE_CELL, QUARANTINE, FINDING and DOCUMENT frames."""

    cells: pl.DataFrame
    quarantine: pl.DataFrame
    findings: pl.DataFrame
    documents: pl.DataFrame


def read_one(home: Home, document: Document, declarations: Declarations, fingerprint: str) -> Kept:
    """A document's result, from the cache when nothing that decides it has changed."""
    declared = document.declared
    name = cache.key(document, fingerprint)
    if there := cache.load(home, name):
        return there
    try:
        data = read_bytes(home, document.sha256)
    except Damaged as error:
        row = {"document": document.sha256, "bytes": document.bytes, "outcome": "unreadable", "reason": str(error)}
        said = {"check": "document_damaged", "message": str(error), "document": document.sha256}
        nothing = frame(SOURCE_CELL), frame(QUARANTINE), findings([said]), frame(CANDIDATE)
        return cache.kept(cache.encoded(DocumentResult(row, *nothing, settled=False)))
    pair = (str(declared["table"]), int(declared["year"])) if declared else None
    return cache.keep(home, name, cache.encoded(read_document(document.sha256, data, declarations.catalogue, pair)))


def collect(
    documents: list[Document], results: Iterable[DocumentResult], corrections: Sequence[Mapping[str, Any]] = ()
) -> Collected:
    """Results put together, in the order of the documents' hashes: never in the order of their arrival; without what
    `corrections` set aside."""
    names = {d.sha256: " | ".join(d.names) for d in documents}
    ordered = sorted(results, key=lambda r: r.row["document"])
    ordered = _without_copies([_unless_set_aside(result, corrections) for result in ordered])
    cells = pl.concat([pl.DataFrame(schema=SOURCE_CELL), *(r.cells for r in ordered)], rechunk=True)
    candidates = pl.concat([pl.DataFrame(schema=CANDIDATE), *(r.candidates for r in ordered)])
    placed, verdicts = place(candidates, cells)
    given = {d.sha256: {"names": names[d.sha256], "declared": _declared(d)} for d in documents}
    rows = [r.row | given.get(r.row["document"], {"names": ""}) for r in ordered]
    return Collected(
        pl.concat([cells, placed]),
        pl.concat([
            frame(QUARANTINE), *(r.quarantine for r in ordered), _files_set_aside(rows, verdicts),
            _tables_set_aside(rows, candidates, placed),
        ]),
        _named(pl.concat([pl.DataFrame(schema=FINDING), *(r.findings for r in ordered)]), names),
        _documents(rows, placed, verdicts),
    )


def _declared(document: Document) -> str | None:
    """What somebody declared a document to be, as table and year."""
    return f"{document.declared['table']} {document.declared['year']}" if document.declared else None


def _without_copies(results: list[DocumentResult]) -> list[DocumentResult]:
    """A document whose sheets say exactly what another one's say is a duplicate; its cells are not counted again."""
    first: dict[str, str] = {}
    kept = []
    for result in results:
        original = first.setdefault(result.content, result.row["document"]) if result.content else None
        if original and original != result.row["document"]:
            kept.append(_emptied(result, "duplicate", f"says exactly what document {original} says"))
        else:
            kept.append(result)
    return kept


def _unless_set_aside(result: DocumentResult, corrections: Sequence[Mapping[str, Any]]) -> DocumentResult:
    why = set_aside(result.row["document"], corrections)
    if why is None:
        return result
    return replace(_emptied(result, "unrecognised", f"set aside by data/corrections: {why}"), content="")


def _emptied(result: DocumentResult, outcome: str, reason: str) -> DocumentResult:
    """A document of which nothing counts."""
    return replace(
        result,
        row=result.row | {"outcome": outcome, "reason": reason},
        cells=result.cells.clear(),
        quarantine=result.quarantine.clear(),
        findings=result.findings.clear(),
        candidates=result.candidates.clear(),
    )


def _named(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Findings of whole documents begin with the file's name."""
    shown = pl.col("document").replace_strict(names, default="", return_dtype=pl.String)
    return found.with_columns(
        message=pl.when(pl.col("document").is_not_null())
        .then(pl.concat_str(shown, pl.lit(": "), "message"))
        .otherwise("message")
    )


def _documents(rows: list[dict], placed: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The document dimension, with printings that were placed by their numbers."""
    documents = frame(DOCUMENT, rows)
    if verdicts.is_empty():
        return documents
    found = placed.group_by("document").agg(
        tables_placed=pl.col("table").unique().sort().str.join(" | "),
        edition_placed=pl.col("edition").unique().sort().str.join(" | "),
        period_placed=pl.col("period").max(),
    )
    best = (
        verdicts.filter(pl.col("rank") == 0)
        .unique("document", keep="first", maintain_order=True)
        .select(
            "document",
            by_numbers=pl.format(
                "{} {}: {} of {} figures agree",
                "contract",
                pl.col("edition_found"),
                (pl.col("agreement") * pl.col("shared")).round(0).cast(pl.Int64),
                "shared",
            ),
        )
    )
    joined = documents.join(found, on="document", how="left").join(best, on="document", how="left")
    is_placed = pl.col("tables_placed").is_not_null()
    return joined.with_columns(
        outcome=pl.when(is_placed).then(pl.lit("read")).otherwise("outcome"),
        tables=pl.coalesce("tables_placed", "tables"),
        edition=pl.coalesce("edition_placed", "edition"),
        period=pl.coalesce("period_placed", "period"),
        reason=pl.when(is_placed)
        .then(pl.format("placed by its numbers: {}", "by_numbers"))
        .when(pl.col("by_numbers").is_not_null())
        .then(pl.format("{}; {}", "reason", "by_numbers"))
        .otherwise("reason"),
    ).select(documents.columns)


def _tables_set_aside(rows: list[dict], candidates: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Untitled tables of documents whose other tables are read, unless their numbers have placed them."""
    read = [row["document"] for row in rows if row["outcome"] == "read"]
    left = (
        candidates.filter(pl.col("document").is_in(read))
        .join(placed, on=["document", "sheet"], how="anti", nulls_equal=True)
        .group_by("document", "sheet", maintain_order=True)
        .agg(pl.col("contract").unique().sort(), n=pl.struct("cell").n_unique())
    )
    return frame(
        QUARANTINE,
        [
            {
                "document": row["document"],
                "sheet": row["sheet"],
                "raw": f"table of {row['n']} cells",
                "reason": "no title that a contract has, beside tables that are read",
                "suggestion": f"candidates: {' | '.join(row['contract'])}; as a file of its own, with --as TABLE"
                " --year YEAR, it is read",
            }
            for row in left.to_dicts()
        ],
    )


def _files_set_aside(rows: list[dict], verdicts: pl.DataFrame) -> pl.DataFrame:
    """Whole files that are not read stand in the quarantine too, with what would mend it."""
    placed = set(verdicts.filter("placed")["document"]) if not verdicts.is_empty() else set()
    return frame(
        QUARANTINE,
        [
            {
                "document": row["document"],
                "raw": row.get("names"),
                "reason": row.get("reason"),
                "suggestion": f"candidates: {row['candidates']}" if row.get("candidates") else None,
            }
            for row in rows
            if row["outcome"] in ("unreadable", "unrecognised") and row["document"] not in placed
        ],
    )
