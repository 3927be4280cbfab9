/* Bars: one number a row, or shares that add to 100. */

/** Horizontal bars, one a row, the number at their end. bars: [{name, value, text, colour, label, from}]. */
function bars({ width, bars: some, row = 24, size = 12, zero = true }) {
  const left = Math.min(width * 0.5, Math.max(...some.map((b) => widthOf(b.name, b.strong ? size * 1.15 : size))) + 12);
  const right = Math.max(...some.map((b) => widthOf(b.text, size))) + 14;
  const { low, high } = scaleOf(
    some.map((b) => b.value),
    { zero },
  );
  const points = some.map((b, n) => ({ ...b, place: n }));
  const y = { field: 'place', type: 'ordinal', scale: { paddingInner: 0.28, paddingOuter: 0.1 }, axis: null };
  const x = { field: 'value', type: 'quantitative', scale: { domain: [low, high], nice: false }, axis: null };
  return {
    points,
    spec: {
      width: Math.max(40, width - left - right),
      height: row * some.length,
      autosize: { type: 'none' },
      padding: { left, right, top: 2, bottom: 2 },
      data: { name: 'points' },
      layer: [
        {
          mark: { type: 'bar', cornerRadiusEnd: 2 },
          encoding: { x, y, color: { field: 'colour', type: 'nominal', scale: null } },
        },
        {
          mark: { type: 'text', align: 'left', dx: 5, fontSize: size, fontWeight: STRONG },
          encoding: { x, y, text: { field: 'text' } },
        },
        {
          mark: { type: 'text', align: 'right', dx: -8, fontSize: size, fontWeight: STRONG },
          encoding: { x: { value: 0 }, y, text: { field: 'name' } },
        },
      ],
    },
  };
}

/** Shares that add to 100, one bar a row. stacks: [{name, strong, parts: [{part, value, text, label, from}]}]. */
function stacks({ width, stacks: some, colours, row = 26 }) {
  const left = Math.min(width * 0.42, Math.max(...some.map((s) => widthOf(s.name))) + 12);
  const points = some.flatMap((s, n) => {
    let from = 0;
    return s.parts.map((p) => {
      const start = from;
      from += p.value;
      return { ...p, name: s.name, place: n, start, end: from, colour: colours[p.part] };
    });
  });
  const y = { field: 'place', type: 'ordinal', scale: { paddingInner: 0.22 }, axis: null };
  const x = {
    field: 'start',
    type: 'quantitative',
    scale: { domain: [0, Math.max(100, ...points.map((p) => p.end))], nice: false },
    axis: null,
  };
  const inner = Math.max(40, width - left - 4);
  return {
    points,
    spec: {
      width: inner,
      height: row * some.length,
      autosize: { type: 'none' },
      padding: { left, right: 4, top: 2, bottom: 2 },
      data: { name: 'points' },
      datasets: { names: some.map((s, n) => ({ name: s.name, place: n, strong: Boolean(s.strong) })) },
      layer: [
        {
          mark: { type: 'bar', stroke: 'var(--page)', strokeWidth: 1 },
          encoding: { x, x2: { field: 'end' }, y, color: { field: 'colour', type: 'nominal', scale: null } },
        },
        {
          transform: [
            { filter: `(datum.end - datum.start) * ${inner} / 100 > 34` },
            { calculate: '(datum.start + datum.end) / 2', as: 'middle' },
          ],
          mark: { type: 'text' },
          encoding: {
            x: { ...x, field: 'middle' },
            y,
            text: { field: 'text' },
            color: { field: 'ink', type: 'nominal', scale: null },
          },
        },
        {
          data: { name: 'names' },
          mark: { type: 'text', fontWeight: STRONG, align: 'right', dx: -8 },
          encoding: { x: { value: 0 }, y, text: { field: 'name' } },
        },
      ],
    },
  };
}

/** A key to colours, in words beside swatches. */
function key(entries) {
  return h(
    'ul',
    { class: 'key' },
    entries.map(([colour, text, shape]) =>
      h('li', {}, h('span', { class: shape || 'swatch', style: `--colour:${colour}`, 'aria-hidden': 'true' }), text),
    ),
  );
}
