/* What was set aside, corrected, changed since the last release, and every file that was given. */

function quarantine() {
  return [
    h('h2', {}, T('Quarantine', '隔离')),
    h(
      'p',
      { class: 'quiet' },
      T(
        'What could not stand as it is, why, and what would mend it. After a correction or a new contract it is read again without being handed in.',
        '不能按原样采用的内容、原因与修复建议；更正或补充合约后会自动重新读取。',
      ),
    ),
    grid({
      name: 'quarantine',
      title: T('Quarantine', '隔离'),
      rows: rows('quarantine'),
      parquet: 'quarantine',
      columns: inWords([
        somewhere,
        { id: 'raw', label: T('What it says', '原文'), show: (row) => h('q', {}, quoted(row.raw)) },
        { id: 'reason', label: T('Why', '原因'), wide: true },
        { id: 'suggestion', label: T('What would mend it', '修复建议'), wide: true },
      ]),
    }),
  ];
}

function corrections() {
  return [
    h('h2', {}, T('Corrections', '更正')),
    h(
      'p',
      { class: 'quiet' },
      T(
        'Values that are not what stands in their cell: corrected or imputed, each by a declaration with its evidence.',
        '与单元格原文不同的数值：依据声明更正或推算，均附证据。',
      ),
    ),
    grid({
      name: 'corrections',
      title: T('Corrections', '更正'),
      rows: rows('correction'),
      parquet: 'source_cell',
      columns: inWords([
        somewhere,
        { id: 'raw', label: T('What it says', '原文'), show: (row) => h('q', {}, quoted(row.raw)) },
        { id: 'value', label: T('What it is read as', '采用值'), number: true },
        { id: 'note', label: T('Why', '原因'), wide: true },
      ]),
    }),
  ];
}

function changeList() {
  const { previous } = facts.release;
  return [
    h('h2', {}, T('Since the last release', '本次变更')),
    h(
      'p',
      { class: 'quiet' },
      previous
        ? [T('Compared with release ', '与上一次发布比较：'), h('code', {}, previous), '. ']
        : T('The first release of its home. ', '首次发布。'),
      h('a', { href: '../CHANGES.md' }, 'CHANGES.md'),
    ),
    grid({
      name: 'changes',
      title: T('Changes', '变更'),
      rows: rows('change'),
      columns: inWords([
        {
          id: 'kind',
          label: T('Kind', '类型'),
          show: (row) => badge(row.kind, T(...(KIND[row.kind] || [row.kind, row.kind]))),
        },
        { id: 'check', label: T('Check', '检查项') },
        somewhere,
        { id: 'old_value', label: T('Was', '原值'), number: true },
        { id: 'new_value', label: T('Is', '现值'), number: true },
        { id: 'numbers', label: T('Numbers', '数值数'), number: true, decimals: 0 },
      ]),
    }),
  ];
}

function documents() {
  const OUTCOME = {
    read: ['read', '已读', 'good'],
    duplicate: ['duplicate', '重复', 'unknown'],
    unrecognised: ['unrecognised', '未识别', 'warning'],
    unreadable: ['unreadable', '无法读取', 'error'],
  };
  return [
    h('h2', {}, T('Documents', '文件')),
    grid({
      name: 'documents',
      title: T('Every file that was given', '收到的全部文件'),
      rows: rows('document'),
      parquet: 'document',
      sort: 'names',
      columns: [
        { id: 'names', label: T('File', '文件'), wide: true },
        {
          id: 'outcome',
          label: T('Outcome', '结果'),
          show: (row) => {
            const [en, zh, kind] = OUTCOME[row.outcome] || [row.outcome, row.outcome, 'unknown'];
            return badge(kind, T(en, zh));
          },
        },
        { id: 'container', label: T('Container', '格式') },
        { id: 'bytes', label: T('Bytes', '字节'), number: true, decimals: 0 },
        { id: 'tables', label: T('Tables', '表') },
        { id: 'edition', label: T('Edition', '版本'), value: (row) => editionName(row.edition) },
        { id: 'reason', label: T('Why', '说明'), wide: true },
        {
          id: 'document',
          label: 'SHA-256',
          show: (row) => h('code', { title: row.document }, row.document.slice(0, 12)),
        },
      ],
    }),
  ];
}
