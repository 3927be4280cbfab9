-- How many of the world's top 100 clusters each economy has: as published, and as counted in the part of the ranking
-- that is in the warehouse (a cluster that spans two economies counts for both).
--
-- 各经济体进入全球百强的科技集群数：公布数，以及按库内排名（可能只有前若干位）的计数；跨两个经济体的集群对双方各计一次。
with

observations as (
    select * from marts.observation
    where indicator = 'clusters_in_top_100'
),

rankings as (
    select * from marts.cluster_ranking
),

regions as (
    select * from marts.region
),

methods as (
    select since from staging.methodology
    where series = 'gii-clusters'
),

published as (
    select
        edition,
        period as "year",
        region as economy,
        cast(value as integer) as published_count
    from observations
),

spread as (
    select
        edition,
        "year",
        "rank",
        unnest(string_split(economies, '|')) as economy
    from rankings
    where "rank" <= 100
),

counted as (
    select
        edition,
        "year",
        economy,
        cast(count(*) as integer) as counted,
        min("rank") as best_rank
    from spread
    group by edition, "year", economy
),

depths as (
    select
        edition,
        "year",
        cast(count(*) as integer) as ranks_listed
    from rankings
    group by edition, "year"
),

combined as (
    select
        edition,
        "year",
        economy,
        published.published_count,
        counted.counted,
        counted.best_rank
    from published
    full join counted using (edition, "year", economy)
),

with_history as (
    select
        *,
        lag(published_count) over by_year as previous_count,
        lag("year") over by_year as previous_year
    from combined
    window by_year as (partition by economy, published_count is null order by "year", edition)
)

select
    combined.edition,
    combined.year,
    combined.economy,
    regions.name_en,
    regions.name_zh,
    combined.published_count,
    combined.counted,
    depths.ranks_listed,
    combined.best_rank,
    if(combined.published_count is null, null, combined.previous_year) as previous_year,
    if(combined.published_count is null, null, combined.published_count - combined.previous_count) as change,
    not exists (
        select 1 from methods where methods.since > combined.previous_year and methods.since <= combined.year
    ) and previous_year is not null as comparable
from with_history as combined
left join regions on regions.region = combined.economy
left join depths using (edition, "year")
order by edition, "year", economy
