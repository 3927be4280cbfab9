-- Everything known about a region: each indicator in its newest year, with the share of the nation and the rank
-- among regions of the same kind. select * from marts.region_profile('440000')
--
-- 一个地区的全部指标（各取最新年份）：数值、占全国百分比、同类地区中的位次。
create or replace macro marts.region_profile(region) as table
with

newest as (
    select
        o.indicator,
        r.kind,
        max(o.period) as period
    from marts.observation as o
    inner join marts.region as r on r.region = o.region
    where o.is_latest and o.value is not null and o.region = region
    group by o.indicator, r.kind
),

nation as (
    select
        o.indicator,
        o.period,
        o.value
    from marts.observation as o
    where o.is_latest and o.region = 'CN'
),

ranked as (
    select
        o.*,
        rank() over (partition by o.indicator order by o.value desc) as place,
        count(*) over (partition by o.indicator) as peers
    from marts.observation as o
    inner join newest as n on n.indicator = o.indicator and n.period = o.period
    inner join marts.region as r on r.region = o.region and r.kind = n.kind
    where o.is_latest and o.value is not null
)

select
    o.indicator,
    i.name_zh,
    i.name_en,
    o.period,
    o.value,
    o.unit,
    case when o.unit not in ('percent', 'rank') then 100 * o.value / nullif(n.value, 0) end as share_of_nation,
    o.place as "rank",
    o.peers,
    o.edition
from ranked as o
left join nation as n on n.indicator = o.indicator and n.period = o.period
left join marts.indicator as i on i.indicator = o.indicator
where o.region = region
order by o.indicator
