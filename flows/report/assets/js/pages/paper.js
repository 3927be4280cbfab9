/* The paper: its five tables as printed and as computed, and each of its claims with the verdict. */

const VERDICT = {
  confirmed: ['confirmed', '证实', 'good'],
  confirmed_with_caveat: ['confirmed with a caveat', '有保留地证实', 'partly'],
  contradicted: ['contradicted', '不符', 'error'],
  not_testable: ['not testable', '无法检验', 'unknown'],
};

function verdict(code) {
  const [en, zh, kind] = VERDICT[code] || [code, code, 'unknown'];
  return badge(kind, T(en, zh));
}

pages.paper = async (parts, query) => {
  await need('observation', 'claim', 'rd_structure_by_region', 'cluster_weight', 'indicator_coverage');
  const views = [
    ['paper/claims', T('Claims', '论断'), rows('claim').length],
    ['paper/table-1', T('Table 1', '表1')],
    ['paper/table-2', T('Table 2', '表2')],
    ['paper/table-3', T('Table 3', '表3')],
    ['paper/table-4', T('Table 4', '表4')],
    ['paper/table-5', T('Table 5', '表5')],
  ];
  const present = views.some(([address]) => address === `paper/${parts[0]}`) ? parts[0] : 'claims';
  const drawn = {
    claims,
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`table-${n}`, (asked) => paperView(n, asked)])),
  };
  return [
    h('h1', {}, T('The paper, reproduced and judged', '论文的复现与检验')),
    h(
      'p',
      { class: 'intro' },
      T(
        'He Dongni and Yi Da: Overcoming middle-technology trap: role of regional science and technology innovation highlands. Bulletin of Chinese Academy of Sciences 2023, 38(11), 1685–1697, doi 10.16418/j.issn.1000-3045.20230730003.',
        '何冬妮、易达：《跨越“中等技术陷阱”：区域科创高地的角色与作用》，《中国科学院院刊》2023年第38卷第11期，1685–1697页，doi 10.16418/j.issn.1000-3045.20230730003。',
      ),
    ),
    subnav(T('Parts of the paper', '论文各部分'), views, `paper/${present}`),
    h('section', {}, drawn[present](query, parts[1])),
  ];
};

function claims(query, open) {
  const all = rows('claim');
  const head = h('h2', {}, T('Claims', '论断'));
  if (!all.length)
    return [
      head,
      lacking(
        T('This release judges no claims: the paper’s statements are not in it.', '本次发布没有对论文论断的检验。'),
      ),
    ];
  const view = { verdict: query.verdict in VERDICT ? query.verdict : '' };
  const status = h('p', { class: 'quiet', role: 'status' });
  const box = h('ol', { class: 'claims' });
  const statements = [...grouped(all, (row) => row.statement || row.claim).values()];
  const draw = () => {
    const some = statements.filter((readings) => !view.verdict || readings.some((row) => row.verdict === view.verdict));
    status.textContent = T(
      `${num(some.length)} of ${num(statements.length)} statements`,
      `${num(some.length)} / ${num(statements.length)} 条论断`,
    );
    box.replaceChildren(...some.map(claimItem));
  };
  draw();
  if (open) setTimeout(() => document.getElementById(`claim-${open}`)?.scrollIntoView({ block: 'start' }), 0);
  const present = Object.entries(VERDICT).filter(([code]) => all.some((row) => row.verdict === code));
  const total = (code) => all.filter((row) => row.verdict === code).length;
  return [
    head,
    h(
      'p',
      { class: 'quiet' },
      T(
        'A statement is judged in each reading that it allows; counts are of readings.',
        '论断按其可能的每种读法检验；计数为读法数。',
      ),
    ),
    controls(
      segments({
        label: T('Verdict', '结论'),
        options: [
          ['', T('All', '全部')],
          ...present.map(([code, [en, zh]]) => [code, `${T(en, zh)} (${num(total(code))})`]),
        ],
        value: view.verdict,
        change(v) {
          view.verdict = v;
          remember(['paper', 'claims'], view);
          draw();
        },
      }),
      downloads('claims', 'claim', () => csv([], all)),
    ),
    status,
    box,
  ];
}

/** A statement of the paper with its readings. */
function claimItem(readings) {
  const [first] = readings;
  return h(
    'li',
    { class: 'claim', id: `claim-${first.statement || first.claim}` },
    h(
      'p',
      { class: 'judged quiet' },
      /^\d/.test(first.section || '') ? `§ ${first.section}` : quoted(first.section),
      ' · ',
      h(
        'a',
        { href: link(['paper', 'claims', first.statement || first.claim]) },
        h('code', {}, first.statement || first.claim),
      ),
    ),
    h('h3', {}, quoted(T(first.statement_en, first.statement_zh) || first.claim)),
    page.language === 'zh' ? null : h('blockquote', { lang: 'zh-CN' }, first.statement_zh),
    h('ul', { class: 'readings' }, readings.map(reading)),
  );
}

function reading(row) {
  const field = (label, value) =>
    value === null || value === undefined || value === ''
      ? null
      : h('div', {}, h('dt', {}, label), h('dd', {}, quoted(value)));
  const words = T(row.reading_en, row.reading_zh);
  return h(
    'li',
    {},
    h('p', {}, verdict(row.verdict), ' ', words ? quoted(words) : null),
    h(
      'dl',
      {},
      field(T('The paper', '论文'), row.expected),
      field(T('The figures', '数据'), T(row.observed, row.observed_zh || row.observed)),
      field(
        row.verdict === 'not_testable' ? T('Would decide', '如何判断') : T('Remark', '说明'),
        T(row.remark, row.remark_zh),
      ),
      otherYears(row),
    ),
    row.evidence
      ? h(
          'details',
          {},
          h('summary', {}, T('The query behind it', '查询语句')),
          h('pre', { tabindex: 0 }, h('code', {}, row.evidence)),
        )
      : null,
  );
}

/** Whether the statement would hold if it were made of other years. */
function otherYears(row) {
  const years = rows('claim_by_year')
    .filter((one) => one.claim === row.claim)
    .sort(by('period'));
  if (years.length < 2) return null;
  return h(
    'div',
    {},
    h('dt', {}, T('Year by year', '历年')),
    h(
      'dd',
      {},
      h(
        'ul',
        { class: 'years' },
        years.map((one) =>
          h(
            'li',
            { class: one.is_papers_year ? 'own' : null },
            h(
              'span',
              { class: one.holds ? 'holds' : 'fails' },
              h('span', { 'aria-hidden': 'true' }, one.holds ? '✓ ' : '✗ '),
              String(one.period),
              h('span', { class: 'unseen' }, one.holds ? T(' holds', ' 成立') : T(' does not hold', ' 不成立')),
            ),
            h('span', { class: 'quiet' }, ' ', quoted(T(one.observed, one.observed_zh || one.observed))),
            one.remark
              ? h('span', { class: 'quiet' }, T(' (', '（'), quoted(T(one.remark, one.remark_zh || one.remark)), T(')', '）'))
              : null,
          ),
        ),
      ),
    ),
  );
}

/** One of the paper's tables with what belongs to it. */
function paperView(number, query) {
  const titles = [
    T('Table 1: the first twenty clusters of the world', '表1：全球科技集群前20位榜单'),
    T('Table 2: what the highlands are to become', '表2：部分区域科创高地的目标定位'),
    T('Table 3: what a highland is to be measured by', '表3：衡量区域科创高地的一般性指标'),
    T('Table 4: R&D expenditure by activity, nation and regions', '表4：全国与部分地区R&D经费支出构成'),
    T('Table 5: R&D expenditure by performing sector and activity', '表5：按执行部门分组的R&D经费内部支出'),
  ];
  return [
    h('h2', {}, titles[number - 1]),
    paperTable(number, titles[number - 1]),
    forensics(number),
    number === 3 ? coveragePlot(['paper', 'table-3'], query) : null,
    number === 1 ? weights() : null,
  ];
}
