/* Tables: sorted, filtered, in pages, as CSV; numbers that know their source are reached with the arrow keys. */

/** Text that a spreadsheet would take for a formula is kept from being one. */
function csvCell(value) {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of one mart with all of its columns, exactly; other rows as they are shown. */
function csv(columns, some) {
  const mart = some.length && some.every((row) => row._mart && row._mart === some[0]._mart);
  const names = mart
    ? Object.keys(some[0]).filter((name) => !name.startsWith('_'))
    : columns.map((column) => column.id);
  const cells = (row) => (mart ? names.map((name) => row[name]) : columns.map((column) => valueOf(column, row)));
  const lines = [names, ...some.map(cells)].map((line) => line.map(csvCell).join(','));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function valueOf(column, row) {
  return column.value ? column.value(row) : row[column.id];
}

function shown(column, row) {
  if (column.show) return column.show(row);
  const value = valueOf(column, row);
  if (typeof value === 'number' && column.id in row) {
    return figureOf(
      row,
      column.id,
      typeof column.decimals === 'function' ? column.decimals(row) : column.decimals,
      column.from ? () => column.from(row) : null,
    );
  }
  return typeof value === 'number' ? num(value, column.decimals) : quoted(value);
}

/**
 * A table. columns: {id, label, number, wide, firm (not wrapped), decimals, value(row), show(row), from(row)}; sort: an id, "-id" downwards;
 * parquet: the mart to download; title: its caption; search: whether it has a filter.
 */
function grid({ name, title, columns, rows: all, sort = '', parquet, search = true, length = 25, dense = false }) {
  const view = { sort, page: 0, words: '', found: all };
  const body = h('tbody', {});
  const status = h('p', { class: 'status', role: 'status' });
  const pager = h('div', { class: 'pager' });
  const heads = columns.map((column) =>
    h(
      'th',
      { scope: 'col', class: column.number ? 'number' : null },
      h(
        'button',
        { type: 'button', onclick: () => sortBy(column) },
        column.label,
        h('span', { class: 'arrow', 'aria-hidden': 'true' }),
      ),
    ),
  );
  const table = h(
    'table',
    { class: dense ? 'dense' : null },
    h('caption', { class: 'unseen' }, title),
    h('thead', {}, h('tr', {}, heads)),
    body,
  );

  function sortBy(column) {
    const first = column.number ? `-${column.id}` : column.id;
    const second = column.number ? column.id : `-${column.id}`;
    view.sort = view.sort === first ? second : first;
    view.page = 0;
    draw();
  }

  function draw() {
    const column = columns.find((c) => c.id === view.sort.replace('-', ''));
    view.found = view.words ? all.filter((row) => text(row).includes(view.words)) : [...all];
    if (column) view.found.sort(order(column, view.sort.startsWith('-')));
    columns.forEach((c, n) => {
      const direction = c !== column ? null : view.sort.startsWith('-') ? 'descending' : 'ascending';
      if (direction) heads[n].setAttribute('aria-sort', direction);
      else heads[n].removeAttribute('aria-sort');
    });
    const pages = Math.max(1, Math.ceil(view.found.length / length));
    view.page = Math.min(view.page, pages - 1);
    const part = view.found.slice(view.page * length, (view.page + 1) * length);
    body.replaceChildren(
      ...part.map((row) =>
        h(
          'tr',
          {},
          columns.map((c, n) =>
            h(
              n ? 'td' : 'th',
              { class: c.number ? 'number' : c.wide ? 'wide' : c.firm ? 'firm' : null, scope: n ? null : 'row' },
              shown(c, row),
            ),
          ),
        ),
      ),
    );
    rove(body);
    if (!view.found.length)
      body.append(h('tr', {}, h('td', { colspan: columns.length, class: 'none' }, T('Nothing here.', '无内容。'))));
    turn(pages);
  }

  const turner = (text, step, pages) =>
    h(
      'button',
      {
        type: 'button',
        disabled: view.page + step < 0 || view.page + step >= pages,
        onclick() {
          view.page += step;
          draw();
          pager.querySelector('button:not([disabled])')?.focus();
        },
      },
      text,
    );

  function turn(pages) {
    const total = view.found.length === all.length ? num(all.length) : `${num(view.found.length)} / ${num(all.length)}`;
    status.textContent = T(total === '1' ? '1 row' : `${total} rows`, `${total} 行`);
    pager.replaceChildren(
      ...(pages > 1
        ? [
            turner(T('Previous', '上一页'), -1, pages),
            h('span', {}, T(`Page ${view.page + 1} of ${pages}`, `第 ${view.page + 1} / ${pages} 页`)),
            turner(T('Next', '下一页'), 1, pages),
          ]
        : []),
    );
  }

  const texts = new Map();
  function text(row) {
    if (!texts.has(row))
      texts.set(
        row,
        columns
          .map((c) => valueOf(c, row))
          .join(' ')
          .toLowerCase(),
      );
    return texts.get(row);
  }

  const filter =
    search && all.length > 8
      ? filterBox((words) => {
          view.words = words;
          view.page = 0;
          draw();
        })
      : null;
  draw();
  return h(
    'div',
    { class: 'grid' },
    h(
      'div',
      { class: 'tools' },
      filter,
      status,
      downloads(name, parquet, () => csv(columns, view.found)),
    ),
    h('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': title }, table),
    pager,
  );
}

function order(column, downwards) {
  return (a, b) => {
    const [x, y] = [valueOf(column, a), valueOf(column, b)];
    if (x === y) return 0;
    if (x === null || x === undefined || x === '') return 1;
    if (y === null || y === undefined || y === '') return -1;
    const less = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y, LANG[page.language]) : x - y;
    return downwards ? -less : less;
  };
}

function filterBox(change) {
  const id = fresh('filter');
  const input = h('input', { id, type: 'search', oninput: () => change(input.value.trim().toLowerCase()) });
  return h('div', { class: 'filter' }, h('label', { for: id }, T('Filter', '筛选')), input);
}

function downloads(name, parquet, text) {
  return h(
    'div',
    { class: 'downloads' },
    h('button', { type: 'button', onclick: () => save(`${name}.csv`, 'text/csv', text()) }, 'CSV'),
    parquet ? h('a', { href: `../marts/${parquet}.parquet`, download: `${parquet}.parquet` }, 'Parquet') : null,
  );
}

/** Make the number buttons of a table one stop of the tab key; arrows move between them. */
function rove(body) {
  const stops = [...body.querySelectorAll('button.number')];
  stops.forEach((stop, n) => stop.setAttribute('tabindex', n ? -1 : 0));
  body.onkeydown = (event) => {
    const now = event.target.closest('button.number');
    if (!now || !event.key.startsWith('Arrow')) return;
    const cell = now.closest('td, th');
    const row = cell.parentElement;
    const column = [...row.children].indexOf(cell);
    const to = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    let next;
    if (to) next = stops[stops.indexOf(now) + to];
    else {
      const line = event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling;
      next = line && line.children[column]?.querySelector('button.number');
    }
    if (!next) return;
    event.preventDefault();
    now.setAttribute('tabindex', -1);
    next.setAttribute('tabindex', 0);
    next.focus();
  };
}
