-- The places that observations are about: nation, zones, provinces, cities, highlands, economies, clusters and the
-- aggregates that tables print at their foot.
--
-- 观测值所属的地区：全国、四大地区、省份、城市、科创高地、经济体、科技集群，以及表尾的合计项。
with

listed as (
    select
        code as region,
        kind,
        name_zh,
        name_en,
        parent,
        iso_3166,
        alias_zh,
        alias_en
    from staging.region
),

clusters as (
    select
        code as region,
        'cluster' as kind,
        name_zh,
        name_en,
        aliases as alias_en
    from staging.clusters
    anti join listed on listed.region = clusters.code
),

known as (
    select * from listed
    union all by name
    select * from clusters
),

-- the lists of clusters and economies are open: one that a table names and the lists don't has its name in its code
unlisted as (
    select distinct
        region,
        if(length(region) = 2, 'economy', 'cluster') as kind,
        replace(regexp_replace(region, '^cluster_', ''), '_', '-') as name_en
    from staging.source_cell
    where (starts_with(region, 'cluster_') or regexp_full_match(region, '[A-Z]{2}'))
        and region not in (select known.region from known)
),

regions as (
    select * from known
    union all by name
    select * from unlisted
)

select
    region,
    kind,
    coalesce(name_zh, name_en) as name_zh,
    coalesce(name_en, name_zh) as name_en,
    parent,
    iso_3166,
    alias_zh,
    alias_en
from regions
order by region
