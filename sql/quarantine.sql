-- Cells that could not stand as they are: where, what they say, why they were set aside and what would mend them.
--
-- 不能按原样采用而被隔离的单元格：位置、原文、原因与修复建议。
with

quarantined as (
    select * from staging.quarantine
)

select
    document,
    sheet,
    cell,
    raw,
    reason,
    suggestion,
    "table",
    indicator,
    region,
    period,
    edition
from quarantined
order by all
