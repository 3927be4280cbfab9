/* The same by performing sector. */

const SECTOR = {
  total: ['All sectors', '全部'],
  enterprises: ['Enterprises', '企业'],
  industrial_enterprises: ['of which: industrial enterprises', '其中：规上工业企业'],
  research_institutes: ['Research institutes', '研究与开发机构'],
  higher_education: ['Higher education', '高等学校'],
  other_sectors: ['Others', '其他'],
};

function sectors(view) {
  const all = rows('rd_structure_by_sector').filter(
    (row) => row.period === view.year && ACTIVITIES.every((a) => row[`${a}_share`] !== null),
  );
  const heading = h('h2', { id: 'by-sector' }, T('By performing sector', '按执行部门'));
  const section = h('section', { 'aria-labelledby': 'by-sector' }, heading);
  if (!all.length) {
    section.append(
      lacking(
        T(
          `No source in this release divides the sectors’ spending of ${view.year} by activity.`,
          `本次发布没有${view.year}年各执行部门按活动类型划分的数据。`,
        ),
      ),
    );
    return section;
  }
  const order = Object.keys(SECTOR);
  const best = [...grouped(all, (row) => row.sector).values()]
    .map(
      (some) =>
        some.sort((a, b) => (a.basis === 'shares' ? 1 : 0) - (b.basis === 'shares' ? 1 : 0) || by('edition')(b, a))[0],
    )
    .sort((a, b) => order.indexOf(a.sector) - order.indexOf(b.sector));
  section.append(
    plot({
      name: `rd-structure-by-sector-${view.year}`,
      title: T(`Who does what kind of research, ${view.year}`, `${view.year}年各执行部门的研发构成`),
      subtitle: T('Percent of each sector’s R&D expenditure', '占各部门R&D经费的百分比'),
      make: (width) =>
        stacks({
          width,
          colours: ACTIVITY_COLOUR,
          stacks: best.map((row) => ({
            name: T(...(SECTOR[row.sector] || [row.sector, row.sector])),
            strong: row.sector === 'total',
            parts: ACTIVITIES.map((a) => sectorPart(row, a)),
          })),
        }),
      table: () => ({
        name: `rd-structure-by-sector-${view.year}`,
        title: T('R&D structure by performing sector', '按执行部门的R&D经费构成'),
        rows: best,
        parquet: 'rd_structure_by_sector',
        columns: [
          {
            id: 'sector',
            label: T('Sector', '执行部门'),
            value: (row) => T(...(SECTOR[row.sector] || [row.sector, row.sector])),
          },
          ...ACTIVITIES.map((a) => ({
            id: `${a}_share`,
            label: `${T(...ACTIVITY[a])}, %`,
            number: true,
            decimals: 2,
            from: (row) => sectorOrigin(row, a),
          })),
          { id: 'share_sum', label: T('Sum, %', '合计，%'), number: true, decimals: 2 },
          { id: 'edition', label: T('Source', '来源'), show: (row) => editionName(row.edition) },
        ],
      }),
    }),
    key(ACTIVITIES.map((a) => [ACTIVITY_COLOUR[a], T(...ACTIVITY[a])])),
  );
  return section;
}

function sectorPart(row, activity) {
  const value = row[`${activity}_share`];
  return {
    part: activity,
    value,
    text: num(value, 1),
    ink: `var(--on-${activity})`,
    label: `${T(...(SECTOR[row.sector] || [row.sector, row.sector]))}, ${T(...ACTIVITY[activity])}: ${num(value, 2)} %`,
    from: () => sectorOrigin(row, activity),
  };
}

function sectorOrigin(row, activity) {
  const stem = row.sector === 'total' ? '' : `.${row.sector}`;
  const codes =
    row.basis === 'shares'
      ? [`rd_share${stem}.${activity}`]
      : [
          `rd_expenditure${stem}.${activity}`,
          `rd_expenditure${stem}`,
          ...(row.sector === 'industrial_enterprises'
            ? [`industrial_enterprise_rd_expenditure.${activity}`, 'industrial_enterprise_rd_expenditure']
            : []),
        ];
  return origin(
    `${T(...(SECTOR[row.sector] || [row.sector, row.sector]))}, ${T(...ACTIVITY[activity])}, ${row.period}`,
    `${num(row[`${activity}_share`], 2)} %`,
    codes.flatMap((code) => observed(code, 'CN', row.period).filter((o) => o.edition === row.edition)),
    row.basis === 'shares'
      ? T('printed as a share', '按公布的占比')
      : T('its amount divided by the sector’s total', '该项金额 ÷ 该部门合计'),
  );
}
