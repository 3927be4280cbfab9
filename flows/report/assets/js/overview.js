/* What is in the release, how fresh and how sound it is, and what changed since the last one. */

pages.overview = () => [
  h('header', { class: 'lead' },
    h('p', { class: 'kicker' }, T('Regional science and technology statistics of China', '中国区域科技统计')),
    h('h1', {}, T('Every figure, down to the cell it was printed in', '每一个数字，都能追溯到它的单元格')),
    h('p', {}, T('Yearbooks, bulletins and rankings, read cell by cell, checked against each other and kept edition by edition. The highlands are the regions that a paper of 2023 sees as the way out of the middle-technology trap.',
      '逐格读取年鉴、公报与排名，相互核对，逐版保存。科创高地是2023年一篇论文所论述的、引领跨越“中等技术陷阱”的区域。'))),
  inventory(), glance(), freshness(), soundness(), changes(),
];

/** A number that was counted, named so that it can be checked. */
function tally(value, fact) { return h('span', { class: 'number', 'data-fact': fact }, num(value)); }

const sum = (some, column = 'numbers') => some.reduce((total, row) => total + row[column], 0);

function inventory() {
  const numbers = rows('number_count');
  const years = ascending(numbers.map((row) => row.period));
  const have = facts.release.rows;
  const entries = [
    [T('numbers', '个数值'), sum(numbers), 'numbers', 'regions'],
    [T('editions', '个版本'), have.edition, 'edition', 'dictionary/sources'],
    [T('documents', '份文件'), have.document, 'document', 'quality/documents'],
    [T('indicators', '项指标'), have.indicator, 'indicator', 'dictionary/indicators'],
    [T('regions', '个地区'), have.region, 'region', 'dictionary/regions'],
  ];
  return h('section', { 'aria-labelledby': 'inventory' }, h('h2', { id: 'inventory', class: 'unseen' }, T('What is in this release', '本次发布的内容')),
    h('ul', { class: 'counts' }, entries.filter(([, value]) => value !== undefined).map(([text, value, fact, address]) => h('li', {},
      h('a', { href: `#/${address}` }, tally(value, fact), h('span', {}, text)))),
    years.length ? h('li', {}, h('span', { class: 'number', 'data-fact': 'years' }, `${years[0]}–${years[years.length - 1]}`), h('span', {}, T('years', '年份'))) : null));
}

function glance() {
  const section = h('section', { 'aria-labelledby': 'glance', class: 'glance' }, h('h2', { id: 'glance' }, T('The highlands at a glance', '科创高地一览')));
  const box = h('ul', { class: 'cards' });
  section.append(box);
  need('highland_profile', 'rd_structure_by_region').then(() => { box.append(...highlands().map(glanceCard)); section.append(glancePlots()); });
  return section;
}

function glanceCard(row) {
  const code = row.region;
  const own = profileOf(code).filter((p) => p.region === code || p.role === 'host');
  const spent = own.filter((p) => p.indicator === 'rd_expenditure' && p.value !== null).sort(by('period'));
  const last = spent[spent.length - 1];
  const part = latestStructures(last ? last.region : code).pop();
  const unit = readable(indicator('rd_expenditure') || {});
  return h('li', { class: 'card', style: `--colour:${COLOURS[code] || 'var(--other)'}` },
    h('h3', {}, h('a', { href: `#/highlands/${code}` }, named(row))),
    h('p', { class: 'quiet' }, members(code).slice(0, 4).map(regionName).join(T(', ', '、')) + (members(code).length > 4 ? ' …' : '')),
    last ? [
      last.role === 'host' ? h('p', { class: 'quiet' }, T('Figures of ', '以下为'), regionName(last.region), T(', which hosts nine of its cities', '（大湾区九市所在省）的数据')) : null,
      h('dl', {},
        h('div', {}, h('dt', {}, T(`R&D, ${last.period}`, `R&D经费，${last.period}年`)), h('dd', {}, scaledFigure(last, unit), ' ', unit.name)),
        last.share_of_nation === null ? null : h('div', {}, h('dt', {}, T('of the nation', '占全国')), h('dd', {}, figureOf(last, 'share_of_nation', 1, () => profileOrigin(last)), ' %')),
        part ? h('div', {}, h('dt', {}, T(`basic research, ${part.period}`, `基础研究占比，${part.period}年`)), h('dd', {}, figureOf(part, 'basic_share', 1, () => structureOrigin(part, 'basic')), ' %')) : null),
    ] : lacking(T('No figures of its own in this release', '本次发布中暂无其自身数据')));
}

/** The highlands over the years: how much of the nation's R&D they do, and how much of theirs is basic research. */
function glancePlots() {
  const own = highlands().map((row) => ({ row, some: leading(row.region) })).filter(({ some }) => some.length);
  const look = (row, some) => ({ key: row.region, name: shortName(row.region), colour: COLOURS[row.region], strong: true, dashed: some[0].role === 'host' });
  const share = own.map(({ row, some }) => profileSeries(some, 'rd_expenditure', 'share_of_nation', look(row, some))).filter((one) => one.points.length > 1);
  const basic = own.map(({ row, some }) => {
    const parts = latestStructures(some[0].region).map((part) => ({ period: part.period, value: part.basic_share, label: `${named(row)}, ${part.period}: ${num(part.basic_share, 2)} %`, from: () => structureOrigin(part, 'basic') }));
    return { ...look(row, some), points: parts };
  }).filter((one) => one.points.length > 1);
  const draw = (name, title, subtitle, series, table) => (series.length ? plot({ name, title, subtitle, make: (width) => lines({ width, height: 260, series, size: 11 }), table }) : null);
  return h('div', { class: 'multiples wide' },
    draw('highlands-share', T('Share of the nation’s R&D expenditure', '占全国R&D经费的比重'), T('Percent; the dashed line is Guangdong', '%；虚线为广东'), share,
      () => multipleTable('rd_expenditure', own.flatMap(({ some }) => some.filter((row) => row.indicator === 'rd_expenditure')))),
    draw('highlands-basic', T('Basic research in R&D expenditure', '基础研究占R&D经费的比重'), T('Percent; the dashed line is Guangdong', '%；虚线为广东'), basic,
      () => structureTable(own.flatMap(({ some }) => latestStructures(some[0].region)), '')));
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

function freshness() {
  const counts = grouped(rows('number_count'), (row) => row.edition);
  const newest = [...grouped(rows('edition'), (row) => row.series).values()].map((some) => [...some].sort(by('year'))).map((some) => ({ ...some[some.length - 1], editions: some.length, numbers: sum(counts.get(some[some.length - 1].edition) || []) }));
  if (!newest.length) return null;
  return h('section', { 'aria-labelledby': 'fresh' }, h('h2', { id: 'fresh' }, T('How fresh', '时效')),
    grid({
      name: 'newest-editions', title: T('The newest edition of each series', '各系列的最新版本'), rows: newest, sort: '-release_date', parquet: 'edition', search: false,
      columns: [
        { id: 'edition', label: T('Newest edition', '最新版本'), show: (row) => h('span', {}, quoted(named(row)) || row.edition) },
        { id: 'data_year', label: T('Data year', '数据年份'), number: true, show: (row) => String(row.data_year ?? '') },
        { id: 'release_date', label: T('Appeared', '发布日期'), show: (row) => (row.approximate ? T('about ', '约 ') : '') + (row.release_date || '') },
        { id: 'numbers', label: T('Numbers', '数值数'), number: true, show: (row) => tally(row.numbers, `numbers of ${row.edition}`) },
        { id: 'editions', label: T('Editions here', '收录版本数'), number: true, show: (row) => tally(row.editions, `editions of ${row.series}`) },
      ],
    }));
}

function soundness() {
  const found = rows('finding_count');
  const levels = ['error', 'warning', 'info'].map((level) => {
    const some = found.filter((row) => row.severity === level);
    return { level, open: sum(some.filter((row) => !row.acknowledged)), known: sum(some.filter((row) => row.acknowledged)) };
  });
  const { checks, rows: have } = facts.release;
  const failed = Object.values(checks.failed || {}).reduce((a, b) => a + b, 0);
  const verdicts = rows('claim_count');
  return h('section', { 'aria-labelledby': 'sound' }, h('h2', { id: 'sound' }, T('How sound', '可靠性')),
    h('ul', { class: 'cards' },
      isMissing('finding_count') && !found.length && have.finding === undefined ? null : h('li', { class: 'card' }, h('h3', {}, h('a', { href: '#/quality/findings' }, T('Findings', '检查发现'))),
        h('table', { class: 'plain' }, h('caption', { class: 'unseen' }, T('Findings by severity', '按严重程度统计的检查发现')),
          h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, T('Severity', '程度')), h('th', { scope: 'col', class: 'number' }, T('open', '未解释')), h('th', { scope: 'col', class: 'number' }, T('explained', '已说明')))),
          h('tbody', {}, levels.map((row) => h('tr', {}, h('th', { scope: 'row' }, severity(row.level)),
            h('td', { class: 'number' }, tally(row.open, `open ${row.level}`)), h('td', { class: 'number' }, tally(row.known, `known ${row.level}`))))))),
      checks.expectations === undefined ? null : h('li', { class: 'card' }, h('h3', {}, h('a', { href: '../data_docs/index.html' }, T('Expectations', '数据检查'))),
        h('p', { class: 'big' }, h('span', { class: 'number', 'data-fact': 'expectations' }, `${num(checks.expectations - failed)} / ${num(checks.expectations)}`)),
        h('p', { class: 'quiet' }, T(`hold, in ${checks.suites} suites of Great Expectations`, `项通过（Great Expectations，${checks.suites} 组）`))),
      have.quarantine === undefined ? null : h('li', { class: 'card' }, h('h3', {}, h('a', { href: '#/quality/quarantine' }, T('Quarantine', '隔离'))),
        h('p', { class: 'big' }, tally(have.quarantine, 'quarantine')), h('p', { class: 'quiet' }, T('cells, rows and files set aside, each with its reason', '个单元格、行或文件被隔离，均注明原因'))),
      verdicts.length ? h('li', { class: 'card' }, h('h3', {}, h('a', { href: '#/paper/claims' }, T('The paper’s claims', '论文论断'))),
        h('ul', { class: 'verdicts' }, verdicts.map((row) => h('li', {}, verdict(row.verdict), ' ', figureOf(row, 'numbers', 0))))) : null));
}

const KIND = { new: ['new', '新增'], revised: ['revised', '修订'], rounding: ['rounding only', '仅舍入'], withdrawn: ['withdrawn', '撤下'], unchanged: ['unchanged', '未变'], finding: ['findings', '检查发现'] };

function changes() {
  const { previous, changes: total } = facts.release;
  const box = h('div', {});
  need('change').then(() => {
    const totals = [...grouped(rows('change'), (row) => row.kind)].map(([kind, some]) => [kind, some.reduce((n, row) => n + (row.numbers ?? 1), 0)]);
    box.append(
      h('ul', { class: 'verdicts' }, totals.map(([kind, n]) => h('li', {}, badge(kind, T(...(KIND[kind] || [kind, kind]))), ' ', tally(n, `changes ${kind}`)))),
      total ? h('p', {}, h('a', { href: '#/quality/changes' }, T('Change by change', '逐项变更')), ' · ', h('a', { href: '../CHANGES.md' }, 'CHANGES.md')) : null);
  });
  return h('section', { 'aria-labelledby': 'changed' }, h('h2', { id: 'changed' }, T('What changed', '变更')),
    h('p', {}, previous ? [T('Since release ', '与上一次发布 '), h('code', {}, previous), T(':', ' 相比：')] : T('This is the first release of its home: everything is new.', '这是首次发布：全部内容均为新增。'),
      previous && !total ? T(' nothing.', '无变更。') : null), box);
}
