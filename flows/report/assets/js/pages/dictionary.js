/* Every table, column, indicator, region and source. */

pages.dictionary = async (parts, query) => {
  await need('dictionary');
  const views = [
    ['dictionary/tables', T('Tables', '数据表')],
    ['dictionary/indicators', T('Indicators', '指标'), rows('indicator').length],
    ['dictionary/regions', T('Regions', '地区'), rows('region').length],
    ['dictionary/sources', T('Sources', '来源'), rows('edition').length],
  ];
  const drawn = {
    tables: tableList,
    indicators: () => indicatorList(parts[1]),
    regions: regionList,
    sources: sourceList,
  };
  const words = (query.q || '').trim();
  const present = drawn[parts[0]] ? parts[0] : 'tables';
  return [
    h('h1', {}, T('Dictionary', '词典')),
    h(
      'p',
      { class: 'intro' },
      T(
        'What every table, column, indicator and region means, and where the numbers come from.',
        '每张表、每一列、每项指标与地区的含义，以及数据来源。',
      ),
    ),
    subnav(T('Parts of the dictionary', '词典各部分'), views, words ? '' : `dictionary/${present}`),
    h('section', {}, words ? results(words) : drawn[present](parts[1])),
  ];
};

function tableList(open) {
  const all = rows('dictionary');
  if (!all.length) return lacking(T('The dictionary is not in this release.', '本次发布没有词典。'));
  const macros = (row) => row.type === 'macro';
  const heads = all.filter((row) => !row.column);
  const entry = (head) => {
    const columns = all.filter((row) => row.table === head.table && row.column).sort(by('position'));
    const element = h(
      'details',
      { class: 'entry', id: `table-${head.table}`, open: head.table === open },
      h('summary', {}, h('code', {}, head.table), ' ', h('span', {}, quoted(T(head.comment_en, head.comment_zh)))),
      columns.length
        ? grid({
            name: `dictionary-${head.table}`,
            title: T(`Columns of ${head.table}`, `${head.table} 的列`),
            rows: columns,
            search: false,
            length: 60,
            parquet: macros(head) ? null : head.table,
            columns: [
              {
                id: 'column',
                label: T('Column', '列'),
                show: (row) => [
                  h('code', {}, row.column),
                  row.is_key ? [' ', badge('primary', T('key', '主键'))] : null,
                ],
              },
              { id: 'type', label: T('Type', '类型'), show: (row) => h('code', {}, row.type || '') },
              {
                id: 'meaning',
                label: T('Meaning', '含义'),
                wide: true,
                value: (row) => T(row.comment_en, row.comment_zh),
              },
              {
                id: 'refers_to',
                label: T('Refers to', '引用'),
                show: (row) => (row.refers_to ? h('code', {}, row.refers_to) : ''),
              },
            ],
          })
        : null,
    );
    return element;
  };
  if (open) setTimeout(() => document.getElementById(`table-${open}`)?.scrollIntoView({ block: 'start' }), 0);
  return [
    h('h2', {}, T('Tables', '数据表')),
    heads.filter((row) => !macros(row)).map(entry),
    h('h2', {}, T('Macros', '宏')),
    h(
      'p',
      { class: 'quiet' },
      T('Questions that analysts ask most, as functions of the database.', '常用问题，以数据库函数的形式提供。'),
    ),
    heads.filter(macros).map(entry),
  ];
}

function indicatorList(open) {
  const one = open && indicator(open);
  return [
    h('h2', {}, T('Indicators', '指标')),
    one
      ? h(
          'div',
          { class: 'card' },
          h('h3', {}, named(one)),
          h('p', {}, quoted(T(one.definition_en, one.definition_zh))),
          h(
            'dl',
            {},
            h('div', {}, h('dt', {}, T('Code', '代码')), h('dd', {}, h('code', {}, one.indicator))),
            h('div', {}, h('dt', {}, T('Unit', '单位')), h('dd', {}, unitOf(one) || '–')),
            one.parent
              ? h(
                  'div',
                  {},
                  h('dt', {}, T('Part of', '上级')),
                  h(
                    'dd',
                    {},
                    h('a', { href: link(['dictionary', 'indicators', one.parent]) }, indicatorName(one.parent)),
                  ),
                )
              : null,
          ),
          h('p', {}, h('a', { href: link(['regions', '-', one.indicator]) }, T('See its figures', '查看数据'))),
        )
      : null,
    grid({
      name: 'indicators',
      title: T('Indicators', '指标'),
      rows: rows('indicator'),
      parquet: 'indicator',
      columns: [
        {
          id: 'indicator',
          label: T('Code', '代码'),
          show: (row) =>
            h('a', { href: link(['dictionary', 'indicators', row.indicator]) }, h('code', {}, row.indicator)),
        },
        { id: 'name', label: T('Name', '名称'), value: named },
        { id: 'unit', label: T('Unit', '单位'), value: unitOf },
        {
          id: 'category',
          label: T('Subject', '主题'),
          value: (row) => T(...(CATEGORIES[row.category] || [row.category, row.category])),
        },
        {
          id: 'definition',
          label: T('Meaning', '含义'),
          wide: true,
          value: (row) => T(row.definition_en, row.definition_zh) || '',
        },
      ],
    }),
  ];
}

function regionList() {
  return [
    h('h2', {}, T('Regions', '地区')),
    grid({
      name: 'regions',
      title: T('Regions', '地区'),
      rows: rows('region'),
      parquet: 'region',
      length: 50,
      columns: [
        { id: 'region', label: T('Code', '代码'), show: (row) => h('code', {}, row.region) },
        { id: 'name', label: T('Name', '名称'), value: named },
        { id: 'other', label: T('In Chinese', '英文'), value: (row) => T(row.name_zh, row.name_en) },
        {
          id: 'kind',
          label: T('Kind', '类型'),
          value: (row) =>
            T(
              ...(KINDS[row.kind] ||
                { economy: ['Economies', '经济体'], cluster: ['Clusters', '科技集群'] }[row.kind] || [
                  row.kind,
                  row.kind,
                ]),
            ),
        },
        { id: 'parent', label: T('Part of', '上级'), value: (row) => (row.parent ? regionName(row.parent) : '') },
        {
          id: 'members',
          label: T('Members', '成员'),
          wide: true,
          value: (row) => members(row.region).map(regionName).join(T(', ', '、')),
        },
      ],
    }),
  ];
}

function sourceList() {
  return [
    h('h2', {}, T('Sources', '来源')),
    grid({
      name: 'editions',
      title: T('Editions', '版本'),
      rows: rows('edition'),
      parquet: 'edition',
      sort: '-release_date',
      length: 50,
      columns: [
        { id: 'edition', label: T('Edition', '版本'), show: (row) => h('code', {}, row.edition) },
        { id: 'name', label: T('Name', '名称'), wide: true, value: named },
        {
          id: 'data_year',
          label: T('Data year', '数据年份'),
          number: true,
          show: (row) => String(row.data_year ?? ''),
        },
        {
          id: 'release_date',
          label: T('Appeared', '发布日期'),
          firm: true,
          show: (row) => (row.approximate ? T('about ', '约 ') : '') + (row.release_date || ''),
        },
        { id: 'producer', label: T('Producer', '编制机构'), wide: true, value: (row) => inOneLanguage(row.producer) },
        { id: 'licence', label: T('Terms', '使用条款'), wide: true, value: (row) => inOneLanguage(row.licence) },
      ],
    }),
  ];
}
