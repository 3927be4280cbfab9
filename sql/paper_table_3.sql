-- The paper's table 3, cell by cell, as printed. What the warehouse holds of its indicators is in indicator_coverage.
--
-- 论文表3逐格，按原文。各指标的数据覆盖情况见 indicator_coverage。
select * exclude (table_number, role, "column", is_copy)
from parts.paper_table
where table_number = 3
order by document, sheet, position, "column"
