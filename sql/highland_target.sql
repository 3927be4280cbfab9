-- The paper's table 2: what the plans say that each highland is to become, as printed.
--
-- 论文表2：各规划文件对区域科创高地的目标定位，按原文。
with

cells as (
    select * from marts.source_cell
    where role = 'text' and starts_with(indicator, 'highland_target.')
),

regions as (
    select * from marts.region
    where kind not in ('economy', 'cluster')
),

spellings as (
    select region, name_zh as spelling from regions
    union
    select region, unnest(string_split(alias_zh, '|')) from regions
),

lines as (
    select
        edition,
        document,
        sheet,
        "row",
        max(raw) filter (indicator = 'highland_target.region') as label,
        max(raw) filter (indicator = 'highland_target.position') as target,
        max(raw) filter (indicator = 'highland_target.document') as plan
    from cells
    group by edition, document, sheet, "row"
),

placed as (
    select
        lines.*,
        row_number() over (partition by document, sheet order by "row") as place,
        (select min(spellings.region) from spellings where spellings.spelling = lines.label) as region
    from lines
)

select
    placed.edition,
    cast(placed.place as integer) as position,
    placed.region,
    placed.label,
    regions.name_en,
    placed.target,
    placed.plan,
    placed.document,
    placed.sheet,
    cast(placed.row + 1 as integer) as sheet_row
from placed
left join regions using (region)
order by edition, position, document
