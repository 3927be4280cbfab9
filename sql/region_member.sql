-- Which places make up a nation, a zone or a highland.
--
-- 全国、四大地区与科创高地由哪些地区组成。
with

members as (
    select * from staging.region_member
)

select
    region,
    member,
    valid_from,
    note
from members
order by region, member
