-- How each cluster moved between consecutive rankings. Ranks are only subtracted where both editions count the same
-- things: across a break in methodology places_gained is empty, comparable is false and the break is named.
--
-- 各科技集群在相邻两次排名间的升降。仅当两次口径一致时才相减；口径改变时 places_gained 为空，comparable 为假，并注明改变的内容。
with

rankings as (
    select * from marts.cluster_ranking
),

methods as (
    select * from staging.methodology
    where series = 'gii-clusters'
),

lists as (
    select
        edition,
        "year",
        max("rank") as depth
    from rankings
    group by edition, "year"
),

steps as (
    select
        lag(edition) over by_year as from_edition,
        lag("year") over by_year as from_year,
        lag(depth) over by_year as from_depth,
        edition as to_edition,
        "year" as to_year,
        depth as to_depth
    from lists
    window by_year as (order by "year", edition)
),

breaks as (
    select
        steps.to_edition,
        string_agg(methods.name_en, '; ' order by methods.since) as method_break,
        string_agg(methods.name_zh, '；' order by methods.since) as method_break_zh
    from steps
    inner join methods on methods.since > steps.from_year and methods.since <= steps.to_year
    group by steps.to_edition
),

named as (
    select distinct
        steps.*,
        rankings.cluster
    from steps
    inner join rankings on rankings.edition in (steps.from_edition, steps.to_edition)
    where steps.from_edition is not null
),

moves as (
    select
        named.*,
        earlier."rank" as from_rank,
        later."rank" as to_rank,
        breaks.to_edition is null as comparable,
        breaks.method_break,
        breaks.method_break_zh
    from named
    left join rankings as earlier on earlier.edition = named.from_edition and earlier.cluster = named.cluster
    left join rankings as later on later.edition = named.to_edition and later.cluster = named.cluster
    left join breaks on breaks.to_edition = named.to_edition
)

select
    moves.cluster,
    moves.from_edition,
    moves.to_edition,
    moves.from_year,
    moves.to_year,
    region.name_en,
    region.name_zh,
    moves.from_rank,
    moves.to_rank,
    if(moves.comparable, moves.from_rank - moves.to_rank, null) as places_gained,
    -- a list that is shorter than a rank can't say whether the cluster was there
    case
        when from_rank is null and to_rank > from_depth then 'not_listed_before'
        when from_rank is null then 'entered'
        when to_rank is null and from_rank > to_depth then 'not_listed_after'
        when to_rank is null then 'left'
        when to_rank < from_rank then 'risen'
        when to_rank > from_rank then 'fallen'
        else 'unchanged'
    end as move,
    moves.comparable,
    moves.method_break,
    moves.method_break_zh
from moves
left join marts.region on region.region = moves.cluster
order by cluster, from_edition, to_edition
