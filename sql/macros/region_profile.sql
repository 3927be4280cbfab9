-- Everything known about a region: each indicator in its newest year, with the share of the nation and the rank
-- among regions of the same kind. select * from marts.region_profile('440000')
--
-- 一个地区的全部指标（各取最新年份）：数值、占全国百分比、同类地区中的位次。
create or replace macro marts.region_profile(region) as table
with

latest as (
    select
        o.indicator,
        o.region,
        o.period,
        o.value,
        o.unit,
        o.edition,
        max(o.period) over (partition by o.indicator, o.region) as newest,
        max(if(o.region = 'CN', o.value, null)) over (partition by o.indicator, o.period) as nation,
        rank() over (partition by o.indicator, o.period, r.kind order by o.value desc) as place,
        count(*) over (partition by o.indicator, o.period, r.kind) as peers
    from marts.observation as o
    inner join marts.region as r on r.region = o.region
    where o.is_latest and o.value is not null
)

select
    l.indicator,
    i.name_zh,
    i.name_en,
    l.period,
    l.value,
    l.unit,
    if(l.unit in ('percent', 'rank'), null, 100 * l.value / nullif(l.nation, 0)) as share_of_nation,
    l.place as "rank",
    l.peers,
    l.edition
from latest as l
left join marts.indicator as i on i.indicator = l.indicator
where l.region = region and l.period = l.newest
order by l.indicator
