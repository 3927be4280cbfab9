-- For which ratios of weights (one patent application against one publication) the published order of the clusters
-- holds, in each edition's ranking as far as it is in the warehouse: the range, the pairs that set its ends, and
-- whether it is empty. Where it is, the ratio that keeps most pairs in order, and the pairs that break it then.
--
-- 在何种权重比（一件专利申请对一篇论文）下，公布的集群次序成立（各版本，以库内收录的名次为限）：区间、决定两端的对、
-- 是否为空；为空时，给出保持最多对次序的权重比，以及此时被打破的对。
with

pairs as (
    select *, name_en || ' > ' || next_name_en as pair
    from marts.cluster_weight_pair
),

methods as (
    select * from staging.methodology
    where series = 'gii-clusters'
),

ranges as (
    select
        edition,
        "year",
        count(*) as pairs,
        max(at_least) as lowest,
        min(at_most) as highest,
        string_agg(pair, '; ' order by "rank") filter (sets_lowest) as pair_lowest,
        string_agg(pair, '; ' order by "rank") filter (sets_highest) as pair_highest
    from pairs
    group by edition, "year"
),

-- most pairs are in order at one of the lower ends
candidates as (
    select distinct edition, "year", at_least as ratio from pairs
),

kept as (
    select
        candidates.edition,
        candidates."year",
        candidates.ratio,
        count(*) filter (ratio >= at_least and ratio <= coalesce(at_most, ratio)) as pairs_kept,
        string_agg(pair, '; ' order by pairs."rank") filter (ratio < at_least or ratio > at_most) as pairs_broken
    from candidates
    inner join pairs using (edition, "year")
    group by candidates.edition, candidates."year", candidates.ratio
),

best as (
    select *
    from kept
    qualify row_number() over (partition by edition, "year" order by pairs_kept desc, ratio) = 1
)

select
    edition,
    "year",
    cast(ranges.pairs as integer) as pairs,
    ranges.lowest,
    ranges.highest,
    ranges.lowest > coalesce(ranges.highest, ranges.lowest) as is_empty,
    ranges.pair_lowest,
    ranges.pair_highest,
    best.ratio as best_ratio,
    cast(best.pairs_kept as integer) as pairs_kept,
    best.pairs_broken,
    (select max_by(methods.name_en, methods.since) from methods where methods.since <= ranges."year") as methodology,
    (select max_by(methods.name_zh, methods.since) from methods where methods.since <= ranges."year") as methodology_zh
from ranges
inner join best using (edition, "year")
order by edition, "year"
