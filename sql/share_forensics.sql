-- Why shares of the paper don't add to 100: each row of its tables 4 and 5 whose sum is off by more than its rounding,
-- traced to the cells of the cited yearbook that don't add up either. One row for each of those cells. For a row of
-- regions the slips are those of the region or of its members; a row of table 5 is a sector of the nation, so there
-- any province's slip may be the cause, and it is one if it explains the excess within the rounding.
--
-- 论文占比之和为何不等于100：表4、表5中偏差超出舍入误差的各行，追溯到所引年鉴中同样不闭合的单元格，每个单元格一行。
-- 地区行的差错来自该地区或其成员；表5各行为全国的执行部门，任一省份的差错均可能为其原因，能在舍入误差内解释偏差者即是。
with

cited as (
    select 'st-yearbook/2022' as edition
),

parts_of_total as (
    select part, indicator
    from (
        values
        ('total', 'rd_expenditure'), ('basic', 'rd_expenditure.basic'),
        ('applied', 'rd_expenditure.applied'), ('experimental', 'rd_expenditure.experimental')
    ) as listed (part, indicator)
),

sums as (
    select
        table_number,
        edition,
        period,
        position,
        row_key,
        row_label,
        round(sum(printed_value), 10) as share_sum,
        round(sum(printed_value) - 100, 10) as excess,
        round(sum(tolerance), 10) as allowed
    from parts.paper_table
    where table_number in (4, 5) and role = 'value' and not is_copy
    group by all
),

odd as (
    select * from sums
    where abs(excess) > allowed + 1e-9
),

cells as (
    select
        parts_of_total.part,
        observation.*
    from marts.observation
    semi join cited using (edition)
    inner join parts_of_total using (indicator)
),

differences as (
    select
        region,
        period,
        round(sum(if(part = 'total', -value, value) order by part), 6) as amount,
        sum(resolution) / 2 as rounding
    from cells
    group by region, period
    having count(value) = 4
),

slips as (
    select * from differences
    where abs(amount) > rounding
),

causes as (
    select distinct odd.table_number, odd.position, odd.edition, slips.region, slips.amount
    from odd
    inner join slips using (period)
    left join marts.region_member
        on region_member.member = slips.region
        and region_member.region = if(odd.table_number = 5, 'CN', odd.row_key)
    where region_member.member is not null or slips.region = odd.row_key
),

-- the total that the row's shares are of: the region's or highland's, or the sector's in the newest statistics
totals as (
    select 4 as table_number, region as row_key, period, total, release_date, rd_structure_by_region.edition
    from marts.rd_structure_by_region
    semi join cited using (edition)
    inner join marts.edition using (edition)
    union all
    select 5, sector, period, total, release_date, rd_structure_by_sector.edition
    from marts.rd_structure_by_sector
    inner join marts.edition using (edition)
    where edition.series != 'paper'
),

row_totals as (
    select
        table_number,
        row_key,
        period,
        max_by(total, release_date) filter (total is not null) as total
    from totals
    group by all
),

explained as (
    select
        odd.table_number,
        odd.position,
        odd.edition,
        row_totals.total,
        100 * sum(causes.amount order by causes.region) / row_totals.total as explained_excess
    from odd
    left join causes using (table_number, position, edition)
    left join row_totals
        on row_totals.table_number = odd.table_number
        and row_totals.row_key = odd.row_key
        and row_totals.period = odd.period
    group by odd.table_number, odd.position, odd.edition, row_totals.total
),

-- other tables and publications that print the same total say that the parts are wrong, not the total
confirmed as (
    select
        cells.region,
        cells.period,
        string_agg(distinct again.edition || ' ' || again."table", ' | ' order by again.edition || ' ' || again."table")
            as total_confirmed_by
    from cells
    inner join marts.source_cell as again
        on again.indicator = cells.indicator
        and again.region = cells.region
        and again.period = cells.period
        and again."table" != cells."table"
    where cells.part = 'total'
        and again.role = 'value'
        and abs(again.value - cells.value) <= (again.resolution + cells.resolution) / 2
    group by cells.region, cells.period
)

select
    odd.table_number,
    odd.edition,
    odd.period,
    odd.position,
    cast(row_number() over (
        partition by odd.table_number, odd.edition, odd.position order by causes.region, cells.part
    ) as integer) as number,
    odd.row_key,
    odd.row_label,
    odd.share_sum,
    odd.excess,
    odd.allowed,
    explained.total,
    causes.region as cause_region,
    region.name_zh as cause_name_zh,
    region.name_en as cause_name_en,
    causes.amount as cause_amount,
    cells.edition as cause_edition,
    cells.part as cause_part,
    cells.value as cause_value,
    cells.document,
    cells.sheet,
    cells.cell,
    confirmed.total_confirmed_by,
    explained.explained_excess,
    odd.excess - explained.explained_excess as unexplained_excess,
    coalesce(abs(odd.excess - explained.explained_excess) <= odd.allowed + 1e-9, false) as is_explained
from odd
left join explained using (table_number, position, edition)
left join causes using (table_number, position, edition)
left join cells on cells.region = causes.region and cells.period = odd.period
left join confirmed on confirmed.region = causes.region and confirmed.period = odd.period
left join marts.region on region.region = causes.region
order by odd.table_number, odd.edition, odd.position, number
