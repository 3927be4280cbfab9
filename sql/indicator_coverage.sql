-- What the warehouse holds of the paper's table 3: for each of its indicators, each place (the nation, the highlands,
-- their members and the provinces that host them) and each year, whether there is a figure, and if not, where one
-- could come from.
--
-- 论文表3的各项指标在库中的覆盖情况：对每项指标、每个地区（全国、科创高地、其成员及所在省份）、每一年，是否有数据；
-- 没有时可从何处取得。
with

framework as (
    select * from staging.framework
),

figures as (
    select * from parts.framework_figure
),

places as (
    select 'CN' as region
    union
    select region from parts.highland_place
),

sizes as (
    select highland as region, count(*) as members_needed
    from parts.highland_place
    where role = 'member'
    group by highland
),

years as (
    select distinct figures.period
    from figures
    inner join framework using (indicator)
    where framework.relation != 'context'
),

wanted as (
    select
        framework.*,
        places.region,
        years.period
    from framework
    cross join places
    cross join years
),

covered as (
    select
        wanted.*,
        figures.basis,
        figures.editions,
        sizes.members_needed,
        if(sizes.members_needed is null or wanted.over_members != 'sum', null, coalesce(figures.members_covered, 0))
            as members_covered
    from wanted
    left join figures using (indicator, region, period)
    left join sizes using (region)
)

select
    indicator,
    region,
    period,
    measure,
    cast(covered.position as integer) as position,
    measure_zh,
    measure_en,
    relation,
    coalesce(basis, if(members_covered > 0, 'partly', 'missing')) as coverage,
    editions,
    cast(members_covered as integer) as members_covered,
    cast(members_needed as integer) as members_needed,
    if(basis is null, source_zh, null) as source_zh,
    if(basis is null, source_en, null) as source_en
from covered
order by indicator, region, period
