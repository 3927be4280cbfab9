/* How sound the release is: findings, expectations, quarantine, claims. */

function soundness() {
  return h(
    'section',
    { 'aria-labelledby': 'sound' },
    h('h2', { id: 'sound' }, T('How sound', '可靠性')),
    h('ul', { class: 'cards' }, findingsCard(), expectationsCard(), quarantineCard(), claimsCard()),
  );
}

/** A card with a heading that leads on. */
function card(address, title, ...content) {
  return h('li', { class: 'card' }, h('h3', {}, h('a', { href: address }, title)), content);
}

function findingsCard() {
  const found = rows('finding_count');
  if (facts.release.rows.finding === undefined) return null;
  const cell = (level, known) => {
    const some = found.filter((row) => row.severity === level && row.acknowledged === known);
    const query = { severity: level, status: known ? 'explained' : 'open' };
    const number = tally(sum(some), `${known ? 'known' : 'open'} ${level}`);
    return h(
      'td',
      { class: 'number' },
      some.length ? h('a', { href: link(['quality', 'findings'], query) }, number) : number,
    );
  };
  const head = (text, number) => h('th', { scope: 'col', class: number ? 'number' : null }, text);
  return card(
    '#/quality/findings',
    T('Findings', '检查发现'),
    h(
      'table',
      { class: 'plain' },
      h('caption', { class: 'unseen' }, T('Findings by severity', '按严重程度统计的检查发现')),
      h(
        'thead',
        {},
        h('tr', {}, head(T('Severity', '程度')), head(T('open', '未解释'), true), head(T('explained', '已说明'), true)),
      ),
      h(
        'tbody',
        {},
        Object.keys(SERIOUS).map((level) =>
          h('tr', {}, h('th', { scope: 'row' }, severity(level)), cell(level, false), cell(level, true)),
        ),
      ),
    ),
  );
}

function expectationsCard() {
  const { checks } = facts.release;
  if (checks.expectations === undefined) return null;
  const failed = Object.values(checks.failed || {}).reduce((a, b) => a + b, 0);
  const held = `${num(checks.expectations - failed)} / ${num(checks.expectations)}`;
  return card(
    '../data_docs/index.html',
    T('Expectations', '数据检查'),
    h('p', { class: 'big' }, h('span', { class: 'number', 'data-fact': 'expectations' }, held)),
    h(
      'p',
      { class: 'quiet' },
      T(`hold, in ${checks.suites} suites of Great Expectations`, `项通过（Great Expectations，${checks.suites} 组）`),
    ),
  );
}

function quarantineCard() {
  const aside = facts.release.rows.quarantine;
  if (aside === undefined) return null;
  return card(
    '#/quality/quarantine',
    T('Quarantine', '隔离'),
    h('p', { class: 'big' }, tally(aside, 'quarantine')),
    h(
      'p',
      { class: 'quiet' },
      T('cells, rows and files set aside, each with its reason', '个单元格、行或文件被隔离，均注明原因'),
    ),
  );
}

function claimsCard() {
  const verdicts = rows('claim_count');
  if (!verdicts.length) return null;
  const line = (row) =>
    h(
      'li',
      {},
      h('a', { href: link(['paper', 'claims'], { verdict: row.verdict }) }, verdict(row.verdict)),
      ' ',
      figureOf(row, 'numbers', 0),
    );
  return card(
    '#/paper/claims',
    T('The paper’s claims', '论文论断'),
    h('ul', { class: 'verdicts' }, verdicts.map(line)),
  );
}
