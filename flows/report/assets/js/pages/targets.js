/* What plans say of a highland, and what is not known of it. */

/** The places whose targets belong to a highland: itself, its members, and the provinces that host them. */
function placesOf(code) {
  const own = members(code);
  return new Set([
    code,
    ...own,
    ...own
      .map((m) => region(m))
      .filter((m) => m && m.kind === 'city')
      .map((m) => m.parent),
  ]);
}

function targetOrigin(row) {
  return origin(row.label, null, [
    {
      document: row.document,
      sheet: row.sheet,
      cell: T(`row ${row.sheet_row}`, `第 ${row.sheet_row} 行`),
      edition: row.edition,
      raw: row.target,
    },
  ]);
}

function targetTable(some, name, title) {
  return grid({
    name,
    title,
    rows: some,
    search: false,
    parquet: 'highland_target',
    length: 40,
    columns: [
      {
        id: 'label',
        label: T('Region', '区域'),
        show: (row) =>
          sourced(h('button', { type: 'button', class: 'number text' }, quoted(row.label)), () => targetOrigin(row)),
      },
      { id: 'target', label: T('Target', '目标定位'), wide: true },
      { id: 'plan', label: T('Plan', '规划文件'), wide: true },
      { id: 'edition', label: T('Quoted by', '引自'), show: (row) => editionName(row.edition) },
    ],
  });
}

function targets(code) {
  const places = placesOf(code);
  const some = rows('highland_target').filter((row) => places.has(row.region));
  return h(
    'section',
    { 'aria-labelledby': 'targets' },
    h('h2', { id: 'targets' }, T('What it is to become', '目标定位')),
    some.length
      ? targetTable(some, `targets-${code}`, T('Targets and the plans that set them', '目标定位与规划文件'))
      : lacking(T('The paper’s table 2 is not in this release.', '本次发布未收录论文表2。')),
  );
}

const COVERAGE = {
  published: ['published', '有公布数', '●'],
  members: ['all members', '全部成员有数', '◐'],
  partly: ['some members', '部分成员有数', '○'],
  missing: ['missing', '缺失', '·'],
};

const RELATION = { same: ['the same', '相同'], part: ['a part of it', '组成部分'], proxy: ['a stand-in', '替代指标'] };

/** The paper's indicators of a highland by the figures that stand for them: which years there are, and what is missing. */
function gaps(code) {
  const all = rows('indicator_coverage').filter((row) => row.region === code);
  if (!all.length) return null;
  const lines_ = [...grouped(all, (row) => `${row.measure}|${row.indicator}`).values()]
    .map((some) => {
      const good = some.filter((row) => row.coverage === 'published' || row.coverage === 'members');
      const source = T('source_en', 'source_zh');
      return {
        ...some[0],
        years: ascending(good.map((row) => row.period)),
        source: distinct(some.map((row) => row[source])).join('; '),
      };
    })
    .sort(by('position', 'indicator'));
  return h(
    'section',
    { 'aria-labelledby': 'gaps' },
    h('h2', { id: 'gaps' }, T('What the paper would measure, and what there is', '论文指标及其数据情况')),
    grid({
      name: `coverage-${code}`,
      title: T('Coverage of the indicators of the paper’s table 3', '论文表3指标的数据覆盖'),
      rows: lines_,
      search: false,
      parquet: 'indicator_coverage',
      length: 40,
      columns: [
        {
          id: 'measure',
          label: T('The paper’s indicator', '论文指标'),
          value: (row) => T(row.measure_en, row.measure_zh),
        },
        { id: 'indicator', label: T('Figure', '数据'), value: (row) => indicatorName(row.indicator) },
        {
          id: 'relation',
          label: T('Which is', '关系'),
          value: (row) => T(...(RELATION[row.relation] || [row.relation, row.relation])),
        },
        {
          id: 'years',
          label: T('Years', '年份'),
          value: (row) => spans(row.years) || T('none', '无'),
          show: (row) => spans(row.years) || badge('warning', T('missing', '缺失')),
        },
        { id: 'source', label: T('Where the missing could come from', '缺失数据的可能来源'), wide: true },
      ],
    }),
  );
}

/** Years as spans: 2010–2014, 2018. */
function spans(years) {
  const parts = [];
  for (const year of years) {
    const last = parts[parts.length - 1];
    if (last && last[1] === year - 1) last[1] = year;
    else parts.push([year, year]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(T(', ', '、'));
}
