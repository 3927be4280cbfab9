/* The switches of the page's head, the search box, and the first view. */

function relabel() {
  say('');
  document.documentElement.lang = LANG[page.language];
  for (const element of document.querySelectorAll('[data-en]')) element.textContent = element.dataset[page.language];
  for (const element of document.querySelectorAll('[data-label-en]'))
    element.setAttribute('aria-label', page.language === 'zh' ? element.dataset.labelZh : element.dataset.labelEn);
  const button = document.getElementById('language');
  button.textContent = T('中文', 'English');
  button.lang = LANG[T('zh', 'en')];
  document.getElementById('search').placeholder = T('Search …', '搜索…');
}

function paint() {
  document.documentElement.dataset.theme = page.theme;
  document.getElementById('theme').setAttribute('aria-pressed', String(page.theme === 'dark'));
}

function switches() {
  document.getElementById('language').addEventListener('click', () => {
    page.language = T('zh', 'en');
    memory.set('language', page.language);
    relabel();
    route(false);
  });
  document.getElementById('theme').addEventListener('click', () => {
    page.theme = page.theme === 'dark' ? 'light' : 'dark';
    memory.set('theme', page.theme);
    paint();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
    if (memory.get('theme')) return;
    page.theme = event.matches ? 'dark' : 'light';
    paint();
  });
  const input = document.getElementById('search');
  let waiting;
  const search = () => {
    const words = input.value.trim();
    if (words) location.hash = link(['dictionary'], { q: words });
  };
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 250);
  });
  input.form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
}

const asked = new URLSearchParams(location.search);
page.language = asked.get('lang') || memory.get('language') || (/^zh/i.test(navigator.language) ? 'zh' : 'en');
page.theme =
  asked.get('theme') || memory.get('theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
if (!LANG[page.language]) page.language = 'en';
paint();

document.addEventListener('DOMContentLoaded', () => {
  relabel();
  switches();
  route(false);
});
