/* How ranks and counts of clusters changed, never across a change of method; what a patent weighs. */

function rankChanges(all) {
  const heading = h('h2', { id: 'rank-changes' }, T('Rank changes', '名次变化'));
  const section = h('section', { 'aria-labelledby': 'rank-changes' }, heading);
  const years = ascending(all.map((row) => row.year));
  if (years.length < 2) {
    section.append(
      lacking(T('It takes two rankings to see a change; this release has fewer.', '本次发布不足两次排名，无法比较。')),
    );
    return section;
  }
  const broken = distinct(
    rows('cluster_rank_change')
      .filter((row) => row.comparable === false)
      .map((row) => row.to_year),
  );
  const part = (year) => broken.filter((b) => b <= year).length;
  const lately = all
    .filter((row) => row.year === years[years.length - 1])
    .sort(by('rank'))
    .filter((row) => row.rank <= 20 || isChinese(row))
    .slice(0, 40);
  const deepest = Math.max(
    ...all.filter((row) => lately.some((l) => l.cluster === row.cluster)).map((row) => row.rank),
  );
  const series = lately.map((last) => ({
    key: last.cluster,
    name: `${last.rank} ${named(last)}`,
    colour: clusterColour(last),
    strong: isChinese(last),
    points: all
      .filter((row) => row.cluster === last.cluster)
      .sort(by('year'))
      .map((row) => ({
        period: row.year,
        value: row.rank,
        part: part(row.year),
        label: `${named(row)}, ${row.year}: ${T('rank', '第')} ${row.rank}`,
        from: () => clusterOrigin(row, 'cluster.rank', 'rank'),
      })),
  }));
  section.append(
    plot({
      name: 'cluster-ranks',
      title: T('Ranks over the editions', '历次名次'),
      subtitle: T(
        'First on top; a dotted upright line is a change of method, across which ranks are not joined',
        '第一名在上；虚线表示计量方法改变，其前后名次不相连',
      ),
      make: (width) =>
        lines({
          width,
          height: Math.max(360, 17 * series.length),
          series,
          reversed: true,
          zero: false,
          ticks: rankTicks(deepest),
          breaks: broken.map((year) => ({ at: year - 0.5, name: T('method', '方法') })),
        }),
      table: () => ({
        name: 'cluster-rank-change',
        title: T('Rank changes between consecutive rankings', '相邻两次排名的名次变化'),
        rows: rows('cluster_rank_change'),
        parquet: 'cluster_rank_change',
        length: 25,
        columns: [
          { id: 'cluster', label: T('Cluster', '集群'), value: named },
          { id: 'from_year', label: T('From', '自'), number: true, show: (row) => String(row.from_year) },
          { id: 'to_year', label: T('To', '至'), number: true, show: (row) => String(row.to_year) },
          { id: 'from_rank', label: T('Rank before', '原名次'), number: true, decimals: 0 },
          { id: 'to_rank', label: T('Rank after', '现名次'), number: true, decimals: 0 },
          { id: 'places_gained', label: T('Places gained', '上升名次'), number: true, decimals: 0 },
          { id: 'move', label: T('Move', '变动') },
          {
            id: 'break',
            label: T('Break in method', '方法改变'),
            value: (row) => T(row.method_break, row.method_break_zh) || '',
          },
        ],
      }),
    }),
  );
  return section;
}

function economies() {
  const all = rows('cluster_by_economy');
  const section = h(
    'section',
    { 'aria-labelledby': 'by-economy' },
    h('h2', { id: 'by-economy' }, T('By economy', '按经济体')),
  );
  const published = all.filter((row) => row.published_count !== null);
  if (!published.length) {
    section.append(
      lacking(T('This release does not count the clusters of economies.', '本次发布没有各经济体的集群数。')),
    );
    return section;
  }
  const groups = [...grouped(published, (row) => row.economy)].map(([code, some]) => [code, some.sort(by('year'))]);
  const most = groups
    .sort((a, b) => Math.max(...b[1].map((r) => r.published_count)) - Math.max(...a[1].map((r) => r.published_count)))
    .slice(0, 8);
  const series = most.map(([code, some], n) => {
    let part = 0;
    return {
      key: code,
      name: economyNames(code),
      colour: code === 'CN' ? 'var(--china)' : OTHERS[n % OTHERS.length],
      strong: code === 'CN',
      points: some.map((row) => {
        if (row.comparable === false && row.previous_year !== null) part += 1;
        return {
          period: row.year,
          value: row.published_count,
          part,
          label: `${economyNames(code)}, ${row.year}: ${row.published_count}`,
          from: () =>
            origin(
              `${T('Clusters among the top 100', '百强集群数')}, ${economyNames(code)}, ${row.year}`,
              num(row.published_count),
              observed('clusters_in_top_100', code, row.year),
            ),
        };
      }),
    };
  });
  section.append(
    plot({
      name: 'clusters-by-economy',
      title: T('Clusters among the world’s top 100', '进入全球百强的集群数'),
      subtitle: T(
        'As published; counts before and after a change of method are not joined',
        '公布数；方法改变前后不相连',
      ),
      make: (width) => lines({ width, height: 340, series }),
      table: () => ({
        name: 'clusters-by-economy',
        title: T('Clusters by economy', '各经济体的集群数'),
        rows: all,
        sort: '-year',
        parquet: 'cluster_by_economy',
        columns: [
          { id: 'economy', label: T('Economy', '经济体'), value: (row) => economyNames(row.economy) },
          { id: 'year', label: T('Year', '年份'), number: true, show: (row) => String(row.year) },
          {
            id: 'published_count',
            label: T('Published', '公布数'),
            number: true,
            decimals: 0,
            from: (row) =>
              origin(
                `${economyNames(row.economy)}, ${row.year}`,
                num(row.published_count),
                observed('clusters_in_top_100', row.economy, row.year),
              ),
          },
          { id: 'counted', label: T('Counted here', '库内计数'), number: true, decimals: 0 },
          { id: 'ranks_listed', label: T('Ranks here', '库内名次数'), number: true, decimals: 0 },
          { id: 'change', label: T('Change', '增减'), number: true, decimals: 0 },
        ],
      }),
    }),
  );
  return section;
}

/** For which weights of a patent against a publication the published order holds. */
function weights() {
  const all = rows('cluster_weight');
  if (!all.length) return null;
  const pair = (row) => `${T(row.name_en, row.name_zh)} > ${T(row.next_name_en, row.next_name_zh)}`;
  const setting = (row, column) =>
    rows('cluster_weight_pair')
      .filter((one) => one.edition === row.edition && one.year === row.year && one[column])
      .map(pair)
      .join(T(', ', '、')) || T('no pair', '无');
  const says = (row) => {
    const [low, high] = [num(row.lowest, 2), row.highest === null ? '∞' : num(row.highest, 2)];
    if (row.is_empty) {
      const best = num(row.best_ratio, 2);
      return T(
        `${row.year}: no weight keeps the published order; at ${best} publications for one application ${row.pairs_kept} of ${row.pairs} pairs are in order, not ${row.pairs_broken}.`,
        `${row.year}年：没有任何权重能保持公布的次序；一件申请相当于 ${best} 篇论文时，${row.pairs} 对中有 ${row.pairs_kept} 对次序成立，不成立的是 ${row.pairs_broken}。`,
      );
    }
    return T(
      `${row.year}: the published order holds if one application weighs as much as ${low} to ${high} publications. The lower end is set by ${setting(row, 'sets_lowest')}, the upper one by ${setting(row, 'sets_highest')}.`,
      `${row.year}年：一件申请相当于 ${low} 至 ${high} 篇论文时，公布的次序成立。下限由 ${setting(row, 'sets_lowest')} 决定，上限由 ${setting(row, 'sets_highest')} 决定。`,
    );
  };
  const sources = all.filter(
    (row) =>
      !isThePapers(row) ||
      !all.some((other) => other.year === row.year && other.edition !== row.edition),
  );
  return h(
    'section',
    { 'aria-labelledby': 'weights' },
    h('h2', { id: 'weights' }, T('What a patent weighs against a publication', '一件专利相当于多少篇论文')),
    h(
      'ul',
      {},
      sources.map((row) => h('li', {}, says(row))),
    ),
    grid({
      name: 'cluster-weight-pairs',
      title: T('What each pair of neighbours demands of the weight', '每对相邻集群对权重的要求'),
      rows: rows('cluster_weight_pair').filter((row) => sources.some((s) => s.edition === row.edition)),
      sort: '',
      parquet: 'cluster_weight_pair',
      length: 20,
      columns: [
        {
          id: 'pair',
          label: T('Pair', '集群对'),
          wide: true,
          value: pair,
        },
        { id: 'year', label: T('Year', '年份'), number: true, show: (row) => String(row.year) },
        { id: 'more_applications', label: T('More applications', '专利之差'), number: true, decimals: 0 },
        { id: 'more_publications', label: T('More publications', '论文之差'), number: true, decimals: 0 },
        { id: 'at_least', label: T('Weight at least', '权重至少'), number: true, decimals: 2 },
        { id: 'at_most', label: T('at most', '至多'), number: true, decimals: 2 },
        {
          id: 'sets',
          label: T('Sets', '决定'),
          value: (row) => (row.sets_lowest ? T('lower end', '下限') : row.sets_highest ? T('upper end', '上限') : ''),
        },
      ],
    }),
  );
}
