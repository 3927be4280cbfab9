select file, sheet, region, head, year, "column", value from {{ source('raw', 'cell') }}
