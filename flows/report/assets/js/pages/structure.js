/* How R&D expenditure divides into basic research, applied research and experimental development. */

pages.structure = async (parts, query) => {
  await need(
    'rd_structure_by_region',
    'rd_structure_by_sector',
    'structure_to_nation',
    'structure_distance',
    'observation',
    'paper_table_4',
  );
  const all = rows('rd_structure_by_region').filter((row) => ACTIVITIES.every((a) => row[`${a}_share`] !== null));
  const head = [
    h('h1', {}, T('R&D structure', '研发结构')),
    h(
      'p',
      { class: 'intro' },
      T(
        'Of every yuan spent on R&D, how much goes into basic research, how much into applied research, how much into experimental development? Regions that live from universities and institutes lean to research, regions that live from enterprises to development.',
        '每一元研发经费，有多少用于基础研究、应用研究和试验发展？高校院所密集的地区偏重研究，企业密集的地区偏重试验发展。',
      ),
    ),
  ];
  if (!all.length)
    return [
      head,
      lacking(T('This release holds no R&D expenditure by activity.', '本次发布没有按活动类型划分的R&D经费。')),
    ];
  const years = ascending(all.map((row) => row.period));
  const view = {
    year: years.includes(Number(query.year)) ? Number(query.year) : years[years.length - 1],
    whole: query.whole === '1',
    order: ACTIVITIES.includes(query.order) ? query.order : 'basic',
    like: query.like || 'CN',
    by: query.by === 'points' ? 'points' : 'aitchison',
  };
  const box = h('div', {});
  const keep = () =>
    remember(['structure'], {
      year: view.year,
      whole: view.whole ? 1 : null,
      order: view.order === 'basic' ? null : view.order,
      like: view.like === 'CN' ? null : view.like,
      by: view.by === 'points' ? 'points' : null,
    });
  const draw = () => swap(box, structureOf(all, view), sectors(view), likeness(view, keep));
  draw();
  return [
    head,
    controls(
      slider({
        label: T('Year', '年份'),
        values: years,
        value: view.year,
        change(year) {
          view.year = year;
          keep();
          draw();
        },
      }),
      segments({
        label: T('Triangle', '三角图'),
        options: [
          ['close', T('Close-up', '局部放大')],
          ['whole', T('Whole', '全图')],
        ],
        value: view.whole ? 'whole' : 'close',
        change(v) {
          view.whole = v === 'whole';
          keep();
          draw();
        },
      }),
      segments({
        label: T('Ranked by', '排序'),
        options: ACTIVITIES.map((a) => [a, T(...ACTIVITY[a])]),
        value: view.order,
        change(v) {
          view.order = v;
          keep();
          draw();
        },
      }),
    ),
    box,
    printedTables(),
  ];
};

/** One row a region of a year: the newest edition with amounts, or else what prints shares. */
function structuresOf(all, year) {
  const best = new Map();
  for (const row of all.filter((r) => r.period === year)) {
    const rank = (r) => [r.basis === 'shares' ? 0 : 1, (r.edition || '').startsWith('st-yearbook') ? 1 : 0, r.edition];
    const other = best.get(row.region);
    const [a, b] = [rank(row), other ? rank(other) : []];
    if (!other || a[0] > b[0] || (a[0] === b[0] && (a[1] > b[1] || (a[1] === b[1] && a[2] > b[2]))))
      best.set(row.region, row);
  }
  return [...best.values()];
}

function structureOrigin(row, activity) {
  const made =
    row.basis === 'shares'
      ? T('printed as a share', '按公布的占比')
      : T(
          `${ACTIVITY[activity][0]} divided by the total${row.basis === 'members' ? ', both summed over the members' : ''}`,
          `${ACTIVITY[activity][1]}经费 ÷ R&D经费${row.basis === 'members' ? '，均为成员之和' : ''}`,
        );
  const wanted = row.basis === 'shares' ? [`rd_share.${activity}`] : [`rd_expenditure.${activity}`, 'rd_expenditure'];
  return origin(
    `${T(...ACTIVITY[activity])}, ${regionName(row.region)}, ${row.period}`,
    `${num(row[`${activity}_share`], 2)} %`,
    structureTerms(row).filter((o) => wanted.includes(o.indicator)),
    made,
  );
}

function structureOf(all, view) {
  const some = structuresOf(all, view.year);
  const title = T(`Where each region’s R&D money goes, ${view.year}`, `${view.year}年各地区R&D经费的去向`);
  const colours = key([
    ...highlands().map((row) => [COLOURS[row.region], named(row), 'dot']),
    ['var(--ink)', T('The nation', '全国'), 'dot'],
    ['var(--other)', T('Other regions', '其他地区'), 'dot'],
  ]);
  return h(
    'section',
    { 'aria-labelledby': 'by-region' },
    h('h2', { id: 'by-region' }, T('By region', '按地区')),
    colours,
    h(
      'div',
      { class: 'beside even' },
      plot({
        name: `rd-structure-${view.year}`,
        title,
        subtitle: T(
          'Each point is a region; its place in the triangle is its mix. Highlands in colour, with their members in the same colour.',
          '每个点代表一个地区，其位置即三类活动的构成。科创高地及其成员以同一颜色表示。',
        ),
        note: T(
          'Points are placed by shares that add to 100; the table has the shares as they are, of the published total.',
          '图中各点按三项之和为100定位；数据表中的占比以公布的合计为分母，未作调整。',
        ),
        make: (width) => ternary(some, { width, whole: view.whole, reach: reachOf(all) }),
        table: () => structureTable(some, view.year),
      }),
      rankedShares(some, view),
    ),
  );
}

/** All regions by the share of one activity. */
function rankedShares(some, view) {
  const column = `${view.order}_share`;
  const sorted = some.filter((row) => row.kind !== 'zone').sort((a, b) => b[column] - a[column]);
  return plot({
    name: `${view.order}-share-${view.year}`,
    title: T(`${ACTIVITY[view.order][0]}, ${view.year}`, `${view.year}年${ACTIVITY[view.order][1]}占比`),
    subtitle: T('Percent of the region’s R&D expenditure', '占该地区R&D经费的百分比'),
    make: (width) =>
      bars({
        width,
        row: 17,
        size: 11,
        bars: sorted.map((row) => ({
          name: shortName(row.region),
          strong: ['highland', 'nation'].includes(row.kind),
          region: row.region,
          value: row[column],
          text: num(row[column], 1),
          colour: colourOf(row.region),
          label: `${regionName(row.region)}: ${num(row[column], 2)} %`,
          from: () => structureOrigin(row, view.order),
        })),
      }),
    table: () => structureTable(some, view.year),
  });
}

function structureTable(some, year) {
  const share = (activity) => ({
    id: `${activity}_share`,
    label: `${T(...ACTIVITY[activity])}, %`,
    number: true,
    decimals: 2,
    from: (row) => structureOrigin(row, activity),
  });
  return {
    name: `rd-structure-${year}`,
    title: year
      ? T(`R&D structure by region, ${year}`, `${year}年各地区R&D经费构成`)
      : T('R&D structure by region', '各地区R&D经费构成'),
    rows: some,
    sort: '-total',
    parquet: 'rd_structure_by_region',
    length: 50,
    columns: [
      {
        id: 'region',
        label: T('Region', '地区'),
        value: (row) => named(row) || regionName(row.region),
        show: (row) => h('a', { href: link(['regions', row.region, 'rd_expenditure']) }, regionName(row.region)),
      },
      { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
      {
        id: 'total',
        label: T('R&D expenditure, 10 000 yuan', 'R&D经费，万元'),
        number: true,
        decimals: 0,
        from: (row) =>
          origin(
            `${T('R&D expenditure', 'R&D经费')}, ${regionName(row.region)}, ${row.period}`,
            num(row.total),
            structureTerms(row).filter((o) => o.indicator === 'rd_expenditure'),
          ),
      },
      ...ACTIVITIES.map(share),
      { id: 'share_sum', label: T('Sum, %', '合计，%'), number: true, decimals: 2 },
      { id: 'residual', label: T('Parts less total', '分项减合计'), number: true, decimals: 1 },
      { id: 'edition', label: T('Source', '来源'), show: (row) => editionName(row.edition) },
    ],
  };
}

/** The paper's tables 4 and 5 beside their recomputation. */
function printedTables() {
  const titles = [
    T('Table 4: R&D expenditure by activity, nation and regions', '表4：全国与部分地区R&D经费支出构成'),
    T('Table 5: R&D expenditure by performing sector and activity', '表5：按执行部门分组的R&D经费内部支出'),
  ];
  return h(
    'section',
    { 'aria-labelledby': 'printed' },
    h('h2', { id: 'printed' }, T('The paper’s figures beside their recomputation', '论文数据与重新计算的对照')),
    h(
      'p',
      { class: 'quiet' },
      T('Percent. A marked sum is off from 100 by more than rounding.', '单位：%。标出的合计与100的偏差超出舍入误差。'),
    ),
    [4, 5].map((number, n) => h('div', {}, h('h3', {}, titles[n]), paperTable(number, titles[n]))),
    h('p', {}, h('a', { href: '#/paper/table-4' }, T('Why some rows do not add to 100', '为何有的行之和不等于100'))),
  );
}
