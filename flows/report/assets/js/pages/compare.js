/* The paper's tables as printed, beside what the sources give, cell by cell: marts paper_table_1 to paper_table_5. */

const CELL_VERDICT = {
  equal: ['equal', '一致', 'good'],
  differs: ['differs', '不一致', 'error'],
  no_source: ['no source here', '库内无来源', 'unknown'],
};
const PAPER_COLUMN = {
  rank: ['Rank', '排名'],
  name: ['Cluster', '科技集群名称'],
  economy: ['Economy', '国家'],
  pct_applications: ['Patent applications', '专利申请（件）'],
  publications: ['Papers', '科研论文（篇）'],
  region: ['Region', '区域'],
  position: ['Target', '目标定位'],
  document: ['Plan', '规划文件'],
  dimension: ['Dimension', '科技创新'],
  content: ['Content', '内容描述'],
  indicator: ['Indicator', '具体指标'],
  sector: ['Sector', '执行部门'],
  basic_share: ['Basic research, %', '基础研究，%'],
  applied_share: ['Applied research, %', '应用研究，%'],
  experimental_share: ['Experimental development, %', '试验发展，%'],
};

function paperColumn(code) {
  return T(...(PAPER_COLUMN[code] || [code, code]));
}

function printedOrigin(cell) {
  return origin(
    `${cell.row_label}, ${paperColumn(cell.column_key)}`,
    null,
    [{ document: cell.document, sheet: cell.sheet, cell: cell.cell, edition: cell.edition, raw: cell.printed }],
    cell.difference === null
      ? null
      : T(
          `recomputed less printed: ${num(cell.difference, 4)}, allowed ${num(cell.tolerance)}`,
          `重算减原文：${num(cell.difference, 4)}，容许 ${num(cell.tolerance)}`,
        ),
  );
}

/** Where a recomputed number comes from: the structure marts, or the ranking. */
function recomputedOrigin(cell) {
  const activity = cell.column_key.replace('_share', '');
  if (ACTIVITIES.includes(activity)) {
    const mine = (row) => row.period === cell.period && row.edition === cell.source_edition;
    const place = rows('rd_structure_by_region').find((row) => row.region === cell.row_key && mine(row));
    if (place) return structureOrigin(place, activity);
    const sector = rows('rd_structure_by_sector').find((row) => row.sector === cell.row_key && mine(row));
    if (sector) return sectorOrigin(sector, activity);
  }
  return origin(
    `${cell.row_label}, ${paperColumn(cell.column_key)}`,
    num(cell.recomputed_value),
    observed(`cluster.${cell.column_key}`, cell.row_key, cell.period).filter((o) => o.edition === cell.source_edition),
  );
}

/** The columns of a printed table: text as it is, numbers printed and recomputed side by side. */
function paperColumns(cells) {
  return distinct(cells.map((cell) => cell.column_key)).flatMap((code) => {
    const number = cells.some((cell) => cell.column_key === code && cell.printed_value !== null);
    const decimals = code.endsWith('_share') ? 2 : 0;
    const printed = {
      id: code,
      label: number && code !== 'rank' ? `${paperColumn(code)}: ${T('printed', '论文')}` : paperColumn(code),
      number,
      wide: !number && /position|document/.test(code),
      value: (row) => (number ? row[code]?.printed_value : row[code]?.printed) ?? null,
      show: (row) =>
        row[code]
          ? [
              sourced(
                h(
                  'button',
                  {
                    type: 'button',
                    class: number ? 'number' : 'number text',
                    'data-mart': row[code]._mart,
                    'data-row': row[code]._row,
                    'data-column': 'printed',
                  },
                  quoted(row[code].printed),
                ),
                () => printedOrigin(row[code]),
              ),
              /^(region|sector|name)$/.test(code) ? inEnglish(row[code]) : null,
            ]
          : '',
    };
    if (!number || !cells.some((cell) => cell.column_key === code && cell.recomputed_value !== null)) return [printed];
    const recomputed = {
      id: `${code}_recomputed`,
      label: T('recomputed', '重算'),
      number: true,
      value: (row) => row[code]?.recomputed_value ?? null,
      show: (row) =>
        row[code]
          ? figureOf(
              row[code],
              'recomputed_value',
              decimals,
              row[code].recomputed_value === null ? null : () => recomputedOrigin(row[code]),
            )
          : '',
    };
    return [printed, recomputed];
  });
}

/** The English name of what a row of the paper is about. */
function inEnglish(cell) {
  if (page.language === 'zh') return null;
  const name = region(cell.row_key) ? regionName(cell.row_key) : (SECTOR[cell.row_key] || [])[0];
  return name && name !== cell.printed ? h('span', { class: 'quiet line' }, name) : null;
}

/** A table of the paper, cell by cell, with the verdict on each row. */
function paperTable(number, title) {
  const name = `paper_table_${number}`;
  const cells = rows(name);
  if (!cells.length)
    return lacking(T(`The paper’s table ${number} is not in this release.`, `本次发布未收录论文表${number}。`));
  const some = [...grouped(cells, (cell) => `${cell.document}|${cell.position}`).values()].map((own) => ({
    place: own[0].position,
    verdicts: distinct(own.map((cell) => cell.verdict)),
    ...Object.fromEntries(own.map((cell) => [cell.column_key, cell])),
  }));
  const worst = (row) => ['differs', 'equal', 'no_source'].find((verdict) => row.verdicts.includes(verdict)) || '';
  const judged = cells.some((cell) => cell.printed_value !== null);
  const shares = ACTIVITIES.map((a) => `${a}_share`);
  const total = (row) => shares.reduce((all, code) => all + (row[code]?.printed_value ?? 0), 0);
  const sums = {
    id: 'sum',
    label: T('Sum printed', '论文合计'),
    number: true,
    value: total,
    show: (row) =>
      h(
        'span',
        { class: Math.abs(total(row) - 100) > 0.016 ? 'number odd' : 'number', 'data-computed': 'sum' },
        num(total(row), 2),
      ),
  };
  const verdict = {
    id: 'verdict',
    label: T('Verdict', '结论'),
    value: worst,
    show: (row) => {
      const [en, zh, kind] = CELL_VERDICT[worst(row)] || ['', '', 'unknown'];
      return en ? badge(kind, T(en, zh)) : '';
    },
  };
  return grid({
    name: name.replaceAll('_', '-'),
    title,
    rows: some,
    search: false,
    length: 50,
    parquet: name,
    columns: [
      ...paperColumns(cells),
      ...(cells.some((cell) => shares.includes(cell.column_key)) ? [sums] : []),
      ...(judged ? [verdict] : []),
    ],
  });
}

/** Why rows of a table don't add to 100: the cells of the source that don't add up either. */
function forensics(number) {
  const some = rows('share_forensics').filter((row) => row.table_number === number);
  if (!some.length) return null;
  const cellOf = (row) => [
    { document: row.document, sheet: row.sheet, cell: row.cell, edition: row.cause_edition, raw: num(row.cause_value) },
  ];
  const part = (row) =>
    ACTIVITY[row.cause_part]
      ? T(...ACTIVITY[row.cause_part])
      : row.cause_part === 'total'
        ? T('total', '合计')
        : row.cause_part || '';
  return h(
    'div',
    {},
    h('h3', {}, T('Why these rows do not add to 100', '为何这些行之和不等于100')),
    h(
      'p',
      { class: 'quiet' },
      T(
        'A sum that is off by more than its rounding is traced to the cells of the cited yearbook that do not add up either.',
        '占比之和的偏差超出舍入误差时，追溯到所引年鉴中同样不闭合的单元格。',
      ),
    ),
    grid({
      name: `share-forensics-${number}`,
      title: T('Causes in the source', '来源中的原因'),
      rows: some,
      search: false,
      parquet: 'share_forensics',
      length: 40,
      columns: [
        { id: 'row_label', label: T('Row of the paper', '论文行') },
        { id: 'share_sum', label: T('Sum printed', '论文合计'), number: true, decimals: 2 },
        { id: 'excess', label: T('Off by, points', '偏差（百分点）'), number: true, decimals: 2 },
        {
          id: 'cause',
          label: T('Slip in the source', '来源中的差错'),
          value: (row) => [T(row.cause_name_en, row.cause_name_zh), part(row)].filter(Boolean).join(', '),
        },
        {
          id: 'cause_value',
          label: T('Cell, 10 000 yuan', '单元格，万元'),
          number: true,
          decimals: 1,
          from: (row) =>
            origin(`${T(row.cause_name_en, row.cause_name_zh)}, ${part(row)}`, num(row.cause_value), cellOf(row)),
        },
        { id: 'cause_amount', label: T('Parts exceed total by', '分项超出合计'), number: true, decimals: 1 },
        { id: 'explained_excess', label: T('which makes, points', '折合百分点'), number: true, decimals: 3 },
        {
          id: 'is_explained',
          label: T('Explained', '能否解释'),
          value: (row) => (row.is_explained ? T('yes', '是') : T('no', '否')),
          show: (row) =>
            badge(row.is_explained ? 'good' : 'warning', row.is_explained ? T('yes', '是') : T('no', '否')),
        },
      ],
    }),
  );
}
