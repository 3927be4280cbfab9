/* Colours that mean the same everywhere, and labels that don't lie on each other. */

const COLOURS = {
  jing_jin_ji: 'var(--jing-jin-ji)',
  yangtze_river_delta: 'var(--yangtze)',
  greater_bay_area: 'var(--bay)',
  chengdu_chongqing: 'var(--chengdu)',
  CN: 'var(--ink)',
};
const OTHERS = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)'];
const ACTIVITIES = ['basic', 'applied', 'experimental'];
const ACTIVITY = {
  basic: ['Basic research', '基础研究'],
  applied: ['Applied research', '应用研究'],
  experimental: ['Experimental development', '试验发展'],
};
const ACTIVITY_COLOUR = { basic: 'var(--basic)', applied: 'var(--applied)', experimental: 'var(--experimental)' };

/** The colour of a region: a highland's own, its members' the same, the nation's ink, grey otherwise. */
function colourOf(code) {
  return COLOURS[code] || COLOURS[highlandOf(code)] || 'var(--other)';
}

/** Colours for regions that are compared: those that have one keep it. */
function coloursFor(codes) {
  let next = 0;
  return Object.fromEntries(codes.map((code) => [code, COLOURS[code] || OTHERS[next++ % OTHERS.length]]));
}

/** About how wide a text is at 12 pixels. */
function widthOf(text, size = 12) {
  let width = 0;
  for (const letter of String(text)) width += CHINESE.test(letter) ? size : size * 0.56;
  return width;
}

/** Directions around a point, the ones that read best first. */
const AROUND = [0, 180, -90, 90, -45, 45, -135, 135, -20, 20, 160, -160, -70, 70, -110, 110];

/**
 * Where labels fit: points [{x, y, text, must}] in pixels, the most important first. Each gets `align`, `lx`, `ly`
 * where its label lies on no other label or point; those that must be there may stand further off, with a `leader`.
 */
function placeLabels(points, { width, height, size = 12, radius = 6 }) {
  const taken = points.map((p) => [p.x - radius, p.y - radius, p.x + radius, p.y + radius]);
  const free = (box, own) =>
    box[0] > -8 &&
    box[2] < width + 8 &&
    box[1] > 0 &&
    box[3] < height &&
    !taken.some(
      (other, n) => n !== own && box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1],
    );
  return points.map((point, n) => {
    const wide = widthOf(point.text, point.must ? size * 1.12 : size);
    for (const ring of point.must ? [1, 1.8, 2.6, 3.4, 4.4, 6, 8, 11] : [1]) {
      for (const angle of AROUND) {
        const [dx, dy] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
        const align = Math.abs(dx) < 0.4 ? 'center' : dx > 0 ? 'left' : 'right';
        const lx = point.x + dx * (radius + 3) * ring;
        const ly = point.y + dy * (radius + size * 0.6) * ring;
        const left = align === 'left' ? lx : align === 'right' ? lx - wide : lx - wide / 2;
        const box = [left, ly - size * 0.6, left + wide, ly + size * 0.6];
        if (free(box, n)) {
          taken.push(box);
          return { ...point, align, lx, ly, leader: ring > 1 };
        }
      }
    }
    return point;
  });
}

/** Heights moved apart so that neighbours keep a distance; order is kept. */
function dodge(heights, distance, low, high) {
  const order = heights.map((y, n) => [y, n]).sort((a, b) => a[0] - b[0]);
  const placed = order.map(([y]) => y);
  for (let pass = 0; pass < 40; pass += 1) {
    for (let n = 1; n < placed.length; n += 1) {
      const short = distance - (placed[n] - placed[n - 1]);
      if (short > 0.1) {
        placed[n - 1] -= short / 2;
        placed[n] += short / 2;
      }
    }
    for (let n = 0; n < placed.length; n += 1) placed[n] = Math.min(high, Math.max(low, placed[n]));
  }
  const result = [];
  order.forEach(([, n], place) => {
    result[n] = placed[place];
  });
  return result;
}

/** Round limits and steps around values. */
function scaleOf(values, { zero = true, steps = 5 } = {}) {
  const some = values.filter((v) => v !== null && v !== undefined && Number.isFinite(v));
  if (!some.length) return { low: 0, high: 1, ticks: [0, 1] };
  let [low, high] = [Math.min(...some), Math.max(...some)];
  if (zero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  if (low === high) {
    high = low + (Math.abs(low) || 1);
  }
  const rough = (high - low) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((s) => s >= rough * 0.999);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
}
