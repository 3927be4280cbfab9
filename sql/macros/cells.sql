-- The cells that print a number: document, file names, sheet, cell and the text that stands there, every edition.
-- select * from marts.cells('rd_expenditure', '310000', 2021)
--
-- 公布某一数值的全部单元格：文件、文件名、工作表、单元格及原文，含所有版本。
create or replace macro marts.cells(indicator, region, period) as table
select
    c.edition,
    c.value,
    c.unit,
    c.raw,
    c.published_unit,
    c.document,
    d.names,
    c.sheet,
    c.cell,
    c."table",
    c.status,
    c.note
from marts.source_cell as c
left join marts.document as d on d.document = c.document
where c.role = 'value' and c.indicator = indicator and c.region = region and c.period = period
order by c.edition, c."table", c.document, c.sheet, c.cell
