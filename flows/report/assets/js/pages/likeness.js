/* How alike the structures are: distances to the nation, or of any region to the others. */

const DISTANCE = { aitchison: ['Aitchison distance', 'Aitchison距离'], points: ['Percentage points', '百分点'] };

/** Distances of a year from one region, the nearest first: {region, row} with the row's mart. */
function distances(view) {
  const nation = view.like === 'CN';
  const mart = nation ? 'structure_to_nation' : 'structure_distance';
  const some = rows(mart).filter(
    (row) =>
      row.period === view.year && (nation || row.region === view.like) && !isThePapers(row),
  );
  const newest = ascending(some.map((row) => row.edition)).pop();
  return some
    .filter((row) => row.edition === newest)
    .map((row) => ({ region: nation ? row.region : row.other, row }))
    .sort((a, b) => a.row[view.by] - b.row[view.by]);
}

function likeness(view, keep) {
  const section = h(
    'section',
    { 'aria-labelledby': 'likeness' },
    h('h2', { id: 'likeness' }, T('Whose structure is like whose', '构成的相似程度')),
    h(
      'p',
      { class: 'quiet' },
      T(
        'The Aitchison distance is made for shares of a whole: it compares ratios. The difference in points is half of the sum of the three differences.',
        'Aitchison距离专用于构成数据，比较的是比率；百分点差距为三项差距绝对值之和的一半。',
      ),
    ),
  );
  if (!rows('structure_to_nation').length) {
    section.append(lacking(T('This release compares no structures.', '本次发布没有构成比较。')));
    return section;
  }
  const places = distinct(
    rows('structure_distance')
      .filter((row) => row.region !== 'CN' && !isThePapers(row))
      .map((row) => row.region),
  );
  const box = h('div', {});
  const draw = () => swap(box, distancePlot(view));
  draw();
  section.append(
    controls(
      choice({
        label: T('Compared with', '比较对象'),
        options: ['CN', ...places].map((code) => [code, code === 'CN' ? T('The nation', '全国') : regionName(code)]),
        value: view.like,
        change(code) {
          view.like = code;
          keep();
          draw();
        },
      }),
      segments({
        label: T('Distance', '距离'),
        options: Object.entries(DISTANCE).map(([code, text]) => [code, T(...text)]),
        value: view.by,
        change(v) {
          view.by = v;
          keep();
          draw();
        },
      }),
    ),
    box,
  );
  return section;
}

function distancePlot(view) {
  const some = distances(view);
  if (!some.length) return lacking(T('No figures for this choice.', '该选择没有数据。'));
  const name = view.like === 'CN' ? T('the nation', '全国') : regionName(view.like);
  const decimals = view.by === 'points' ? 1 : 3;
  const from = ({ region: code, row }) =>
    origin(
      `${regionName(code)} – ${name}, ${row.period}`,
      `${T(...DISTANCE[view.by])}: ${num(row[view.by], decimals)}`,
      [view.like, code].flatMap((place) =>
        structureTerms(
          structuresOf(
            rows('rd_structure_by_region').filter((s) => s.region === place),
            row.period,
          )[0] || {},
        ),
      ),
    );
  return plot({
    name: `likeness-${view.like}-${view.year}`,
    title: T(`Distance from ${name}, ${view.year}`, `${view.year}年与${name}的距离`),
    subtitle: T(...DISTANCE[view.by]),
    make: (width) =>
      bars({
        width,
        row: 18,
        size: 11,
        bars: some.map((one) => ({
          name: shortName(one.region),
          strong: Boolean(SHORT[one.region]),
          region: one.region,
          value: one.row[view.by],
          text: num(one.row[view.by], decimals),
          colour: colourOf(one.region),
          label: `${regionName(one.region)}: ${num(one.row[view.by], decimals)}`,
          from: () => from(one),
        })),
      }),
    table: () => ({
      name: `likeness-${view.like}-${view.year}`,
      title: T('Distances', '距离'),
      rows: some.map((one) => ({ ...one.row, place: one.region })),
      parquet: view.like === 'CN' ? 'structure_to_nation' : 'structure_distance',
      length: 40,
      columns: [
        { id: 'place', label: T('Region', '地区'), value: (row) => regionName(row.place) },
        { id: 'aitchison', label: T(...DISTANCE.aitchison), number: true, decimals: 3 },
        { id: 'points', label: T(...DISTANCE.points), number: true, decimals: 2 },
        { id: 'place_by_aitchison', label: T('Place by Aitchison', 'Aitchison位次'), number: true, decimals: 0 },
        { id: 'place_by_points', label: T('Place by points', '百分点位次'), number: true, decimals: 0 },
      ],
    }),
  });
}
