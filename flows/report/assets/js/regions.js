/* Any region, any indicator, any years. */

const KINDS = { nation: ['The nation', '全国'], highland: ['Highlands', '科创高地'], zone: ['Zones', '四大地区'], province: ['Provinces', '省份'], city: ['Cities', '城市'], aggregate: ['Other rows of the tables', '表中其他行'] };
const CATEGORIES = {
  input: ['R&D input', '研发投入'], personnel: ['Personnel', '人员'], output: ['Output', '产出'], transfer: ['Technology market', '技术市场'], high_tech: ['High technology', '高技术产业'],
  industry: ['Industrial enterprises', '工业企业'], finance: ['Public finance', '财政'], trade: ['Trade', '贸易'], share: ['Shares', '构成'], derived: ['Derived', '衍生'], context: ['Context', '背景'], unpublished: ['Not published', '未公布'], uncategorised: ['Other', '其他'],
};

pages.regions = async (parts, query) => {
  await need('observation', 'highland_profile');
  const head = [h('h1', {}, T('Regions', '地区')), h('p', { class: 'intro' }, T('Choose an indicator and the regions to compare. Every point shows the cell it was printed in.', '选择指标与要比较的地区；每个点都可查看其来源单元格。'))];
  const codes = indicatorsShown();
  if (!codes.length) return [head, lacking(T('This release holds no figures of regions.', '本次发布没有地区数据。'))];
  const view = regionsView(parts, query, codes);
  const keep = () => remember(['regions', view.regions.join(','), view.indicator], { year: view.year, from: view.from, to: view.to, vintages: view.vintages ? 1 : null });
  const lower = h('div', {});
  const chosen = h('div', {});
  const draw = () => { keep(); lower.replaceChildren(...regionViews(view, redrawAll)); };
  const redrawAll = () => { chosen.replaceChildren(chooser(view, codes, draw, redrawAll)); draw(); };
  redrawAll();
  return [head, chosen, lower];
};

/** Indicators with figures of Chinese regions, as [code, name, category]. */
function indicatorsShown() {
  const kinds = new Map(rows('region').map((row) => [row.region, row.kind]));
  const codes = new Set();
  for (const row of rows('observation')) if (KINDS[kinds.get(row.region)]) codes.add(row.indicator);
  const order = Object.keys(CATEGORIES);
  return [...codes].map((code) => { const row = indicator(code) || {}; return [code, indicatorName(code), T(...(CATEGORIES[row.category] || CATEGORIES.uncategorised)), order.indexOf(row.category)]; })
    .sort((a, b) => a[3] - b[3] || (a[0] < b[0] ? -1 : 1));
}

function seriesRows(code) { return index('observation', 'indicator').get(code) || []; }

function regionsView(parts, query, codes) {
  const known = new Set(codes.map(([code]) => code));
  const asked = known.has(parts[1]) ? parts[1] : known.has('rd_expenditure') ? 'rd_expenditure' : codes[0][0];
  const places = (parts[0] || '').split(',').filter((code) => region(code));
  const has = new Set(seriesRows(asked).map((row) => row.region));
  const usual = ['110000', '310000', '440000', '510000'].filter((code) => has.has(code));
  return { indicator: asked, regions: places.length ? places : usual.length ? usual : [...has].slice(0, 4), year: Number(query.year) || null, from: Number(query.from) || null, to: Number(query.to) || null, vintages: query.vintages === '1' };
}

function chooser(view, codes, draw, redrawAll) {
  const places = [...new Set(seriesRows(view.indicator).map((row) => row.region))].map(region).filter((row) => row && KINDS[row.kind]);
  const order = Object.keys(KINDS);
  const options = places.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.region < b.region ? -1 : 1)).map((row) => [row.region, named(row), T(...KINDS[row.kind])]);
  const years = ascending(seriesRows(view.indicator).map((row) => row.period));
  const year = (column, label, usual) => choice({ label, options: years.map((y) => [String(y), String(y)]), value: String(view[column] || usual), change(y) { view[column] = Number(y); draw(); } });
  return controls(
    choice({ label: T('Indicator', '指标'), options: codes, value: view.indicator, change(code) { view.indicator = code; view.from = view.to = view.year = null; redrawAll(); } }),
    year('from', T('From', '自'), years[0]), year('to', T('To', '至'), years[years.length - 1]),
    segments({ label: T('Editions', '版本'), options: [['latest', T('Latest', '最新')], ['every', T('Every edition', '各版本')]], value: view.vintages ? 'every' : 'latest', change(v) { view.vintages = v === 'every'; draw(); } }),
    several({ label: T('Regions compared', '比较的地区'), add: T('Add a region', '添加地区'), options, values: view.regions, colour: (code) => coloursFor(view.regions)[code], change() { draw(); } }));
}

function regionViews(view, redrawAll) {
  const all = seriesRows(view.indicator).filter((row) => row.value !== null);
  const about = indicator(view.indicator) || {};
  const span = all.filter((row) => (!view.from || row.period >= view.from) && (!view.to || row.period <= view.to));
  return [h('section', { 'aria-labelledby': 'series' }, h('h2', { id: 'series' }, indicatorName(view.indicator)), h('p', { class: 'quiet' }, quoted(T(about.definition_en, about.definition_zh))), seriesPlot(view, span)), yearViews(view, all, redrawAll)];
}

function seriesPlot(view, span) {
  const unit = readable(indicator(view.indicator) || {});
  const colours = coloursFor(view.regions);
  const present = view.regions.filter((code) => span.some((row) => row.region === code));
  if (!present.length) return lacking(T('No figures for these regions and years.', '所选地区与年份没有数据。'));
  const pointOf = (row) => ({ period: row.period, value: row.value * unit.factor, exact: row.value, edition: row.edition, region: row.region, label: `${regionName(row.region)}, ${row.period}: ${num(row.value, decimalsOf(row))} ${unitOf(indicator(row.indicator))} (${editionName(row.edition)})`, from: () => originOf(row) });
  const series = present.flatMap((code) => {
    const own = span.filter((row) => row.region === code).sort(by('period', 'edition'));
    const latest = { key: code, name: regionName(code), colour: colours[code], strong: true, points: own.filter((row) => row.is_latest).map(pointOf) };
    if (!view.vintages) return [latest];
    const older = [...grouped(own, (row) => row.edition)].filter(([, some]) => some.some((row) => !row.is_latest)).map(([e, some]) => ({ key: `${code} ${e}`, name: null, colour: colours[code], dashed: true, points: some.map(pointOf) }));
    return [...older, latest];
  });
  return plot({
    name: `${view.indicator}-series`, title: T('Over the years', '历年'), subtitle: unit.name + (view.vintages ? T('; dashed: as printed by each edition that was later revised or reprinted', '；虚线为各版本当时公布的数值') : ''), make: (width) => lines({ width, height: 360, series }),
    table: () => ({
      name: `${view.indicator}-series`, title: indicatorName(view.indicator), rows: span.filter((row) => present.includes(row.region) && (view.vintages || row.is_latest)), sort: '-period', parquet: 'observation', length: 25,
      columns: [{ id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) }, { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
        { id: 'value', label: unitOf(indicator(view.indicator)), number: true, decimals: decimalsOf, from: originOf }, { id: 'edition', label: T('Edition', '版本'), show: (row) => editionName(row.edition) }, { id: 'is_latest', label: T('Latest', '最新'), value: (row) => (row.is_latest ? T('yes', '是') : '') }],
    }),
  });
}

function yearViews(view, all, redrawAll) {
  const years = ascending(all.map((row) => row.period));
  if (!years.length) return null;
  const year = years.includes(view.year) ? view.year : years[years.length - 1];
  const box = h('div', { class: 'beside' });
  const draw = (chosen) => {
    const some = all.filter((row) => row.is_latest && row.period === chosen);
    const toggle = (code) => { const at = view.regions.indexOf(code); if (at < 0) view.regions.push(code); else view.regions.splice(at, 1); redrawAll(); };
    box.replaceChildren(tileMap(view, some, chosen, toggle), ranking(view, some, chosen));
  };
  draw(year);
  return h('section', { 'aria-labelledby': 'one-year' }, h('h2', { id: 'one-year' }, T('In one year', '单年比较')),
    controls(slider({ label: T('Year', '年份'), values: years, value: year, change(chosen) { view.year = chosen; remember(['regions', view.regions.join(','), view.indicator], { year: chosen, from: view.from, to: view.to, vintages: view.vintages ? 1 : null }); draw(chosen); } })), box);
}

function ranking(view, some, year) {
  const kinds = new Map(rows('region').map((row) => [row.region, row.kind]));
  const provinces = some.filter((row) => kinds.get(row.region) === 'province').sort((a, b) => b.value - a.value);
  const shown_ = provinces.length ? provinces : some.filter((row) => KINDS[kinds.get(row.region)]).sort((a, b) => b.value - a.value);
  if (!shown_.length) return lacking(T('No figures of this year.', '该年份没有数据。'));
  const unit = readable(indicator(view.indicator) || {});
  return plot({
    name: `${view.indicator}-${year}`, title: T(`Ranked, ${year}`, `${year}年排序`), subtitle: unit.name,
    make: (width) => bars({ width, row: 22, bars: shown_.map((row) => ({ name: regionName(row.region), region: row.region, value: row.value * unit.factor, exact: row.value, text: short(row.value * unit.factor), colour: colourOf(row.region), label: `${regionName(row.region)}: ${num(row.value, decimalsOf(row))} ${unitOf(indicator(row.indicator))}`, from: () => originOf(row) })) }),
    table: () => ({
      name: `${view.indicator}-${year}`, title: `${indicatorName(view.indicator)}, ${year}`, rows: some, sort: '-value', parquet: 'observation', length: 50,
      columns: [{ id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) }, { id: 'value', label: unitOf(indicator(view.indicator)), number: true, decimals: decimalsOf, from: originOf }, { id: 'edition', label: T('Edition', '版本'), show: (row) => editionName(row.edition) }],
    }),
  });
}
