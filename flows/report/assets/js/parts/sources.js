/* Where a number comes from: the cells behind it, beside the number when it is pointed at or has the focus. */

/** What a source box says: a title, the number, how it was made, and the observations it was made of. */
function origin(title, value, terms, made) {
  return { title, value, terms: terms || [], made };
}

/** The origin of one observation. */
function originOf(row) {
  const unit = indicator(row.indicator);
  return origin(
    `${indicatorName(row.indicator)}, ${regionName(row.region)}, ${row.period}`,
    row.value === null ? T('no number', '无数据') : `${num(row.value, decimalsOf(row))} ${unitOf(unit)}`,
    [row],
  );
}

const STATUS = {
  O: ['not available', '无数据'],
  N: ['below the unit shown', '不足一个单位'],
  I: ['corrected or imputed', '更正或推算'],
};

function cellLine(row) {
  const status = STATUS[row.status];
  return h(
    'li',
    {},
    row.indicator
      ? h(
          'span',
          { class: 'what' },
          indicatorName(row.indicator),
          ', ',
          regionName(row.region),
          ', ',
          String(row.period),
        )
      : null,
    h(
      'span',
      { class: 'raw' },
      T('printed: ', '原文：'),
      h('q', {}, row.raw === null || row.raw === '' ? T('(empty)', '（空）') : quoted(row.raw)),
      status ? ` (${T(...status)})` : '',
    ),
    h(
      'span',
      { class: 'where' },
      editionName(row.edition),
      ' · ',
      quoted(documentName(row.document)),
      ' · ',
      T('sheet ', '工作表 '),
      quoted(row.sheet),
      ' · ',
      T('cell ', '单元格 '),
      h('b', {}, row.cell || ''),
    ),
  );
}

const MOST_CELLS = 6;

function sourceBox(from) {
  const cells = from.terms.filter((row) => row && row.document);
  return [
    h('p', { class: 'title' }, from.title),
    from.value ? h('p', { class: 'value' }, from.value) : null,
    from.made ? h('p', { class: 'made' }, from.made) : null,
    cells.length ? h('ul', {}, cells.slice(0, MOST_CELLS).map(cellLine)) : null,
    cells.length > MOST_CELLS
      ? h(
          'p',
          { class: 'made' },
          T(`and ${cells.length - MOST_CELLS} more cells`, `以及另外 ${cells.length - MOST_CELLS} 个单元格`),
        )
      : null,
  ];
}

let shownFor = null;

/** Show where a number comes from, beside `anchor`. */
function showSource(from, anchor) {
  const box = document.getElementById('source');
  box.replaceChildren(...sourceBox(from).filter(Boolean));
  box.hidden = false;
  if (shownFor && shownFor !== anchor) shownFor.removeAttribute('aria-describedby');
  shownFor = anchor;
  anchor.setAttribute('aria-describedby', 'source');
  placeSource();
}

/** The box stands below what it explains, or above where there is no room. */
function placeSource() {
  const box = document.getElementById('source');
  const at = shownFor.getBoundingClientRect();
  const [wide, high] = [box.offsetWidth, box.offsetHeight];
  const left = Math.min(at.left + at.width / 2 - wide / 2, document.documentElement.clientWidth - wide - 8);
  const below = at.bottom + 8 + high < window.innerHeight || at.top < high + 16;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${below ? at.bottom + 8 : at.top - high - 8}px`;
}

function hideSource() {
  const box = document.getElementById('source');
  box.hidden = true;
  box.replaceChildren();
  if (shownFor) shownFor.removeAttribute('aria-describedby');
  shownFor = null;
}

/** Make an element show its origin when it is pointed at, focused or touched. `from` is asked when it is needed. */
function sourced(element, from) {
  const show = async () => {
    await need('observation');
    if (element.isConnected) showSource(from(), element);
  };
  element.addEventListener('pointerenter', show);
  element.addEventListener('pointerleave', hideSource);
  element.addEventListener('focus', show);
  element.addEventListener('blur', hideSource);
  element.addEventListener('click', show);
  return element;
}

/** A number of a mart: its text, which mart, row and column it is from, and its origin where there is one. */
function figureOf(row, column, decimals, from) {
  const value = row[column];
  const text =
    typeof value === 'number' ? num(value, decimals) : value === null || value === undefined ? '–' : String(value);
  const marks = { 'data-mart': row._mart, 'data-row': row._row, 'data-column': column };
  if (!from) return h('span', { class: 'number', ...marks }, text);
  return sourced(h('button', { type: 'button', class: 'number', ...marks }, text), from);
}

/** Every published amount behind the shares of a region, its members' for a highland. */
function structureTerms(row) {
  const places = row.basis === 'members' ? members(row.region) : [row.region];
  const codes =
    row.basis === 'shares'
      ? ['rd_share.basic', 'rd_share.applied', 'rd_share.experimental']
      : ['rd_expenditure', 'rd_expenditure.basic', 'rd_expenditure.applied', 'rd_expenditure.experimental'];
  return places.flatMap((place) =>
    codes.flatMap((code) => observed(code, place, row.period).filter((o) => o.edition === row.edition)),
  );
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hideSource();
});
document.addEventListener(
  'scroll',
  () => {
    if (!shownFor) return;
    if (shownFor.matches(':hover, :focus')) placeSource();
    else hideSource();
  },
  { passive: true, capture: true },
);
