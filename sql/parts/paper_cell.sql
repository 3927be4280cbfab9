-- The cells of the paper's five tables as printed, each with the row and column that it belongs to.
--
-- 论文五张表的各单元格（按原文），及其所在的行与列。
with

cells as (
    select source_cell.*
    from marts.source_cell
    inner join marts.edition using (edition)
    where edition.series = 'paper'
),

numbered as (
    select number, family
    from (
        values
        (1, 'cluster_ranking'), (2, 'highland_target'), (3, 'indicator_framework'),
        (4, 'rd_share_by_region'), (5, 'rd_share_by_sector')
    ) as listed (number, family)
),

labels as (
    select document, sheet, "row", raw as row_label
    from cells
    where indicator in (
        'cluster.name', 'rd_share.region', 'rd_share.sector', 'highland_target.region', 'indicator_framework.indicator'
    )
),

placed as (
    select
        numbered.number as table_number,
        cells.*,
        labels.row_label,
        dense_rank() over (partition by cells.document, cells.sheet, cells."table" order by cells."row") as position
    from cells
    inner join numbered on numbered.family = cells."table"
    left join labels using (document, sheet, "row")
    where cells.role in ('value', 'text')
)

select
    table_number,
    edition,
    period,
    cast(position as integer) as position,
    -- a row of table 5 is a sector, those of 1 and 4 are regions, those of 2 and 3 what they say
    case table_number
        when 1 then region
        when 4 then region
        when 5 then coalesce(
            max(
                if(starts_with(indicator, 'rd_share.') and role = 'value',
                    coalesce(nullif(regexp_extract(indicator, '^rd_share\.(\w+)\.', 1), ''), 'total'), null)
            ) over (partition by document, sheet, "table", "row"),
            row_label
        )
        else row_label
    end as row_key,
    row_label,
    regexp_extract(indicator, '(\w+)$', 1) || if(table_number in (4, 5) and role = 'value', '_share', '') as column_key,
    role,
    raw as printed,
    value as printed_value,
    resolution / 2 as tolerance,
    document,
    sheet,
    cell,
    "row",
    "column"
from placed
order by table_number, document, sheet, "row", "column"
