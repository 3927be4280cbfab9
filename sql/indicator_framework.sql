-- The paper's table 3: general indicators of a highland's level and ability in science and technology, as printed. A
-- cell that spans several rows is repeated in each.
--
-- 论文表3：衡量区域科创高地科技创新水平与能力的一般性指标，按原文；跨行单元格在各行重复。
with

cells as (
    select * from marts.source_cell
    where role = 'text' and starts_with(indicator, 'indicator_framework.')
),

lines as (
    select
        edition,
        document,
        sheet,
        "row",
        max(raw) filter (indicator = 'indicator_framework.dimension') as dimension,
        max(raw) filter (indicator = 'indicator_framework.content') as content,
        max(raw) filter (indicator = 'indicator_framework.indicator') as measure
    from cells
    group by edition, document, sheet, "row"
),

filled as (
    select
        *,
        last_value(dimension ignore nulls) over downwards as dimension_above,
        last_value(content ignore nulls) over downwards as content_above,
        row_number() over downwards as place
    from lines
    window downwards as (
        partition by document, sheet order by "row" rows between unbounded preceding and current row
    )
)

select
    edition,
    cast(place as integer) as position,
    dimension_above as dimension,
    content_above as content,
    measure,
    document,
    sheet,
    cast("row" + 1 as integer) as sheet_row
from filled
order by edition, position, document
