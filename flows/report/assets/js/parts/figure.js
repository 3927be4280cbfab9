/* Plots: a figure with its title, the drawing by Vega-Lite, and the table that it was drawn from. */

const FONT =
  'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** How every plot looks. Colours are the style sheet's, so that a plot follows the theme and the printer. */
function config() {
  const quiet = {
    labelColor: 'var(--quiet)',
    titleColor: 'var(--quiet)',
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
  };
  return {
    font: FONT,
    background: 'transparent',
    view: { stroke: null },
    padding: 4,
    axis: {
      ...quiet,
      aria: false,
      gridColor: 'var(--rule)',
      domainColor: 'var(--rule)',
      tickColor: 'var(--rule)',
      domain: false,
      ticks: false,
      labelPadding: 6,
    },
    legend: { ...quiet, aria: false, symbolType: 'circle', orient: 'top' },
    header: { ...quiet },
    text: { color: 'var(--ink)', fontSize: 12, aria: false },
    rule: { color: 'var(--rule)', aria: false },
    line: { aria: false, strokeWidth: 2 },
    area: { aria: false },
  };
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries)
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        entry.target.need();
      }
  },
  { rootMargin: '300px' },
);
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries)
    if (target.drawnWidth && Math.abs(target.drawnWidth - target.clientWidth) > 4) target.draw();
});

/**
 * A plot. make(width) gives {spec, points}: a Vega-Lite spec over the dataset "points", and the points, each with its
 * fields, `label` (what a screen reader says) and `from` (a function that gives its origin).
 * title, subtitle, note; name of its files; table: options of the grid behind it.
 */
function plot({ name, title, subtitle, note, make, table, level = 3, small = false }) {
  const canvas = h('div', { class: 'canvas' });
  let turn = 0;
  canvas.need = () => (canvas.drawing ||= canvas.draw());
  canvas.draw = async () => {
    turn += 1;
    const [mine, width] = [turn, canvas.clientWidth];
    if (!width) {
      canvas.drawing = null;
      return;
    }
    await script('vega.js');
    const { spec, points } = make(width);
    const plain = points.map(({ from, act, ...fields }, n) => ({ ...fields, n }));
    const whole = {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: `${title}. ${subtitle || ''}`,
      width,
      autosize: { type: 'fit', contains: 'padding' },
      ...spec,
      datasets: { points: plain, ...spec.datasets },
    };
    const frame = h('div', {});
    await window.vegaEmbed(frame, whole, {
      actions: false,
      renderer: 'svg',
      tooltip: false,
      defaultStyle: false,
      config: config(),
    });
    if (mine !== turn) return;
    canvas.replaceChildren(frame);
    canvas.drawnWidth = width;
    canvas.spec = whole;
    touchable(frame, points);
    canvas.dataset.drawn = points.length;
  };
  const figure = h(
    'figure',
    { class: small ? 'plot small' : 'plot' },
    h('figcaption', {}, h(`h${level}`, {}, title), subtitle ? h('p', {}, subtitle) : null),
    canvas,
    note ? h('p', { class: 'note' }, note) : null,
    h(
      'div',
      { class: 'under' },
      table ? behind(table) : null,
      small ? null : h('button', { type: 'button', class: 'svg', onclick: () => savePlot(name, canvas) }, 'SVG'),
    ),
  );
  seen.observe(canvas);
  resized.observe(canvas);
  return figure;
}

/** Other plots in the place of plots: the old drawings stand until the new ones are there, so that nothing jumps. */
function swap(box, ...children) {
  const before = [...box.querySelectorAll('.canvas')].map((canvas) => [...canvas.childNodes]);
  box.replaceChildren(...children.flat(4).filter(Boolean));
  box.querySelectorAll('.canvas').forEach((canvas, n) => canvas.append(...(before[n] || [])));
}

/** Draw what has not been in sight yet, a plot whenever there is nothing else to do: for paper, and for the next look. */
function drawInIdle(main) {
  const later = window.requestIdleCallback || ((then) => setTimeout(then, 60));
  const next = [...main.querySelectorAll('.canvas')].find((canvas) => !canvas.drawnWidth && canvas.clientWidth);
  if (next) later(() => next.isConnected && next.need().then(() => drawInIdle(main)));
}

/** The table behind a plot, made when it is opened. */
function behind(table) {
  const box = h('div', {});
  return h(
    'details',
    {
      class: 'behind',
      ontoggle(event) {
        if (event.target.open && !box.firstChild) box.append(grid(typeof table === 'function' ? table() : table));
      },
    },
    h('summary', {}, T('Table', '数据表')),
    box,
  );
}

/** Points show their origin when they are pointed at, touched, or reached with the keys. */
function touchable(frame, points) {
  const marks = [...frame.querySelectorAll('svg path, svg rect')].filter((node) => {
    const item = node.__data__;
    return (
      item &&
      item.datum &&
      item.datum.n !== undefined &&
      item.mark.aria !== false &&
      ['symbol', 'rect'].includes(item.mark.marktype)
    );
  });
  marks.forEach((node, n) => {
    const point = points[node.__data__.datum.n];
    node.setAttribute('tabindex', n ? -1 : 0);
    node.classList.add('mark');
    node.setAttribute('role', 'graphics-symbol');
    node.setAttribute('aria-label', point.label);
    if (point.from) sourced(node, point.from);
    if (point.act) {
      node.addEventListener('click', point.act);
      node.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          point.act();
        }
      });
    }
  });
  frame.addEventListener('keydown', (event) => {
    const now = marks.indexOf(event.target);
    const to = {
      ArrowRight: now + 1,
      ArrowDown: now + 1,
      ArrowLeft: now - 1,
      ArrowUp: now - 1,
      Home: 0,
      End: marks.length - 1,
    }[event.key];
    if (now < 0 || to === undefined || !marks[to]) return;
    event.preventDefault();
    marks[now].setAttribute('tabindex', -1);
    marks[to].setAttribute('tabindex', 0);
    marks[to].focus();
  });
}

/** A drawing as a file of its own: the theme's colours are written into it. */
function savePlot(name, canvas) {
  const drawing = canvas.querySelector('svg');
  if (!drawing) return;
  const style = getComputedStyle(document.documentElement);
  const text = new XMLSerializer()
    .serializeToString(drawing)
    .replace(/var\((--[\w-]+)\)/g, (_, variable) => style.getPropertyValue(variable).trim());
  save(`${name}.svg`, 'image/svg+xml', text);
}
