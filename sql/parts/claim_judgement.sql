-- Every reading of the paper's statements, judged in every period that has the figures: the value, what it is held
-- against, whether the statement would hold of that period, and what stands in the way of a plain yes.
--
-- 论文论断的各种读法在每个有数据的时期的检验：数值、比较对象、论断在该时期是否成立，以及不能简单判为成立的缘由。
with

claims as (
    select * replace (coalesce(unit, '') as unit) from staging.claim
),

measures as (
    select * from parts.claim_measure
),

names as (
    select region, name_zh, name_en from marts.region
),

wanted as (
    select claim, measure, basis, unnest(string_split(regions, '|')) as region
    from claims
),

own as (
    select
        wanted.claim,
        measures.period,
        sum(measures.value order by wanted.region) as value,
        sum(measures.slack order by wanted.region) as slack,
        bool_and(measures.comparable) as comparable
    from wanted
    inner join measures using (measure, basis, region)
    group by wanted.claim, measures.period
    having count(*) = (select count(*) from wanted as needed where needed.claim = wanted.claim)
),

-- one region that the value is held against
opposed as (
    select
        claims.claim,
        measures.period,
        measures.region as rival,
        measures.value as rival_value,
        measures.slack as rival_slack
    from claims
    inner join measures
        on measures.measure = claims.measure
        and measures.basis = claims.basis
        and measures.region = claims.against
),

-- or a whole set of them, of which the best is the rival
others as (
    select
        claims.claim,
        claims.kind,
        own.period,
        own.value as own_value,
        measures.region,
        measures.value,
        measures.slack
    from claims
    inner join own using (claim)
    inner join parts.claim_peer as peers
        on peers.among = claims.among
        and peers.region != claims.regions
        and coalesce(peers.seen_from, claims.regions) = claims.regions
    left join measures
        on measures.measure = claims.measure
        and measures.basis = claims.basis
        and measures.region = peers.region
        and measures.period = own.period
    where claims.among is not null
),

placed as (
    select
        claim,
        period,
        1 + count(*) filter (if(kind = 'first', value > own_value, value < own_value)) as place,
        1 + count(value) as peers,
        count(*) - count(value) as peers_without,
        if(kind = 'first', arg_max(region, value), arg_min(region, value)) as rival,
        if(kind = 'first', max(value), min(value)) as rival_value,
        if(kind = 'first', arg_max(slack, value), arg_min(slack, value)) as rival_slack
    from others
    group by claim, kind, period
),

gathered as (
    select
        claims.*,
        own.period as of_period,
        own.value,
        own.slack,
        own.comparable,
        placed.place,
        placed.peers,
        coalesce(placed.peers_without, 0) as peers_without,
        coalesce(placed.rival, opposed.rival) as rival,
        coalesce(placed.rival_value, opposed.rival_value) as rival_value,
        coalesce(placed.rival_slack, opposed.rival_slack, 0) as rival_slack
    from claims
    inner join own using (claim)
    left join placed on placed.claim = own.claim and placed.period = own.period
    left join opposed on opposed.claim = own.claim and opposed.period = own.period
    where (claims.against is null or opposed.rival_value is not null)
        and (claims.among is null or placed.rival_value is not null)
),

measured as (
    select
        *,
        case kind
            when 'nearly' then value / expected_value
            when 'times' then (value / rival_value - 1) / expected_value
        end as reached
    from gathered
),

tested as (
    select
        *,
        case kind
            when 'equals' then abs(value - expected_value) <= tolerance + 1e-9
            when 'at_least' then value >= expected_value - tolerance
            when 'more_than' then value > expected_value + tolerance
            when 'nearly' then reached between caveat_from and 2 - caveat_from
            when 'times' then reached between caveat_from and 2 - caveat_from
            when 'above' then value > rival_value
            when 'below' then value < rival_value
            else place = 1
        end as holds
    from measured
),

-- what makes a yes a qualified one
qualified as (
    select
        *,
        not comparable as across_methods,
        peers_without > 0 as peers_missing,
        kind in ('nearly', 'times') and reached not between confirmed_from and 2 - confirmed_from as not_so_near,
        kind in ('above', 'below', 'first', 'lowest') and abs(value - rival_value) <= slack + rival_slack as within_slack
    from tested
),

-- numbers with the digits that the claim asks for
shown as (
    select
        qualified.*,
        printf('%.' || decimals || 'f', value) || unit as value_text,
        printf('%.' || decimals || 'f', rival_value) || unit as rival_text,
        names.name_zh as rival_zh,
        names.name_en as rival_en
    from qualified
    left join names on names.region = qualified.rival
)

select
    claim,
    of_period as period,
    value,
    rival,
    rival_value,
    cast(place as integer) as place,
    cast(peers as integer) as peers,
    holds,
    case
        when kind in ('above', 'below') then concat_ws(' ', value_text, 'against', rival_text, 'in', rival_en)
        when kind = 'times' then format('{:.2f}', value / rival_value) || ' times: '
            || concat_ws(' ', value_text, 'against', rival_text, 'in', rival_en)
        when kind in ('first', 'lowest') then value_text || ', place ' || place || ' of ' || peers || if(
            place = 1, '; next ', '; first ') || rival_en || ' with ' || rival_text
        else value_text
    end as observed,
    case
        when kind in ('above', 'below') then value_text || '，' || rival_zh || rival_text
        when kind = 'times' then format('{:.2f}', value / rival_value) || '倍：' || value_text || '，'
            || rival_zh || rival_text
        when kind in ('first', 'lowest') then value_text || '，' || peers || '个中居第' || place || if(
            place = 1, '；其次为', '；居首者为') || rival_zh || rival_text
        else value_text
    end as observed_zh,
    across_methods or peers_missing or not_so_near or within_slack as is_qualified,
    concat_ws('; ',
        if(across_methods, 'the method of counting changed in between', null),
        if(peers_missing, peers_without || ' of the others have no figures', null),
        if(not_so_near, format('{:.0f}', 100 * reached) || ' % of the way is a generous "nearly"', null),
        if(within_slack, 'the difference is within what the source''s own slips or digits leave open', null)
    ) as qualification,
    concat_ws('；',
        if(across_methods, '其间统计口径有改变', null),
        if(peers_missing, '比较对象中有' || peers_without || '个没有数据', null),
        if(not_so_near, '仅达' || format('{:.0f}', 100 * reached) || '%，称“近”较为宽泛', null),
        if(within_slack, '差距在来源自身差错或印出位数的范围之内', null)
    ) as qualification_zh
from shown
order by claim, period
