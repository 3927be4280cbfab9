-- Every cell that was read from a published table, with its place in the document, the text that stands there and
-- what it was understood to say. Nothing is left out: a number of a recognised table is here or in quarantine.
--
-- 从公布的表格中读入的每一个单元格：所在文件与位置、原文及其含义。已识别表格中的数字，或在此，或在 quarantine，无一遗漏。
with

cells as (
    select * from staging.source_cell
)

select
    document,
    sheet,
    cell,
    "row",
    "column",
    role,
    raw,
    "table",
    indicator,
    region,
    period,
    edition,
    value,
    unit,
    published_unit,
    resolution,
    status,
    note
from cells
order by indicator, region, period, edition, document, sheet, "row", "column", role, raw, value, status, note
