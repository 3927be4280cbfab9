/* A search over indicators, regions, tables, columns and sources. */

/** What matches all of the words, best first: in code or name before in the rest. */
function matches(some, words, strong, weak) {
  const each = words.toLowerCase().split(/\s+/);
  const hit = (row, texts) => {
    const text = texts(row).join(' ').toLowerCase();
    return each.every((word) => text.includes(word));
  };
  const first = some.filter((row) => hit(row, strong));
  const rest = some.filter((row) => !first.includes(row) && hit(row, (r) => [...strong(r), ...weak(r)]));
  return [...first, ...rest];
}

function results(words) {
  const groups = [
    [
      T('Indicators', '指标'),
      matches(
        rows('indicator'),
        words,
        (r) => [r.indicator, r.name_en, r.name_zh],
        (r) => [r.definition_en, r.definition_zh],
      ),
      (r) => [
        h('a', { href: link(['dictionary', 'indicators', r.indicator]) }, named(r)),
        h('code', {}, r.indicator),
        h('a', { href: link(['regions', '-', r.indicator]) }, T('figures', '数据')),
      ],
    ],
    [
      T('Regions', '地区'),
      matches(
        rows('region'),
        words,
        (r) => [r.region, r.name_en, r.name_zh],
        (r) => [r.alias_en, r.alias_zh],
      ),
      (r) => [
        h(
          'a',
          {
            href:
              r.kind === 'highland'
                ? `#/highlands/${r.region}`
                : r.kind === 'cluster'
                  ? '#/clusters'
                  : link(['regions', r.region, 'rd_expenditure']),
          },
          named(r),
        ),
        h('code', {}, r.region),
        quoted(T(r.name_zh, r.name_en)),
      ],
    ],
    [
      T('Tables and columns', '表与列'),
      matches(
        rows('dictionary'),
        words,
        (r) => [r.table, r.column],
        (r) => [r.comment_en, r.comment_zh],
      ),
      (r) => [
        h('a', { href: link(['dictionary', 'tables', r.table]) }, r.column ? `${r.table}.${r.column}` : r.table),
        quoted(T(r.comment_en, r.comment_zh)),
      ],
    ],
    [
      T('Sources', '来源'),
      matches(
        rows('edition'),
        words,
        (r) => [r.edition, r.name_en, r.name_zh],
        (r) => [r.producer],
      ),
      (r) => [h('a', { href: '#/dictionary/sources' }, named(r)), h('code', {}, r.edition)],
    ],
  ].filter(([, found]) => found.length);
  const total = groups.reduce((n, [, found]) => n + found.length, 0);
  return [
    h('h2', {}, T(`Found for “${words}”`, `“${words}”的搜索结果`)),
    h(
      'p',
      { role: 'status', class: 'quiet' },
      total
        ? T(`${num(total)} entries`, `${num(total)} 条`)
        : T(
            'Nothing. Try a shorter word, a code, or the other language.',
            '无结果。请尝试更短的词、代码或另一种语言。',
          ),
    ),
    groups.map(([title, found, line]) =>
      h(
        'div',
        { class: 'found' },
        h('h3', {}, title, h('span', { class: 'count' }, num(found.length))),
        h(
          'ul',
          {},
          found.slice(0, 30).map((row) =>
            h(
              'li',
              {},
              line(row).map((part) => [part, ' ']),
            ),
          ),
        ),
      ),
    ),
  ];
}
