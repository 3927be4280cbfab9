-- The latest figures of the indicators behind the paper's table 3, for every region: published, summed over all members
-- of a highland, or a ratio of two others; and how many members have one.
--
-- 论文表3相关指标在各地区的最新数值：公布值、科创高地全部成员之和，或两项指标之比；以及有数据的成员数。
with

framework as (
    select * from staging.framework
),

observations as (
    select * from marts.observation
    where is_latest and value is not null
),

members as (
    select region_member.region as highland, region_member.member
    from marts.region_member
    inner join marts.region on region.region = region_member.region
    where region.kind = 'highland'
),

sizes as (
    select highland as region, count(*) as members_needed
    from members
    group by highland
),

needed as (
    select indicator, over_members from framework
    union
    select numerator, 'sum' from framework where numerator is not null
    union
    select denominator, 'sum' from framework where denominator is not null
),

published as (
    select
        observations.indicator,
        observations.region,
        observations.period,
        observations.value,
        observations.unit,
        observations.edition as editions,
        'published' as basis
    from observations
    inner join (select distinct indicator from needed) using (indicator)
),

by_members as (
    select
        published.indicator,
        members.highland as region,
        published.period,
        sum(published.value order by members.member) as value,
        any_value(published.unit order by published.unit) as unit,
        string_agg(distinct published.editions, ' | ' order by published.editions) as editions,
        'members' as basis,
        count(*) as members_covered
    from members
    inner join published on published.region = members.member
    inner join needed on needed.indicator = published.indicator and needed.over_members = 'sum'
    group by published.indicator, members.highland, published.period
),

amounts as (
    select * from published
    union all by name
    select by_members.* exclude (members_covered)
    from by_members
    inner join sizes using (region)
    anti join published using (indicator, region, period)
    where by_members.members_covered = sizes.members_needed
),

ratios as (
    select
        framework.indicator,
        above.region,
        above.period,
        framework.factor * above.value / nullif(below.value, 0) as value,
        indicator.unit,
        above.editions || if(below.editions = above.editions, '', ' | ' || below.editions) as editions,
        'ratio' as basis
    from framework
    inner join amounts as above on above.indicator = framework.numerator
    inner join amounts as below
        on below.indicator = framework.denominator
        and below.region = above.region
        and below.period = above.period
    left join marts.indicator on indicator.indicator = framework.indicator
),

figures as (
    select * from amounts
    union all by name
    select ratios.* from ratios
    anti join amounts using (indicator, region, period)
)

select
    indicator,
    region,
    period,
    figures.value,
    figures.unit,
    figures.basis,
    figures.editions,
    by_members.members_covered
from figures
full join by_members using (indicator, region, period)
order by indicator, region, period
