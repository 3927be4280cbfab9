-- The places that a highland's profile shows: the highland itself, its members, and the provinces that host member
-- cities.
--
-- 科创高地概况涉及的地区：高地本身、其成员，以及成员城市所在的省份。
with

members as (
    select region_member.region as highland, region_member.member as region
    from marts.region_member
    inner join marts.region on region.region = region_member.region
    where region.kind = 'highland'
),

hosts as (
    select distinct members.highland, host.region
    from members
    inner join marts.region as city on city.region = members.region and city.kind = 'city'
    inner join marts.region as host on host.region = city.parent and host.kind = 'province'
    anti join members as own on own.highland = members.highland and own.region = host.region
)

select distinct highland, highland as region, 'highland' as role from members
union all
select highland, region, 'member' from members
union all
select highland, region, 'host' from hosts
order by highland, region
