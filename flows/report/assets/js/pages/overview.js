/* What is in the release, how fresh and how sound it is, and what changed since the last one. */

pages.overview = () => [
  h(
    'header',
    { class: 'lead' },
    h('p', { class: 'kicker' }, T('Regional science and technology statistics of China', '中国区域科技统计')),
    h('h1', {}, T('Every figure, down to the cell it was printed in', '每一个数字，都能追溯到它的单元格')),
    h(
      'p',
      {},
      T(
        'Yearbooks, bulletins and rankings, read cell by cell, checked against each other and kept edition by edition. The highlands are the regions that a paper of 2023 sees as the way out of the middle-technology trap.',
        '逐格读取年鉴、公报与排名，相互核对，逐版保存。科创高地是2023年一篇论文所论述的、引领跨越“中等技术陷阱”的区域。',
      ),
    ),
  ),
  inventory(),
  glance(),
  freshness(),
  soundness(),
  changes(),
];

/** A number that was counted, named so that it can be checked. */
function tally(value, fact) {
  return h('span', { class: 'number', 'data-fact': fact }, num(value));
}

const sum = (some, column = 'numbers') => some.reduce((total, row) => total + row[column], 0);

function inventory() {
  const numbers = rows('number_count');
  const years = ascending(numbers.map((row) => row.period));
  const have = facts.release.rows;
  const entries = [
    [T('numbers', '个数值'), sum(numbers), 'numbers', 'regions'],
    [T('editions', '个版本'), have.edition, 'edition', 'dictionary/sources'],
    [T('documents', '份文件'), have.document, 'document', 'quality/documents'],
    [T('indicators', '项指标'), have.indicator, 'indicator', 'dictionary/indicators'],
    [T('regions', '个地区'), have.region, 'region', 'dictionary/regions'],
  ];
  return h(
    'section',
    { 'aria-labelledby': 'inventory' },
    h('h2', { id: 'inventory', class: 'unseen' }, T('What is in this release', '本次发布的内容')),
    h(
      'ul',
      { class: 'counts' },
      entries
        .filter(([, value]) => value !== undefined)
        .map(([text, value, fact, address]) =>
          h('li', {}, h('a', { href: `#/${address}` }, tally(value, fact), h('span', {}, text))),
        ),
      years.length
        ? h(
            'li',
            {},
            h('span', { class: 'number', 'data-fact': 'years' }, `${years[0]}–${years[years.length - 1]}`),
            h('span', {}, T('years', '年份')),
          )
        : null,
    ),
    facts.release.shortened
      ? h(
          'p',
          { class: 'quiet' },
          T(
            'There are more numbers than a page can hold: these pages show the newest print of each, down to provinces; all of them are in the database.',
            '数据量超出网页所能容纳：各页显示到省级、每个数的最新公布值；全部数据见数据库。',
          ),
        )
      : null,
  );
}

function freshness() {
  const counts = grouped(rows('number_count'), (row) => row.edition);
  const newest = [...grouped(rows('edition'), (row) => row.series).values()]
    .map((some) => [...some].sort(by('year')))
    .map((some) => ({
      ...some[some.length - 1],
      editions: some.length,
      numbers: sum(counts.get(some[some.length - 1].edition) || []),
    }));
  if (!newest.length) return null;
  return h(
    'section',
    { 'aria-labelledby': 'fresh' },
    h('h2', { id: 'fresh' }, T('How fresh', '时效')),
    grid({
      name: 'newest-editions',
      title: T('The newest edition of each series', '各系列的最新版本'),
      rows: newest,
      sort: '-release_date',
      parquet: 'edition',
      search: false,
      columns: [
        {
          id: 'edition',
          label: T('Newest edition', '最新版本'),
          show: (row) => h('span', {}, quoted(named(row)) || row.edition),
        },
        {
          id: 'data_year',
          label: T('Data year', '数据年份'),
          number: true,
          show: (row) => String(row.data_year ?? ''),
        },
        {
          id: 'release_date',
          label: T('Appeared', '发布日期'),
          firm: true,
          show: (row) => (row.approximate ? T('about ', '约 ') : '') + (row.release_date || ''),
        },
        {
          id: 'numbers',
          label: T('Numbers', '数值数'),
          number: true,
          show: (row) => tally(row.numbers, `numbers of ${row.edition}`),
        },
        {
          id: 'editions',
          label: T('Editions here', '收录版本数'),
          number: true,
          show: (row) => tally(row.editions, `editions of ${row.series}`),
        },
      ],
    }),
  );
}

const KIND = {
  new: ['new', '新增'],
  revised: ['revised', '修订'],
  rounding: ['rounding only', '仅舍入'],
  withdrawn: ['withdrawn', '撤下'],
  unchanged: ['unchanged', '未变'],
  finding: ['findings', '检查发现'],
};

function changes() {
  const { previous, changes: total } = facts.release;
  const box = h('div', {});
  need('change').then(() => {
    const totals = [...grouped(rows('change'), (row) => row.kind)].map(([kind, some]) => [
      kind,
      some.reduce((n, row) => n + (row.numbers ?? 1), 0),
    ]);
    box.append(
      h(
        'ul',
        { class: 'verdicts' },
        totals.map(([kind, n]) =>
          h('li', {}, badge(kind, T(...(KIND[kind] || [kind, kind]))), ' ', tally(n, `changes ${kind}`)),
        ),
      ),
      total
        ? h(
            'p',
            {},
            h('a', { href: '#/quality/changes' }, T('Change by change', '逐项变更')),
            ' · ',
            h('a', { href: '../CHANGES.md' }, 'CHANGES.md'),
          )
        : null,
    );
  });
  return h(
    'section',
    { 'aria-labelledby': 'changed' },
    h('h2', { id: 'changed' }, T('What changed', '变更')),
    h(
      'p',
      {},
      previous
        ? [T('Since release ', '与上一次发布 '), h('code', {}, previous), T(':', ' 相比：')]
        : T('This is the first release of its home: everything is new.', '这是首次发布：全部内容均为新增。'),
      previous && !total ? T(' nothing.', '无变更。') : null,
    ),
    box,
  );
}
