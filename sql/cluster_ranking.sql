-- Science and technology clusters of the world as each edition of WIPO's Global Innovation Index ranks them, with what
-- was counted. The paper's copy of a ranking stands in only for a year that no other source covers.
--
-- 世界知识产权组织《全球创新指数》各版本的科技集群排名及其计量口径。论文转引的排名仅在没有其他来源的年份采用。
with

observations as (
    select * from marts.observation
    where indicator in ('cluster.rank', 'cluster.pct_applications', 'cluster.publications')
),

economy_cells as (
    select * from marts.source_cell
    where role = 'text' and indicator = 'cluster.economy'
),

editions as (
    select edition, series from marts.edition
),

regions as (
    select * from marts.region
),

clusters as (
    select code as region, economies from staging.clusters
),

methods as (
    select * from staging.methodology
),

measures as (
    select
        edition,
        period,
        region,
        max(value) filter (indicator = 'cluster.rank') as "rank",
        max(value) filter (indicator = 'cluster.pct_applications') as pct_applications,
        max(value) filter (indicator = 'cluster.publications') as publications
    from observations
    group by edition, period, region
    having "rank" is not null
),

printed_economies as (
    select
        edition,
        period,
        region,
        min(raw) as economies_printed
    from economy_cells
    group by edition, period, region
),

economy_codes as (
    select code, unnest(string_split(concat_ws('|', name_zh, name_en, alias_zh, alias_en), '|')) as spelling
    from (
        select if(kind = 'economy', region, iso_3166) as code, name_zh, name_en, alias_zh, alias_en from regions
    )
    where length(code) = 2
),

-- clusters that are on the list have their economies there; for others the printed names are looked up
looked_up as (
    select
        edition,
        period,
        region,
        string_agg(distinct economy_codes.code, '|' order by economy_codes.code) as economies
    from (
        select *, trim(unnest(string_split_regex(economies_printed, '[/|;；、，]'))) as spelling
        from printed_economies
    )
    inner join economy_codes using (spelling)
    group by edition, period, region
),

sourced as (
    select
        measures.*,
        editions.series,
        bool_or(editions.series is distinct from 'paper') over (partition by period) as has_source
    from measures
    left join editions using (edition)
),

ranked as (
    select * from sourced
    where series is distinct from 'paper' or not has_source
),

counted as (
    select
        ranked.edition,
        ranked.region,
        max_by(methods.name_zh, methods.since) as methodology_zh,
        max_by(methods.name_en, methods.since) as methodology
    from ranked
    inner join methods
        on methods.series = if(ranked.series = 'paper', 'gii-clusters', ranked.series)
        and methods.since <= ranked.period
    group by ranked.edition, ranked.region
)

select
    ranked.edition,
    ranked.period as "year",
    cast(ranked.rank as integer) as "rank",
    ranked.region as cluster,
    regions.name_en,
    regions.name_zh,
    coalesce(clusters.economies, looked_up.economies) as economies,
    printed_economies.economies_printed,
    ranked.pct_applications,
    ranked.publications,
    counted.methodology,
    counted.methodology_zh
from ranked
left join regions using (region)
left join clusters using (region)
left join printed_economies using (edition, period, region)
left join looked_up using (edition, period, region)
left join counted using (edition, region)
order by edition, "rank", cluster
