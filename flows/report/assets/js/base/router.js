/* Views and their links: #/page/part/part?name=value. Each view can be linked to, with its choices. */

const pages = {};

/** The view that the address asks for: {page, parts, query}. */
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decoded);
  return {
    page: pages[parts[0]] ? parts[0] : 'overview',
    parts: parts.slice(1),
    query: Object.fromEntries(new URLSearchParams(query || '')),
  };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A link to a view. Values that are empty are left out. */
function link(parts, query) {
  const chosen = Object.entries(query || {}).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const path = parts.map((part) => encodeURIComponent(part).replaceAll('%2C', ',')).join('/');
  return `#/${path}${chosen.length ? `?${new URLSearchParams(chosen)}` : ''}`;
}

/** Keep the choices of the present view in its address, without going anywhere. */
function remember(parts, query) {
  history.replaceState(null, '', link(parts, query));
  current = location.hash;
}

let current = null;
let visit = 0;

/** Draw the view of the address. `moved`: whether the reader went there, and is taken to its beginning. */
async function route(moved) {
  visit += 1;
  const mine = visit;
  const { page: name, parts, query } = address();
  current = location.hash;
  hideSource();
  for (const anchor of document.querySelectorAll('nav a[data-page]')) {
    if (anchor.dataset.page === name) {
      anchor.setAttribute('aria-current', 'page');
      anchor.scrollIntoView?.({ block: 'nearest', inline: 'center' });
    } else anchor.removeAttribute('aria-current');
  }
  const main = document.getElementById('main');
  main.setAttribute('aria-busy', 'true');
  let made;
  try {
    made = await pages[name](parts, query);
  } catch (error) {
    console.error(error);
    made = failed(error);
  }
  if (mine !== visit) return;
  main.replaceChildren(h('article', { class: `page ${name}` }, made));
  main.removeAttribute('aria-busy');
  main.dataset.ready = current || '#/overview';
  performance.mark('usable');
  drawInIdle(main);
  document.title = `${main.querySelector('h1')?.textContent || ''} · highlands`;
  if (moved) {
    window.scrollTo(0, 0);
    if (document.activeElement?.id !== 'search') main.focus({ preventScroll: true });
    say(document.title);
  }
}

function failed(error) {
  return [
    h('h1', {}, T('This view could not be drawn', '无法显示此页')),
    h('p', {}, String(error.message || error)),
    h('p', {}, h('a', { href: '#/overview' }, T('To the overview', '返回概览'))),
  ];
}

window.addEventListener('hashchange', () => {
  if (location.hash === '#main') {
    document.getElementById('main').focus();
    history.replaceState(null, '', current || '#/overview');
    return;
  }
  if (location.hash !== current) route(true);
});
