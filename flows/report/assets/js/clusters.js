/* The world's science and technology clusters as WIPO ranks them. */

const CLUSTER_HIGHLAND = {
  cluster_beijing: 'jing_jin_ji', cluster_tianjin: 'jing_jin_ji', cluster_shanghai_suzhou: 'yangtze_river_delta', cluster_shanghai: 'yangtze_river_delta',
  cluster_nanjing: 'yangtze_river_delta', cluster_hangzhou: 'yangtze_river_delta', cluster_hefei: 'yangtze_river_delta', cluster_suzhou: 'yangtze_river_delta',
  cluster_shenzhen_hong_kong_guangzhou: 'greater_bay_area', cluster_shenzhen_hong_kong: 'greater_bay_area', cluster_guangzhou: 'greater_bay_area',
  cluster_chengdu: 'chengdu_chongqing', cluster_chongqing: 'chengdu_chongqing',
};

pages.clusters = async (parts, query) => {
  await need('cluster_ranking', 'observation');
  const all = rows('cluster_ranking');
  const head = [
    h('h1', {}, T('Science and technology clusters', '科技集群')),
    h('p', { class: 'intro' }, T('Where the world’s inventors and authors are concentrated, as ranked by the Global Innovation Index. Ranks from before and after a change of method measure different things; they are not joined here.',
      '全球创新指数按发明与论文的集聚程度对科技集群排名。计量方法改变前后的名次衡量的不是同一事物，图中不予相连。')),
  ];
  if (!all.length && !rows('cluster_by_economy').length) return [head, lacking(T('This release holds no cluster ranking.', '本次发布没有科技集群排名。'))];
  return [head, all.length ? rankings(all, query) : lacking(T('This release counts clusters by economy, but ranks none.', '本次发布只有各经济体的集群数，没有排名。')), rankChanges(all), economies(), weights()];
};

function isChinese(row) { return /\b(CN|HK|MO|TW)\b|中国|China/.test(row.economies || ''); }

function clusterColour(row) { return COLOURS[CLUSTER_HIGHLAND[row.cluster]] || (isChinese(row) ? 'var(--china)' : 'var(--other)'); }

function economyNames(codes) {
  const parts = { CN: T('China', '中国'), HK: regionName('810000'), MO: regionName('820000'), TW: regionName('710000') };
  return (codes || '').split('|').map((code) => parts[code] || regionName(code)).join(T(', ', '、'));
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
    box.replaceChildren(scatter(some, view.year), h('h3', {}, T(`The ranking of ${view.year}`, `${view.year}年排名`)),
      h('p', { class: 'quiet' }, T(some[0].methodology, some[0].methodology_zh) || ''), grid(rankingTable(some, view.year)));
  };
  draw();
  return h('section', { 'aria-labelledby': 'ranking' }, h('h2', { id: 'ranking' }, T('Ranking', '排名')),
    controls(slider({ label: T('Edition', '版本'), values: years, value: view.year, change(year) { view.year = year; remember(['clusters'], view); draw(); } })), box);
}

function rankingTable(some, year) {
  return {
    name: `cluster-ranking-${year}`, title: T(`Cluster ranking, ${year}`, `${year}年科技集群排名`), rows: some, sort: 'rank', parquet: 'cluster_ranking', length: 50,
    columns: [
      { id: 'rank', label: T('Rank', '名次'), number: true, decimals: 0, from: (row) => clusterOrigin(row, 'cluster.rank', 'rank') },
      { id: 'cluster', label: T('Cluster', '集群'), value: named, show: (row) => h('span', { class: 'dotted', style: `--colour:${clusterColour(row)}` }, named(row)) },
      { id: 'economies', label: T('Economies', '经济体'), value: (row) => economyNames(row.economies) },
      { id: 'pct_applications', label: T('PCT applications', 'PCT专利申请'), number: true, decimals: 0, from: (row) => clusterOrigin(row, 'cluster.pct_applications', 'pct_applications') },
      { id: 'publications', label: T('Publications', '科学出版物'), number: true, decimals: 0, from: (row) => clusterOrigin(row, 'cluster.publications', 'publications') },
    ],
  };
}

/** Patents against publications, both by powers of ten. */
function scatter(all, year) {
  const some = all.filter((row) => row.pct_applications > 0 && row.publications > 0);
  if (!some.length) return lacking(T('This edition prints no patents and publications.', '该版本未公布专利与出版物数量。'));
  return h('div', {}, plot({
    name: `clusters-${year}`, title: T('Patents against publications', '专利与论文'),
    subtitle: T(`Clusters of the ${year} ranking, both axes logarithmic; Chinese clusters in colour`, `${year}年排名中的集群，双对数坐标；中国集群以颜色表示`),
    make: (width) => logScatter(some, width), table: () => rankingTable(some, year),
  }), key([...highlands().map((row) => [COLOURS[row.region], named(row), 'dot']), ['var(--china)', T('Other Chinese clusters', '中国其他集群'), 'dot'], ['var(--other)', T('Elsewhere', '其他经济体'), 'dot']]));
}

function logTicks(low, high) {
  const ticks = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) for (const k of [1, 2, 5]) if (k * power >= low * 0.999 && k * power <= high * 1.001) ticks.push(k * power);
  return ticks;
}

function logScatter(some, width) {
  const height = Math.min(520, Math.max(320, width * 0.62));
  const padding = { left: 64, right: 20, top: 12, bottom: 46 };
  const inner = width - padding.left - padding.right;
  const limits = (column) => { const values = some.map((row) => row[column]); return [Math.min(...values) * 0.8, Math.max(...values) * 1.25]; };
  const [px, py] = [limits('publications'), limits('pct_applications')];
  const place = (value, [low, high], size) => Math.log(value / low) / Math.log(high / low) * size;
  const points = [...some].sort((a, b) => isChinese(b) - isChinese(a) || a.rank - b.rank).map((row) => ({
    x: place(row.publications, px, inner), y: height - place(row.pct_applications, py, height), publications: row.publications, pct_applications: row.pct_applications, cluster: row.cluster,
    text: named(row), must: Boolean(CLUSTER_HIGHLAND[row.cluster]), strong: isChinese(row), colour: clusterColour(row),
    label: `${row.rank}. ${named(row)}: ${num(row.pct_applications)} ${T('patent applications', '件专利申请')}, ${num(row.publications)} ${T('publications', '篇论文')}`,
    from: () => origin(`${row.rank}. ${named(row)}, ${row.year}`, `${num(row.pct_applications)} PCT · ${num(row.publications)} ${T('publications', '篇')}`, clusterTerms(row, 'cluster.rank', 'cluster.pct_applications', 'cluster.publications')),
  }));
  const placed = placeLabels(points, { width: inner, height });
  const axis = (limit, title) => ({ values: logTicks(...limit), ...axisNumbers, title, grid: true });
  const x = { field: 'publications', type: 'quantitative', scale: { type: 'log', domain: px, nice: false }, axis: axis(px, T('Scientific publications', '科学出版物（篇）')) };
  const y = { field: 'pct_applications', type: 'quantitative', scale: { type: 'log', domain: py, nice: false }, axis: axis(py, T('PCT patent applications', 'PCT专利申请（件）')) };
  const pixels = (field, size) => ({ field, type: 'quantitative', scale: { domain: [0, size], nice: false, zero: false, reverse: field === 'ly' }, axis: null });
  return {
    points: [...placed].reverse(),
    spec: {
      width: inner, height, autosize: { type: 'none' }, padding, data: { name: 'points' }, datasets: { labels: placed.filter((p) => p.align) }, resolve: { scale: { x: 'independent', y: 'independent' } },
      layer: [
        { mark: { type: 'point', filled: true, stroke: 'var(--page)', strokeWidth: 1 }, encoding: { x, y, color: { field: 'colour', type: 'nominal', scale: null }, size: { condition: { test: 'datum.strong', value: 190 }, value: 110 }, opacity: { value: 1 } } },
        ...['left', 'center', 'right'].map((align) => ({ data: { name: 'labels' }, transform: [{ filter: `datum.align == '${align}'` }], mark: { type: 'text', fontWeight: STRONG, align, baseline: 'middle' }, encoding: { x: pixels('lx', inner), y: pixels('ly', height), text: { field: 'text' }, color: { condition: { test: 'datum.strong', value: 'var(--ink)' }, value: 'var(--quiet)' } } })),
      ],
    },
  };
}

function rankChanges(all) {
  const heading = h('h2', { id: 'rank-changes' }, T('Rank changes', '名次变化'));
  const section = h('section', { 'aria-labelledby': 'rank-changes' }, heading);
  const years = ascending(all.map((row) => row.year));
  if (years.length < 2) { section.append(lacking(T('It takes two rankings to see a change; this release has fewer.', '本次发布不足两次排名，无法比较。'))); return section; }
  const broken = distinct(rows('cluster_rank_change').filter((row) => row.comparable === false).map((row) => row.to_year));
  const part = (year) => broken.filter((b) => b <= year).length;
  const lately = all.filter((row) => row.year === years[years.length - 1]).sort(by('rank')).filter((row) => row.rank <= 20 || isChinese(row)).slice(0, 40);
  const deepest = Math.max(...all.filter((row) => lately.some((l) => l.cluster === row.cluster)).map((row) => row.rank));
  const series = lately.map((last) => ({
    key: last.cluster, name: `${last.rank} ${named(last)}`, colour: clusterColour(last), strong: isChinese(last),
    points: all.filter((row) => row.cluster === last.cluster).sort(by('year')).map((row) => ({ period: row.year, value: row.rank, part: part(row.year), label: `${named(row)}, ${row.year}: ${T('rank', '第')} ${row.rank}`, from: () => clusterOrigin(row, 'cluster.rank', 'rank') })),
  }));
  section.append(plot({
    name: 'cluster-ranks', title: T('Ranks over the editions', '历次名次'), subtitle: T('First on top; a dotted upright line is a change of method, across which ranks are not joined', '第一名在上；虚线表示计量方法改变，其前后名次不相连'),
    make: (width) => lines({ width, height: Math.max(360, 17 * series.length), series, reversed: true, zero: false, ticks: rankTicks(deepest), breaks: broken.map((year) => ({ at: year - 0.5, name: T('method', '方法') })) }),
    table: () => ({
      name: 'cluster-rank-change', title: T('Rank changes between consecutive rankings', '相邻两次排名的名次变化'), rows: rows('cluster_rank_change'), parquet: 'cluster_rank_change', length: 25,
      columns: [{ id: 'cluster', label: T('Cluster', '集群'), value: named }, { id: 'from_year', label: T('From', '自'), number: true, show: (row) => String(row.from_year) }, { id: 'to_year', label: T('To', '至'), number: true, show: (row) => String(row.to_year) },
        { id: 'from_rank', label: T('Rank before', '原名次'), number: true, decimals: 0 }, { id: 'to_rank', label: T('Rank after', '现名次'), number: true, decimals: 0 }, { id: 'places_gained', label: T('Places gained', '上升名次'), number: true, decimals: 0 },
        { id: 'move', label: T('Move', '变动') }, { id: 'break', label: T('Break in method', '方法改变'), value: (row) => T(row.method_break, row.method_break_zh) || '' }],
    }),
  }));
  return section;
}

function economies() {
  const all = rows('cluster_by_economy');
  const section = h('section', { 'aria-labelledby': 'by-economy' }, h('h2', { id: 'by-economy' }, T('By economy', '按经济体')));
  const published = all.filter((row) => row.published_count !== null);
  if (!published.length) { section.append(lacking(T('This release does not count the clusters of economies.', '本次发布没有各经济体的集群数。'))); return section; }
  const groups = [...grouped(published, (row) => row.economy)].map(([code, some]) => [code, some.sort(by('year'))]);
  const most = groups.sort((a, b) => Math.max(...b[1].map((r) => r.published_count)) - Math.max(...a[1].map((r) => r.published_count))).slice(0, 8);
  const series = most.map(([code, some], n) => {
    let part = 0;
    return {
      key: code, name: economyNames(code), colour: code === 'CN' ? 'var(--china)' : OTHERS[n % OTHERS.length], strong: code === 'CN',
      points: some.map((row) => {
        if (row.comparable === false && row.previous_year !== null) part += 1;
        return { period: row.year, value: row.published_count, part, label: `${economyNames(code)}, ${row.year}: ${row.published_count}`, from: () => origin(`${T('Clusters among the top 100', '百强集群数')}, ${economyNames(code)}, ${row.year}`, num(row.published_count), observed('clusters_in_top_100', code, row.year)) };
      }),
    };
  });
  section.append(plot({
    name: 'clusters-by-economy', title: T('Clusters among the world’s top 100', '进入全球百强的集群数'), subtitle: T('As published; counts before and after a change of method are not joined', '公布数；方法改变前后不相连'),
    make: (width) => lines({ width, height: 340, series }),
    table: () => ({
      name: 'clusters-by-economy', title: T('Clusters by economy', '各经济体的集群数'), rows: all, sort: '-year', parquet: 'cluster_by_economy',
      columns: [{ id: 'economy', label: T('Economy', '经济体'), value: (row) => economyNames(row.economy) }, { id: 'year', label: T('Year', '年份'), number: true, show: (row) => String(row.year) },
        { id: 'published_count', label: T('Published', '公布数'), number: true, decimals: 0, from: (row) => origin(`${economyNames(row.economy)}, ${row.year}`, num(row.published_count), observed('clusters_in_top_100', row.economy, row.year)) },
        { id: 'counted', label: T('Counted here', '库内计数'), number: true, decimals: 0 }, { id: 'ranks_listed', label: T('Ranks here', '库内名次数'), number: true, decimals: 0 }, { id: 'change', label: T('Change', '增减'), number: true, decimals: 0 }],
    }),
  }));
  return section;
}

/** For which weights of a patent against a publication the published order holds. */
function weights() {
  const all = rows('cluster_weight');
  if (!all.length) return null;
  const says = (row) => (row.is_empty
    ? T(`${row.year}: no weight keeps the published order; at ${num(row.best_ratio, 2)} publications for one application ${row.pairs_kept} of ${row.pairs} pairs are in order, not ${row.pairs_broken}.`, `${row.year}年：没有任何权重能保持公布的次序；一件申请相当于 ${num(row.best_ratio, 2)} 篇论文时，${row.pairs} 对中有 ${row.pairs_kept} 对次序成立，不成立的是 ${row.pairs_broken}。`)
    : T(`${row.year}: the published order holds if one application weighs as much as ${num(row.lowest, 2)} to ${row.highest === null ? '∞' : num(row.highest, 2)} publications. ${row.pair_lowest} sets the lower end, ${row.pair_highest || 'nothing'} the upper one.`, `${row.year}年：一件申请相当于 ${num(row.lowest, 2)} 至 ${row.highest === null ? '∞' : num(row.highest, 2)} 篇论文时，公布的次序成立。下限由 ${row.pair_lowest} 决定，上限由 ${row.pair_highest || '无'} 决定。`));
  const sources = all.filter((row) => !(row.edition || '').startsWith('paper/') || !all.some((other) => other.year === row.year && other.edition !== row.edition));
  return h('section', { 'aria-labelledby': 'weights' }, h('h2', { id: 'weights' }, T('What a patent weighs against a publication', '一件专利相当于多少篇论文')),
    h('ul', {}, sources.map((row) => h('li', {}, says(row)))),
    grid({
      name: 'cluster-weight-pairs', title: T('What each pair of neighbours demands of the weight', '每对相邻集群对权重的要求'), rows: rows('cluster_weight_pair').filter((row) => sources.some((s) => s.edition === row.edition)), sort: '', parquet: 'cluster_weight_pair', length: 20,
      columns: [{ id: 'pair', label: T('Pair', '集群对'), wide: true, value: (row) => `${T(row.name_en, row.name_zh)} > ${T(row.next_name_en, row.next_name_zh)}` }, { id: 'year', label: T('Year', '年份'), number: true, show: (row) => String(row.year) }, { id: 'more_applications', label: T('More applications', '专利之差'), number: true, decimals: 0 }, { id: 'more_publications', label: T('More publications', '论文之差'), number: true, decimals: 0 },
        { id: 'at_least', label: T('Weight at least', '权重至少'), number: true, decimals: 2 }, { id: 'at_most', label: T('at most', '至多'), number: true, decimals: 2 }, { id: 'sets', label: T('Sets', '决定'), value: (row) => (row.sets_lowest ? T('lower end', '下限') : row.sets_highest ? T('upper end', '上限') : '') }],
    }));
}
