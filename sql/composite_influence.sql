-- What each varied choice of the scoreboard does to the ranks: how far an option moves them on average, and what part
-- of their variance goes back to its factor alone. What the factors leave unexplained is the random weights themselves
-- and the factors' interplay.
--
-- 综合评价各项选择对位次的影响：某一选项使位次平均变动多少，位次方差中有多少可单独归于该因素；
-- 其余来自随机权重本身与各因素的交互作用。
with

influences as (
    select * from staging.composite_influence
)

select
    period,
    factor,
    "option",
    draws,
    mean_shift,
    variance_percent
from influences
order by period, factor, "option"
