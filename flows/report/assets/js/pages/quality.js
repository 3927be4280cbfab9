/* What the checks found. */

pages.quality = async (parts, query) => {
  await need('finding', 'quarantine', 'correction', 'change', 'revision_moved', 'indicator_coverage', 'observation');
  const views = [
    ['quality/findings', T('Findings', '检查发现'), rows('finding').length],
    ['quality/checks', T('By check', '按检查项')],
    ['quality/quarantine', T('Quarantine', '隔离'), rows('quarantine').length],
    ['quality/corrections', T('Corrections', '更正'), rows('correction').length],
    ['quality/revisions', T('Revisions', '修订'), rows('revision_moved').length],
    ['quality/changes', T('Since the last release', '本次变更'), rows('change').length],
    ['quality/coverage', T('Coverage', '覆盖')],
    ['quality/documents', T('Documents', '文件'), rows('document').length],
  ];
  const drawn = {
    findings,
    checks: byCheck,
    quarantine,
    corrections,
    revisions,
    changes: changeList,
    coverage,
    documents,
  };
  const present = drawn[parts[0]] ? parts[0] : 'findings';
  return [
    h('h1', {}, T('Quality', '质量')),
    h(
      'p',
      { class: 'intro' },
      T(
        'Parts must add to totals, provinces to the nation, one edition must agree with another within the digits it prints. What does not is listed here. ',
        '分项之和应等于合计，各省之和应等于全国，不同版本在公布位数内应一致；不一致之处均列于此。',
      ),
      h(
        'a',
        { href: '../data_docs/index.html' },
        T('All expectations are in the Data Docs.', '全部数据检查见 Data Docs。'),
      ),
    ),
    subnav(T('Parts of the quality report', '质量报告各部分'), views, `quality/${present}`),
    h('section', {}, drawn[present](query)),
  ];
};

/** Where a finding is, in one cell: table, edition, year, indicator, region. */
const somewhere = {
  id: 'where',
  label: T_('Where', '位置'),
  wide: true,
  value: (row) => placeWords(row).join(' '),
  show: (row) =>
    placeWords(row).map((words, n) =>
      h('span', { class: n ? 'quiet line' : 'line' }, n ? quoted(words) : placeLink(row, words)),
    ),
};

function placeWords(row) {
  return [
    [row.indicator ? indicatorName(row.indicator) : '', row.region ? regionName(row.region) : '', row.period]
      .filter(Boolean)
      .join(', '),
    [row.table, editionName(row.edition)].filter(Boolean).join(' · '),
    row.document ? [documentName(row.document), row.sheet, row.cell].filter(Boolean).join(' · ') : '',
  ].filter(Boolean);
}

/** The first words of a place, with a link to the series where there is one. */
function placeLink(row, words) {
  const known = row.indicator && row.region && KINDS[region(row.region)?.kind];
  if (!known || !index('observation', 'indicator').has(row.indicator)) return quoted(words);
  return h(
    'a',
    { href: link(['regions', row.region, row.indicator], { vintages: 1, year: row.period }) },
    quoted(words),
  );
}

const SERIOUS = { error: 0, warning: 1, info: 2 };

function T_(en, zh) {
  return () => T(en, zh);
}

function inWords(columns) {
  return columns.map((c) => ({ ...c, label: typeof c.label === 'function' ? c.label() : c.label }));
}

const STATUSES = { open: false, explained: true };

function findings(query) {
  const all = rows('finding');
  const head = h('h2', {}, T('Findings', '检查发现'));
  if (isMissing('finding')) return [head, lacking(T('This release has no findings mart.', '本次发布没有检查发现表。'))];
  const view = {
    severity: query.severity in SERIOUS ? query.severity : '',
    status: query.status in STATUSES ? query.status : '',
  };
  const box = h('div', {});
  const draw = () =>
    box.replaceChildren(
      grid({
        name: 'findings',
        title: T('Findings', '检查发现'),
        parquet: 'finding',
        length: 25,
        rows: all.filter(
          (row) =>
            (!view.severity || row.severity === view.severity) &&
            (!view.status || row.acknowledged === STATUSES[view.status]),
        ),
        sort: 'severity',
        columns: inWords([
          {
            id: 'severity',
            label: T('Severity', '程度'),
            value: (row) => SERIOUS[row.severity],
            show: (row) => severity(row.severity),
          },
          {
            id: 'message',
            label: T('What was found', '内容'),
            wide: true,
            show: (row) => [quoted(row.message), h('code', { class: 'quiet line' }, row.check)],
          },
          somewhere,
          { id: 'residual', label: T('Off by', '偏差'), number: true, decimals: (row) => tidy(row.residual) },
          { id: 'tolerance', label: T('Allowed', '容许'), number: true, decimals: (row) => tidy(row.tolerance) },
          { id: 'reason', label: T('Explained by', '说明'), wide: true },
        ]),
      }),
    );
  draw();
  return [
    head,
    controls(
      segments({
        label: T('Severity', '程度'),
        options: [
          ['', T('All', '全部')],
          ['error', T('Errors', '错误')],
          ['warning', T('Warnings', '警告')],
          ['info', T('Notes', '提示')],
        ],
        value: view.severity,
        change(v) {
          view.severity = v;
          remember(['quality', 'findings'], view);
          draw();
        },
      }),
      segments({
        label: T('Status', '状态'),
        options: [
          ['', T('All', '全部')],
          ['open', T('Open', '未解释')],
          ['explained', T('Explained', '已说明')],
        ],
        value: view.status,
        change(v) {
          view.status = v;
          remember(['quality', 'findings'], view);
          draw();
        },
      }),
    ),
    box,
  ];
}
