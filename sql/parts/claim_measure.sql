-- Every figure that a statement of the paper can be tested by, for every period that has it: what is measured, of which
-- region, and on what basis (the statistical sources, or the paper's own tables).
--
-- 可用于检验论文论断的全部数值（凡有数据的时期均列）：度量、地区、依据（sources 统计来源，paper 论文自身表格）。
with

measures as (
    select measure, basis, region, period, value, slack, true as comparable from parts.measure_structure
    union all
    select measure, basis, region, period, value, 0, comparable from parts.measure_cluster
    union all
    select measure, basis, region, period, value, 0, true from parts.measure_table
)

select
    measure,
    basis,
    region,
    period,
    cast(value as double) as value,
    cast(slack as double) as slack,
    comparable
from measures
where value is not null
order by measure, basis, region, period
