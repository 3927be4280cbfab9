-- What the sources give for the cells of the paper's tables: WIPO's rankings for table 1, the yearbook that the paper
-- cites for table 4, and for table 5 the cited yearbook or else the newest statistics that have the figure.
--
-- 由来源得出的论文各表数值：表1据世界知识产权组织排名；表4据论文所引年鉴；表5据所引年鉴，缺则取最新统计来源。
with

cited as (
    select 'st-yearbook/2022' as edition
),

clusters as (
    select * from parts.cluster_source
),

table_1 as (
    select
        1 as table_number,
        period,
        region as row_key,
        regexp_extract(indicator, '(\w+)$', 1) as column_key,
        value,
        edition
    from clusters
),

by_region as (
    unpivot (
        select period, region as row_key, edition, basic_share, applied_share, experimental_share
        from marts.rd_structure_by_region
        semi join cited using (edition)
    ) on basic_share, applied_share, experimental_share into name column_key value value
),

by_sector as (
    unpivot (
        select
            rd_structure_by_sector.period,
            sector as row_key,
            edition,
            edition in (select cited.edition from cited) as is_cited,
            edition.release_date,
            basic_share,
            applied_share,
            experimental_share
        from marts.rd_structure_by_sector
        inner join marts.edition using (edition)
        where edition.series != 'paper'
    ) on basic_share, applied_share, experimental_share into name column_key value value
),

best_by_sector as (
    select *
    from by_sector
    qualify row_number() over (
        partition by period, row_key, column_key order by is_cited desc, release_date desc, edition desc
    ) = 1
)

select table_number, period, row_key, column_key, value, edition from table_1
union all
select 4, period, row_key, column_key, value, edition from by_region
union all
select 5, period, row_key, column_key, value, edition from best_by_sector
order by all
