-- The paper's table 2, cell by cell, as printed. Its sources are plans, which the warehouse does not hold.
--
-- 论文表2逐格，按原文。其来源为各规划文件，不在库内。
with

cells as (
    select * from parts.paper_table
    where table_number = 2
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
