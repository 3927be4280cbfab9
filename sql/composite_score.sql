-- The scoreboard: score and rank of each province by the baseline choices, with what is left of the rank when every
-- choice is varied: over all draws, the ranks that 5, 50 and 95 % of them don't exceed, the best and the worst. A
-- highland and the nation have the rank that they would take among the 31 provinces. See composite_choice for what was
-- chosen and varied, composite_influence for what matters, composite_indicator for the figures.
--
-- 综合评价：按基准选择得出的各省份得分与位次，以及各项选择全部变动后位次的稳健程度（模拟中5%、50%、95%的位次不超过之值，
-- 最好与最差位次）。科创高地与全国的位次为其在31个省份中应处的位次。选择见 composite_choice，
-- 影响见 composite_influence，数据见 composite_indicator。
with

scores as (
    select * from staging.composite_score
),

regions as (
    select * from marts.region
)

select
    scores.region,
    scores.period,
    regions.kind,
    regions.name_zh,
    regions.name_en,
    scores.indicators,
    scores.score,
    scores."rank",
    scores.rank_05,
    scores.rank_50,
    scores.rank_95,
    scores.rank_best,
    scores.rank_worst,
    scores.rank_mean,
    scores.first_percent,
    scores.draws
from scores
left join regions using (region)
order by region, period
