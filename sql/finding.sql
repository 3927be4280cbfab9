-- What the checks found: sums that don't add up, numbers that jump, heads that disagree, each with its place, how far
-- it is off, what rounding would allow, and whether it is a known error of the publisher.
--
-- 各项检查的发现：合计不符、数值突变、表头不一致等，附位置、偏差、容许误差，以及是否为已知的来源错误。
with

findings as (
    select * from staging.finding
)

select
    "check",
    severity,
    "table",
    region,
    indicator,
    period,
    edition,
    residual,
    tolerance,
    message,
    acknowledged,
    reason,
    document,
    sheet,
    cell
from findings
order by all
