-- How far two R&D structures of one edition and period are from each other: by the Aitchison distance, which compares
-- ratios of parts, and in percentage points, half the sum of the differences: what would have to be spent otherwise.
--
-- 同一版本、同一时期两个地区R&D构成的距离：Aitchison距离（比较各部分之比），以及百分点差距
-- （差额绝对值之和的一半，即需改变用途的份额）。
with

compositions as (
    select * from parts.rd_composition
)

select
    one.region,
    other.region as other,
    one.period,
    one.edition,
    one.series,
    one.kind,
    other.kind as other_kind,
    one.name_zh,
    one.name_en,
    other.name_zh as other_name_zh,
    other.name_en as other_name_en,
    one.basic - other.basic as basic_difference,
    one.applied - other.applied as applied_difference,
    one.experimental - other.experimental as experimental_difference,
    one.zeros + other.zeros as zeros,
    round((
        abs(one.basic - other.basic) + abs(one.applied - other.applied) + abs(one.experimental - other.experimental)
    ) / 2, 10) as points,
    -- rounded, because logarithms differ in their last binary digit from machine to machine
    round(sqrt((
        (one.basic_to_applied - other.basic_to_applied) ** 2
        + (one.basic_to_experimental - other.basic_to_experimental) ** 2
        + (one.applied_to_experimental - other.applied_to_experimental) ** 2
    ) / 3), 10) as aitchison
from compositions as one
inner join compositions as other using (period, edition)
where one.region != other.region
order by region, other, period, edition
