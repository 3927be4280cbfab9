-- The paper's table 3, cell by cell, as printed. What the warehouse holds of its indicators is in indicator_coverage.
--
-- 论文表3逐格，按原文。各指标的数据覆盖情况见 indicator_coverage。
with

cells as (
    select * from parts.paper_table
    where table_number = 3
)

select
    edition,
    period,
    position,
    row_key,
    row_label,
    column_key,
    printed,
    printed_value,
    recomputed_value,
    difference,
    tolerance,
    verdict,
    source_edition,
    document,
    sheet,
    cell
from cells
order by document, sheet, position, "column"
