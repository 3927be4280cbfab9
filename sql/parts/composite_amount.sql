-- The amounts behind the scoreboard for every province and highland: the latest figures, a highland's as the sum of its
-- members where all have one. Where no gross product is published, it is R&D expenditure over R&D intensity.
--
-- 综合评价所用的各省份与科创高地总量指标：最新数据，科创高地在成员齐全时取成员之和；
-- 未公布地区生产总值时，以R&D经费除以R&D经费投入强度推算。
with

needed as (
    select numerator as indicator from staging.composite_definition
    union
    select denominator from staging.composite_definition
),

latest as (
    select observation.indicator, observation.region, observation.period, observation.value, observation.edition
    from marts.observation
    inner join marts.edition using (edition)
    where observation.is_latest and observation.value is not null and edition.series != 'paper'
),

members as (
    select region_member.region as highland, region_member.member
    from marts.region_member
    inner join marts.region using (region)
    where region.kind = 'highland'
),

places as (
    select member as region from marts.region_member where region_member.region = 'CN'
    union
    select 'CN'
    union
    select member from members
),

published as (
    select
        latest.indicator,
        latest.region,
        latest.period,
        latest.value,
        'published' as basis
    from latest
    semi join places using (region)
    semi join needed using (indicator)
),

-- 10 000 CNY over percent is million CNY; the product is in 100 million
implied as (
    select
        'gdp' as indicator,
        spent.region,
        spent.period,
        spent.value / intensity.value / 100 as value,
        'implied' as basis
    from latest as spent
    inner join latest as intensity
        on intensity.indicator = 'rd_intensity'
        and intensity.region = spent.region
        and intensity.period = spent.period
    semi join places on places.region = spent.region
    anti join published
        on published.indicator = 'gdp'
        and published.region = spent.region
        and published.period = spent.period
    where spent.indicator = 'rd_expenditure' and intensity.value > 0
),

single as (
    select * from published
    union all
    select * from implied
),

summed as (
    select
        single.indicator,
        members.highland as region,
        single.period,
        sum(single.value order by members.member) as value,
        'members' as basis
    from members
    inner join single on single.region = members.member
    group by single.indicator, members.highland, single.period
    having count(*) = (select count(*) from members as all_members where all_members.highland = members.highland)
)

select indicator, region, period, value, basis from single
union all
select indicator, region, period, value, basis from summed
order by indicator, region, period
