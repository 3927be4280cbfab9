/* A ternary plot: experimental development at the lower left, applied research at the lower right, basic on top. */

/** How far the regions reach away from pure experimental development, in tenths: the same for every year. */
function reachOf(all) {
  const most = Math.max(...all.map((row) => (row.basic_share + row.applied_share) / row.share_sum));
  return Math.min(1, Math.ceil(most * 10 + 0.2) / 10);
}

function ternary(some, { width, whole, reach }) {
  const span = whole ? 1 : reach;
  const margin = { left: 46, right: 46, top: 30, bottom: 46 };
  const side = Math.min(width - margin.left - margin.right, 640);
  const high = (side * Math.sqrt(3)) / 2;
  const offset = (width - margin.left - margin.right - side) / 2;
  const at = (basic, applied) => ({
    x: offset + (side * (applied + basic / 2)) / span,
    y: high - (high * basic) / span,
  });
  const isNamed = (row) => row.kind === 'highland' || row.kind === 'nation';
  const hosts = new Set(
    rows('region')
      .filter((row) => row.kind === 'city' && highlandOf(row.region))
      .map((row) => row.parent),
  );
  const order = { nation: 1, highland: 0, city: 2, province: 3, zone: 4 };
  const centre = some.find((row) => row.region === 'CN');
  const far = (row) =>
    centre ? Math.hypot(row.basic_share - centre.basic_share, row.applied_share - centre.applied_share) : 0;
  const points = some
    .filter((row) => row.kind !== 'zone')
    .sort((a, b) => order[a.kind] - order[b.kind] || far(b) - far(a))
    .map((row) => ({
      ...at(row.basic_share / row.share_sum, row.applied_share / row.share_sum),
      region: row.region,
      kind: row.kind,
      text: shortName(row.region),
      must: isNamed(row) || hosts.has(row.region),
      strong: isNamed(row),
      colour: colourOf(row.region),
      basic: row.basic_share,
      applied: row.applied_share,
      experimental: row.experimental_share,
      label: `${regionName(row.region)}: ${ACTIVITIES.map((a) => `${T(...ACTIVITY[a])} ${num(row[`${a}_share`], 2)} %`).join(', ')}`,
      from: () =>
        origin(
          `${regionName(row.region)}, ${row.period}`,
          ACTIVITIES.map((a) => `${T(...ACTIVITY[a])} ${num(row[`${a}_share`], 2)} %`).join(' · '),
          structureTerms(row),
          row.basis === 'members' ? T('sums over its members', '成员之和') : null,
        ),
    }));
  const placed = placeLabels(points, { width: side + offset * 2, height: high, size: 12 });
  const scale = (size) => ({ domain: [0, size], nice: false, zero: false });
  const x = { field: 'x', type: 'quantitative', scale: scale(side + offset * 2), axis: null };
  const y = { field: 'y', type: 'quantitative', scale: { ...scale(high), reverse: true }, axis: null };
  const colour = { field: 'colour', type: 'nominal', scale: null };
  return {
    points: [...placed].reverse(),
    spec: {
      width: side + offset * 2,
      height: high,
      autosize: { type: 'none' },
      padding: margin,
      data: { name: 'points' },
      datasets: { ...gridLines(at, span), labels: placed.filter((p) => p.align) },
      layer: [
        {
          data: { name: 'rules' },
          mark: { type: 'rule', clip: false },
          encoding: {
            x,
            y,
            x2: { field: 'x2' },
            y2: { field: 'y2' },
            color: { condition: { test: 'datum.edge', value: 'var(--quiet)' }, value: 'var(--rule)' },
          },
        },
        ...['left', 'center', 'right'].map((align) => ({
          data: { name: 'ticks' },
          transform: [{ filter: `datum.align == '${align}'` }],
          mark: { type: 'text', align, color: 'var(--quiet)', fontSize: 11, clip: false },
          encoding: { x, y, text: { field: 'text' } },
        })),
        ...[0, 300, 60].map((angle) => ({
          data: { name: 'titles' },
          transform: [{ filter: `datum.angle == ${angle}` }],
          mark: { type: 'text', align: 'center', angle, color: 'var(--quiet)', fontSize: 12, clip: false },
          encoding: { x, y, text: { field: 'text' } },
        })),
        {
          mark: { type: 'point', filled: true, stroke: 'var(--page)', strokeWidth: 1 },
          encoding: {
            x,
            y,
            color: colour,
            size: { condition: { test: 'datum.strong', value: 200 }, value: 80 },
            opacity: { value: 1 },
            shape: { condition: { test: "datum.kind == 'city'", value: 'diamond' }, value: 'circle' },
          },
        },
        {
          data: { name: 'labels' },
          transform: [{ filter: 'datum.leader' }],
          mark: { type: 'rule', color: 'var(--quiet)', strokeWidth: 0.8 },
          encoding: { x, y, x2: { field: 'lx' }, y2: { field: 'ly' } },
        },
        ...['left', 'center', 'right'].map((align) => ({
          data: { name: 'labels' },
          transform: [{ filter: `datum.align == '${align}'` }],
          mark: { type: 'text', fontWeight: STRONG, align, baseline: 'middle', fontSize: 12, stroke: null },
          encoding: {
            x: { ...x, field: 'lx' },
            y: { ...y, field: 'ly' },
            text: { field: 'text' },
            color: { condition: { test: 'datum.strong', value: 'var(--ink)' }, value: 'var(--quiet)' },
          },
        })),
      ],
    },
  };
}

/** The triangle's edges, its grid every tenth (every fifth of a tenth in a close-up), tick labels and titles. */
function gridLines(at, span) {
  const rules = [];
  const ticks = [];
  const step = span > 0.6 ? 0.2 : 0.1;
  const rule = (a, b, edge) => rules.push({ x: a.x, y: a.y, x2: b.x, y2: b.y, edge });
  for (let k = 0; k <= span + 1e-9; k += step) {
    const edge = k < 1e-9;
    const text = (v) => `${Math.round(v * 100)}`;
    rule(at(k, 0), at(k, span - k), edge);
    rule(at(0, k), at(span - k, k), edge);
    rule(at(k, 0), at(0, k), false);
    ticks.push({ ...shift(at(k, span - k), 8, 0), text: text(k), align: 'left' });
    ticks.push({ ...shift(at(0, k), -3, 14), text: text(k), align: 'center' });
    ticks.push({ ...shift(at(k, 0), -8, 0), text: text(1 - k), align: 'right' });
  }
  rule(at(span, 0), at(0, span), true);
  const middle = span / 2;
  const titles = [
    { ...shift(at(0, middle), 0, 34), angle: 0, text: `${T(...ACTIVITY.applied)}, % →` },
    { ...shift(at(middle, middle), 40, -12), angle: 60, text: `← ${T(...ACTIVITY.basic)}, %` },
    { ...shift(at(middle, 0), -40, -12), angle: 300, text: `← ${T(...ACTIVITY.experimental)}, %` },
  ];
  return { rules, ticks, titles };
}

function shift(point, dx, dy) {
  return { x: point.x + dx, y: point.y + dy };
}
