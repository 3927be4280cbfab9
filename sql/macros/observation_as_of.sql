-- The numbers as they were known on a day: for each indicator, region and period, what the newest edition that had
-- appeared by then prints. select * from marts.observation_as_of('2021-06-30')
--
-- 某日所知的数据：每个指标、地区、时期取截至当日已发布的最新版本的数值。
create or replace macro marts.observation_as_of("day") as table
with

known as (
    select
        o.*,
        row_number() over (
            partition by o.indicator, o.region, o.period
            order by
                o.value is null, e.series = 'paper', e.release_date desc, o.resolution nulls last, o.edition desc
        ) as place
    from marts.observation as o
    inner join marts.edition as e on e.edition = o.edition
    where e.release_date <= cast("day" as date)
)

select
    indicator, region, period, edition, value, unit, status, raw, document, sheet, cell, "table", resolution,
    true as is_latest
from known
where place = 1
order by indicator, region, period
