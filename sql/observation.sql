-- One number as one edition prints it: a row for each indicator, region, period and edition. Where an edition
-- prints a number in several tables or twice, the most precise cell stands here; the others are in source_cell.
--
-- 一个版本公布的一个数：每个指标、地区、时期、版本一行。同一版本在多张表中或重复公布同一数时，取最精确的单元格；
-- 其余见 source_cell。
with

cells as (
    select * from staging.source_cell
    where role = 'value'
        and indicator is not null and region is not null and period is not null and edition is not null
),

editions as (
    select * from staging.edition
),

by_precision as (
    select
        cells.*,
        row_number() over (
            partition by indicator, region, period, edition
            order by value is null, resolution nulls last, "table", document, sheet, "row", "column", raw, value
        ) as place
    from cells
),

by_release as (
    select
        by_precision.*,
        -- a number beats a blank, a statistical source beats the paper that quotes it, then the newest edition wins
        row_number() over (
            partition by indicator, region, period
            order by
                value is null,
                coalesce(editions.series, '') = 'paper',
                editions.release_date desc nulls last,
                resolution nulls last,
                edition desc
        ) = 1 as is_latest
    from by_precision
    left join editions using (edition)
    where place = 1
)

select
    indicator,
    region,
    period,
    edition,
    value,
    unit,
    status,
    raw,
    document,
    sheet,
    cell,
    "table",
    resolution,
    is_latest
from by_release
order by indicator, region, period, edition
