/* Lines over years. */

/** Bold where a datum is strong. */
const STRONG = { expr: 'datum.strong ? 600 : 400' };

const axisNumbers = { format: ',.5~f' };

/**
 * Lines over years. series: [{key, name, colour, strong, dashed, points: [{period, value, label, from, part}]}];
 * a line is interrupted where `part` changes. breaks: [{at, name}] are drawn as upright lines.
 */
function lines({
  width,
  height = 320,
  series,
  zero = true,
  reversed = false,
  ends = true,
  breaks = [],
  size = 12,
  ticks,
}) {
  const points = series.flatMap((one) =>
    one.points
      .filter((p) => p.value !== null && p.value !== undefined)
      .map((p) => ({
        ...p,
        key: one.key,
        name: one.name,
        colour: one.colour,
        strong: Boolean(one.strong),
        dashed: Boolean(one.dashed),
        line: `${one.key} ${p.part || ''}`,
      })),
  );
  const scale = scaleOf(
    points.map((p) => p.value),
    { zero, steps: height > 200 ? 5 : 3 },
  );
  const values = ticks || scale.ticks;
  const [low, high] = ticks ? [Math.min(...ticks), Math.max(...ticks)] : [scale.low, scale.high];
  const years = ascending(points.map((p) => p.period));
  const names = ends ? endLabels(series, { height, low, high, reversed, size }) : [];
  const right = ends
    ? Math.min(width * 0.35, Math.max(20, ...names.map((n) => widthOf(n.name, n.strong ? size * 1.15 : size) + 14)))
    : 16;
  const left = Math.max(...values.map((v) => widthOf(num(v), 12))) + 12;
  const inner = Math.max(40, width - left - right);
  const x = {
    field: 'period',
    type: 'quantitative',
    scale: {
      domain: years.length > 1 ? [years[0], years[years.length - 1]] : [years[0] - 1, years[0] + 1],
      nice: false,
    },
    axis: yearAxis(years, inner),
  };
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: { domain: [low, high], nice: false, reverse: reversed },
    axis: { ...axisNumbers, values, title: null, grid: true },
  };
  const colour = { field: 'colour', type: 'nominal', scale: null };
  const spec = {
    width: inner,
    height,
    autosize: { type: 'none' },
    padding: { left, right, top: 14, bottom: 28 },
    data: { name: 'points' },
    datasets: { names, breaks },
    layer: [
      ...(low < 0 && high > 0
        ? [{ data: { values: [{ value: 0 }] }, mark: { type: 'rule', color: 'var(--quiet)' }, encoding: { y } }]
        : []),
      ...(breaks.length ? breakLayers(x, height) : []),
      {
        mark: { type: 'line', interpolate: 'linear' },
        encoding: {
          x,
          y,
          color: colour,
          detail: { field: 'line' },
          strokeWidth: { condition: { test: 'datum.strong', value: 2.8 }, value: 1.4 },
          strokeDash: { condition: { test: 'datum.dashed', value: [5, 4] }, value: [1, 0] },
          opacity: { condition: { test: 'datum.strong', value: 1 }, value: 0.75 },
        },
      },
      {
        mark: { type: 'point', filled: true },
        encoding: {
          x,
          y,
          color: colour,
          size: { condition: { test: 'datum.strong', value: 44 }, value: 24 },
          opacity: { value: 1 },
        },
      },
      ...(ends
        ? [
            {
              data: { name: 'names' },
              mark: { type: 'text', fontWeight: STRONG, align: 'left', dx: 8, fontSize: size },
              encoding: { x, y, text: { field: 'name' } },
            },
          ]
        : []),
    ],
  };
  return { spec, points };
}

/** Names beside the last points, moved apart where they would lie on each other. */
function endLabels(series, { height, low, high, reversed, size }) {
  const last = series
    .map((one) => {
      const some = one.points.filter((p) => p.value !== null && p.value !== undefined);
      return some.length && one.name
        ? {
            name: one.name,
            strong: Boolean(one.strong),
            period: some[some.length - 1].period,
            value: some[some.length - 1].value,
          }
        : null;
    })
    .filter(Boolean);
  const at = (value) => ((reversed ? value - low : high - value) / (high - low)) * height;
  const heights = dodge(
    last.map((p) => at(p.value)),
    size * 1.15,
    0,
    height,
  );
  const back = (y) => (reversed ? low + (y / height) * (high - low) : high - (y / height) * (high - low));
  return last.map((p, n) => ({ ...p, value: back(heights[n]) }));
}

function breakLayers(x, height) {
  return [
    {
      data: { name: 'breaks' },
      mark: { type: 'rule', strokeDash: [2, 3], color: 'var(--warn)' },
      encoding: { x: { ...x, field: 'at' } },
    },
    {
      data: { name: 'breaks' },
      mark: { type: 'text', angle: 0, align: 'center', baseline: 'bottom', dy: -2, color: 'var(--warn)', fontSize: 11 },
      encoding: { x: { ...x, field: 'at' }, y: { value: 0 }, text: { field: 'name' } },
    },
  ];
}

function yearAxis(years, width) {
  const room = Math.max(1, Math.floor(width / 44));
  const every = Math.max(1, Math.ceil(years.length / room));
  const values = years.filter((_, n) => (years.length - 1 - n) % every === 0);
  return { values, format: 'd', title: null, grid: false, ticks: true, tickSize: 4, domain: true };
}
