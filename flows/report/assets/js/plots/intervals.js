/* Ranks with what is left of them when every choice that they rest on is varied. */

function scoreOrigin(row) {
  return origin(
    `${regionName(row.region)}, ${row.period}`,
    T(
      `rank ${row.rank} by the baseline choices, score ${num(row.score, 1)}`,
      `按基准选择：第 ${row.rank} 位，得分 ${num(row.score, 1)}`,
    ),
    scoreTerms(row),
    T(
      `in 90 % of ${num(row.draws)} draws between ${row.rank_05} and ${row.rank_95}, in all between ${row.rank_best} and ${row.rank_worst}; ${row.indicators} indicators`,
      `${num(row.draws)} 次模拟中，90%在第 ${row.rank_05}–${row.rank_95} 位，全部在第 ${row.rank_best}–${row.rank_worst} 位；${row.indicators} 项指标`,
    ),
  );
}

/** The cells that a score is made of: what its indicators divide by what. */
function scoreTerms(row) {
  const rates = rows('composite_indicator').filter((rate) => rate.region === row.region && rate.period === row.period);
  const codes = distinct(rates.flatMap((rate) => [rate.numerator, rate.denominator]));
  const places = region(row.region)?.kind === 'highland' ? members(row.region) : [row.region];
  return codes.flatMap((code) => places.flatMap((place) => observed(code, place, row.period).slice(0, 1)));
}

function scorePoint(row) {
  return {
    region: row.region,
    period: row.period,
    rank: row.rank,
    low: row.rank_05,
    high: row.rank_95,
    best: row.rank_best,
    worst: row.rank_worst,
    median: row.rank_50,
    name: shortName(row.region),
    colour: colourOf(row.region),
    strong: row.kind === 'highland' || row.kind === 'nation',
    label: T(
      `${regionName(row.region)}, ${row.period}: rank ${row.rank}, 90 % between ${row.rank_05} and ${row.rank_95}`,
      `${regionName(row.region)}，${row.period}年：第 ${row.rank} 位，90%区间 ${row.rank_05}–${row.rank_95}`,
    ),
    from: () => scoreOrigin(row),
  };
}

/** The four layers of an interval: all draws, 90 % of them, their median, the baseline. `along` is the channel of ranks. */
function intervalLayers(along, across, rank) {
  const span = (from, to) => ({
    [along]: { ...rank, field: from },
    [`${along}2`]: { field: to },
    ...across,
    color: { field: 'colour', type: 'nominal', scale: null },
  });
  return [
    { mark: { type: 'rule', strokeWidth: 1.2, opacity: 0.7 }, encoding: span('best', 'worst') },
    { mark: { type: 'rule', strokeWidth: 9, opacity: 0.35 }, encoding: span('low', 'high') },
    {
      mark: {
        type: 'tick',
        thickness: 2,
        size: 13,
        aria: false,
        orient: along === 'x' ? 'vertical' : 'horizontal',
        opacity: 0.9,
      },
      encoding: {
        [along]: { ...rank, field: 'median' },
        ...across,
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
    {
      mark: { type: 'point', filled: true, size: 70, stroke: 'var(--page)', strokeWidth: 1, opacity: 1 },
      encoding: { [along]: rank, ...across, color: { field: 'colour', type: 'nominal', scale: null } },
    },
  ];
}

function intervals(some, width) {
  const points = some.map((row, place) => ({ ...scorePoint(row), place }));
  const left = Math.max(...points.map((p) => widthOf(p.name, 12))) + 14;
  const worst = Math.max(...points.map((p) => p.worst));
  const rank = {
    field: 'rank',
    type: 'quantitative',
    scale: { domain: [0.5, worst + 0.5], nice: false, zero: false },
    axis: { values: rankTicks(worst), title: null, grid: true, orient: 'top', format: 'd' },
  };
  const y = { field: 'place', type: 'ordinal', axis: null, scale: { paddingInner: 0.1 } };
  return {
    points,
    spec: {
      width: Math.max(60, width - left - 12),
      height: 19 * points.length,
      autosize: { type: 'none' },
      padding: { left, right: 12, top: 24, bottom: 4 },
      data: { name: 'points' },
      layer: [
        ...intervalLayers('x', { y }, rank),
        {
          mark: { type: 'text', align: 'right', dx: -8, fontWeight: STRONG },
          encoding: { x: { value: 0 }, y, text: { field: 'name' } },
        },
      ],
    },
  };
}

function ranksOverYears(some, width) {
  const points = some.map(scorePoint);
  const years = points.map((p) => p.period);
  const ticks = rankTicks(31);
  const rank = {
    field: 'rank',
    type: 'quantitative',
    scale: { domain: [0, 32], nice: false, zero: false, reverse: true },
    axis: { values: ticks, title: null, grid: true, format: 'd' },
  };
  const x = {
    field: 'period',
    type: 'ordinal',
    scale: { domain: years, paddingOuter: 0.2 },
    axis: {
      title: null,
      labelAngle: 0,
      values: years.filter(
        (_, n) => (years.length - 1 - n) % Math.max(1, Math.ceil((years.length * 36) / width)) === 0,
      ),
    },
  };
  return {
    points,
    spec: {
      width: width - 44,
      height: 150,
      autosize: { type: 'none' },
      padding: { left: 30, right: 14, top: 8, bottom: 24 },
      data: { name: 'points' },
      layer: intervalLayers('y', { x }, rank),
    },
  };
}
