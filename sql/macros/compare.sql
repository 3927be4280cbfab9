-- One indicator in one year, all regions, the latest known figures, the highest first among regions of a kind.
-- select * from marts.compare('rd_intensity', 2021)
--
-- 一项指标在某一年的各地区比较（最新数值），同类地区内由高到低。
create or replace macro marts.compare(indicator, period) as table
select
    o.region,
    r.name_zh,
    r.name_en,
    r.kind,
    o.value,
    o.unit,
    rank() over (partition by r.kind order by o.value desc) as "rank",
    o.value / nullif(max(case when o.region = 'CN' then o.value end) over (), 0) as ratio_to_nation,
    o.edition
from marts.observation as o
left join marts.region as r on r.region = o.region
where o.is_latest and o.value is not null and o.indicator = indicator and o.period = period
order by r.kind, "rank", o.region
