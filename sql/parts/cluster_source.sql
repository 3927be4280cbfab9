-- What WIPO's rankings say of each cluster, without the copies that were keyed from the paper's own table: those
-- cannot test it.
--
-- 世界知识产权组织的集群排名数据，不含抄自论文表1的副本：副本不能用来检验论文。
with

cells as (
    select source_cell.*
    from marts.source_cell
    inner join marts.edition using (edition)
    anti join staging.quotation using (document)
    where edition.series = 'gii-clusters'
        and source_cell.role = 'value'
        and starts_with(source_cell.indicator, 'cluster.')
        and source_cell.value is not null
),

precise as (
    select
        *,
        row_number() over (
            partition by indicator, region, period order by resolution nulls last, document, sheet, "row", "column"
        ) as place
    from cells
)

select
    indicator,
    region,
    period,
    edition,
    value,
    resolution,
    document
from precise
where place = 1
order by indicator, region, period
