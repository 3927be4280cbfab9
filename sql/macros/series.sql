-- One indicator of one region over the years, the latest known figures. select * from marts.series('rd_intensity', '110000')
--
-- 一个地区一项指标的历年数据（最新数值）。
create or replace macro marts.series(indicator, region) as table
select
    o.period,
    o.value,
    o.unit,
    o.status,
    o.edition
from marts.observation as o
where o.is_latest and o.indicator = indicator and o.region = region
order by o.period
