-- What became of each number from one edition of a series to the next that prints its table and period: new,
-- unchanged, rounding (the same within half of the coarser one's last digit), revised, or withdrawn.
--
-- 同一系列中，每个数在相邻两个版本间的变化：new 首次出现，unchanged 未变，rounding 仅舍入不同
-- （差异不超过较粗一方末位的一半），revised 修订，withdrawn 撤下。
with

observations as (
    select * from marts.observation
),

editions as (
    select edition, series, year from marts.edition
),

numbers as (
    select
        editions.series,
        editions.year,
        observations.indicator,
        observations.region,
        observations.period,
        observations.edition,
        observations.value,
        observations.resolution
    from observations
    inner join editions using (edition)
    where observations.value is not null
),

-- a panel is one period of one indicator in one table; it tells a number that left from a table that moved on
panels as (
    select distinct
        editions.series,
        editions.year,
        editions.edition,
        source_cell."table",
        source_cell.indicator,
        source_cell.period
    from marts.source_cell
    inner join editions using (edition)
    where source_cell.role = 'value'
),

places as (
    select distinct
        source_cell."table",
        source_cell.indicator,
        source_cell.region,
        source_cell.period,
        source_cell.edition
    from marts.source_cell
    where source_cell.role = 'value' and source_cell.value is not null
),

reprinted as (
    select
        earlier.*,
        min(later.year) as next_year
    from numbers as earlier
    inner join numbers as later using (series, indicator, region, period)
    where later.year > earlier.year
    group by all
),

panel_again as (
    select
        numbers.*,
        min(later.year) as next_year
    from numbers
    inner join places using (indicator, region, period, edition)
    inner join panels as later
        on later.series = numbers.series
        and later."table" = places."table"
        and later.indicator = numbers.indicator
        and later.period = numbers.period
        and later.year > numbers.year
    group by all
),

successions as (
    select
        series,
        indicator,
        region,
        period,
        edition as from_edition,
        value as old_value,
        resolution as old_resolution,
        min(next_year) as year
    from (select * from reprinted union all select * from panel_again)
    group by all
),

compared as (
    select
        successions.indicator,
        successions.region,
        successions.period,
        successions.from_edition,
        editions.edition as to_edition,
        successions.old_value,
        later.value as new_value,
        greatest(coalesce(successions.old_resolution, 0), coalesce(later.resolution, 0)) / 2 as tolerance
    from successions
    inner join editions using (series, year)
    left join numbers as later using (series, year, indicator, region, period)
),

appearances as (
    select
        indicator,
        region,
        period,
        edition as to_edition,
        value as new_value
    from numbers
    anti join compared
        on compared.indicator = numbers.indicator
        and compared.region = numbers.region
        and compared.period = numbers.period
        and compared.to_edition = numbers.edition
        and compared.new_value is not null
),

changes as (
    select * from compared
    union all by name
    select * from appearances
),

-- a hair of slack, for numbers that binary fractions cannot hold
judged as (
    select
        *,
        new_value - old_value as difference,
        1e-9 * greatest(abs(old_value), abs(new_value), 1) as slack
    from changes
)

select
    indicator,
    region,
    period,
    from_edition,
    to_edition,
    old_value,
    new_value,
    difference,
    100 * difference / nullif(abs(old_value), 0) as change_percent,
    tolerance,
    case
        when from_edition is null then 'new'
        when new_value is null then 'withdrawn'
        when abs(difference) <= slack then 'unchanged'
        when abs(difference) <= tolerance + slack then 'rounding'
        else 'revised'
    end as kind
from judged
order by indicator, region, period, to_edition, from_edition
