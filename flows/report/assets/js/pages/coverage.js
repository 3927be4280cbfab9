/* What there is: which tables for which years, and which of the paper's indicators for which highland. */

function coverage(query) {
  const counts = rows('number_count');
  const head = h('h2', {}, T('Coverage', '覆盖'));
  if (!counts.length && !rows('indicator_coverage').length)
    return [head, lacking(T('There is nothing to cover yet.', '尚无数据。'))];
  return [head, counts.length ? tablesByYear(counts) : null, coveragePlot(['quality', 'coverage'], query)];
}

function heat({ width, cells, across, down, left }) {
  const side = Math.max(14, Math.min(44, (width - left - 8) / across.length));
  const x = {
    field: 'across',
    type: 'ordinal',
    scale: { domain: across, paddingInner: 0.08 },
    axis: { orient: 'top', title: null, labelAngle: side < 34 ? -60 : 0, values: across, labelExpr: 'datum.label' },
  };
  const y = { field: 'down', type: 'ordinal', scale: { domain: down, paddingInner: 0.08 }, axis: null };
  const names = down.map((name) => ({ down: name }));
  return {
    points: cells,
    spec: {
      width: side * across.length,
      height: 26 * down.length,
      autosize: { type: 'none' },
      padding: { left, right: 8, top: side < 34 ? 40 : 24, bottom: 4 },
      data: { name: 'points' },
      datasets: { names },
      layer: [
        {
          mark: { type: 'rect', cornerRadius: 2 },
          encoding: { x, y, color: { field: 'fill', type: 'nominal', scale: null } },
        },
        {
          mark: { type: 'text', fontSize: 11 },
          encoding: { x, y, text: { field: 'text' }, color: { field: 'ink', type: 'nominal', scale: null } },
        },
        {
          data: { name: 'names' },
          mark: { type: 'text', align: 'right', dx: -8 },
          encoding: { x: { value: 0 }, y, text: { field: 'down' } },
        },
      ],
    },
  };
}

function tablesByYear(counts) {
  const years = ascending(counts.map((row) => row.period)).map(String);
  const cellsOf = [...grouped(counts, (row) => `${row.table}|${row.period}`)].map(([code, some]) => ({
    table: code.split('|')[0],
    period: Number(code.split('|')[1]),
    numbers: sum(some),
    editions: some.length,
  }));
  const most = Math.max(...cellsOf.map((c) => c.numbers));
  const level = (n) => Math.max(1, Math.ceil(5 * Math.sqrt(n / most)));
  const tables_ = ascending(cellsOf.map((c) => c.table));
  const left = (width) => Math.min(width * 0.42, Math.max(...tables_.map((t) => widthOf(t))) + 14);
  return plot({
    name: 'coverage-tables',
    title: T('Numbers by table and year', '各表各年的数值数'),
    subtitle: T('All editions together', '各版本合计'),
    make: (width) =>
      heat({
        width,
        left: left(width),
        across: years,
        down: tables_,
        cells: cellsOf.map((c) => ({
          across: String(c.period),
          down: c.table,
          exact: c.numbers,
          text: c.numbers < 1000 && width > 700 ? num(c.numbers) : width > 700 ? `${num(c.numbers / 1000, 1)}k` : '',
          fill: `var(--seq-${level(c.numbers)})`,
          ink: `var(--on-seq-${level(c.numbers)})`,
          label: `${c.table}, ${c.period}: ${num(c.numbers)} ${T('numbers', '个数值')}`,
          from: () =>
            origin(
              `${c.table}, ${c.period}`,
              `${num(c.numbers)} ${T('numbers', '个数值')}`,
              [],
              T(`in ${c.editions} editions`, `${c.editions} 个版本`),
            ),
        })),
      }),
    table: () => ({
      name: 'coverage-tables',
      title: T('Numbers by table, edition and year', '各表、版本、年份的数值数'),
      rows: counts,
      parquet: 'observation',
      columns: [
        { id: 'table', label: T('Table', '表') },
        { id: 'edition', label: T('Edition', '版本'), value: (row) => editionName(row.edition) },
        { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
        { id: 'numbers', label: T('Numbers', '数值数'), number: true, decimals: 0 },
      ],
    }),
  });
}

/** The paper's indicators in the highlands, year by year; the choice is kept in the link to `parts`. */
function coveragePlot(parts, query) {
  const all = rows('indicator_coverage');
  if (!all.length) return null;
  const places = ['CN', ...highlands().map((row) => row.region)].filter((code) =>
    all.some((row) => row.region === code),
  );
  const usual = places.includes('jing_jin_ji') ? 'jing_jin_ji' : places[0];
  const view = { region: places.includes(query.region) ? query.region : usual };
  const box = h('div', {});
  const best = ['published', 'members', 'partly', 'missing'];
  const fill = { published: 'var(--seq-5)', members: 'var(--seq-4)', partly: 'var(--seq-2)', missing: 'var(--none)' };
  const ink = {
    published: 'var(--on-seq-5)',
    members: 'var(--on-seq-4)',
    partly: 'var(--on-seq-2)',
    missing: 'var(--quiet)',
  };
  const draw = () => {
    const own = all.filter((row) => row.region === view.region);
    const years = ascending(own.map((row) => row.period)).map(String);
    const ordered = [...own].sort(by('position', 'indicator'));
    const down = distinct(ordered.map((row) => indicatorName(row.indicator)));
    const left = (width) => Math.min(width * 0.45, Math.max(...down.map((t) => widthOf(t))) + 14);
    swap(
      box,
      plot({
        name: `coverage-${view.region}`,
        title: T(`The paper’s indicators: ${regionName(view.region)}`, `论文指标：${regionName(view.region)}`),
        subtitle: T('Which of them have a figure, year by year', '各指标逐年是否有数据'),
        make: (width) =>
          heat({
            width,
            left: left(width),
            across: years,
            down,
            cells: ordered.map((row) => ({
              across: String(row.period),
              down: indicatorName(row.indicator),
              coverage: row.coverage,
              text: COVERAGE[row.coverage][2],
              fill: fill[row.coverage],
              ink: ink[row.coverage],
              label: `${indicatorName(row.indicator)}, ${row.period}: ${T(...COVERAGE[row.coverage])}`,
              from: () =>
                origin(
                  `${indicatorName(row.indicator)}, ${regionName(row.region)}, ${row.period}`,
                  T(...COVERAGE[row.coverage]),
                  row.coverage === 'published' ? observed(row.indicator, row.region, row.period).slice(0, 1) : [],
                  T(row.source_en, row.source_zh),
                ),
            })),
          }),
        table: () => ({
          name: `coverage-${view.region}`,
          title: T('Coverage', '覆盖'),
          rows: own,
          parquet: 'indicator_coverage',
          columns: [
            {
              id: 'measure',
              label: T('The paper’s indicator', '论文指标'),
              value: (row) => T(row.measure_en, row.measure_zh),
            },
            { id: 'indicator', label: T('Indicator', '指标'), value: (row) => indicatorName(row.indicator) },
            { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
            { id: 'coverage', label: T('Coverage', '覆盖'), value: (row) => T(...COVERAGE[row.coverage]) },
            {
              id: 'source',
              label: T('Could come from', '可能来源'),
              wide: true,
              value: (row) => T(row.source_en, row.source_zh) || '',
            },
          ],
        }),
      }),
      key(best.map((kind) => [fill[kind], `${COVERAGE[kind][2]} ${T(...COVERAGE[kind])}`])),
    );
  };
  draw();
  return h(
    'div',
    {},
    controls(
      choice({
        label: T('Region', '地区'),
        options: places.map((code) => [code, regionName(code)]),
        value: view.region,
        change(code) {
          view.region = code;
          remember(parts, view);
          draw();
        },
      }),
    ),
    box,
  );
}
