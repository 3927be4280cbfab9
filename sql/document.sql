-- Every file that was ever given, known by the SHA-256 of its content: its names, what it turned out to be, and why
-- where it could not be used.
--
-- 收到的每一个文件，以内容的 SHA-256 标识：文件名、识别结果，以及未能采用的原因。
with

documents as (
    select * from staging.document
)

select
    document,
    names,
    declared,
    container,
    bytes,
    outcome,
    tables,
    edition,
    period,
    reason,
    candidates
from documents
order by document
