-- How each performing sector's R&D expenditure in the nation divides into basic research, applied research and
-- experimental development. Shares come from published amounts where there are any, else from published shares;
-- what no source says is null.
--
-- 全国各执行部门R&D经费内部支出在基础研究、应用研究、试验发展之间的构成。有金额时由金额计算占比，否则采用公布的占比；
-- 来源未提供的为空。
with

observations as (
    select * from marts.observation
    where region = 'CN'
),

sectors as (
    select sector, position
    from (
        values
        ('total', 1), ('enterprises', 2), ('industrial_enterprises', 3),
        ('research_institutes', 4), ('higher_education', 5), ('other_sectors', 6)
    ) as listed (sector, position)
),

measures as (
    select measure
    from (values ('total'), ('basic'), ('applied'), ('experimental')) as listed (measure)
),

amount_codes as (
    select
        sector,
        measure,
        concat_ws('.', 'rd_expenditure', nullif(sector, 'total'), nullif(measure, 'total')) as indicator
    from sectors
    cross join measures
    union all
    values
    ('industrial_enterprises', 'total', 'industrial_enterprise_rd_expenditure'),
    ('industrial_enterprises', 'experimental', 'industrial_enterprise_rd_expenditure.experimental')
),

share_codes as (
    select
        sector,
        measure,
        concat_ws('.', 'rd_share', nullif(sector, 'total'), measure) as indicator
    from sectors
    cross join measures
    where measure != 'total'
),

amounts as (
    select
        sector,
        period,
        edition,
        max(value) filter (measure = 'total') as total,
        max(value) filter (measure = 'basic') as basic,
        max(value) filter (measure = 'applied') as applied,
        max(value) filter (measure = 'experimental') as experimental
    from observations
    inner join amount_codes using (indicator)
    group by sector, period, edition
),

shares as (
    select
        sector,
        period,
        edition,
        max(value) filter (measure = 'basic') as basic_share,
        max(value) filter (measure = 'applied') as applied_share,
        max(value) filter (measure = 'experimental') as experimental_share
    from observations
    inner join share_codes using (indicator)
    group by sector, period, edition
),

structures as (
    select
        sector,
        period,
        edition,
        amounts.total,
        amounts.basic,
        amounts.applied,
        amounts.experimental,
        coalesce(100 * amounts.basic / nullif(amounts.total, 0), shares.basic_share) as basic_share,
        coalesce(100 * amounts.applied / nullif(amounts.total, 0), shares.applied_share) as applied_share,
        coalesce(100 * amounts.experimental / nullif(amounts.total, 0), shares.experimental_share)
            as experimental_share,
        if(amounts.total is not null, 'published', 'shares') as basis
    from amounts
    full join shares using (sector, period, edition)
)

select
    structures.sector,
    structures.period,
    structures.edition,
    structures.basis,
    structures.total,
    structures.basic,
    structures.applied,
    structures.experimental,
    structures.basic_share,
    structures.applied_share,
    structures.experimental_share,
    structures.basic_share + structures.applied_share + structures.experimental_share as share_sum
from structures
inner join sectors using (sector)
where coalesce(total, basic_share, applied_share, experimental_share) is not null
order by sector, period, edition
