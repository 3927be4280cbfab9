/* Patents against publications, both by powers of ten. */

/** Patents against publications, both by powers of ten. */
function scatter(all, year) {
  const some = all.filter((row) => row.pct_applications > 0 && row.publications > 0);
  if (!some.length)
    return lacking(T('This edition prints no patents and publications.', '该版本未公布专利与出版物数量。'));
  return h(
    'div',
    {},
    plot({
      name: `clusters-${year}`,
      title: T('Patents against publications', '专利与论文'),
      subtitle: T(
        `Clusters of the ${year} ranking, both axes logarithmic; Chinese clusters in colour`,
        `${year}年排名中的集群，双对数坐标；中国集群以颜色表示`,
      ),
      make: (width) => logScatter(some, width),
      table: () => rankingTable(some, year),
    }),
    key([
      ...highlands().map((row) => [COLOURS[row.region], named(row), 'dot']),
      ['var(--china)', T('Other Chinese clusters', '中国其他集群'), 'dot'],
      ['var(--other)', T('Elsewhere', '其他经济体'), 'dot'],
    ]),
  );
}

function logTicks(low, high) {
  const ticks = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10)
    for (const k of [1, 2, 5]) if (k * power >= low * 0.999 && k * power <= high * 1.001) ticks.push(k * power);
  return ticks;
}

function logScatter(some, width) {
  const height = Math.min(520, Math.max(320, width * 0.62));
  const padding = { left: 64, right: 20, top: 12, bottom: 46 };
  const inner = width - padding.left - padding.right;
  const limits = (column) => {
    const values = some.map((row) => row[column]);
    return [Math.min(...values) * 0.8, Math.max(...values) * 1.25];
  };
  const [px, py] = [limits('publications'), limits('pct_applications')];
  const place = (value, [low, high], size) => (Math.log(value / low) / Math.log(high / low)) * size;
  const points = [...some]
    .sort((a, b) => isChinese(b) - isChinese(a) || a.rank - b.rank)
    .map((row) => ({
      x: place(row.publications, px, inner),
      y: height - place(row.pct_applications, py, height),
      publications: row.publications,
      pct_applications: row.pct_applications,
      cluster: row.cluster,
      text: named(row),
      must: Boolean(CLUSTER_HIGHLAND[row.cluster]),
      strong: isChinese(row),
      colour: clusterColour(row),
      label: `${row.rank}. ${named(row)}: ${num(row.pct_applications)} ${T('patent applications', '件专利申请')}, ${num(row.publications)} ${T('publications', '篇论文')}`,
      from: () =>
        origin(
          `${row.rank}. ${named(row)}, ${row.year}`,
          `${num(row.pct_applications)} PCT · ${num(row.publications)} ${T('publications', '篇')}`,
          clusterTerms(row, 'cluster.rank', 'cluster.pct_applications', 'cluster.publications'),
        ),
    }));
  const placed = placeLabels(points, { width: inner, height });
  const axis = (limit, title) => ({ values: logTicks(...limit), ...axisNumbers, title, grid: true });
  const x = {
    field: 'publications',
    type: 'quantitative',
    scale: { type: 'log', domain: px, nice: false },
    axis: axis(px, T('Scientific publications', '科学出版物（篇）')),
  };
  const y = {
    field: 'pct_applications',
    type: 'quantitative',
    scale: { type: 'log', domain: py, nice: false },
    axis: axis(py, T('PCT patent applications', 'PCT专利申请（件）')),
  };
  const pixels = (field, size) => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, size], nice: false, zero: false, reverse: field === 'ly' },
    axis: null,
  });
  return {
    points: [...placed].reverse(),
    spec: {
      width: inner,
      height,
      autosize: { type: 'none' },
      padding,
      data: { name: 'points' },
      datasets: { labels: placed.filter((p) => p.align) },
      resolve: { scale: { x: 'independent', y: 'independent' } },
      layer: [
        {
          mark: { type: 'point', filled: true, stroke: 'var(--page)', strokeWidth: 1 },
          encoding: {
            x,
            y,
            color: { field: 'colour', type: 'nominal', scale: null },
            size: { condition: { test: 'datum.strong', value: 190 }, value: 110 },
            opacity: { value: 1 },
          },
        },
        ...['left', 'center', 'right'].map((align) => ({
          data: { name: 'labels' },
          transform: [{ filter: `datum.align == '${align}'` }],
          mark: { type: 'text', fontWeight: STRONG, align, baseline: 'middle' },
          encoding: {
            x: pixels('lx', inner),
            y: pixels('ly', height),
            text: { field: 'text' },
            color: { condition: { test: 'datum.strong', value: 'var(--ink)' }, value: 'var(--quiet)' },
          },
        })),
      ],
    },
  };
}
