/* Which numbers later editions restated, and by how much. */

function revisions() {
  const moved = rows('revision_moved');
  const head = h('h2', {}, T('Revisions', '修订'));
  const counts = rows('revision_count').filter((row) =>
    ['revised', 'rounding', 'withdrawn', 'unchanged'].includes(row.kind),
  );
  if (!counts.length)
    return [
      head,
      lacking(T('No two editions in this release print the same number.', '本次发布中没有两个版本重复公布同一数值。')),
    ];
  const kinds = ['unchanged', 'rounding', 'revised', 'withdrawn'];
  const colours = {
    unchanged: 'var(--none)',
    rounding: 'var(--seq-2)',
    revised: 'var(--seq-5)',
    withdrawn: 'var(--bad)',
  };
  const byEdition = [...grouped(counts, (row) => row.to_edition)].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return [
    head,
    h(
      'p',
      { class: 'quiet' },
      T(
        'Numbers that a later edition of the same series prints again: unchanged, different by rounding only, revised, or withdrawn.',
        '同一系列后一版本再次公布的数值：未变、仅舍入不同、修订或撤下。',
      ),
    ),
    plot({
      name: 'revisions',
      title: T('What became of reprinted numbers', '重复公布的数值的变化'),
      subtitle: T('Percent of the numbers that each edition reprints', '占各版本重复公布数值的百分比'),
      make: (width) =>
        stacks({
          width,
          colours,
          stacks: byEdition.map(([e, some]) => ({
            name: editionName(e),
            parts: kinds
              .map((kind) => {
                const row = some.find((r) => r.kind === kind);
                const value = row ? (100 * row.numbers) / sum(some) : 0;
                return {
                  part: kind,
                  value,
                  exact: row ? row.numbers : 0,
                  kind,
                  edition: e,
                  text: row ? num(row.numbers) : '',
                  ink: kind === 'revised' ? 'var(--on-seq-5)' : kind === 'withdrawn' ? 'var(--page)' : 'var(--ink)',
                  label: `${editionName(e)}: ${num(row ? row.numbers : 0)} ${T(...KIND[kind])}`,
                };
              })
              .filter((p) => p.value > 0),
          })),
        }),
      table: () => ({
        name: 'revision-counts',
        title: T('Revisions by edition', '各版本修订情况'),
        rows: counts,
        columns: [
          { id: 'to_edition', label: T('Edition', '版本'), value: (row) => editionName(row.to_edition) },
          { id: 'kind', label: T('Kind', '类型'), value: (row) => T(...KIND[row.kind]) },
          { id: 'numbers', label: T('Numbers', '数值数'), number: true, decimals: 0 },
        ],
      }),
    }),
    key(kinds.map((kind) => [colours[kind], T(...KIND[kind])])),
    h('h3', {}, T('Number by number', '逐项')),
    grid({
      name: 'revisions',
      title: T('Numbers that moved', '变动的数值'),
      rows: moved,
      sort: '-size',
      parquet: 'revision',
      columns: [
        { id: 'indicator', label: T('Indicator', '指标'), value: (row) => indicatorName(row.indicator) },
        { id: 'region', label: T('Region', '地区'), value: (row) => regionName(row.region) },
        { id: 'period', label: T('Year', '年份'), number: true, show: (row) => String(row.period) },
        { id: 'from_edition', label: T('From', '自'), value: (row) => editionName(row.from_edition) },
        { id: 'to_edition', label: T('To', '至'), value: (row) => editionName(row.to_edition) },
        {
          id: 'old_value',
          label: T('Was', '原值'),
          number: true,
          decimals: (row) => printedDecimals(row, row.from_edition),
          from: (row) => revisionOrigin(row),
        },
        {
          id: 'new_value',
          label: T('Is', '现值'),
          number: true,
          decimals: (row) => printedDecimals(row, row.to_edition),
          from: (row) => revisionOrigin(row),
        },
        {
          id: 'size',
          label: T('Change, %', '变动，%'),
          number: true,
          value: (row) => (row.change_percent === null ? null : Math.abs(row.change_percent)),
          show: (row) => figureOf(row, 'change_percent', 2),
        },
        { id: 'kind', label: T('Kind', '类型'), show: (row) => badge(row.kind, T(...KIND[row.kind])) },
      ],
    }),
  ];
}

/** The decimals with which an edition prints a number that was revised. */
function printedDecimals(row, code) {
  return decimalsOf(observed(row.indicator, row.region, row.period).find((o) => o.edition === code));
}

function revisionOrigin(row) {
  return origin(
    `${indicatorName(row.indicator)}, ${regionName(row.region)}, ${row.period}`,
    `${num(row.old_value)} → ${row.new_value === null ? T('withdrawn', '撤下') : num(row.new_value)}`,
    observed(row.indicator, row.region, row.period)
      .filter((o) => [row.from_edition, row.to_edition].includes(o.edition))
      .sort(by('edition')),
  );
}
