/* What plans say of a highland, what is not known of it, and the composite scoreboard with its intervals. */

/** The places whose targets belong to a highland: itself, its members, and the provinces that host them. */
function placesOf(code) {
  const own = members(code);
  return new Set([code, ...own, ...own.map((m) => region(m)).filter((m) => m && m.kind === 'city').map((m) => m.parent)]);
}

function targetOrigin(row) {
  return origin(row.label, null, [{ document: row.document, sheet: row.sheet, cell: T(`row ${row.sheet_row}`, `第 ${row.sheet_row} 行`), edition: row.edition, raw: row.target }]);
}

function targetTable(some, name, title) {
  return grid({
    name, title, rows: some, search: false, parquet: 'highland_target', length: 40,
    columns: [{ id: 'label', label: T('Region', '区域'), show: (row) => sourced(h('button', { type: 'button', class: 'number text' }, quoted(row.label)), () => targetOrigin(row)) },
      { id: 'target', label: T('Target', '目标定位'), wide: true }, { id: 'plan', label: T('Plan', '规划文件'), wide: true }, { id: 'edition', label: T('Quoted by', '引自'), show: (row) => editionName(row.edition) }],
  });
}

function targets(code) {
  const places = placesOf(code);
  const some = rows('highland_target').filter((row) => places.has(row.region));
  return h('section', { 'aria-labelledby': 'targets' }, h('h2', { id: 'targets' }, T('What it is to become', '目标定位')),
    some.length ? targetTable(some, `targets-${code}`, T('Targets and the plans that set them', '目标定位与规划文件')) : lacking(T('The paper’s table 2 is not in this release.', '本次发布未收录论文表2。')));
}

const COVERAGE = { published: ['published', '有公布数', '●'], members: ['all members', '全部成员有数', '◐'], partly: ['some members', '部分成员有数', '○'], missing: ['missing', '缺失', '·'] };

/** Indicators of the paper's table 3 that nothing here says of a highland, and where they could come from. */
function gaps(code) {
  const all = rows('indicator_coverage').filter((row) => row.region === code);
  if (!all.length) return null;
  const measures = [...grouped(all, (row) => row.measure).values()].map((some) => {
    const good = some.filter((row) => row.coverage === 'published' || row.coverage === 'members');
    return { ...some[0], years: ascending(good.map((row) => row.period)), source: T(...['source_en', 'source_zh'].map((c) => distinct(some.map((row) => row[c])).join('; '))) };
  }).sort(by('position'));
  return h('section', { 'aria-labelledby': 'gaps' }, h('h2', { id: 'gaps' }, T('What the paper would measure, and what there is', '论文指标及其数据情况')),
    grid({
      name: `coverage-${code}`, title: T('Coverage of the indicators of the paper’s table 3', '论文表3指标的数据覆盖'), rows: measures, search: false, parquet: 'indicator_coverage', length: 20,
      columns: [{ id: 'measure', label: T('Indicator', '指标'), value: (row) => T(row.measure_en, row.measure_zh) },
        { id: 'years', label: T('Years with a figure', '有数据的年份'), value: (row) => spans(row.years) || T('none', '无'), show: (row) => spans(row.years) || badge('warning', T('missing', '缺失')) },
        { id: 'source', label: T('Where the missing could come from', '缺失数据的可能来源'), wide: true }],
    }));
}

/** Years as spans: 2010–2014, 2018. */
function spans(years) {
  const parts = [];
  for (const year of years) {
    const last = parts[parts.length - 1];
    if (last && last[1] === year - 1) last[1] = year; else parts.push([year, year]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(T(', ', '、'));
}

/** The composite's marts, whatever they are called: all of them, or the rows of one highland. */
function composites(code) {
  const found = Object.keys(facts.release.files).filter((name) => name.startsWith('composite') && rows(name).length);
  if (!found.length) return null;
  return h('section', { 'aria-labelledby': 'composite' }, h('h2', { id: 'composite' }, T('Composite', '综合评价')),
    found.map((name) => {
      const some = code ? rows(name).filter((row) => row.region === code || row.highland === code) : rows(name);
      return some.length ? h('div', {}, h('h3', {}, told(name, '')), plainGrid(name, some)) : null;
    }));
}

/** What the dictionary says of a mart or column, in one sentence. */
function told(table, column) {
  const row = (index('dictionary', 'table', 'column').get(`${table}|${column}`) || [])[0];
  return row ? T(row.comment_en, row.comment_zh) : column || table;
}

/** A mart as it is: every column, codes with their names. */
function plainGrid(name, some) {
  const names = { region: regionName, highland: regionName, member: regionName, indicator: indicatorName };
  const columns = Object.keys(some[0]).filter((column) => !column.startsWith('_')).map((column) => {
    const number = some.some((row) => typeof row[column] === 'number') && !/^(period|year|position)$/.test(column);
    return { id: column, label: column, number, decimals: undefined, wide: some.some((row) => String(row[column] ?? '').length > 60), ...(names[column] ? { value: (row) => names[column](row[column]) } : {}), ...(number ? {} : { show: (row) => quoted(names[column] ? names[column](row[column]) : row[column] === null ? '' : String(row[column])) }) };
  });
  return grid({ name, title: name, rows: some, columns, parquet: name });
}
