-- How far each province's, zone's and highland's structure of R&D expenditure is from the nation's, in every edition and
-- period: by the Aitchison distance made for compositions, and in plain percentage points; with the place among its
-- kind, the nearest first. A part that is zero is replaced by 65 % of 0.01 % before logarithms are taken. The rows of
-- the paper's table 4 are compared among themselves.
--
-- 各省份、地区与科创高地的R&D经费构成与全国的距离（各版本、各时期）：成分数据的Aitchison距离与百分点差距，
-- 以及在同类中的位次（最接近者为第1位）。为零的部分在取对数前以0.01%的65%代替。论文表4各行在表内比较。
with

distances as (
    select *, if(series = 'paper', series, kind) as peer_group
    from parts.rd_distance
    where other_kind = 'nation'
)

select
    region,
    period,
    edition,
    kind,
    name_zh,
    name_en,
    basic_difference,
    applied_difference,
    experimental_difference,
    points,
    aitchison,
    cast(rank() over (partition by period, edition, peer_group order by points) as integer) as place_by_points,
    cast(rank() over (partition by period, edition, peer_group order by aitchison) as integer) as place_by_aitchison,
    cast(count(*) over (partition by period, edition, peer_group) as integer) as peers,
    cast(zeros as integer) as zeros_replaced
from distances
order by region, period, edition
