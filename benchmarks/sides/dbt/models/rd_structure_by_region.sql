select
    region, year, file,
    100 * sum(value) filter (head like '%基础研究%') / nullif(max(value), 0) as basic_share,
    100 * sum(value) filter (head like '%应用研究%') / nullif(max(value), 0) as applied_share,
    100 * sum(value) filter (head like '%试验发展%') / nullif(max(value), 0) as experimental_share
from {{ ref('observation') }} group by region, year, file
