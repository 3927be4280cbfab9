-- Measures of the structure of R&D expenditure: shares by region and by performing sector, distances to the nation, who
-- pays and who performs. From the newest statistics, and as the paper's own tables print them. `slack` is what a slip
-- of the source or the printed digits leave open, in percentage points.
--
-- R&D经费构成方面的度量：分地区与分执行部门的占比、与全国的距离、资金来源与执行主体。
-- 分别取自最新统计来源与论文自身表格。slack 为来源差错或印出位数留下的余地（百分点）。
with

editions as (
    select edition, series, release_date, series = 'paper' as is_paper from marts.edition
),

latest as (
    select observation.*
    from marts.observation
    semi join (select edition from editions where not is_paper) as statistics using (edition)
    where is_latest and value is not null
),

-- R&D structures by region: the newest statistics, and the paper's table 4 as printed
structures as (
    select *, coalesce(100 * abs(residual) / nullif(total, 0), 0) as slip
    from marts.rd_structure_by_region
    inner join editions using (edition)
    where not is_paper and basic_share is not null and applied_share is not null and experimental_share is not null
    qualify row_number() over (partition by region, period order by release_date desc, edition desc) = 1
),

structure_shares as (
    unpivot (select region, period, slip, basic_share, applied_share, experimental_share from structures)
    on basic_share, applied_share, experimental_share into name measure value value
),

printed_shares as (
    select row_key as region, period, column_key as measure, printed_value as value, tolerance as slack
    from parts.paper_table
    where table_number = 4 and role = 'value' and not is_copy
),

nearest as (
    select structure_to_nation.*, is_paper
    from marts.structure_to_nation
    inner join editions using (edition)
    qualify row_number() over (partition by region, period, is_paper order by release_date desc, edition desc) = 1
),

distances as (
    unpivot (
        select region, period, is_paper, points as distance_points, aitchison as distance_aitchison from nearest
    ) on distance_points, distance_aitchison into name measure value value
),

absent as (
    select
        beyond.region,
        years.period,
        count(found.region) as figures
    from (select region from marts.region where region in ('810000', '820000')) as beyond
    cross join (select distinct period from structures) as years
    left join structures as found using (region, period)
    group by beyond.region, years.period
),

-- R&D structures by performing sector
sectors as (
    select rd_structure_by_sector.*, is_paper
    from marts.rd_structure_by_sector
    inner join editions using (edition)
    where experimental_share is not null
    qualify row_number() over (
        partition by sector, period, is_paper order by release_date desc, edition desc
    ) = 1
),

-- parts of the R&D expenditure
expenditure as (
    select
        region,
        period,
        max(value) filter (indicator = 'rd_expenditure') as total,
        max(value) filter (indicator = 'rd_expenditure.enterprises') as enterprises,
        max(value) filter (indicator = 'rd_expenditure.enterprise_funds') as enterprise_funds,
        max(value) filter (indicator = 'industrial_enterprise_rd_expenditure') as industrial_enterprises
    from latest
    group by region, period
),

expenditure_shares as (
    unpivot (
        select
            region,
            period,
            100 * enterprises / nullif(total, 0) as enterprises_share,
            100 * enterprise_funds / nullif(total, 0) as enterprise_funds_share,
            100 * industrial_enterprises / nullif(total, 0) as industrial_enterprises_share
        from expenditure
    ) on enterprises_share, enterprise_funds_share, industrial_enterprises_share into name measure value value
)

select measure, 'sources' as basis, region, period, value, slip as slack from structure_shares
union all
select measure, 'paper', region, period, value, slack from printed_shares
union all
select measure, if(is_paper, 'paper', 'sources'), region, period, value, 0 from distances
union all
select 'structure_figures', 'sources', region, period, figures, 0 from absent
union all
select sector || '.experimental_share', if(is_paper, 'paper', 'sources'), 'CN', period, experimental_share, 0
from sectors
union all
select measure, 'sources', region, period, value, 0 from expenditure_shares
order by all
