-- The paper's tables cell by cell: as printed, as recomputed, and whether the two are equal within the digits that
-- the paper prints.
--
-- 论文各表逐格对照：原文、重算值，以及在论文印出的位数内是否相等。
with

cells as (
    select * from parts.paper_cell
),

recomputed as (
    select * from parts.paper_recomputed
),

compared as (
    select
        cells.*,
        recomputed.value as recomputed_value,
        recomputed.edition as source_edition,
        recomputed.value - cells.printed_value as difference
    from cells
    left join recomputed using (table_number, period, row_key, column_key)
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
    -- a hair of slack, for numbers that binary fractions cannot hold
    case
        when printed_value is null and table_number in (1, 4, 5) then 'label'
        when recomputed_value is null then 'no_source'
        when abs(difference) <= tolerance + 1e-9 then 'equal'
        else 'differs'
    end as verdict,
    source_edition,
    document,
    sheet,
    cell,
    table_number,
    role,
    "column",
    -- a second transcription of a table stands beside the first, but is not counted again
    (document, sheet) != min((document, sheet)) over (partition by table_number) as is_copy
from compared
order by table_number, document, sheet, position, "column"
