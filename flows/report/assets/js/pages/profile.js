/* One highland: what it is, where it stands, how it got there. */

async function profile(place, query) {
  const code = place.region;
  const some = profileOf(code);
  const view = { measure: query.measure in MEASURES ? query.measure : 'value' };
  const head = h(
    'header',
    { class: 'lead highland', style: `--colour:${COLOURS[code] || 'var(--other)'}` },
    h('p', { class: 'kicker' }, T('Highland', '科创高地')),
    h('h1', {}, named(place)),
    h(
      'p',
      {},
      T('Members: ', '成员：'),
      members(code).map((m, n) => [
        n ? T(', ', '、') : '',
        h('a', { href: link(['regions', m, 'rd_expenditure']) }, regionName(m)),
      ]),
    ),
  );
  if (!some.length)
    return [
      head,
      lacking(T('This release holds no figure of this highland or its members.', '本次发布没有该高地及其成员的数据。')),
      targets(code),
    ];
  const groups = [...grouped(some, (row) => row.region)];
  const rankOf = { highland: 0, host: 1, member: 2 };
  groups.sort((a, b) => rankOf[a[1][0].role] - rankOf[b[1][0].role]);
  let tint = 0;
  const look = ([region_, own]) =>
    own[0].role === 'member'
      ? { colour: OTHERS[tint++ % OTHERS.length], strong: false, name: regionName(region_) }
      : { colour: COLOURS[code], strong: true, dashed: own[0].role === 'host', name: regionName(region_) };
  const looks = groups.map((group) => [group, look(group)]);
  const codes = distinct(some.map((row) => row.indicator));
  const box = h('div', { class: 'multiples' });
  const draw = () =>
    swap(
      box,
      ...multiples(codes, view.measure, (one) =>
        looks.map(([[, own], style]) => [own.filter((p) => p.indicator === one), style]),
      ),
    );
  draw();
  return [
    head,
    standing(code),
    h(
      'section',
      { 'aria-labelledby': 'years' },
      h('h2', { id: 'years' }, T('Over the years', '历年')),
      controls(
        segments({
          label: T('Show', '显示'),
          options: Object.entries(MEASURES).map(([k, text]) => [k, T(...text)]),
          value: view.measure,
          change(v) {
            view.measure = v;
            remember(['highlands', code], view);
            draw();
          },
        }),
      ),
      key(looks.map(([, style]) => [style.colour, style.name, style.dashed ? 'dash' : 'dot'])),
      box,
    ),
    scoresOf(code),
    targets(code),
    gaps(code),
  ];
}

/** Where a highland stands: each indicator in its newest year. */
function standing(code) {
  const newest = [
    ...grouped(
      leading(code).filter((row) => row.value !== null),
      (row) => row.indicator,
    ).values(),
  ].map((some) => some.sort(by('period'))[some.length - 1]);
  if (!newest.length) return null;
  const host = newest[0].role === 'host';
  return h(
    'section',
    { 'aria-labelledby': 'standing' },
    h('h2', { id: 'standing' }, T('Where it stands', '现状')),
    host
      ? h(
          'p',
          { class: 'quiet' },
          T('Figures of ', '以下为'),
          regionName(newest[0].region),
          T(': not all members have figures of their own.', '的数据：并非所有成员都有数据。'),
        )
      : null,
    grid({
      name: `standing-${code}`,
      title: T('Newest figures', '最新数据'),
      rows: newest,
      sort: '',
      parquet: 'highland_profile',
      search: false,
      length: 40,
      columns: [
        { id: 'indicator', label: T('Indicator', '指标'), value: (row) => indicatorName(row.indicator) },
        { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
        {
          id: 'value',
          label: T('Value', '数值'),
          number: true,
          decimals: (row) => tidy(row.value),
          from: profileOrigin,
        },
        { id: 'unit', label: T('Unit', '单位'), value: (row) => unitOf(indicator(row.indicator)) },
        {
          id: 'share_of_nation',
          label: T('Of the nation, %', '占全国，%'),
          number: true,
          decimals: 1,
          from: profileOrigin,
        },
        { id: 'growth_percent', label: T('Growth, %', '增长，%'), number: true, decimals: 1, from: profileOrigin },
        {
          id: 'place',
          label: T('Rank', '位次'),
          number: true,
          value: (row) => row.rank,
          show: placeOf,
        },
        { id: 'basis', label: T('Basis', '依据'), value: (row) => T(...(BASIS[row.basis] || [row.basis, row.basis])) },
      ],
    }),
  );
}

function profileOf(code) {
  return rows('highland_profile').filter((row) => row.highland === code);
}

const BASIS = { published: ['published', '公布'], members: ['summed over the members', '成员之和'] };

function profileOrigin(row) {
  const places = row.basis === 'members' ? members(row.region) : [row.region];
  return origin(
    `${indicatorName(row.indicator)}, ${regionName(row.region)}, ${row.period}`,
    amount(row.value, tidy(row.value), indicator(row.indicator)),
    places.flatMap((place) => observed(row.indicator, place, row.period).slice(0, 1)),
    row.basis === 'members' ? T('Sum over the members, the latest known figures', '成员之和（最新数据）') : null,
  );
}

function shape(row, measure, unit) {
  if (measure === 'value') return row.value === null ? null : row.value * unit.factor;
  if (measure === 'share_of_nation')
    return row.share_of_nation ?? (row.ratio_to_nation === null ? null : row.ratio_to_nation * 100);
  return row[measure];
}

function profileSeries(some, code, measure, { colour, strong, dashed, name }) {
  const unit = readable(indicator(code) || {});
  return {
    colour,
    strong,
    dashed,
    name,
    key: `${some[0].region}`,
    points: some
      .filter((row) => row.indicator === code)
      .sort(by('period'))
      .map((row) => ({
        period: row.period,
        value: shape(row, measure, unit),
        exact: row[measure],
        label: `${regionName(row.region)}, ${row.period}: ${short(shape(row, measure, unit))} ${measure === 'value' ? unit.name : T(...MEASURES[measure])}`,
        from: () => profileOrigin(row),
      })),
  };
}
