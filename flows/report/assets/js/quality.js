/* What the checks found, what was set aside, what was corrected, what was restated, what there is. */

pages.quality = async (parts) => {
  await need('finding', 'quarantine', 'correction', 'change', 'revision_moved', 'indicator_coverage', 'observation');
  const views = [['quality/findings', T('Findings', '检查发现'), rows('finding').length], ['quality/checks', T('By check', '按检查项')], ['quality/quarantine', T('Quarantine', '隔离'), rows('quarantine').length], ['quality/corrections', T('Corrections', '更正'), rows('correction').length],
    ['quality/revisions', T('Revisions', '修订'), rows('revision_moved').length], ['quality/changes', T('Since the last release', '本次变更'), rows('change').length], ['quality/coverage', T('Coverage', '覆盖')], ['quality/documents', T('Documents', '文件'), rows('document').length]];
  const drawn = { findings, checks: byCheck, quarantine, corrections, revisions, changes: changeList, coverage, documents };
  const present = drawn[parts[0]] ? parts[0] : 'findings';
  return [h('h1', {}, T('Quality', '质量')), h('p', { class: 'intro' }, T('Parts must add to totals, provinces to the nation, one edition must agree with another within the digits it prints. What does not is listed here. ', '分项之和应等于合计，各省之和应等于全国，不同版本在公布位数内应一致；不一致之处均列于此。'), h('a', { href: '../data_docs/index.html' }, T('All expectations are in the Data Docs.', '全部数据检查见 Data Docs。'))),
    subnav(T('Parts of the quality report', '质量报告各部分'), views, `quality/${present}`), h('section', {}, drawn[present]())];
};

const place = [
  { id: 'table', label: T_('Table', '表') }, { id: 'edition', label: T_('Edition', '版本'), value: (row) => editionName(row.edition) }, { id: 'period', label: T_('Year', '年份'), number: true, show: (row) => String(row.period ?? '') },
  { id: 'indicator', label: T_('Indicator', '指标'), value: (row) => indicatorName(row.indicator) }, { id: 'region', label: T_('Region', '地区'), value: (row) => regionName(row.region) },
];
const inDocument = { id: 'document', label: T_('Cell', '单元格'), value: (row) => (row.document ? [documentName(row.document), row.sheet, row.cell].filter(Boolean).join(' · ') : '') };

/** Where a finding is, in one cell: table, edition, year, indicator, region. */
const somewhere = {
  id: 'where', label: T_('Where', '位置'), wide: true, value: (row) => placeWords(row).join(' '),
  show: (row) => placeWords(row).map((words, n) => h('span', { class: n ? 'quiet line' : 'line' }, quoted(words))),
};

function placeWords(row) {
  return [[row.indicator ? indicatorName(row.indicator) : '', row.region ? regionName(row.region) : '', row.period].filter(Boolean).join(', '), [row.table, editionName(row.edition)].filter(Boolean).join(' · '), row.document ? [documentName(row.document), row.sheet, row.cell].filter(Boolean).join(' · ') : ''].filter(Boolean);
}

const SERIOUS = { error: 0, warning: 1, info: 2 };

function T_(en, zh) { return () => T(en, zh); }
function inWords(columns) { return columns.map((c) => ({ ...c, label: typeof c.label === 'function' ? c.label() : c.label })); }

function findings() {
  const all = rows('finding');
  const head = h('h2', {}, T('Findings', '检查发现'));
  if (isMissing('finding')) return [head, lacking(T('This release has no findings mart.', '本次发布没有检查发现表。'))];
  const view = { severity: '', known: '' };
  const box = h('div', {});
  const draw = () => box.replaceChildren(grid({
    name: 'findings', title: T('Findings', '检查发现'), parquet: 'finding', length: 25,
    rows: all.filter((row) => (!view.severity || row.severity === view.severity) && (!view.known || String(row.acknowledged) === view.known)),
    sort: 'severity',
    columns: inWords([{ id: 'severity', label: T('Severity', '程度'), value: (row) => SERIOUS[row.severity], show: (row) => severity(row.severity) },
      { id: 'message', label: T('What was found', '内容'), wide: true, show: (row) => [quoted(row.message), h('code', { class: 'quiet line' }, row.check)] }, somewhere,
      { id: 'residual', label: T('Off by', '偏差'), number: true, decimals: (row) => tidy(row.residual) }, { id: 'tolerance', label: T('Allowed', '容许'), number: true, decimals: (row) => tidy(row.tolerance) },
      { id: 'reason', label: T('Explained by', '说明'), wide: true }]),
  }));
  draw();
  return [head, controls(
    segments({ label: T('Severity', '程度'), options: [['', T('All', '全部')], ['error', T('Errors', '错误')], ['warning', T('Warnings', '警告')], ['info', T('Notes', '提示')]], value: '', change(v) { view.severity = v; draw(); } }),
    segments({ label: T('Status', '状态'), options: [['', T('All', '全部')], ['false', T('Open', '未解释')], ['true', T('Explained', '已说明')]], value: '', change(v) { view.known = v; draw(); } })), box];
}

function byCheck() {
  const some = [...grouped(rows('finding'), (row) => row.check)].map(([check, own]) => ({ check, numbers: own.length, open: own.filter((row) => !row.acknowledged).length, worst: own.map((row) => (row.tolerance ? Math.abs(row.residual) / row.tolerance : null)).filter((v) => v !== null).sort((a, b) => b - a)[0] ?? null, severity: own.map((row) => row.severity).sort()[0] }));
  const { checks } = facts.release;
  return [h('h2', {}, T('Identities and other checks', '恒等关系与其他检查')), checks.expectations === undefined ? null : h('p', {}, T(`${num(checks.expectations)} expectations in ${num(checks.suites)} suites were evaluated on the marts. `, `对数据表执行了 ${num(checks.suites)} 组共 ${num(checks.expectations)} 项检查。`), h('a', { href: '../data_docs/index.html' }, 'Data Docs')),
    grid({ name: 'findings-by-check', title: T('Findings by check', '按检查项统计'), rows: some, sort: '-numbers', length: 40, columns: [{ id: 'check', label: T('Check', '检查项'), show: (row) => h('code', {}, row.check) }, { id: 'severity', label: T('Severity', '程度'), show: (row) => severity(row.severity) }, { id: 'numbers', label: T('Findings', '发现数'), number: true, show: (row) => tally(row.numbers, `check ${row.check}`) }, { id: 'open', label: T('Open', '未解释'), number: true, show: (row) => tally(row.open, `open check ${row.check}`) }, { id: 'worst', label: T('Worst, in tolerances', '最大偏差（容许误差的倍数）'), number: true, show: (row) => (row.worst === null ? '' : h('span', { class: 'number' }, num(row.worst, 1))) }] })];
}

function quarantine() {
  return [h('h2', {}, T('Quarantine', '隔离')), h('p', { class: 'quiet' }, T('What could not stand as it is, why, and what would mend it. After a correction or a new contract it is read again without being handed in.', '不能按原样采用的内容、原因与修复建议；更正或补充合约后会自动重新读取。')),
    grid({ name: 'quarantine', title: T('Quarantine', '隔离'), rows: rows('quarantine'), parquet: 'quarantine', columns: inWords([{ ...inDocument, id: 'document' }, { id: 'raw', label: T('What it says', '原文'), show: (row) => h('q', {}, quoted(row.raw)) }, { id: 'reason', label: T('Why', '原因'), wide: true }, { id: 'suggestion', label: T('What would mend it', '修复建议'), wide: true }, ...place]) })];
}

function corrections() {
  return [h('h2', {}, T('Corrections', '更正')), h('p', { class: 'quiet' }, T('Values that are not what stands in their cell: corrected or imputed, each by a declaration with its evidence.', '与单元格原文不同的数值：依据声明更正或推算，均附证据。')),
    grid({ name: 'corrections', title: T('Corrections', '更正'), rows: rows('correction'), parquet: 'source_cell', columns: inWords([inDocument, { id: 'raw', label: T('What it says', '原文'), show: (row) => h('q', {}, quoted(row.raw)) }, { id: 'value', label: T('What it is read as', '采用值'), number: true }, { id: 'note', label: T('Why', '原因'), wide: true }, ...place]) })];
}

function revisions() {
  const moved = rows('revision_moved');
  const head = h('h2', {}, T('Revisions', '修订'));
  const counts = rows('revision_count').filter((row) => ['revised', 'rounding', 'withdrawn', 'unchanged'].includes(row.kind));
  if (!counts.length) return [head, lacking(T('No two editions in this release print the same number.', '本次发布中没有两个版本重复公布同一数值。'))];
  const kinds = ['unchanged', 'rounding', 'revised', 'withdrawn'];
  const colours = { unchanged: 'var(--none)', rounding: 'var(--seq-2)', revised: 'var(--seq-5)', withdrawn: 'var(--bad)' };
  const byEdition = [...grouped(counts, (row) => row.to_edition)].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return [head, h('p', { class: 'quiet' }, T('Numbers that a later edition of the same series prints again: unchanged, different by rounding only, revised, or withdrawn.', '同一系列后一版本再次公布的数值：未变、仅舍入不同、修订或撤下。')),
    plot({ name: 'revisions', title: T('What became of reprinted numbers', '重复公布的数值的变化'), subtitle: T('Percent of the numbers that each edition reprints', '占各版本重复公布数值的百分比'),
      make: (width) => stacks({ width, colours, stacks: byEdition.map(([e, some]) => ({ name: editionName(e), parts: kinds.map((kind) => { const row = some.find((r) => r.kind === kind); const value = row ? 100 * row.numbers / sum(some) : 0; return { part: kind, value, exact: row ? row.numbers : 0, kind, edition: e, text: row ? num(row.numbers) : '', ink: kind === 'revised' ? 'var(--on-seq-5)' : kind === 'withdrawn' ? 'var(--page)' : 'var(--ink)', label: `${editionName(e)}: ${num(row ? row.numbers : 0)} ${T(...KIND[kind])}` }; }).filter((p) => p.value > 0) })) }),
      table: () => ({ name: 'revision-counts', title: T('Revisions by edition', '各版本修订情况'), rows: counts, columns: [{ id: 'to_edition', label: T('Edition', '版本'), value: (row) => editionName(row.to_edition) }, { id: 'kind', label: T('Kind', '类型'), value: (row) => T(...KIND[row.kind]) }, { id: 'numbers', label: T('Numbers', '数值数'), number: true, decimals: 0 }] }) }),
    key(kinds.map((kind) => [colours[kind], T(...KIND[kind])])),
    h('h3', {}, T('Number by number', '逐项')), grid({ name: 'revisions', title: T('Numbers that moved', '变动的数值'), rows: moved, sort: '-size', parquet: 'revision', columns: [{ id: 'indicator', label: T('Indicator', '指标'), value: (row) => indicatorName(row.indicator) }, { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) }, { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
      { id: 'from_edition', label: T('From', '自'), value: (row) => editionName(row.from_edition) }, { id: 'to_edition', label: T('To', '至'), value: (row) => editionName(row.to_edition) }, { id: 'old_value', label: T('Was', '原值'), number: true, decimals: (row) => printedDecimals(row, row.from_edition), from: (row) => revisionOrigin(row) }, { id: 'new_value', label: T('Is', '现值'), number: true, decimals: (row) => printedDecimals(row, row.to_edition), from: (row) => revisionOrigin(row) },
      { id: 'size', label: T('Change, %', '变动，%'), number: true, value: (row) => (row.change_percent === null ? null : Math.abs(row.change_percent)), show: (row) => figureOf(row, 'change_percent', 2) }, { id: 'kind', label: T('Kind', '类型'), show: (row) => badge(row.kind, T(...KIND[row.kind])) }] })];
}

/** The decimals with which an edition prints a number that was revised. */
function printedDecimals(row, code) { return decimalsOf(observed(row.indicator, row.region, row.period).find((o) => o.edition === code)); }

function revisionOrigin(row) {
  return origin(`${indicatorName(row.indicator)}, ${regionName(row.region)}, ${row.period}`, `${num(row.old_value)} → ${row.new_value === null ? T('withdrawn', '撤下') : num(row.new_value)}`, observed(row.indicator, row.region, row.period).filter((o) => [row.from_edition, row.to_edition].includes(o.edition)).sort(by('edition')));
}

function changeList() {
  const { previous } = facts.release;
  return [h('h2', {}, T('Since the last release', '本次变更')), h('p', { class: 'quiet' }, previous ? [T('Compared with release ', '与上一次发布比较：'), h('code', {}, previous), '. '] : T('The first release of its home. ', '首次发布。'), h('a', { href: '../CHANGES.md' }, 'CHANGES.md')),
    grid({ name: 'changes', title: T('Changes', '变更'), rows: rows('change'), columns: inWords([{ id: 'kind', label: T('Kind', '类型'), show: (row) => badge(row.kind, T(...(KIND[row.kind] || [row.kind, row.kind]))) }, { id: 'check', label: T('Check', '检查项') }, ...place, { id: 'old_value', label: T('Was', '原值'), number: true }, { id: 'new_value', label: T('Is', '现值'), number: true }, { id: 'numbers', label: T('Numbers', '数值数'), number: true, decimals: 0 }]) })];
}

function documents() {
  const OUTCOME = { read: ['read', '已读', 'good'], duplicate: ['duplicate', '重复', 'unknown'], unrecognised: ['unrecognised', '未识别', 'warning'], unreadable: ['unreadable', '无法读取', 'error'] };
  return [h('h2', {}, T('Documents', '文件')), grid({ name: 'documents', title: T('Every file that was given', '收到的全部文件'), rows: rows('document'), parquet: 'document', sort: 'names', columns: [{ id: 'names', label: T('File', '文件'), wide: true }, { id: 'outcome', label: T('Outcome', '结果'), show: (row) => { const [en, zh, kind] = OUTCOME[row.outcome] || [row.outcome, row.outcome, 'unknown']; return badge(kind, T(en, zh)); } }, { id: 'container', label: T('Container', '格式') }, { id: 'bytes', label: T('Bytes', '字节'), number: true, decimals: 0 }, { id: 'tables', label: T('Tables', '表') }, { id: 'edition', label: T('Edition', '版本'), value: (row) => editionName(row.edition) }, { id: 'reason', label: T('Why', '说明'), wide: true }, { id: 'document', label: 'SHA-256', show: (row) => h('code', { title: row.document }, row.document.slice(0, 12)) }] })];
}
