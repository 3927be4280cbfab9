/* The highlands: what each is, what it spends, patents and sells, how it stands, and what is planned for it. */

pages.highlands = async (parts, query) => {
  await need('highland_profile', 'highland_target', 'indicator_coverage', 'rd_structure_by_region', 'observation', ...Object.keys(facts.release.files).filter((name) => name.startsWith('composite')));
  const one = highlands().find((row) => row.region === parts[0]);
  const views = [['highlands', T('All', '全部')], ...highlands().map((row) => [`highlands/${row.region}`, named(row)])];
  const nav = subnav(T('Highlands', '科创高地'), views, one ? `highlands/${one.region}` : 'highlands');
  return one ? [nav, await profile(one, query)] : [nav, together(query)];
};

function profileOf(code) { return rows('highland_profile').filter((row) => row.highland === code); }

const BASIS = { published: ['published', '公布'], members: ['summed over the members', '成员之和'] };

function profileOrigin(row) {
  const places = row.basis === 'members' ? members(row.region) : [row.region];
  return origin(`${indicatorName(row.indicator)}, ${regionName(row.region)}, ${row.period}`, `${num(row.value, tidy(row.value))} ${unitOf(indicator(row.indicator))}`,
    places.flatMap((place) => observed(row.indicator, place, row.period).slice(0, 1)), row.basis === 'members' ? T('Sum over the members, the latest known figures', '成员之和（最新数据）') : null);
}

const MEASURES = {
  value: ['Level', '水平'], share_of_nation: ['Share of the nation, %', '占全国比重，%'], growth_percent: ['Growth on the year before, %', '较上年增长，%'], rank: ['Rank among peers', '同类位次'],
};

function shape(row, measure, unit) {
  if (measure === 'value') return row.value === null ? null : row.value * unit.factor;
  if (measure === 'share_of_nation') return row.share_of_nation ?? (row.ratio_to_nation === null ? null : row.ratio_to_nation * 100);
  return row[measure];
}

function profileSeries(some, code, measure, { colour, strong, dashed, name }) {
  const unit = readable(indicator(code) || {});
  return {
    colour, strong, dashed, name, key: `${some[0].region}`,
    points: some.filter((row) => row.indicator === code).sort(by('period')).map((row) => ({
      period: row.period, value: shape(row, measure, unit), exact: row[measure],
      label: `${regionName(row.region)}, ${row.period}: ${short(shape(row, measure, unit))} ${measure === 'value' ? unit.name : T(...MEASURES[measure])}`, from: () => profileOrigin(row),
    })),
  };
}

function together(query) {
  const own = highlands().map((row) => [row, leading(row.region)]).filter(([, some]) => some.length);
  const head = [h('h1', {}, T('The highlands', '科创高地')), h('p', { class: 'intro' }, T('Four regions of provinces and cities. Where no figure of its own is published, a highland’s is the sum over its members, if all of them have one; the Greater Bay Area is shown by Guangdong, which hosts its nine mainland cities.',
    '四个由省市组成的区域。未公布自身数据的，在成员齐全时取成员之和；粤港澳大湾区以内地九市所在的广东代表。'))];
  if (!own.length) return [head, lacking(T('This release holds no profile of a highland.', '本次发布没有科创高地的数据。')), h('ul', { class: 'cards' }, highlands().map(glanceCard))];
  const codes = distinct(own.flatMap(([, some]) => some.map((row) => row.indicator)));
  const view = { measure: query.measure in MEASURES ? query.measure : 'share_of_nation' };
  const box = h('div', { class: 'multiples' });
  const draw = () => box.replaceChildren(...multiples(codes, view.measure, (code) => own.map(([row, some]) => [some.filter((p) => p.indicator === code), { colour: COLOURS[row.region], strong: true, name: named(row), dashed: some[0].role === 'host' }])));
  draw();
  return [head, h('ul', { class: 'cards' }, highlands().map(glanceCard)), composites(null),
    h('section', { 'aria-labelledby': 'side' }, h('h2', { id: 'side' }, T('Side by side', '对比')),
      controls(segments({ label: T('Show', '显示'), options: Object.entries(MEASURES).map(([k, text]) => [k, T(...text)]), value: view.measure, change(v) { view.measure = v; remember(['highlands'], view); draw(); } })),
      key(highlands().map((row) => [COLOURS[row.region], named(row), 'dot'])), box)];
}

/** A highland's own figures, or else its host's. */
function leading(code) {
  const some = profileOf(code);
  const own = some.filter((row) => row.role === 'highland');
  return own.length ? own : some.filter((row) => row.role === 'host');
}

function multiples(codes, measure, seriesOf) {
  return codes.map((code) => {
    const unit = readable(indicator(code) || {});
    const series = seriesOf(code).filter(([some]) => some.length).map(([some, look]) => profileSeries(some, code, measure, look)).filter((one) => one.points.some((p) => p.value !== null));
    if (!series.length) return null;
    const subtitle = measure === 'value' ? unit.name : measure === 'share_of_nation' && !(indicator(code) || {}).unit?.match(/cny|person|patent|paper|contract|enterprise/) ? T('Percent of the national level', '相当于全国水平的%') : T(...MEASURES[measure]);
    return plot({
      name: `${code}-${measure}`, title: indicatorName(code), subtitle, small: true,
      make: (width) => lines({ width, height: 150, series: series.map((one) => ({ ...one, name: null })), ends: false, zero: measure !== 'rank', reversed: measure === 'rank', ticks: measure === 'rank' ? rankTicks(Math.max(...series.flatMap((one) => one.points.map((p) => p.value ?? 1)))) : undefined }),
      table: () => multipleTable(code, seriesOf(code).flatMap(([some]) => some.filter((row) => row.indicator === code))),
    });
  }).filter(Boolean);
}

/** Places to mark between the first and the worst rank, which is the last of them. */
function rankTicks(worst) {
  const step = worst <= 6 ? 1 : worst <= 12 ? 2 : worst <= 40 ? 5 : 10;
  const marks = [1];
  for (let rank = step; rank < worst - step / 2; rank += step) if (rank > 1) marks.push(rank);
  return [...marks, Math.max(2, worst)];
}

function multipleTable(code, some) {
  return {
    name: code, title: indicatorName(code), rows: some, sort: '-period', parquet: 'highland_profile', dense: true, length: 12,
    columns: [{ id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) }, { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
      { id: 'value', label: unitOf(indicator(code)), number: true, decimals: (row) => tidy(row.value), from: profileOrigin }, { id: 'share_of_nation', label: T('Share, %', '占比，%'), number: true, decimals: 2 },
      { id: 'growth_percent', label: T('Growth, %', '增长，%'), number: true, decimals: 1 }, { id: 'rank', label: T('Rank', '位次'), number: true, decimals: 0 }],
  };
}

async function profile(place, query) {
  const code = place.region;
  const some = profileOf(code);
  const view = { measure: query.measure in MEASURES ? query.measure : 'value' };
  const head = h('header', { class: 'lead highland', style: `--colour:${COLOURS[code] || 'var(--other)'}` }, h('p', { class: 'kicker' }, T('Highland', '科创高地')), h('h1', {}, named(place)),
    h('p', {}, T('Members: ', '成员：'), members(code).map((m, n) => [n ? T(', ', '、') : '', h('a', { href: link(['regions', m, 'rd_expenditure']) }, regionName(m))])));
  if (!some.length) return [head, lacking(T('This release holds no figure of this highland or its members.', '本次发布没有该高地及其成员的数据。')), targets(code)];
  const groups = [...grouped(some, (row) => row.region)];
  const rankOf = { highland: 0, host: 1, member: 2 };
  groups.sort((a, b) => rankOf[a[1][0].role] - rankOf[b[1][0].role]);
  let tint = 0;
  const look = ([region_, own]) => (own[0].role === 'member' ? { colour: OTHERS[tint++ % OTHERS.length], strong: false, name: regionName(region_) } : { colour: COLOURS[code], strong: true, dashed: own[0].role === 'host', name: regionName(region_) });
  const looks = groups.map((group) => [group, look(group)]);
  const codes = distinct(some.map((row) => row.indicator));
  const box = h('div', { class: 'multiples' });
  const draw = () => box.replaceChildren(...multiples(codes, view.measure, (one) => looks.map(([[, own], style]) => [own.filter((p) => p.indicator === one), style])));
  draw();
  return [head, standing(code), h('section', { 'aria-labelledby': 'years' }, h('h2', { id: 'years' }, T('Over the years', '历年')),
    controls(segments({ label: T('Show', '显示'), options: Object.entries(MEASURES).map(([k, text]) => [k, T(...text)]), value: view.measure, change(v) { view.measure = v; remember(['highlands', code], view); draw(); } })),
    key(looks.map(([, style]) => [style.colour, style.name, style.dashed ? 'dash' : 'dot'])), box), composites(code), targets(code), gaps(code)];
}

/** Where a highland stands: each indicator in its newest year. */
function standing(code) {
  const newest = [...grouped(leading(code).filter((row) => row.value !== null), (row) => row.indicator).values()].map((some) => some.sort(by('period'))[some.length - 1]);
  if (!newest.length) return null;
  const host = newest[0].role === 'host';
  return h('section', { 'aria-labelledby': 'standing' }, h('h2', { id: 'standing' }, T('Where it stands', '现状')),
    host ? h('p', { class: 'quiet' }, T('Figures of ', '以下为'), regionName(newest[0].region), T(': not all members have figures of their own.', '的数据：并非所有成员都有数据。')) : null,
    grid({
      name: `standing-${code}`, title: T('Newest figures', '最新数据'), rows: newest, sort: '', parquet: 'highland_profile', search: false, length: 40,
      columns: [{ id: 'indicator', label: T('Indicator', '指标'), value: (row) => indicatorName(row.indicator) }, { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
        { id: 'value', label: T('Value', '数值'), number: true, decimals: (row) => tidy(row.value), from: profileOrigin }, { id: 'unit', label: T('Unit', '单位'), value: (row) => unitOf(indicator(row.indicator)) },
        { id: 'share_of_nation', label: T('Of the nation, %', '占全国，%'), number: true, decimals: 1, from: profileOrigin }, { id: 'growth_percent', label: T('Growth, %', '增长，%'), number: true, decimals: 1, from: profileOrigin },
        { id: 'place', label: T('Rank', '位次'), number: true, value: (row) => row.rank, show: (row) => [figureOf(row, 'rank', 0), h('span', { class: 'quiet' }, ' / ', figureOf(row, 'peers', 0))] },
        { id: 'basis', label: T('Basis', '依据'), value: (row) => T(...(BASIS[row.basis] || [row.basis, row.basis])) }],
    }));
}
