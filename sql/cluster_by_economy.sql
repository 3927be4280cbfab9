-- How many of the world's top 100 clusters each economy has: as published, and as counted in the part of the ranking
-- that is in the warehouse (a cluster that spans two economies counts for both). A change across a break in
-- methodology is marked as not comparable.
--
-- 各经济体进入全球百强的科技集群数：公布数，以及按库内排名（可能只有前若干位）的计数；跨两个经济体的集群对双方各计一次。
-- 跨越口径改变的增减标为不可比。
with

observations as (
    select * from marts.observation
    where indicator = 'clusters_in_top_100' and value is not null
),

rankings as (
    select * from marts.cluster_ranking
),

methods as (
    select since from staging.methodology
    where series = 'gii-clusters'
),

economies as (
    select
        if(kind = 'economy', region, iso_3166) as economy,
        name_en,
        if(region = 'CN', '中国', name_zh) as name_zh
    from marts.region
    where kind = 'economy' or length(iso_3166) = 2
),

published as (
    select
        edition,
        period as "year",
        region as economy,
        cast(value as integer) as published_count,
        lag(period) over by_year as previous_year,
        cast(value - lag(value) over by_year as integer) as change
    from observations
    window by_year as (partition by region order by period, edition)
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
        published.previous_year,
        published.change,
        counted.counted,
        counted.best_rank
    from published
    full join counted using (edition, "year", economy)
)

select
    combined.edition,
    combined.year,
    combined.economy,
    economies.name_en,
    economies.name_zh,
    combined.published_count,
    combined.counted,
    depths.ranks_listed,
    combined.best_rank,
    combined.previous_year,
    combined.change,
    if(
        combined.previous_year is null,
        null,
        not exists (
            select 1 from methods where methods.since > combined.previous_year and methods.since <= combined.year
        )
    ) as comparable
from combined
left join economies using (economy)
left join depths using (edition, "year")
order by edition, "year", economy
