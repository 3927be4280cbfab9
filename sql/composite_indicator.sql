-- The indicators of the scoreboard: rates of the nation, the provinces and the highlands that follow the paper's table 3
-- as far as there are figures, each over the gross product so that size does not decide. Where no product is published
-- it is worked out from R&D expenditure and R&D intensity (denominator_basis: implied).
--
-- 综合评价的各项指标：全国、各省份与科创高地的比率，在有数据的范围内依照论文表3，均以地区生产总值为分母，使规模不起决定作用。
-- 未公布生产总值时由R&D经费与投入强度推算（denominator_basis 为 implied）。
with

indicators as (
    select * from staging.composite_definition
),

amounts as (
    select * from parts.composite_amount
)

select
    indicators.indicator,
    above.region,
    above.period,
    indicators.dimension,
    indicators.measure,
    indicators.name_zh,
    indicators.name_en,
    indicators.factor * above.value / below.value as value,
    indicators.numerator,
    indicators.denominator,
    above.basis as numerator_basis,
    below.basis as denominator_basis
from indicators
inner join amounts as above on above.indicator = indicators.numerator
inner join amounts as below
    on below.indicator = indicators.denominator
    and below.region = above.region
    and below.period = above.period
where below.value > 0
order by indicator, region, period
