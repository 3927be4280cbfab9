-- Every choice that the scoreboard rests on, by the steps of the OECD/JRC Handbook on Constructing Composite Indicators:
-- its indicators, what it needs, and the options that the Monte Carlo varies with their probabilities. From
-- data/rules/composite.yml.
--
-- 综合评价所依据的全部选择，按OECD/JRC《综合指标构建手册》的步骤：指标、所需条件，以及模拟中变动的选项及其概率。
-- 取自 data/rules/composite.yml。
with

choices as (
    select * from staging.composite_choice
)

select
    position,
    step,
    factor,
    "option",
    is_baseline,
    probability,
    factor_zh,
    factor_en,
    option_zh,
    option_en
from choices
order by position
