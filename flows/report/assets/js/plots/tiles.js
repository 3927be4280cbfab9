/* A map in which every province is a tile of the same size, about where it lies. */

const TILES = {
  230000: [7, 0],
  150000: [5, 1],
  220000: [7, 1],
  650000: [0, 2],
  110000: [5, 2],
  120000: [6, 2],
  210000: [7, 2],
  630000: [1, 3],
  620000: [2, 3],
  640000: [3, 3],
  140000: [4, 3],
  130000: [5, 3],
  370000: [6, 3],
  540000: [1, 4],
  510000: [2, 4],
  610000: [3, 4],
  410000: [4, 4],
  340000: [5, 4],
  320000: [6, 4],
  310000: [7, 4],
  500000: [3, 5],
  420000: [4, 5],
  360000: [5, 5],
  330000: [6, 5],
  530000: [2, 6],
  520000: [3, 6],
  430000: [4, 6],
  440000: [5, 6],
  350000: [6, 6],
  710000: [7, 6],
  450000: [4, 7],
  820000: [5, 7],
  810000: [6, 7],
  460000: [4, 8],
};
const CLASSES = 5;

/** Limits between classes that hold about as many regions each. */
function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from({ length: CLASSES - 1 }, (_, n) => sorted[Math.floor(((n + 1) * sorted.length) / CLASSES)]).filter(
    (v) => v !== undefined,
  );
}

function tileMap(view, some, year, toggle) {
  const values = new Map(some.map((row) => [row.region, row]));
  const tiles = Object.entries(TILES).filter(([code]) => region(code));
  const present = tiles.map(([code]) => values.get(code)).filter(Boolean);
  if (!present.length) return lacking(T('No province has a figure of this year.', '该年份没有省级数据。'));
  const unit = readable(indicator(view.indicator) || {});
  const limits = quantiles(present.map((row) => row.value));
  const classOf = (value) => limits.filter((limit) => value >= limit).length + 1;
  const make = (width) => {
    const side = Math.min(width, 520) / 8;
    const points = tiles.map(([code, [column, line]]) => {
      const row = values.get(code);
      const level = row ? classOf(row.value) : 0;
      return {
        region: code,
        column,
        line,
        exact: row ? row.value : null,
        place: (T(region(code).iso_3166, null) || named(region(code))).replace(/^CN-/, ''),
        shown: row && side > 44 ? short(row.value * unit.factor) : '',
        fill: row ? `var(--seq-${level})` : 'var(--none)',
        ink: row ? `var(--on-seq-${level})` : 'var(--quiet)',
        edge: COLOURS[highlandOf(code)] || 'var(--page)',
        thick: view.regions.includes(code) ? 4 : highlandOf(code) ? 2 : 0,
        label: `${regionName(code)}: ${row ? `${amount(row.value, decimalsOf(row), indicator(view.indicator))}` : T('no figure', '无数据')}`,
        from: row ? () => originOf(row) : () => origin(regionName(code), T('no figure', '无数据')),
        act: () => toggle(code),
      };
    });
    const position = (field, count) => ({
      field,
      type: 'ordinal',
      axis: null,
      scale: { domain: Array.from({ length: count }, (_, n) => n), paddingInner: 0.06, paddingOuter: 0.03 },
    });
    const [x, y] = [position('column', 8), position('line', 9)];
    const text = (field, dy, size, weight) => ({
      mark: { type: 'text', dy, fontSize: size, fontWeight: weight },
      encoding: { x, y, text: { field }, color: { field: 'ink', type: 'nominal', scale: null } },
    });
    const wide = side > 44;
    return {
      points,
      spec: {
        width: side * 8,
        height: side * 9,
        autosize: { type: 'none' },
        padding: 2,
        data: { name: 'points' },
        layer: [
          {
            mark: { type: 'rect', cornerRadius: 4 },
            encoding: {
              x,
              y,
              color: { field: 'fill', type: 'nominal', scale: null },
              stroke: { field: 'edge', type: 'nominal', scale: null },
              strokeWidth: { field: 'thick', type: 'quantitative', scale: null },
            },
          },
          text('place', wide ? -8 : 0, Math.min(13, side / 3.2), 600),
          ...(wide ? [text('shown', 10, 11, 400)] : []),
        ],
      },
    };
  };
  const classes = [...limits, null].map((limit, n) => [
    `var(--seq-${n + 1})`,
    n === 0
      ? `< ${short(limits[0] * unit.factor)}`
      : limit === null
        ? `≥ ${short(limits[limits.length - 1] * unit.factor)}`
        : `${short(limits[n - 1] * unit.factor)} –`,
  ]);
  return h(
    'div',
    {},
    plot({
      name: `${view.indicator}-${year}-map`,
      title: T(`Map of tiles, ${year}`, `${year}年方格地图`),
      subtitle: unit.name,
      note: T(
        'Each tile is a province, about where it lies; its frame is the colour of its highland. Select a tile to add it to the comparison or leave it out.',
        '每格代表一个省级地区，位置为大致方位；边框为所属科创高地的颜色。点选方格可加入或移出比较。',
      ),
      make,
      table: () => ({
        name: `${view.indicator}-${year}-map`,
        title: indicatorName(view.indicator),
        rows: present,
        sort: '-value',
        parquet: 'observation',
        length: 40,
        columns: [
          { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) },
          { id: 'value', label: unitOf(indicator(view.indicator)), number: true, decimals: decimalsOf, from: originOf },
        ],
      }),
    }),
    key(classes),
  );
}
