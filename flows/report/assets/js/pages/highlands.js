/* The highlands side by side. */

pages.highlands = async (parts, query) => {
  await need(
    'highland_profile',
    'highland_target',
    'indicator_coverage',
    'rd_structure_by_region',
    'observation',
    'composite_score',
  );
  const one = highlands().find((row) => row.region === parts[0]);
  const views = [['highlands', T('All', '全部')], ...highlands().map((row) => [`highlands/${row.region}`, named(row)])];
  const nav = subnav(T('Highlands', '科创高地'), views, one ? `highlands/${one.region}` : 'highlands');
  return one ? [nav, await profile(one, query)] : [nav, together(query)];
};

function together(query) {
  const own = highlands()
    .map((row) => [row, leading(row.region)])
    .filter(([, some]) => some.length);
  const head = [
    h('h1', {}, T('The highlands', '科创高地')),
    h(
      'p',
      { class: 'intro' },
      T(
        'Four regions of provinces and cities. Where no figure of its own is published, a highland’s is the sum over its members, if all of them have one; the Greater Bay Area is shown by Guangdong, which hosts its nine mainland cities.',
        '四个由省市组成的区域。未公布自身数据的，在成员齐全时取成员之和；粤港澳大湾区以内地九市所在的广东代表。',
      ),
    ),
  ];
  if (!own.length)
    return [
      head,
      lacking(T('This release holds no profile of a highland.', '本次发布没有科创高地的数据。')),
      h('ul', { class: 'cards' }, highlands().map(glanceCard)),
    ];
  const codes = distinct(own.flatMap(([, some]) => some.map((row) => row.indicator)));
  const view = {
    measure: query.measure in MEASURES ? query.measure : 'share_of_nation',
    year: Number(query.year) || null,
  };
  const box = h('div', { class: 'multiples' });
  const draw = () =>
    swap(
      box,
      ...multiples(codes, view.measure, (code) =>
        own.map(([row, some]) => [
          some.filter((p) => p.indicator === code),
          { colour: COLOURS[row.region], strong: true, name: named(row), dashed: some[0].role === 'host' },
        ]),
      ),
    );
  draw();
  return [
    head,
    h('ul', { class: 'cards' }, highlands().map(glanceCard)),
    h(
      'section',
      { 'aria-labelledby': 'side' },
      h('h2', { id: 'side' }, T('Side by side', '对比')),
      controls(
        segments({
          label: T('Show', '显示'),
          options: Object.entries(MEASURES).map(([k, text]) => [k, T(...text)]),
          value: view.measure,
          change(v) {
            view.measure = v;
            remember(['highlands'], view);
            draw();
          },
        }),
      ),
      key(highlands().map((row) => [COLOURS[row.region], named(row), 'dot'])),
      box,
    ),
    scoreboard(view),
  ];
}

/** A highland's own figures, or else its host's. */
function leading(code) {
  const some = profileOf(code);
  const own = some.filter((row) => row.role === 'highland');
  return own.length ? own : some.filter((row) => row.role === 'host');
}

const MEASURES = {
  value: ['Level', '水平'],
  share_of_nation: ['Share of the nation, %', '占全国比重，%'],
  growth_percent: ['Growth on the year before, %', '较上年增长，%'],
  rank: ['Rank among peers', '同类位次'],
};

function multiples(codes, measure, seriesOf) {
  return codes
    .map((code) => {
      const unit = readable(indicator(code) || {});
      const every = seriesOf(code).filter(([some]) => some.length);
      const drawn = measure === 'rank' ? amongPeers(every) : every;
      const series = drawn
        .map(([some, look]) => profileSeries(some, code, measure, look))
        .filter((one) => one.points.some((p) => p.value !== null));
      if (!series.length) return null;
      const subtitle =
        measure === 'value'
          ? unit.name
          : measure === 'share_of_nation' &&
              !(indicator(code) || {}).unit?.match(/cny|person|patent|paper|contract|enterprise/)
            ? T('Percent of the national level', '相当于全国水平的%')
            : measure === 'rank'
              ? rankedAmong(drawn)
              : T(...MEASURES[measure]);
      return plot({
        name: `${code}-${measure}`,
        title: indicatorName(code),
        subtitle,
        small: true,
        make: (width) =>
          lines({
            width,
            height: 150,
            series: series.map((one) => ({ ...one, name: null })),
            ends: false,
            zero: measure !== 'rank',
            reversed: measure === 'rank',
            ticks:
              measure === 'rank'
                ? rankTicks(Math.max(...series.flatMap((one) => one.points.map((p) => p.value ?? 1))))
                : undefined,
          }),
        table: () =>
          multipleTable(
            code,
            seriesOf(code).flatMap(([some]) => some.filter((row) => row.indicator === code)),
          ),
      });
    })
    .filter(Boolean);
}

/** Ranks can be drawn together where they are places among the same regions: several highlands, or the most peers. */
function amongPeers(drawn) {
  const groups = grouped(drawn, ([[row]]) => peersOf(row));
  const several = groups.get('highland') || [];
  if (several.length > 1) return several;
  return [...groups.values()].sort((a, b) => b[0][0][0].peers - a[0][0][0].peers)[0] || [];
}

/** Whom a region is ranked among: highlands, cities, provinces, or those that count by methods of their own. */
function peersOf(row) {
  return row.role === 'highland' ? 'highland' : `${region(row.region)?.kind} ${row.peers > 3}`;
}

function rankedAmong([[some]]) {
  const most = Math.max(...some.map((row) => row.peers));
  return T(`Rank among ${most} peers`, `在${most}个同类地区中的位次`);
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
    name: code,
    title: indicatorName(code),
    rows: some,
    sort: '-period',
    parquet: 'highland_profile',
    dense: true,
    length: 12,
    columns: [
      { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) },
      { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
      {
        id: 'value',
        label: unitOf(indicator(code)),
        number: true,
        decimals: (row) => tidy(row.value),
        from: profileOrigin,
      },
      { id: 'share_of_nation', label: T('Share, %', '占比，%'), number: true, decimals: 2 },
      { id: 'growth_percent', label: T('Growth, %', '增长，%'), number: true, decimals: 1 },
      { id: 'rank', label: T('Rank among peers', '同类位次'), number: true, show: placeOf },
    ],
  };
}
