-- The publications that numbers come from, one row an edition: its data year, the day it appeared, who made it and
-- on what terms.
--
-- 数据来源的各个版本：数据年份、发布日期、编制机构与使用条款。
with

editions as (
    select * from staging.edition
)

select
    edition,
    series,
    year,
    data_year,
    release_date,
    approximate,
    name_zh,
    name_en,
    producer,
    licence
from editions
order by edition
