-- The paper's table 2, cell by cell, as printed. Its sources are plans, which the warehouse does not hold.
--
-- 论文表2逐格，按原文。其来源为各规划文件，不在库内。
select * exclude (table_number, role, "column", is_copy)
from parts.paper_table
where table_number = 2
order by document, sheet, position, "column"
