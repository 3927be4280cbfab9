/* The highlands in a few numbers and two plots. */

function glance() {
  const section = h(
    'section',
    { 'aria-labelledby': 'glance', class: 'glance' },
    h('h2', { id: 'glance' }, T('The highlands at a glance', '科创高地一览')),
  );
  const box = h('ul', { class: 'cards' });
  section.append(box);
  need('highland_profile', 'rd_structure_by_region').then(() => {
    box.append(...highlands().map(glanceCard));
    section.append(glancePlots());
  });
  return section;
}

function glanceCard(row) {
  const code = row.region;
  const own = profileOf(code).filter((p) => p.region === code || p.role === 'host');
  const spent = own.filter((p) => p.indicator === 'rd_expenditure' && p.value !== null).sort(by('period'));
  const last = spent[spent.length - 1];
  const part = latestStructures(last ? last.region : code).pop();
  const unit = readable(indicator('rd_expenditure') || {});
  return h(
    'li',
    { class: 'card', style: `--colour:${COLOURS[code] || 'var(--other)'}` },
    h('h3', {}, h('a', { href: `#/highlands/${code}` }, named(row))),
    h(
      'p',
      { class: 'quiet' },
      members(code).slice(0, 4).map(regionName).join(T(', ', '、')) + (members(code).length > 4 ? ' …' : ''),
    ),
    last
      ? [
          last.role === 'host'
            ? h(
                'p',
                { class: 'quiet' },
                T('Figures of ', '以下为'),
                regionName(last.region),
                T(', which hosts nine of its cities', '（大湾区九市所在省）的数据'),
              )
            : null,
          h(
            'dl',
            {},
            h(
              'div',
              {},
              h('dt', {}, T(`R&D, ${last.period}`, `R&D经费，${last.period}年`)),
              h('dd', {}, scaledFigure(last, unit), ' ', unit.name),
            ),
            last.share_of_nation === null
              ? null
              : h(
                  'div',
                  {},
                  h('dt', {}, T('of the nation', '占全国')),
                  h(
                    'dd',
                    {},
                    figureOf(last, 'share_of_nation', 1, () => profileOrigin(last)),
                    ' %',
                  ),
                ),
            part
              ? h(
                  'div',
                  {},
                  h('dt', {}, T(`basic research, ${part.period}`, `基础研究占比，${part.period}年`)),
                  h(
                    'dd',
                    {},
                    figureOf(part, 'basic_share', 1, () => structureOrigin(part, 'basic')),
                    ' %',
                  ),
                )
              : null,
          ),
        ]
      : lacking(T('No figures of its own in this release', '本次发布中暂无其自身数据')),
  );
}

/** The highlands over the years: how much of the nation's R&D they do, and how much of theirs is basic research. */
function glancePlots() {
  const own = highlands()
    .map((row) => ({ row, some: leading(row.region) }))
    .filter(({ some }) => some.length);
  const look = (row, some) => ({
    key: row.region,
    name: shortName(row.region),
    colour: COLOURS[row.region],
    strong: true,
    dashed: some[0].role === 'host',
  });
  const share = own
    .map(({ row, some }) => profileSeries(some, 'rd_expenditure', 'share_of_nation', look(row, some)))
    .filter((one) => one.points.length > 1);
  const basic = own
    .map(({ row, some }) => {
      const parts = latestStructures(some[0].region).map((part) => ({
        period: part.period,
        value: part.basic_share,
        label: `${named(row)}, ${part.period}: ${num(part.basic_share, 2)} %`,
        from: () => structureOrigin(part, 'basic'),
      }));
      return { ...look(row, some), points: parts };
    })
    .filter((one) => one.points.length > 1);
  const draw = (name, title, subtitle, series, table) =>
    series.length
      ? plot({ name, title, subtitle, make: (width) => lines({ width, height: 260, series, size: 11 }), table })
      : null;
  return h(
    'div',
    { class: 'multiples wide' },
    draw(
      'highlands-share',
      T('Share of the nation’s R&D expenditure', '占全国R&D经费的比重'),
      T('Percent; the dashed line is Guangdong', '%；虚线为广东'),
      share,
      () =>
        multipleTable(
          'rd_expenditure',
          own.flatMap(({ some }) => some.filter((row) => row.indicator === 'rd_expenditure')),
        ),
    ),
    draw(
      'highlands-basic',
      T('Basic research in R&D expenditure', '基础研究占R&D经费的比重'),
      T('Percent; the dashed line is Guangdong', '%；虚线为广东'),
      basic,
      () =>
        structureTable(
          own.flatMap(({ some }) => latestStructures(some[0].region)),
          '',
        ),
    ),
  );
}

/** The structure of a region's R&D, year by year, by the newest edition of each. */
function latestStructures(code) {
  const own = rows('rd_structure_by_region').filter((row) => row.region === code && row.basic_share !== null);
  return ascending(own.map((row) => row.period)).map((year) => structuresOf(own, year)[0]);
}

/** A mart's amount in the unit that people read. */
function scaledFigure(row, unit, from) {
  const element = figureOf(row, 'value', undefined, from || (() => profileOrigin(row)));
  element.textContent = short(row.value * unit.factor);
  element.dataset.factor = unit.factor;
  return element;
}
