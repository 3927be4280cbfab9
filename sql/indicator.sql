-- Everything that is counted: code, names, canonical unit, and the parent that a code is part of. Children that
-- share a partition add up to their parent where additive is true.
--
-- 指标：代码、名称、标准单位及其上级指标。additive 为真时，同一 partition 的下级指标之和等于上级。
with

indicators as (
    select * from staging.indicator
),

units as (
    select * from staging.unit
)

select
    indicators.indicator,
    indicators.name_zh,
    indicators.name_en,
    indicators.unit,
    units.name_zh as unit_zh,
    units.name_en as unit_en,
    indicators.parent,
    indicators.partition,
    indicators.additive,
    indicators.category,
    indicators.definition_zh,
    indicators.definition_en
from indicators
left join units on units.code = indicators.unit
order by indicator
