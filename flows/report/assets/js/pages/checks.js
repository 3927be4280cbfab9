/* What each check asks, and how often the answer was no. */

const CHECKS = {
  parts_and_total: ['The parts add to their total.', '分项之和等于合计。'],
  part_within_total: ['A part is not more than what it is part of.', '其中项不大于其总项。'],
  provinces_and_zone: ['The provinces of a zone add to it.', '各省之和等于所属地区。'],
  regions_and_nation: ['The regions add to the nation.', '各地区之和等于全国。'],
  shares_to_100: ['Shares of a whole add to 100.', '占比之和为100。'],
  share_and_parts: ['A printed share is what its amounts give.', '公布的占比与金额相符。'],
  two_printings: ['A number printed twice is the same within its digits.', '重复公布的同一数值在位数内一致。'],
  yearbook_and_bulletin: ['Yearbook and bulletin agree within their digits.', '年鉴与公报在位数内一致。'],
  intensity_and_expenditure: ['Intensity is expenditure over gross product.', '投入强度等于经费除以生产总值。'],
  expenditure_per_person: ['Expenditure per person-year is expenditure over personnel.', '人均经费等于经费除以人员。'],
  rank_and_value: ['A printed rank is the place of its value.', '公布的位次与数值相符。'],
  region_missing: ['A table lists the regions that it usually lists.', '表格包含通常列出的地区。'],
  jump: ['A series does not jump beyond its own past.', '序列没有超出以往波动的跳变。'],
  magnitude_slip: ['A number is not off by a power of ten.', '数值没有数量级错误。'],
  unit_slip: ['A table is in the unit that it says.', '表格采用所注明的单位。'],
  reprint_differs: ['A reprinted number is the printed one.', '再次公布的数值与原数值相符。'],
  below_nothing: ['What is counted is not below nothing.', '计数值不为负。'],
  number_unreadable: ['A cell holds a number.', '单元格内容为数字。'],
  label_unknown: ['A row has a label that is known.', '行标签可识别。'],
  head_misprint: ['Chinese and English heads say the same.', '中英文表头一致。'],
  document_unrecognised: ['A file is a table that is known.', '文件为已知表格。'],
  document_unreadable: ['A file can be read.', '文件可读取。'],
  document_damaged: ['A file is whole.', '文件完整。'],
  correction_applied: ['A correction was applied.', '已应用更正。'],
  correction_stale: ['A correction still meets its cell.', '更正仍与其单元格相符。'],
  known_error_stale: ['A known error is still there.', '已知差错仍然存在。'],
};

function asks(check) {
  if (CHECKS[check]) return T(...CHECKS[check]);
  return check.startsWith('gx.') ? T('An expectation on a mart.', '对数据表的检查。') : '';
}

function byCheck() {
  const some = [...grouped(rows('finding'), (row) => row.check)].map(([check, own]) => ({
    check,
    numbers: own.length,
    open: own.filter((row) => !row.acknowledged).length,
    severity: own.map((row) => row.severity).sort()[0],
  }));
  const { checks } = facts.release;
  const quiet = Object.keys(CHECKS).filter((check) => !some.some((row) => row.check === check));
  return [
    h('h2', {}, T('Identities and other checks', '恒等关系与其他检查')),
    checks.expectations === undefined
      ? null
      : h(
          'p',
          {},
          T(
            `${num(checks.expectations)} expectations in ${num(checks.suites)} suites were evaluated on the marts. `,
            `对数据表执行了 ${num(checks.suites)} 组共 ${num(checks.expectations)} 项检查。`,
          ),
          h('a', { href: '../data_docs/index.html' }, 'Data Docs'),
        ),
    grid({
      name: 'findings-by-check',
      title: T('Findings by check', '按检查项统计'),
      rows: some,
      sort: '-numbers',
      length: 40,
      columns: [
        { id: 'check', label: T('Check', '检查项'), show: (row) => h('code', {}, row.check) },
        { id: 'asks', label: T('What must hold', '应满足的关系'), wide: true, value: (row) => asks(row.check) },
        { id: 'severity', label: T('Severity', '程度'), show: (row) => severity(row.severity) },
        {
          id: 'numbers',
          label: T('Findings', '发现数'),
          number: true,
          show: (row) => tally(row.numbers, `check ${row.check}`),
        },
        {
          id: 'open',
          label: T('Open', '未解释'),
          number: true,
          show: (row) => tally(row.open, `open check ${row.check}`),
        },
      ],
    }),
    quiet.length ? h('h3', {}, T('Nothing found by', '未发现问题的检查')) : null,
    quiet.length
      ? h(
          'ul',
          {},
          quiet.map((check) => h('li', {}, asks(check), ' ', h('code', { class: 'quiet' }, check))),
        )
      : null,
  ];
}
