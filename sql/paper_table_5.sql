-- The paper's table 5, cell by cell: the structure of R&D expenditure by performing sector as printed, and as it follows
-- from the sources where they have it.
--
-- 论文表5逐格对照：按执行部门分组的R&D经费构成的原文，与来源可得时重算的结果。
select * exclude (table_number, role, "column", is_copy)
from parts.paper_table
where table_number = 5
order by document, sheet, position, "column"
