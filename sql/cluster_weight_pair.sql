-- What the order of two neighbours in a ranking of clusters demands of the ratio between the weight of one patent
-- application and the weight of one publication: at least so much, at most so much, or anything. If
-- weight * applications + publications puts the first above the second, then that ratio keeps the pair in order.
-- Pairs that set the ends of the range of their edition are marked.
--
-- 集群排名中相邻两者的先后对“一件专利申请的权重与一篇论文的权重之比”的要求：至少、至多或任意。
-- 以“权重比×专利申请数＋论文数”计分，使前者不低于后者的权重比即保持该对的次序。决定区间两端的对有标记。
with

counts as (
    select
        observation.edition,
        observation.period,
        observation.region as cluster,
        max(value) filter (indicator = 'cluster.rank') as "rank",
        max(value) filter (indicator = 'cluster.pct_applications') as applications,
        max(value) filter (indicator = 'cluster.publications') as publications
    from marts.observation
    where starts_with(indicator, 'cluster.')
    group by all
    having "rank" is not null and applications is not null and publications is not null
),

pairs as (
    select
        one.edition,
        one.period,
        one."rank",
        one.cluster,
        other.cluster as next_cluster,
        one.applications - other.applications as more_applications,
        one.publications - other.publications as more_publications
    from counts as one
    inner join counts as other
        on other.edition = one.edition and other.period = one.period and other."rank" = one."rank" + 1
),

demands as (
    select
        *,
        -- a weight is never negative, so a demand below nought is none, and one to stay below nought can't be met
        case
            when more_applications > 0 then greatest(-more_publications / more_applications, 0)
            when more_applications = 0 and more_publications < 0 then 'infinity'::double
            else 0
        end as at_least,
        if(more_applications < 0, more_publications / -more_applications, null) as at_most
    from pairs
)

select
    demands.edition,
    demands.period as "year",
    cast(demands."rank" as integer) as "rank",
    demands.cluster,
    demands.next_cluster,
    named.name_zh,
    named.name_en,
    next_named.name_zh as next_name_zh,
    next_named.name_en as next_name_en,
    demands.more_applications,
    demands.more_publications,
    demands.at_least,
    demands.at_most,
    demands.at_least = max(demands.at_least) over ranking as sets_lowest,
    demands.at_most is not distinct from min(demands.at_most) over ranking and demands.at_most is not null
        as sets_highest
from demands
left join marts.region as named on named.region = demands.cluster
left join marts.region as next_named on next_named.region = demands.next_cluster
window ranking as (partition by demands.edition, demands.period)
order by edition, "year", "rank", cluster, next_cluster
