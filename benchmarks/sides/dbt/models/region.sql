select region, count(*) as numbers, min(year) as first_year, max(year) as last_year
from {{ ref('observation') }} group by region
