/* The composite: the ranks of a year, what they rest on, and what moves them. */

/** The scoreboard of a year, what it rests on, and what matters. The year is kept in `view`. */
function scoreboard(view) {
  const all = rows('composite_score').filter((row) => row.rank !== null);
  const section = h(
    'section',
    { 'aria-labelledby': 'composite' },
    h('h2', { id: 'composite' }, T('Composite', '综合评价')),
  );
  if (!all.length) {
    section.append(lacking(T('This release holds no composite.', '本次发布没有综合评价。')));
    return section;
  }
  const years = ascending(all.map((row) => row.period));
  const box = h('div', {});
  const draw = (year) => {
    const some = all.filter((row) => row.period === year).sort((a, b) => a.rank - b.rank || b.score - a.score);
    swap(
      box,
      plot({
        name: `composite-${year}`,
        title: T(`Ranks and how firm they are, ${year}`, `${year}年位次及其稳健程度`),
        subtitle: T(
          'Dot: baseline choices; tick: median, broad bar: 90 %, thin line: all draws',
          '圆点：基准选择；短线：中位数；粗条：90%；细线：全部模拟',
        ),
        note: T(
          'A highland and the nation have the rank that they would take among the 31 provinces.',
          '科创高地与全国的位次为其在31个省份中应处的位次。',
        ),
        make: (width) => intervals(some, width),
        table: () => scoreTable(some, `composite-${year}`),
      }),
      influences(year),
    );
  };
  const chosen = years.includes(view.year) ? view.year : years[years.length - 1];
  draw(chosen);
  const change = (year) => {
    view.year = year;
    remember(['highlands'], view);
    draw(year);
  };
  section.append(
    h(
      'p',
      { class: 'quiet' },
      T(
        'One number for many can be made in many ways. Every choice is varied thousands of times; what is left of a rank is its interval.',
        '用一个数概括多项指标有多种做法。各项选择经数千次变动，位次的区间即其稳健程度。',
      ),
    ),
    controls(slider({ label: T('Year', '年份'), values: years, value: chosen, change })),
    box,
    choicesMade(),
  );
  return section;
}

function scoreTable(some, name) {
  const rank = (id, label) => ({ id, label, number: true, decimals: 0 });
  return {
    name,
    title: T('Scoreboard', '综合评价'),
    rows: some,
    sort: 'rank',
    parquet: 'composite_score',
    length: 50,
    columns: [
      { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) },
      { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
      { id: 'score', label: T('Score', '得分'), number: true, decimals: 1, from: scoreOrigin },
      rank('rank', T('Rank', '位次')),
      rank('rank_05', '5 %'),
      rank('rank_50', T('Median', '中位数')),
      rank('rank_95', '95 %'),
      rank('rank_best', T('Best', '最好')),
      rank('rank_worst', T('Worst', '最差')),
      { id: 'first_percent', label: T('First in, % of draws', '居首位的模拟，%'), number: true, decimals: 1 },
    ],
  };
}

function influences(year) {
  const some = rows('composite_influence').filter((row) => row.period === year);
  if (!some.length) return null;
  const name = (row) => {
    const said = rows('composite_choice').find((c) => c.factor === row.factor && c.option === row.option);
    return said ? T(said.option_en, said.option_zh) : row.option;
  };
  const factor = (row) => {
    const said = rows('composite_choice').find((c) => c.factor === row.factor);
    return said ? T(said.factor_en, said.factor_zh) : row.factor;
  };
  return h(
    'details',
    { class: 'entry' },
    h('summary', {}, T('What moves the ranks', '哪些选择影响位次')),
    grid({
      name: `composite-influence-${year}`,
      title: T('What each varied choice does to the ranks', '各项选择对位次的影响'),
      rows: some,
      sort: '-variance_percent',
      parquet: 'composite_influence',
      search: false,
      length: 40,
      columns: [
        { id: 'factor', label: T('Choice', '选择'), value: factor, wide: true },
        { id: 'option', label: T('Option', '选项'), value: name, wide: true },
        { id: 'mean_shift', label: T('Moves a rank by', '位次平均变动'), number: true, decimals: 2 },
        {
          id: 'variance_percent',
          label: T('Variance due to the choice, %', '可归因的方差，%'),
          number: true,
          decimals: 1,
        },
        { id: 'draws', label: T('Draws', '模拟次数'), number: true, decimals: 0 },
      ],
    }),
  );
}

function choicesMade() {
  const some = rows('composite_choice');
  return some.length
    ? h(
        'details',
        { class: 'entry' },
        h('summary', {}, T('Every choice it rests on', '所依据的全部选择')),
        grid({
          name: 'composite-choices',
          title: T('Choices, by the steps of the OECD/JRC Handbook', '按OECD/JRC《手册》步骤列出的选择'),
          rows: some,
          parquet: 'composite_choice',
          search: false,
          length: 80,
          columns: [
            { id: 'step', label: T('Step', '步骤'), show: (row) => String(row.step ?? '') },
            { id: 'factor', label: T('Choice', '选择'), wide: true, value: (row) => T(row.factor_en, row.factor_zh) },
            { id: 'option', label: T('Option', '选项'), wide: true, value: (row) => T(row.option_en, row.option_zh) },
            {
              id: 'is_baseline',
              label: T('Baseline', '基准'),
              value: (row) => (row.is_baseline ? T('yes', '是') : ''),
              show: (row) => (row.is_baseline ? badge('good', T('yes', '是')) : ''),
            },
            { id: 'probability', label: T('Probability', '概率'), number: true, decimals: 2 },
          ],
        }),
      )
    : null;
}

/** A highland's ranks over the years, with its members' or its host's, each with its interval. */
function scoresOf(code) {
  const places = placesOf(code);
  const all = rows('composite_score').filter((row) => places.has(row.region) && row.rank !== null);
  if (!all.length) return null;
  const order = [...places]
    .filter((place) => all.some((row) => row.region === place))
    .sort((a, b) => Number(a !== code) - Number(b !== code) || (a < b ? -1 : 1));
  const one = (place) => {
    const some = all.filter((row) => row.region === place).sort(by('period'));
    return plot({
      name: `composite-${place}`,
      title: regionName(place),
      subtitle: T('Rank among the provinces, 90 % interval', '在各省份中的位次与90%区间'),
      small: true,
      make: (width) => ranksOverYears(some, width),
      table: () => scoreTable(some, `composite-${place}`),
    });
  };
  return h(
    'section',
    { 'aria-labelledby': 'composite' },
    h('h2', { id: 'composite' }, T('Composite', '综合评价')),
    h('p', { class: 'quiet' }, h('a', { href: '#/highlands' }, T('How it is made, and all regions', '方法与全部地区'))),
    h('div', { class: 'multiples' }, order.map(one)),
  );
}
