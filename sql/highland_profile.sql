-- Every highland, its members, and the provinces that host them, by each indicator of the paper's table 3 that the
-- sources hold: level, growth, share of the nation or ratio to it, rank among peers (highlands among highlands,
-- provinces among provinces, cities among cities). Figures are the latest known. A highland without a figure of its
-- own is the sum of its members, where all of them have one.
--
-- 各科创高地及其成员和所在省份，按论文表3中来源可得的各项指标：水平、增速、占全国比重或与全国之比、同类位次
-- （高地与高地、省份与省份、城市与城市相比）。均为最新数据；高地本身无数据时，在成员齐全的情况下取成员之和。
with

places as (
    select * from parts.highland_place
),

figures as (
    select * from parts.framework_figure
    where value is not null
),

framework as (
    select * from staging.framework
),

regions as (
    select * from marts.region
),

mainland as (
    select member as region from marts.region_member where region_member.region = 'CN'
),

-- Hong Kong, Macao and Taiwan count by methods of their own: they are not ranked among the provinces
peer_groups as (
    select
        region,
        if(kind = 'province' and region not in (select mainland.region from mainland), 'beyond', kind) as peer_group
    from regions
),

nation as (
    select
        indicator,
        period,
        value as nation_value
    from figures
    where region = 'CN'
),

people as (
    select region, period, value as population from figures where indicator = 'population'
),

product as (
    select region, period, value as gdp from figures where indicator = 'gdp'
),

compared as (
    select
        figures.*,
        nation.nation_value,
        earlier.value as previous_value,
        rank() over peers as "rank",
        count(*) over (partition by figures.indicator, figures.period, peer_groups.peer_group) as peers
    from figures
    inner join peer_groups using (region)
    left join nation using (indicator, period)
    left join figures as earlier
        on earlier.indicator = figures.indicator
        and earlier.region = figures.region
        and earlier.period = figures.period - 1
    window peers as (
        partition by figures.indicator, figures.period, peer_groups.peer_group order by figures.value desc
    )
)

select
    places.highland,
    places.region,
    compared.indicator,
    compared.period,
    places.role,
    regions.name_zh,
    regions.name_en,
    framework.measure,
    framework.relation,
    compared.value,
    compared.unit,
    compared.basis,
    compared.editions,
    100 * (compared.value - compared.previous_value) / nullif(abs(compared.previous_value), 0) as growth_percent,
    if(framework.over_members = 'sum', 100 * compared.value / nullif(compared.nation_value, 0), null)
        as share_of_nation,
    if(framework.over_members = 'sum', null, compared.value / nullif(compared.nation_value, 0)) as ratio_to_nation,
    if(framework.over_members = 'sum', null, compared.value - compared.nation_value) as difference_to_nation,
    if(framework.over_members = 'sum', compared.value / nullif(people.population, 0), null) as per_10k_persons,
    if(framework.over_members = 'sum', compared.value / nullif(product.gdp, 0), null) as per_100m_gdp,
    cast(compared."rank" as integer) as "rank",
    cast(compared.peers as integer) as peers
from places
inner join compared using (region)
inner join framework using (indicator)
inner join regions using (region)
left join people using (region, period)
left join product using (region, period)
order by highland, region, indicator, period
