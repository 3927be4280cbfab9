-- How far the R&D structures of any two provinces or highlands are from each other, in every edition and period, by the
-- Aitchison distance and in percentage points; with the place of the other one among the provinces, the nearest first.
-- A pair stands twice, once from each side. The paper's regions are compared among themselves.
--
-- 任意两个省份或科创高地之间R&D经费构成的距离（各版本、各时期）：Aitchison距离与百分点差距，
-- 以及对方在省份中的位次（最接近者为第1位）。每对从两侧各列一次。论文所列地区在表内比较。
with

distances as (
    select *
    from parts.rd_distance
    where series = 'paper'
        or (kind in ('province', 'highland') and other_kind in ('province', 'highland'))
),

nearness as (
    select
        *,
        rank() over (partition by region, period, edition, other_kind order by points) as place_by_points,
        rank() over (partition by region, period, edition, other_kind order by aitchison) as place_by_aitchison
    from distances
)

select
    region,
    other,
    period,
    edition,
    name_zh,
    name_en,
    other_name_zh,
    other_name_en,
    points,
    aitchison,
    cast(if(other_kind = 'province', place_by_points, null) as integer) as place_by_points,
    cast(if(other_kind = 'province', place_by_aitchison, null) as integer) as place_by_aitchison,
    cast(zeros as integer) as zeros_replaced
from nearness
order by region, other, period, edition
