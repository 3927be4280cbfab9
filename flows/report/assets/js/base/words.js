/* Language, text and numbers: what every page is written with. */

const page = { language: 'en', theme: 'light' };

/** One of two texts, by the language of the page. */
function T(en, zh) {
  return page.language === 'zh' ? zh : en;
}

const LANG = { en: 'en', zh: 'zh-CN' };

/** The name of something that has one in both languages. */
function named(row) {
  return row ? T(row.name_en, row.name_zh) || row.name_en || row.name_zh || '' : '';
}

/** An element. `attributes`: on… listeners, true for a bare attribute, null to leave one out. Text is only text. */
function h(tag, attributes, ...children) {
  const svg = 'svg rect line text path g'.split(' ').includes(tag);
  const element = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const CHINESE = /[\u3400-\u9fff]/;

/** Text from the sources, marked with its language where that is not the page's. */
function quoted(text) {
  if (text === null || text === undefined || text === '') return '';
  const words = String(text);
  const language = CHINESE.test(words) ? 'zh' : /[A-Za-z]{3}/.test(words) ? 'en' : page.language;
  return language === page.language ? words : h('span', { lang: LANG[language] }, words);
}

/** The half of "中文 / English" that is in the page's language; a text in one language only as it is. */
function inOneLanguage(text) {
  const halves = (text || '').split(' / ');
  const mine = halves.filter((half) => CHINESE.test(half) === (page.language === 'zh'));
  return (mine.length ? mine : halves).join(' / ');
}

const formats = new Map();

/** A number with thousands separated and as many decimals as asked for (up to six, as needed, without). */
function num(value, decimals) {
  if (value === null || value === undefined) return '';
  const key = `${page.language} ${decimals}`;
  if (!formats.has(key)) {
    const places =
      decimals === undefined
        ? { maximumFractionDigits: 6 }
        : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(key, new Intl.NumberFormat(page.language === 'zh' ? 'zh-CN' : 'en-GB', places));
  }
  return formats.get(key).format(value).replace(/^-/, '\u2212');
}

/** How many decimals the published digits of a number have. */
function decimalsOf(row) {
  if (!row || !row.resolution) return undefined;
  return Math.min(6, Math.max(0, Math.round(-Math.log10(row.resolution))));
}

/** Units that are easier to read on an axis: factor and names, by canonical unit. */
const READABLE = {
  '10k_cny': { factor: byLanguage(1e-5, 1e-4), en: 'billion yuan', zh: '亿元' },
  '100m_cny': { factor: byLanguage(0.1, 1), en: 'billion yuan', zh: '亿元' },
  person_years: { factor: byLanguage(1e-3, 1e-4), en: 'thousand person-years', zh: '万人年' },
  persons: { factor: byLanguage(1e-3, 1e-4), en: 'thousand persons', zh: '万人' },
  patents: { factor: byLanguage(1e-3, 1e-4), en: 'thousand patents', zh: '万件' },
  papers: { factor: byLanguage(1e-3, 1e-4), en: 'thousand papers', zh: '万篇' },
  contracts: { factor: byLanguage(1e-3, 1e-4), en: 'thousand contracts', zh: '万项' },
};

function byLanguage(en, zh) {
  return () => T(en, zh);
}

/** The unit of an indicator for people: {factor, name} from the canonical value. */
function readable(indicator) {
  const unit = READABLE[indicator.unit];
  if (unit) return { factor: unit.factor(), name: T(unit.en, unit.zh) };
  return { factor: 1, name: unitOf(indicator) };
}

/** A number with its unit; a unit that is a number itself stands in brackets. */
function amount(value, decimals, indicator) {
  const unit = unitOf(indicator);
  return `${num(value, decimals)} ${/^\d/.test(unit) ? `(${unit})` : unit}`.trim();
}

function unitOf(indicator) {
  return indicator ? T(indicator.unit_en, indicator.unit_zh) || indicator.unit || '' : '';
}

/** A readable number: three to four significant digits, never an exponent. */
function short(value) {
  if (value === null || value === undefined) return '';
  const size = Math.abs(value);
  return num(value, size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : 2);
}

/** Decimals that a computed amount is worth showing with. */
function tidy(value) {
  const size = Math.abs(value);
  return size >= 10000 ? 0 : size >= 100 ? 1 : size >= 0.01 || !size ? 2 : undefined;
}

/** Say something to people who listen to the page. */
function say(text) {
  document.getElementById('said').textContent = text;
}

/** What is remembered from one visit to the next, where the browser allows that. */
const memory = {
  get(key) {
    try {
      return localStorage.getItem(`highlands-${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`highlands-${key}`, value);
    } catch {
      /* a private window */
    }
  },
};
