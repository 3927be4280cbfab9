/* How sound the release is: findings, expectations, quarantine, claims. */

function soundness() {
  const found = rows('finding_count');
  const levels = ['error', 'warning', 'info'].map((level) => {
    const some = found.filter((row) => row.severity === level);
    return {
      level,
      open: sum(some.filter((row) => !row.acknowledged)),
      known: sum(some.filter((row) => row.acknowledged)),
    };
  });
  const { checks, rows: have } = facts.release;
  const failed = Object.values(checks.failed || {}).reduce((a, b) => a + b, 0);
  const verdicts = rows('claim_count');
  return h(
    'section',
    { 'aria-labelledby': 'sound' },
    h('h2', { id: 'sound' }, T('How sound', '可靠性')),
    h(
      'ul',
      { class: 'cards' },
      isMissing('finding_count') && !found.length && have.finding === undefined
        ? null
        : h(
            'li',
            { class: 'card' },
            h('h3', {}, h('a', { href: '#/quality/findings' }, T('Findings', '检查发现'))),
            h(
              'table',
              { class: 'plain' },
              h('caption', { class: 'unseen' }, T('Findings by severity', '按严重程度统计的检查发现')),
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  h('th', { scope: 'col' }, T('Severity', '程度')),
                  h('th', { scope: 'col', class: 'number' }, T('open', '未解释')),
                  h('th', { scope: 'col', class: 'number' }, T('explained', '已说明')),
                ),
              ),
              h(
                'tbody',
                {},
                levels.map((row) =>
                  h(
                    'tr',
                    {},
                    h('th', { scope: 'row' }, severity(row.level)),
                    h('td', { class: 'number' }, tally(row.open, `open ${row.level}`)),
                    h('td', { class: 'number' }, tally(row.known, `known ${row.level}`)),
                  ),
                ),
              ),
            ),
          ),
      checks.expectations === undefined
        ? null
        : h(
            'li',
            { class: 'card' },
            h('h3', {}, h('a', { href: '../data_docs/index.html' }, T('Expectations', '数据检查'))),
            h(
              'p',
              { class: 'big' },
              h(
                'span',
                { class: 'number', 'data-fact': 'expectations' },
                `${num(checks.expectations - failed)} / ${num(checks.expectations)}`,
              ),
            ),
            h(
              'p',
              { class: 'quiet' },
              T(
                `hold, in ${checks.suites} suites of Great Expectations`,
                `项通过（Great Expectations，${checks.suites} 组）`,
              ),
            ),
          ),
      have.quarantine === undefined
        ? null
        : h(
            'li',
            { class: 'card' },
            h('h3', {}, h('a', { href: '#/quality/quarantine' }, T('Quarantine', '隔离'))),
            h('p', { class: 'big' }, tally(have.quarantine, 'quarantine')),
            h(
              'p',
              { class: 'quiet' },
              T('cells, rows and files set aside, each with its reason', '个单元格、行或文件被隔离，均注明原因'),
            ),
          ),
      verdicts.length
        ? h(
            'li',
            { class: 'card' },
            h('h3', {}, h('a', { href: '#/paper/claims' }, T('The paper’s claims', '论文论断'))),
            h(
              'ul',
              { class: 'verdicts' },
              verdicts.map((row) => h('li', {}, verdict(row.verdict), ' ', figureOf(row, 'numbers', 0))),
            ),
          )
        : null,
    ),
  );
}
