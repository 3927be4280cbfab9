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
    row.value === null ? T('no number', '无数据') : amount(row.value, decimalsOf(row), unit),
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
  const raw = row.raw === null || row.raw === '' ? T('(empty)', '（空）') : quoted(row.raw);
  return h(
    'li',
    {},
    row.indicator
      ? h('span', {}, indicatorName(row.indicator), ', ', regionName(row.region), ', ', String(row.period))
      : null,
    h('span', {}, T('printed: ', '原文：'), h('q', {}, raw), status ? ` (${T(...status)})` : ''),
    h(
      'span',
      {},
      whereabouts(row),
      h('span', { class: 'where' }, ' · ', T('cell ', '单元格 '), h('b', {}, row.cell || '')),
    ),
  );
}

const FEW_CELLS = 2;
const MOST_CELLS = 16;

/** Many cells in short: for each sheet of a document the cells and what they say. */
function cellLines(cells) {
  const sheets = grouped(cells.slice(0, MOST_CELLS), (row) => [row.edition, row.document, row.sheet].join('|'));
  return [...sheets.values()].map((some) =>
    h(
      'li',
      {},
      whereabouts(some[0]),
      h(
        'span',
        { class: 'raw' },
        some.map((row) => [h('span', { class: 'pair' }, h('b', {}, row.cell || ''), ' ', quoted(row.raw)), ' ']),
      ),
    ),
  );
}

function whereabouts(row) {
  const parts = [
    editionName(row.edition),
    quoted(documentName(row.document)),
    [T('sheet ', '工作表 '), quoted(row.sheet)],
  ];
  return h(
    'span',
    { class: 'where' },
    parts.map((part, n) => [n ? ' · ' : '', part]),
  );
}

function sourceBox(from) {
  const cells = from.terms.filter((row) => row && row.document);
  const left = cells.length - MOST_CELLS;
  return [
    h('p', { class: 'title' }, from.title),
    from.value ? h('p', { class: 'value' }, from.value) : null,
    from.made ? h('p', { class: 'made' }, from.made) : null,
    cells.length ? h('ul', {}, cells.length > FEW_CELLS ? cellLines(cells) : cells.map(cellLine)) : null,
    left > 0 ? h('p', { class: 'made' }, T(`and ${left} more cells`, `以及另外 ${left} 个单元格`)) : null,
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

/** The box stands below what it explains, above where there is no room, or else beside it. */
function placeSource() {
  const box = document.getElementById('source');
  const at = shownFor.getBoundingClientRect();
  const [wide, high] = [box.offsetWidth, box.offsetHeight];
  const [right, bottom] = [document.documentElement.clientWidth - wide - 8, window.innerHeight - high - 8];
  const below = at.bottom + 8;
  const above = at.top - high - 8;
  const beside = below > bottom && above < 8;
  const left = !beside
    ? at.left + at.width / 2 - wide / 2
    : at.right + 12 <= right
      ? at.right + 12
      : at.left - wide - 12;
  const top = beside ? at.top - high / 2 : below <= bottom ? below : above;
  box.style.left = `${Math.max(8, Math.min(left, right))}px`;
  box.style.top = `${Math.max(8, Math.min(top, bottom))}px`;
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

/** A place among its peers: `3 / 31`. */
function placeOf(row) {
  return [figureOf(row, 'rank', 0), h('span', { class: 'quiet' }, ' / ', figureOf(row, 'peers', 0))];
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
