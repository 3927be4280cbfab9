-- The paper's checkable statements and their verdicts, one row for each way that a statement can be read. confirmed and
-- contradicted: the figures say so. confirmed_with_caveat: they do, but the remark says what limits that. not_testable:
-- the warehouse has no figures, and the remark says what would decide. `evidence` is a query that shows the figures.
--
-- 论文中可检验的论断及其验证结论，论断的每种读法一行。confirmed 成立，contradicted 不成立：数据如此；
-- confirmed_with_caveat 成立，但有 remark 所述的限制；not_testable 库内无数据，remark 说明何种数据可作判断。
-- evidence 为列出依据的查询。
with

claims as (
    select * from staging.claim
),

judgements as (
    select * from parts.claim_judgement
),

judged as (
    select
        claims.*,
        judgements.observed,
        judgements.observed_zh,
        judgements.value,
        judgements.qualification,
        judgements.qualification_zh,
        case
            when judgements.claim is null then 'not_testable'
            when not judgements.holds then 'contradicted'
            when judgements.is_qualified or claims.caveat_en is not null then 'confirmed_with_caveat'
            else 'confirmed'
        end as verdict
    from claims
    left join judgements using (claim, period)
)

select
    claim,
    section,
    statement_zh,
    statement_en,
    reading_zh,
    reading_en,
    basis,
    period,
    expected,
    observed,
    observed_zh,
    value,
    verdict,
    case verdict
        when 'not_testable' then decides_en
        when 'contradicted' then contradicted_en
        when 'confirmed_with_caveat' then concat_ws('; ', caveat_en, nullif(qualification, ''))
    end as remark,
    case verdict
        when 'not_testable' then decides_zh
        when 'contradicted' then contradicted_zh
        when 'confirmed_with_caveat' then concat_ws('；', caveat_zh, nullif(qualification_zh, ''))
    end as remark_zh,
    evidence,
    statement,
    position
from judged
order by position
