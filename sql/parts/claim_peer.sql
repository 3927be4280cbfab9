-- The sets of regions that "the first" can be meant among. A highland lies between its members and so is never the first
-- among them: for it there are the provinces, and the regions of the paper's table 4, that are not part of it.
--
-- “居首”所指的各种比较范围。科创高地的数值介于其成员之间，在包含成员的范围内不可能居首，因此另列其之外的省份与论文表4地区。
with

members as (
    select region_member.region as highland, region_member.member
    from marts.region_member
    inner join marts.region on region.region = region_member.region
    where region.kind = 'highland'
),

highlands as (
    select region as highland from marts.region where kind = 'highland'
),

provinces as (
    select member as region from marts.region_member where region_member.region = 'CN'
),

printed as (
    select distinct row_key as region, region.kind
    from marts.paper_table_4
    left join marts.region on region.region = row_key
    where row_key != 'CN'
),

sets as (
    select 'provinces' as among, null as seen_from, region from provinces
    union all
    select 'provinces_outside', highland, region from provinces cross join highlands
    union all
    select 'highlands', null, highland from highlands
    union all
    select 'table_4', null, region from printed
    union all
    select 'table_4_regions', null, region from printed where kind != 'city'
    union all
    select 'table_4_outside', highland, region from printed cross join highlands
)

select among, seen_from, region
from sets
anti join members on members.highland = sets.seen_from and members.member = sets.region
order by among, seen_from, region
