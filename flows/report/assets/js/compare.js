/* What the paper prints beside what the sources give, number by number. */

/** Whether a recomputed number is the printed one at the printed digits. */
function agrees(printed, computed) {
  if (computed === null || computed === undefined) return null;
  const half = (printed.resolution || 0.01) / 2;
  return Math.abs(printed.value - computed) <= half * (1 + 1e-9);
}

function mark(verdict) {
  if (verdict === null) return h('span', { class: 'quiet' }, T('not in the sources', '来源中无'));
  return verdict ? badge('good', T('equal', '一致')) : badge('warning', T('differs', '不一致'));
}

/** One row a printed place, three pairs of numbers. columns: [activity, printed(row), computed(row)]. */
function pairs({ name, title, note, rows: some, label, first }) {
  const pair = (activity) => [
    { id: `${activity}_printed`, label: `${T(...ACTIVITY[activity])}: ${T('printed', '论文')}`, number: true, value: (row) => row.printed[activity]?.value ?? null,
      show: (row) => (row.printed[activity] ? figureOf(row.printed[activity], 'value', 2, () => originOf(row.printed[activity])) : '') },
    { id: `${activity}_computed`, label: T('computed', '计算'), number: true, value: (row) => row.computed?.[`${activity}_share`] ?? null,
      show: (row) => (row.computed ? figureOf(row.computed, `${activity}_share`, 2, () => row.origin(row.computed, activity)) : '–') },
  ];
  const verdictOf = (row) => {
    const each = ACTIVITIES.filter((a) => row.printed[a]).map((a) => agrees(row.printed[a], row.computed?.[`${a}_share`]));
    return each.includes(null) || !each.length ? null : each.every(Boolean);
  };
  const printedSum = (row) => ACTIVITIES.reduce((total, a) => total + (row.printed[a]?.value ?? 0), 0);
  return h('div', {}, h('h3', {}, title), note ? h('p', { class: 'quiet' }, note) : null, grid({
    name, title, rows: some, search: false, length: 50,
    columns: [
      { id: 'place', label: first, value: label, show: label }, ...ACTIVITIES.flatMap(pair),
      { id: 'printed_sum', label: T('Sum printed', '论文合计'), number: true, value: printedSum, show: (row) => h('span', { class: Math.abs(printedSum(row) - 100) > 0.016 ? 'number odd' : 'number' }, num(printedSum(row), 2)) },
      { id: 'verdict', label: T('Verdict', '结论'), value: (row) => String(verdictOf(row)), show: (row) => mark(verdictOf(row)) },
    ],
  }));
}

function comparison4() {
  const printed = rows('observation').filter((row) => /^rd_share\.(basic|applied|experimental)$/.test(row.indicator) && (row.edition || '').startsWith('paper/'));
  const groups = grouped(printed, (row) => `${row.edition}|${row.region}|${row.period}`);
  const some = [...groups.values()].map((group) => {
    const one = group[0];
    const computed = rows('rd_structure_by_region').filter((row) => row.region === one.region && row.period === one.period && row.basis !== 'shares')
      .sort((a, b) => Number((b.edition || '').startsWith('st-')) - Number((a.edition || '').startsWith('st-')) || by('edition')(b, a))[0];
    return { region: one.region, period: one.period, printed: byActivity(group), computed, origin: structureOrigin };
  }).sort((a, b) => printedOrder(a.printed) - printedOrder(b.printed));
  if (!some.length) return lacking(T('The paper’s table 4 is not in this release.', '本次发布未收录论文表4。'));
  return pairs({
    name: 'paper-table-4', title: T(`Table 4: R&D expenditure by activity, nation and regions, ${some[0].period}`, `表4：${some[0].period}年全国与部分地区R&D经费支出构成`), rows: some,
    note: T('Percent. Where the printed shares do not add to 100 within their rounding, the source’s parts do not add to its total: see Quality.', '单位：%。论文占比之和偏离100且超出舍入误差的，系来源中分项与合计不符所致，见“质量”。'),
    first: T('Region', '区域'), label: (row) => regionName(row.region),
  });
}

function comparison5() {
  const printed = rows('observation').filter((row) => row.indicator.startsWith('rd_share.') && (row.edition || '').startsWith('paper/') && row.region === 'CN');
  const sectorOf = (row) => { const parts = row.indicator.split('.'); return parts.length === 2 ? 'total' : parts[1]; };
  const some = [...grouped(printed, (row) => `${row.edition}|${sectorOf(row)}|${row.period}`).values()].map((group) => {
    const one = group[0];
    const computed = rows('rd_structure_by_sector').filter((row) => row.sector === sectorOf(one) && row.period === one.period && row.basis !== 'shares' && row.basic_share !== null)
      .sort((a, b) => Number((b.edition || '').startsWith('st-')) - Number((a.edition || '').startsWith('st-')) || by('edition')(b, a))[0];
    return { sector: sectorOf(one), period: one.period, printed: byActivity(group), computed, origin: sectorOrigin };
  }).sort((a, b) => Object.keys(SECTOR).indexOf(a.sector) - Object.keys(SECTOR).indexOf(b.sector));
  if (!some.length) return lacking(T('The paper’s table 5 is not in this release.', '本次发布未收录论文表5。'));
  return pairs({
    name: 'paper-table-5', title: T(`Table 5: R&D expenditure by performing sector and activity, ${some[0].period}`, `表5：${some[0].period}年按执行部门分组的R&D经费内部支出`), rows: some,
    first: T('Sector', '执行部门'), label: (row) => T(...SECTOR[row.sector] || [row.sector, row.sector]),
  });
}

function byActivity(group) { return Object.fromEntries(group.map((row) => [row.indicator.split('.').pop(), row])); }

/** The place in the printed table, from the cell of its first number. */
function printedOrder(printed) { return Number((printed.basic?.cell || '').replace(/\D/g, '')) || 0; }
