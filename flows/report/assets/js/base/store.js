/* The marts: data files call highlands.table and highlands.facts; pages wait for what they need. */

const tables = {};
const facts = {};
const loading = {};

window.highlands = {
  table(name, packed) {
    const columns = Object.entries(packed.columns).map(([column, values]) => [
      column,
      Array.isArray(values) ? values : values.at.map((place) => (place < 0 ? null : values.of[place])),
    ]);
    tables[name] = Array.from({ length: packed.rows }, (_, n) => {
      const row = { _row: n, _mart: name };
      for (const [column, values] of columns) row[column] = values[n];
      return row;
    });
  },
  facts(name, value) {
    facts[name] = value;
  },
};

/** The rows of a mart, none where it is not in this release. */
function rows(name) {
  return tables[name] || [];
}

function isMissing(name) {
  return !tables[name] && !facts.release.files[name];
}

/** Load the data files that hold the marts, once each. */
function need(...names) {
  const files = new Set(
    names
      .filter((name) => !tables[name])
      .map((name) => facts.release.files[name])
      .filter(Boolean),
  );
  return Promise.all([...files].map((file) => script(`data/${file}`)));
}

/** Load a script of this release. */
function script(address) {
  loading[address] ||= new Promise((done, failed) => {
    const element = h('script', { src: address, onload: () => done(), onerror: () => failed(new Error(address)) });
    document.head.append(element);
  });
  return loading[address];
}

const indexes = new Map();

/** Rows of a mart by the values of some columns: a map from "a|b" to rows. */
function index(name, ...columns) {
  const key = [name, ...columns].join('|');
  if (!indexes.has(key))
    indexes.set(
      key,
      grouped(rows(name), (row) => columns.map((c) => row[c]).join('|')),
    );
  return indexes.get(key);
}

function grouped(some, keyOf) {
  const groups = new Map();
  for (const row of some) {
    const key = keyOf(row);
    if (groups.has(key)) groups.get(key).push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function find(name, column, value) {
  return (index(name, column).get(String(value)) || [])[0];
}

const region = (code) => find('region', 'region', code);
const indicator = (code) => find('indicator', 'indicator', code);
const edition = (code) => find('edition', 'edition', code);

/** Whether a row is of the paper's edition, not of a statistical source's. */
const isThePapers = (row) => (row.edition || '').startsWith('paper/');

function regionName(code) {
  return named(region(code)) || code || '';
}
/** Highlands by the names that fit beside a point. */
const SHORT = {
  jing_jin_ji: ['Jing-Jin-Ji', '京津冀'],
  yangtze_river_delta: ['Yangtze Delta', '长三角'],
  greater_bay_area: ['Greater Bay Area', '大湾区'],
  chengdu_chongqing: ['Chengdu-Chongqing', '成渝'],
};

function shortName(code) {
  return SHORT[code] ? T(...SHORT[code]) : regionName(code);
}
function indicatorName(code) {
  return named(indicator(code)) || code || '';
}

/** An edition in a few words: "Yearbook 2022". */
function editionName(code) {
  if (!code) return '';
  const [series, year] = code.split('/');
  const known = {
    'st-yearbook': T('Yearbook', '年鉴'),
    'rd-bulletin': T('Bulletin', '公报'),
    'gii-clusters': T('GII clusters', 'GII集群'),
    paper: T('The paper', '论文'),
  };
  return `${known[series] || series} ${year || ''}`.trim();
}

/** File names of a document, or the beginning of its hash. */
function documentName(code) {
  const row = find('document', 'document', code);
  return row && row.names ? row.names : (code || '').slice(0, 12);
}

const by =
  (...columns) =>
  (a, b) => {
    for (const column of columns) {
      const [x, y] = [a[column], b[column]];
      if (x === y) continue;
      if (x === null || x === undefined) return 1;
      if (y === null || y === undefined) return -1;
      return x < y ? -1 : 1;
    }
    return 0;
  };

const distinct = (values) => [...new Set(values)].filter((v) => v !== null && v !== undefined);
const ascending = (values) => distinct(values).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

/** What was observed: rows of an indicator in a region and year, the latest first. */
function observed(code, place, year) {
  const found = index('observation', 'indicator', 'region', 'period').get(`${code}|${place}|${year}`) || [];
  return [...found].sort((a, b) => (b.is_latest ? 1 : 0) - (a.is_latest ? 1 : 0));
}

/** The highlands with their members, from the dimensions. */
function highlands() {
  const order = ['jing_jin_ji', 'yangtze_river_delta', 'greater_bay_area', 'chengdu_chongqing'];
  return rows('region')
    .filter((row) => row.kind === 'highland')
    .sort((a, b) => ((order.indexOf(a.region) + 9) % 9) - ((order.indexOf(b.region) + 9) % 9) || by('region')(a, b));
}

function members(code) {
  return rows('region_member')
    .filter((row) => row.region === code)
    .map((row) => row.member);
}

/** The highland that a place belongs to or hosts a part of. */
function highlandOf(code) {
  return (
    highlands().find(
      (row) =>
        row.region === code ||
        members(row.region).some(
          (member) => member === code || (region(member)?.kind === 'city' && region(member).parent === code),
        ),
    ) || {}
  ).region;
}
