/* Any region, any indicator, any years. */

const KINDS = {
  nation: ['The nation', '全国'],
  highland: ['Highlands', '科创高地'],
  zone: ['Zones', '四大地区'],
  province: ['Provinces', '省份'],
  city: ['Cities', '城市'],
  aggregate: ['Other rows of the tables', '表中其他行'],
};

const CATEGORIES = {
  input: ['R&D input', '研发投入'],
  personnel: ['Personnel', '人员'],
  output: ['Output', '产出'],
  transfer: ['Technology market', '技术市场'],
  high_tech: ['High technology', '高技术产业'],
  industry: ['Industrial enterprises', '工业企业'],
  finance: ['Public finance', '财政'],
  trade: ['Trade', '贸易'],
  share: ['Shares', '构成'],
  derived: ['Derived', '衍生'],
  context: ['Context', '背景'],
  unpublished: ['Not published', '未公布'],
  uncategorised: ['Other', '其他'],
};

pages.regions = async (parts, query) => {
  await need('observation', 'highland_profile');
  const head = [
    h('h1', {}, T('Regions', '地区')),
    h(
      'p',
      { class: 'intro' },
      T(
        'Choose an indicator and the regions to compare. Every point shows the cell it was printed in.',
        '选择指标与要比较的地区；每个点都可查看其来源单元格。',
      ),
    ),
  ];
  const codes = indicatorsShown();
  if (!codes.length) return [head, lacking(T('This release holds no figures of regions.', '本次发布没有地区数据。'))];
  const view = regionsView(parts, query, codes);
  const keep = () =>
    remember(['regions', view.regions.join(','), view.indicator], {
      year: view.year,
      from: view.from,
      to: view.to,
      vintages: view.vintages ? 1 : null,
    });
  const lower = h('div', {});
  const chosen = h('div', {});
  const draw = () => {
    keep();
    swap(lower, ...regionViews(view, redrawAll));
  };
  const redrawAll = () => {
    chosen.replaceChildren(chooser(view, codes, draw, redrawAll));
    draw();
  };
  redrawAll();
  return [head, chosen, lower];
};

/** Indicators with figures of Chinese regions, as [code, name, category]. */
function indicatorsShown() {
  const kinds = new Map(rows('region').map((row) => [row.region, row.kind]));
  const codes = new Set();
  for (const row of rows('observation')) if (KINDS[kinds.get(row.region)]) codes.add(row.indicator);
  const order = Object.keys(CATEGORIES);
  return [...codes]
    .map((code) => {
      const row = indicator(code) || {};
      return [
        code,
        indicatorName(code),
        T(...(CATEGORIES[row.category] || CATEGORIES.uncategorised)),
        order.indexOf(row.category),
      ];
    })
    .sort((a, b) => a[3] - b[3] || (a[0] < b[0] ? -1 : 1));
}

function seriesRows(code) {
  return index('observation', 'indicator').get(code) || [];
}

function regionsView(parts, query, codes) {
  const known = new Set(codes.map(([code]) => code));
  const asked = known.has(parts[1]) ? parts[1] : known.has('rd_expenditure') ? 'rd_expenditure' : codes[0][0];
  const places = (parts[0] || '').split(',').filter((code) => region(code));
  const has = new Set(seriesRows(asked).map((row) => row.region));
  const usual = ['110000', '310000', '440000', '510000'].filter((code) => has.has(code));
  return {
    indicator: asked,
    regions: places.length ? places : usual.length ? usual : [...has].slice(0, 4),
    year: Number(query.year) || null,
    from: Number(query.from) || null,
    to: Number(query.to) || null,
    vintages: query.vintages === '1',
  };
}

function chooser(view, codes, draw, redrawAll) {
  const places = [...new Set(seriesRows(view.indicator).map((row) => row.region))]
    .map(region)
    .filter((row) => row && KINDS[row.kind]);
  const order = Object.keys(KINDS);
  const options = places
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.region < b.region ? -1 : 1))
    .map((row) => [row.region, named(row), T(...KINDS[row.kind])]);
  const years = ascending(seriesRows(view.indicator).map((row) => row.period));
  const year = (column, label, usual) =>
    choice({
      label,
      options: years.map((y) => [String(y), String(y)]),
      value: String(view[column] || usual),
      change(y) {
        view[column] = Number(y);
        draw();
      },
    });
  return controls(
    choice({
      label: T('Indicator', '指标'),
      options: codes,
      value: view.indicator,
      change(code) {
        view.indicator = code;
        view.from = view.to = view.year = null;
        redrawAll();
      },
    }),
    year('from', T('From', '自'), years[0]),
    year('to', T('To', '至'), years[years.length - 1]),
    segments({
      label: T('Editions', '版本'),
      options: [
        ['latest', T('Latest', '最新')],
        ['every', T('Every edition', '各版本')],
      ],
      value: view.vintages ? 'every' : 'latest',
      change(v) {
        view.vintages = v === 'every';
        draw();
      },
    }),
    several({
      label: T('Regions compared', '比较的地区'),
      add: T('Add a region', '添加地区'),
      options,
      values: view.regions,
      colour: (code) => coloursFor(view.regions)[code],
      change() {
        draw();
      },
    }),
  );
}

function regionViews(view, redrawAll) {
  const all = seriesRows(view.indicator).filter((row) => row.value !== null);
  const about = indicator(view.indicator) || {};
  const span = all.filter((row) => (!view.from || row.period >= view.from) && (!view.to || row.period <= view.to));
  return [
    h(
      'section',
      { 'aria-labelledby': 'series' },
      h('h2', { id: 'series' }, indicatorName(view.indicator)),
      h('p', { class: 'quiet' }, quoted(T(about.definition_en, about.definition_zh))),
      seriesPlot(view, span),
    ),
    yearViews(view, all, redrawAll),
  ];
}
