-- The paper's table 4, cell by cell: the structure of R&D expenditure by region as printed, and as it follows from the
-- yearbook that the paper cites. Every other region and edition is in rd_structure_by_region.
--
-- 论文表4逐格对照：各地区R&D经费支出构成的原文，与由论文所引年鉴重算的结果。其余地区与版本见 rd_structure_by_region。
select * exclude (table_number, role, "column", is_copy)
from parts.paper_table
where table_number = 4
order by document, sheet, position, "column"
