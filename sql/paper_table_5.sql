-- The paper's table 5, cell by cell: the structure of R&D expenditure by performing sector as printed, and as it follows
-- from the sources where they have it.
--
-- 论文表5逐格对照：按执行部门分组的R&D经费构成的原文，与来源可得时重算的结果。
with

cells as (
    select * from parts.paper_table
    where table_number = 5
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
