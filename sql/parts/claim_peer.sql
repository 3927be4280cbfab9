-- The sets of regions that "the first" can be meant among.
--
-- “居首”所指的各种比较范围。
with

printed as (
    select distinct row_key as region, region.kind
    from marts.paper_table_4
    left join marts.region on region.region = row_key
    where row_key != 'CN'
)

select 'provinces' as among, member as region from marts.region_member where region_member.region = 'CN'
union all
select 'highlands', region from marts.region where kind = 'highland'
union all
select 'table_4', region from printed
union all
select 'table_4_regions', region from printed where kind != 'city'
order by among, region
