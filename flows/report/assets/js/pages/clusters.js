/* The world's science and technology clusters as WIPO ranks them. */

const CLUSTER_HIGHLAND = {
  cluster_beijing: 'jing_jin_ji',
  cluster_tianjin: 'jing_jin_ji',
  cluster_shanghai_suzhou: 'yangtze_river_delta',
  cluster_shanghai: 'yangtze_river_delta',
  cluster_nanjing: 'yangtze_river_delta',
  cluster_hangzhou: 'yangtze_river_delta',
  cluster_hefei: 'yangtze_river_delta',
  cluster_suzhou: 'yangtze_river_delta',
  cluster_shenzhen_hong_kong_guangzhou: 'greater_bay_area',
  cluster_shenzhen_hong_kong: 'greater_bay_area',
  cluster_guangzhou: 'greater_bay_area',
  cluster_chengdu: 'chengdu_chongqing',
  cluster_chongqing: 'chengdu_chongqing',
};

pages.clusters = async (parts, query) => {
  await need('cluster_ranking', 'observation');
  const all = rows('cluster_ranking');
  const head = [
    h('h1', {}, T('Science and technology clusters', '科技集群')),
    h(
      'p',
      { class: 'intro' },
      T(
        'Where the world’s inventors and authors are concentrated, as ranked by the Global Innovation Index. Ranks from before and after a change of method measure different things; they are not joined here.',
        '全球创新指数按发明与论文的集聚程度对科技集群排名。计量方法改变前后的名次衡量的不是同一事物，图中不予相连。',
      ),
    ),
  ];
  if (!all.length && !rows('cluster_by_economy').length)
    return [head, lacking(T('This release holds no cluster ranking.', '本次发布没有科技集群排名。'))];
  return [
    head,
    all.length
      ? rankings(all, query)
      : lacking(
          T('This release counts clusters by economy, but ranks none.', '本次发布只有各经济体的集群数，没有排名。'),
        ),
    rankChanges(all),
    economies(),
    weights(),
  ];
};

function isChinese(row) {
  return /\b(CN|HK|MO|TW)\b|中国|China/.test(row.economies || '');
}

function clusterColour(row) {
  return COLOURS[CLUSTER_HIGHLAND[row.cluster]] || (isChinese(row) ? 'var(--china)' : 'var(--other)');
}

function economyNames(codes) {
  const parts = {
    CN: T('China', '中国'),
    HK: regionName('810000'),
    MO: regionName('820000'),
    TW: regionName('710000'),
  };
  return (codes || '')
    .split('|')
    .map((code) => parts[code] || regionName(code))
    .join(T(', ', '、'));
}

function clusterTerms(row, ...codes) {
  return codes.flatMap((code) => observed(code, row.cluster, row.year).filter((o) => o.edition === row.edition));
}

function clusterOrigin(row, code, column) {
  return origin(`${indicatorName(code)}, ${named(row)}, ${row.year}`, num(row[column]), clusterTerms(row, code));
}

function rankings(all, query) {
  const years = ascending(all.map((row) => row.year));
  const view = { year: years.includes(Number(query.year)) ? Number(query.year) : years[years.length - 1] };
  const box = h('div', {});
  const draw = () => {
    const some = all.filter((row) => row.year === view.year).sort(by('rank'));
    swap(
      box,
      scatter(some, view.year),
      h('h3', {}, T(`The ranking of ${view.year}`, `${view.year}年排名`)),
      h('p', { class: 'quiet' }, T(some[0].methodology, some[0].methodology_zh) || ''),
      grid(rankingTable(some, view.year)),
    );
  };
  draw();
  return h(
    'section',
    { 'aria-labelledby': 'ranking' },
    h('h2', { id: 'ranking' }, T('Ranking', '排名')),
    controls(
      slider({
        label: T('Edition', '版本'),
        values: years,
        value: view.year,
        change(year) {
          view.year = year;
          remember(['clusters'], view);
          draw();
        },
      }),
    ),
    box,
  );
}

function rankingTable(some, year) {
  return {
    name: `cluster-ranking-${year}`,
    title: T(`Cluster ranking, ${year}`, `${year}年科技集群排名`),
    rows: some,
    sort: 'rank',
    parquet: 'cluster_ranking',
    length: 50,
    columns: [
      {
        id: 'rank',
        label: T('Rank', '名次'),
        number: true,
        decimals: 0,
        from: (row) => clusterOrigin(row, 'cluster.rank', 'rank'),
      },
      {
        id: 'cluster',
        label: T('Cluster', '集群'),
        value: named,
        show: (row) => h('span', { class: 'dotted', style: `--colour:${clusterColour(row)}` }, named(row)),
      },
      { id: 'economies', label: T('Economies', '经济体'), value: (row) => economyNames(row.economies) },
      {
        id: 'pct_applications',
        label: T('PCT applications', 'PCT专利申请'),
        number: true,
        decimals: 0,
        from: (row) => clusterOrigin(row, 'cluster.pct_applications', 'pct_applications'),
      },
      {
        id: 'publications',
        label: T('Publications', '科学出版物'),
        number: true,
        decimals: 0,
        from: (row) => clusterOrigin(row, 'cluster.publications', 'publications'),
      },
    ],
  };
}
