-- Measures of the world's clusters: ranks and shares one by one, counts by economy, and what the order of a ranking says
-- about weights. From WIPO's rankings (not from copies of the paper), and as the paper's table 1 prints them.
-- `comparable` is false where the method of counting changed between the years compared.
--
-- 全球科技集群方面的度量：各集群的名次与份额、各经济体的集群数，以及名次所隐含的权重。
-- 分别取自世界知识产权组织排名（不含抄自论文的副本）与论文表1。跨越口径改变的比较，comparable 为假。
with

editions as (
    select edition, series, release_date, series = 'paper' as is_paper from marts.edition
),

-- clusters by economy
counts as (
    select *
    from marts.cluster_by_economy
    where published_count is not null
    qualify row_number() over (partition by economy, year order by edition desc) = 1
),

gains as (
    select
        later.economy,
        later.year,
        later.published_count - earlier.published_count as gained,
        not exists (
            select 1 from staging.methodology
            where series = 'gii-clusters' and since > earlier.year and since <= later.year
        ) as comparable
    from counts as later
    inner join counts as earlier on earlier.economy = later.economy and earlier.year = later.year - 5
),

-- clusters one by one: WIPO's rankings, and the paper's table 1 as printed
source_ranks as (
    select
        region,
        period,
        max(value) filter (indicator = 'cluster.rank') as "rank",
        max(value) filter (indicator = 'cluster.pct_share') as pct_share,
        max(value) filter (indicator = 'cluster.publications_share') as publications_share
    from parts.cluster_source
    group by region, period
),

printed as (
    select row_key as region, period, column_key, printed_value as value
    from parts.paper_table
    where table_number = 1 and role = 'value' and not is_copy
),

printed_ranks as (
    select region, period, value as "rank" from printed
    where column_key = 'rank'
),

ranks as (
    select 'sources' as basis, region, period, "rank" from source_ranks
    union all
    select 'paper', region, period, "rank" from printed_ranks
),

chinese as (
    select cluster, bool_or(list_contains(string_split(economies, '|'), 'CN')) as is_chinese
    from marts.cluster_ranking
    group by cluster
),

first_twenty as (
    select
        basis,
        period,
        count(*) filter (is_chinese) as chinese
    from ranks
    left join chinese on chinese.cluster = ranks.region
    where "rank" <= 20
    group by basis, period
    having count(*) = 20
),

-- the order of a ranking, and the weights that the paper's two shares imply: a share is applications (or publications)
-- over the world's, so their ratio is the world's publications over its applications
orders as (
    select *, is_paper
    from marts.cluster_weight
    inner join editions using (edition)
),

implied as (
    select
        three.period,
        publications / (pubs.expected_value + pubs.tolerance) / (applications / (pct.expected_value - pct.tolerance))
            as lowest,
        publications / (pubs.expected_value - pubs.tolerance) / (applications / (pct.expected_value + pct.tolerance))
            as highest
    from (
        select
            period,
            sum(value) filter (column_key = 'pct_applications') as applications,
            sum(value) filter (column_key = 'publications') as publications
        from printed
        where region in ('cluster_shenzhen_hong_kong_guangzhou', 'cluster_beijing', 'cluster_shanghai_suzhou')
        group by period
    ) as three
    inner join staging.claim as pct on pct.claim = '1.2-pct-share'
    inner join staging.claim as pubs on pubs.claim = '1.2-publication-share'
)

select 'clusters_in_top_100' as measure, 'sources' as basis, economy as region, year as period, published_count as value,
    true as comparable
from counts
union all
select 'clusters_change', 'sources', economy, year, change, coalesce(comparable, true) from counts
union all
select 'clusters_gained_in_5_years', 'sources', economy, year, gained, comparable from gains
union all
select 'clusters_gained_in_5_years_comparable', 'sources', economy, year, gained, true from gains where comparable
union all
select 'cluster_rank', basis, region, period, "rank", true from ranks
union all
select 'cluster_pct_share', 'sources', region, period, pct_share, true from source_ranks
union all
select 'cluster_publications_share', 'sources', region, period, publications_share, true from source_ranks
union all
select 'clusters_in_first_20', basis, 'CN', period, chinese, true from first_twenty
union all
select 'order_range', if(is_paper, 'paper', 'sources'), 'CN', year, coalesce(highest, lowest) - lowest, true
from orders
union all
select
    'share_weights_in_order_range', 'paper', 'CN', implied.period,
    least(implied.highest, orders.highest) - greatest(implied.lowest, orders.lowest), true
from implied
inner join orders on orders.is_paper and orders.year = implied.period
order by all
