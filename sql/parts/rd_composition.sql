-- R&D structures as compositions: basic research, applied research and experimental development as parts of their own
-- sum, so that a published total that they don't add up to plays no role. The paper's rows are there as printed. A part
-- that is zero counts as 65 % of 0.01 % (the last digit that such shares are printed with), and the others give way in
-- proportion: multiplicative replacement after Martín-Fernández, Barceló-Vidal and Pawlowsky-Glahn (2003).
--
-- 以成分数据表示的R&D构成：三类活动各占其三项之和的比例，因此与三项不符的公布合计不起作用；论文各行按原文。
-- 为零的部分以0.01%（此类占比印出的末位）的65%代替，其余部分按比例缩减（乘法替换法，Martín-Fernández 等，2003）。
with

replacement as (
    select 0.65 * 0.0001 as part
),

printed as (
    select
        observation.region,
        observation.period,
        observation.edition,
        max(value) filter (indicator = 'rd_share.basic') as basic,
        max(value) filter (indicator = 'rd_share.applied') as applied,
        max(value) filter (indicator = 'rd_share.experimental') as experimental
    from marts.observation
    inner join marts.edition using (edition)
    where edition.series = 'paper'
    group by all
),

known as (
    select
        rd_structure_by_region.region,
        rd_structure_by_region.period,
        rd_structure_by_region.edition,
        basic_share as basic,
        applied_share as applied,
        experimental_share as experimental
    from marts.rd_structure_by_region
    inner join marts.edition using (edition)
    where edition.series != 'paper'
    union all
    select * from printed
),

closed as (
    select
        region,
        period,
        edition,
        basic / (basic + applied + experimental) as basic,
        applied / (basic + applied + experimental) as applied,
        experimental / (basic + applied + experimental) as experimental,
        (basic = 0)::integer + (applied = 0)::integer + (experimental = 0)::integer as zeros
    from known
    where basic + applied + experimental > 0
),

positive as (
    select
        closed.*,
        if(closed.basic = 0, part, closed.basic * (1 - zeros * part)) as b,
        if(closed.applied = 0, part, closed.applied * (1 - zeros * part)) as a,
        if(closed.experimental = 0, part, closed.experimental * (1 - zeros * part)) as e
    from closed
    cross join replacement
)

select
    positive.region,
    positive.period,
    positive.edition,
    edition.series,
    region.kind,
    region.name_zh,
    region.name_en,
    100 * basic as basic,
    100 * applied as applied,
    100 * experimental as experimental,
    zeros,
    ln(b / a) as basic_to_applied,
    ln(b / e) as basic_to_experimental,
    ln(a / e) as applied_to_experimental
from positive
inner join marts.edition using (edition)
left join marts.region using (region)
order by region, period, edition
