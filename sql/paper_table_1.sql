-- The paper's table 1, cell by cell: the first 20 clusters of the Global Innovation Index 2022 as the paper prints them and
-- as WIPO's ranking has them. A ranking that was keyed from the paper is no source.
--
-- 论文表1逐格对照：论文所载2022年全球前20位科技集群，与世界知识产权组织的排名。抄自论文的副本不作为来源。
select * exclude (table_number, role, "column", is_copy)
from parts.paper_table
where table_number = 1
order by document, sheet, position, "column"
