/* A region's series, and the ranking of a year. */

/** The data year from which a zone has its members: totals of the same name before are of other provinces. */
function zoneSince(code) {
  if (region(code)?.kind !== 'zone') return -Infinity;
  const years = rows('region_member').filter((row) => row.region === code && row.valid_from);
  return years.length ? Math.min(...years.map((row) => row.valid_from)) : -Infinity;
}

function seriesPlot(view, span) {
  const unit = readable(indicator(view.indicator) || {});
  const colours = coloursFor(view.regions);
  const present = view.regions.filter((code) => span.some((row) => row.region === code));
  if (!present.length) return lacking(T('No figures for these regions and years.', '所选地区与年份没有数据。'));
  const pointOf = (row) => ({
    period: row.period,
    value: row.value * unit.factor,
    exact: row.value,
    edition: row.edition,
    region: row.region,
    label: `${regionName(row.region)}, ${row.period}: ${amount(row.value, decimalsOf(row), indicator(row.indicator))} (${editionName(row.edition)})`,
    from: () => originOf(row),
  });
  const broken = new Set();
  const series = present.flatMap((code) => {
    const own = span.filter((row) => row.region === code).sort(by('period', 'edition'));
    const look = { colour: colours[code], strong: true };
    const newest = own.filter((row) => row.is_latest);
    const since = zoneSince(code);
    const before = newest.filter((row) => row.period < since);
    const latest = [
      ...(before.length ? [{ ...look, key: `${code} before`, name: null, points: before.map(pointOf) }] : []),
      { ...look, key: code, name: regionName(code), points: newest.slice(before.length).map(pointOf) },
    ].filter((one) => one.points.length);
    if (before.length) broken.add(since);
    if (!view.vintages) return latest;
    const older = [...grouped(own, (row) => row.edition)]
      .filter(([, some]) => some.some((row) => !row.is_latest))
      .map(([e, some]) => ({
        key: `${code} ${e}`,
        name: null,
        colour: colours[code],
        dashed: true,
        points: some.map(pointOf),
      }));
    return [...older, ...latest];
  });
  return plot({
    name: `${view.indicator}-series`,
    title: T('Over the years', '历年'),
    subtitle:
      unit.name +
      (view.vintages
        ? T('; dashed: as printed by each edition that was later revised or reprinted', '；虚线为各版本当时公布的数值')
        : '') +
      [...broken]
        .map((year) => T(`; before ${year} the zones have other provinces`, `；${year}年以前各地带所含省份不同`))
        .join(''),
    make: (width) => lines({ width, height: 360, series }),
    table: () => ({
      name: `${view.indicator}-series`,
      title: indicatorName(view.indicator),
      rows: span.filter((row) => present.includes(row.region) && (view.vintages || row.is_latest)),
      sort: '-period',
      parquet: 'observation',
      length: 25,
      columns: [
        { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) },
        { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
        { id: 'value', label: unitOf(indicator(view.indicator)), number: true, decimals: decimalsOf, from: originOf },
        { id: 'edition', label: T('Edition', '版本'), show: (row) => editionName(row.edition) },
        { id: 'is_latest', label: T('Latest', '最新'), value: (row) => (row.is_latest ? T('yes', '是') : '') },
      ],
    }),
  });
}

function yearViews(view, all, redrawAll) {
  const years = ascending(all.map((row) => row.period));
  if (!years.length) return null;
  const year = years.includes(view.year) ? view.year : years[years.length - 1];
  const box = h('div', { class: 'beside' });
  const draw = (chosen) => {
    const some = all.filter((row) => row.is_latest && row.period === chosen);
    const toggle = (code) => {
      const at = view.regions.indexOf(code);
      if (at < 0) view.regions.push(code);
      else view.regions.splice(at, 1);
      redrawAll();
    };
    swap(box, tileMap(view, some, chosen, toggle), ranking(view, some, chosen));
  };
  draw(year);
  return h(
    'section',
    { 'aria-labelledby': 'one-year' },
    h('h2', { id: 'one-year' }, T('In one year', '单年比较')),
    controls(
      slider({
        label: T('Year', '年份'),
        values: years,
        value: year,
        change(chosen) {
          view.year = chosen;
          remember(['regions', view.regions.join(','), view.indicator], {
            year: chosen,
            from: view.from,
            to: view.to,
            vintages: view.vintages ? 1 : null,
          });
          draw(chosen);
        },
      }),
    ),
    box,
  );
}

function ranking(view, some, year) {
  const kinds = new Map(rows('region').map((row) => [row.region, row.kind]));
  const provinces = some.filter((row) => kinds.get(row.region) === 'province').sort((a, b) => b.value - a.value);
  const shown_ = provinces.length
    ? provinces
    : some.filter((row) => KINDS[kinds.get(row.region)]).sort((a, b) => b.value - a.value);
  if (!shown_.length) return lacking(T('No figures of this year.', '该年份没有数据。'));
  const unit = readable(indicator(view.indicator) || {});
  return plot({
    name: `${view.indicator}-${year}`,
    title: T(`Ranked, ${year}`, `${year}年排序`),
    subtitle: unit.name,
    make: (width) =>
      bars({
        width,
        row: 22,
        bars: shown_.map((row) => ({
          name: regionName(row.region),
          region: row.region,
          value: row.value * unit.factor,
          exact: row.value,
          text: short(row.value * unit.factor),
          colour: colourOf(row.region),
          label: `${regionName(row.region)}: ${amount(row.value, decimalsOf(row), indicator(row.indicator))}`,
          from: () => originOf(row),
        })),
      }),
    table: () => ({
      name: `${view.indicator}-${year}`,
      title: `${indicatorName(view.indicator)}, ${year}`,
      rows: some,
      sort: '-value',
      parquet: 'observation',
      length: 50,
      columns: [
        { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) },
        { id: 'value', label: unitOf(indicator(view.indicator)), number: true, decimals: decimalsOf, from: originOf },
        { id: 'edition', label: T('Edition', '版本'), show: (row) => editionName(row.edition) },
      ],
    }),
  });
}
