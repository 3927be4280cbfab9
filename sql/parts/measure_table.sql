-- Measures of the paper's own tables: how many cells equal what the sources give, and how many rows add to 100.
--
-- 论文自身表格方面的度量：与来源相等的格数，以及占比之和为100的行数。
with

cells as (
    select * from parts.paper_table
    where not is_copy
),

equal_cells as (
    select
        table_number,
        row_key as region,
        period,
        count(*) filter (verdict = 'equal') as cells_equal,
        count(*) filter (verdict = 'equal' and column_key = 'experimental_share') as experimental_equal,
        count(*) filter (verdict in ('equal', 'differs')) as tested
    from cells
    group by table_number, row_key, period
),

row_sums as (
    select table_number, document, position, period, abs(sum(printed_value) - 100) <= sum(tolerance) + 1e-9 as adds_up
    from cells
    where table_number in (4, 5) and role = 'value'
    group by table_number, document, position, period
)

select 'table_1.cells_equal' as measure, 'sources' as basis, 'CN' as region, period, sum(cells_equal) as value
from equal_cells where table_number = 1 and tested > 0 group by period
union all
select format('table_{}.cells_equal', table_number), 'sources', region, period, cells_equal
from equal_cells where table_number in (4, 5) and tested > 0
union all
select 'table_5.experimental_equal', 'sources', region, period, experimental_equal
from equal_cells where table_number = 5 and tested > 0
union all
select format('table_{}.rows_adding_up', table_number), 'paper', 'CN', period, count(*) filter (adds_up)
from row_sums group by table_number, period
order by all
