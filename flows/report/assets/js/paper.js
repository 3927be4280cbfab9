/* The paper: its five tables as printed and as computed, and each of its claims with the verdict. */

const VERDICT = { confirmed: ['confirmed', '证实', 'good'], confirmed_with_caveat: ['confirmed with a caveat', '有保留地证实', 'partly'], contradicted: ['contradicted', '不符', 'error'], not_testable: ['not testable', '无法检验', 'unknown'] };

function verdict(code) { const [en, zh, kind] = VERDICT[code] || [code, code, 'unknown']; return badge(kind, T(en, zh)); }

pages.paper = async (parts) => {
  await need('observation', 'highland_target', 'indicator_framework', 'claim', 'rd_structure_by_region', 'rd_structure_by_sector', 'cluster_ranking', 'indicator_coverage', 'dictionary');
  const views = [['paper/claims', T('Claims', '论断'), rows('claim').length], ['paper/table-1', T('Table 1', '表1')], ['paper/table-2', T('Table 2', '表2')], ['paper/table-3', T('Table 3', '表3')], ['paper/table-4', T('Table 4', '表4')], ['paper/table-5', T('Table 5', '表5')]];
  const present = views.some(([address]) => address === `paper/${parts[0]}`) ? parts[0] : 'claims';
  const drawn = { claims: claims, 'table-1': table1, 'table-2': table2, 'table-3': table3, 'table-4': () => [h('h2', {}, T('Table 4', '表4')), comparison4()], 'table-5': () => [h('h2', {}, T('Table 5', '表5')), comparison5()] };
  return [h('h1', {}, T('The paper, reproduced and judged', '论文的复现与检验')),
    h('p', { class: 'intro' }, T('He Dongni and Yi Da: Overcoming middle-technology trap: role of regional science and technology innovation highlands. Bulletin of Chinese Academy of Sciences 2023, 38(11), 1685–1697, doi 10.16418/j.issn.1000-3045.20230730003.', '何冬妮、易达：《跨越“中等技术陷阱”：区域科创高地的角色与作用》，《中国科学院院刊》2023年第38卷第11期，1685–1697页，doi 10.16418/j.issn.1000-3045.20230730003。')),
    subnav(T('Parts of the paper', '论文各部分'), views, `paper/${present}`), h('section', {}, drawn[present]())];
};

function claims() {
  const all = rows('claim');
  const head = h('h2', {}, T('Claims', '论断'));
  if (!all.length) return [head, lacking(T('This release judges no claims: the paper’s statements are not in it.', '本次发布没有对论文论断的检验。'))];
  const view = { verdict: '' };
  const box = h('ol', { class: 'claims' });
  const draw = () => box.replaceChildren(...all.filter((row) => !view.verdict || row.verdict === view.verdict).map(claimItem));
  draw();
  const present = distinct(all.map((row) => row.verdict));
  return [head, controls(segments({ label: T('Verdict', '结论'), options: [['', T('All', '全部')], ...Object.entries(VERDICT).filter(([code]) => present.includes(code)).map(([code, [en, zh]]) => [code, T(en, zh)])], value: '', change(v) { view.verdict = v; draw(); } }),
    downloads('claims', 'claim', () => csv(Object.keys(all[0]).filter((c) => !c.startsWith('_')).map((id) => ({ id })), all))), box];
}

function claimItem(row) {
  const field = (label, value) => (value === null || value === undefined || value === '' ? null : h('div', {}, h('dt', {}, label), h('dd', {}, quoted(value))));
  const more = Object.keys(row).filter((c) => !c.startsWith('_') && !['claim', 'section', 'statement_zh', 'statement_en', 'expected', 'observed', 'verdict', 'evidence'].includes(c) && row[c] !== null && row[c] !== '');
  const printed = page.language === 'zh' ? null : row.statement_zh;
  const evidence = row.evidence && /^\s*(select|with|from)\b/i.test(row.evidence);
  return h('li', { class: 'claim', id: `claim-${row.claim}` }, h('p', { class: 'judged' }, verdict(row.verdict), ' ', h('code', {}, row.claim), row.section ? h('span', { class: 'quiet' }, ' § ', row.section) : null),
    h('h3', {}, quoted(T(row.statement_en, row.statement_zh) || row.claim)), printed ? h('blockquote', { lang: 'zh-CN' }, printed) : null,
    h('dl', {}, field(T('Stated', '论文'), row.expected), field(T('Found', '数据'), row.observed), evidence ? null : field(T('Evidence', '依据'), row.evidence), more.map((c) => field(told('claim', c), row[c]))),
    evidence ? h('details', {}, h('summary', {}, T('The query behind it', '查询语句')), h('pre', {}, h('code', {}, row.evidence))) : null);
}

function table1() {
  const printed = grouped(rows('observation').filter((row) => row.indicator.startsWith('cluster.') && (row.edition || '').startsWith('paper/')), (row) => row.region);
  const head = h('h2', {}, T('Table 1: the first twenty clusters', '表1：全球科技集群前20位'));
  if (!printed.size) return [head, lacking(T('The paper’s table 1 is not in this release.', '本次发布未收录论文表1。'))];
  const some = [...printed].map(([code, own]) => {
    const pick = (name) => own.find((row) => row.indicator === `cluster.${name}`);
    const source = (name) => observed(`cluster.${name}`, code, own[0].period).find((row) => !(row.edition || '').startsWith('paper/'));
    return { code, rank: pick('rank'), pct: pick('pct_applications'), pub: pick('publications'), source };
  }).sort((a, b) => (a.rank?.value ?? 99) - (b.rank?.value ?? 99));
  const number = (id, label, get) => ({ id, label, number: true, value: (row) => get(row)?.value ?? null, show: (row) => { const one = get(row); return one ? figureOf(one, 'value', 0, () => originOf(one)) : '–'; } });
  const same = (row) => ['rank', 'pct_applications', 'publications'].map((name) => [name, row.source(name)]).filter(([, s]) => s).map(([name, s]) => s.value === { rank: row.rank, pct_applications: row.pct, publications: row.pub }[name]?.value);
  return [head, grid({
    name: 'paper-table-1', title: T('Table 1 as printed, beside the source', '表1（论文）与来源对照'), rows: some, sort: '', search: false, length: 40, parquet: 'observation',
    columns: [number('rank', T('Rank', '排名'), (row) => row.rank), { id: 'cluster', label: T('Cluster', '集群'), value: (row) => regionName(row.code) }, number('pct', T('Patents: printed', '专利：论文'), (row) => row.pct), number('pct_source', T('source', '来源'), (row) => row.source('pct_applications')),
      number('pub', T('Papers: printed', '论文数：论文'), (row) => row.pub), number('pub_source', T('source', '来源'), (row) => row.source('publications')), { id: 'verdict', label: T('Verdict', '结论'), value: (row) => String(same(row).every(Boolean)), show: (row) => mark(same(row).length ? same(row).every(Boolean) : null) }],
  })];
}

function table2() {
  const some = rows('highland_target');
  return [h('h2', {}, T('Table 2: what the highlands are to become', '表2：部分区域科创高地的目标定位')), some.length ? targetTable(some, 'paper-table-2', T('Table 2 as printed', '表2（按原文）')) : lacking(T('The paper’s table 2 is not in this release.', '本次发布未收录论文表2。'))];
}

function table3() {
  const some = rows('indicator_framework');
  const coverage = coveragePlot();
  return [h('h2', {}, T('Table 3: what a highland should be measured by', '表3：衡量科创高地的一般性指标')),
    some.length ? grid({ name: 'paper-table-3', title: T('Table 3 as printed', '表3（按原文）'), rows: some, search: false, parquet: 'indicator_framework', length: 40, columns: [{ id: 'dimension', label: T('Dimension', '科技创新') }, { id: 'content', label: T('Content', '内容描述') }, { id: 'measure', label: T('Indicator', '具体指标') }] }) : lacking(T('The paper’s table 3 is not in this release.', '本次发布未收录论文表3。')), coverage];
}
