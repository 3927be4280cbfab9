-- How R&D expenditure divides into basic research, applied research and experimental development: the nation, its
-- zones and provinces, and the highlands as sums of their members (only where every member has all figures). Shares
-- are percent of the published total, so a slip in the source shows in share_sum. Where no amounts are known, the
-- shares that a source prints stand instead.
--
-- R&D经费内部支出在基础研究、应用研究、试验发展之间的构成：全国、四大地区、各省份，以及由成员加总的科创高地
-- （仅当全部成员数据齐全）。占比以公布的合计为分母（%），因此来源中的差错会显现在 share_sum 中。没有金额时，采用来源直接公布的占比。
with

observations as (
    select * from marts.observation
),

regions as (
    select * from marts.region
),

members as (
    select region_member.region, region_member.member
    from marts.region_member
    inner join regions using (region)
    where regions.kind = 'highland'
),

published as (
    select
        region,
        period,
        edition,
        'published' as basis,
        max(value) filter (indicator = 'rd_expenditure') as total,
        max(value) filter (indicator = 'rd_expenditure.basic') as basic,
        max(value) filter (indicator = 'rd_expenditure.applied') as applied,
        max(value) filter (indicator = 'rd_expenditure.experimental') as experimental
    from observations
    group by region, period, edition
    having total is not null and coalesce(basic, applied, experimental) is not null
),

summed as (
    select
        members.region,
        published.period,
        published.edition,
        'members' as basis,
        sum(total order by member) as total,
        sum(basic order by member) as basic,
        sum(applied order by member) as applied,
        sum(experimental order by member) as experimental
    from members
    inner join published on published.region = members.member
    where basic is not null and applied is not null and experimental is not null
    group by members.region, published.period, published.edition
    having count(*) = (select count(*) from members as needed where needed.region = members.region)
),

amounts as (
    select * from published
    union all by name
    select summed.* from summed
    anti join published using (region, period, edition)
),

from_amounts as (
    select
        *,
        100 * basic / nullif(total, 0) as basic_share,
        100 * applied / nullif(total, 0) as applied_share,
        100 * experimental / nullif(total, 0) as experimental_share
    from amounts
),

from_shares as (
    select
        region,
        period,
        edition,
        'shares' as basis,
        max(value) filter (indicator = 'rd_share.basic') as basic_share,
        max(value) filter (indicator = 'rd_share.applied') as applied_share,
        max(value) filter (indicator = 'rd_share.experimental') as experimental_share
    from observations
    anti join amounts using (region, period)
    group by region, period, edition
    having coalesce(basic_share, applied_share, experimental_share) is not null
),

structures as (
    select * from from_amounts
    union all by name
    select * from from_shares
)

select
    structures.region,
    structures.period,
    structures.edition,
    regions.kind,
    regions.name_zh,
    regions.name_en,
    structures.basis,
    structures.total,
    structures.basic,
    structures.applied,
    structures.experimental,
    structures.basic_share,
    structures.applied_share,
    structures.experimental_share,
    structures.basic_share + structures.applied_share + structures.experimental_share as share_sum,
    structures.basic + structures.applied + structures.experimental - structures.total as residual
from structures
left join regions using (region)
order by region, period, edition
