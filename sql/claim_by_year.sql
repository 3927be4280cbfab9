-- The paper's statements carried on to every year that the sources cover: whether each would hold if it were made of
-- that year, and what the figures are. The paper's own year is marked.
--
-- 论文论断在来源覆盖的每一年的检验：若就该年而言，论断是否成立，数据如何；论文所指年份有标记。
with

claims as (
    select * from staging.claim
),

judgements as (
    select * from parts.claim_judgement
)

select
    claims.claim,
    judgements.period,
    judgements.period = claims.period as is_papers_year,
    claims.expected,
    judgements.observed,
    judgements.observed_zh,
    judgements.value,
    judgements.holds,
    nullif(judgements.qualification, '') as remark,
    nullif(judgements.qualification_zh, '') as remark_zh
from judgements
inner join claims using (claim)
order by claims.position, judgements.period
