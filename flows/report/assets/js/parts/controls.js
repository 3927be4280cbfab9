/* Choices: each is a native control with its label, so that keys and screen readers work by themselves. */

let counted = 0;
const fresh = (stem) => `${stem}-${(counted += 1)}`;

/** A slider over a list of values (years that may have gaps). */
function slider({ label, values, value, show = String, change }) {
  const id = fresh('slider');
  const place = Math.max(0, values.indexOf(value));
  const output = h('output', { for: id }, show(values[place]));
  const input = h('input', {
    id,
    type: 'range',
    min: 0,
    max: values.length - 1,
    step: 1,
    value: place,
    'aria-valuetext': show(values[place]),
    disabled: values.length < 2,
    oninput() {
      const chosen = values[Number(input.value)];
      output.textContent = show(chosen);
      input.setAttribute('aria-valuetext', show(chosen));
      change(chosen);
    },
  });
  const ends = [
    h('span', { 'aria-hidden': 'true' }, show(values[0])),
    h('span', { 'aria-hidden': 'true' }, show(values[values.length - 1])),
  ];
  return h(
    'div',
    { class: 'slider' },
    h('label', { for: id }, label),
    output,
    h('div', { class: 'track' }, values.length > 1 ? ends[0] : null, input, values.length > 1 ? ends[1] : null),
  );
}

/** A drop-down list. `options`: [value, text, group?]. */
function choice({ label, options, value, change, placeholder }) {
  const id = fresh('choice');
  const option = ([code, text]) => h('option', { value: code, selected: code === value }, text);
  const groups = grouped(options, (one) => one[2] || '');
  const select = h(
    'select',
    { id, onchange: () => change(select.value) },
    placeholder ? h('option', { value: '' }, placeholder) : null,
    [...groups].map(([group, some]) => (group ? h('optgroup', { label: group }, some.map(option)) : some.map(option))),
  );
  if (value !== undefined && !placeholder) select.value = value;
  return h('div', { class: 'choice' }, h('label', { for: id }, label), select);
}

/** One of a few, side by side. `options`: [value, text]. */
function segments({ label, options, value, change }) {
  const name = fresh('segments');
  return h(
    'fieldset',
    { class: 'segments' },
    h('legend', {}, label),
    h(
      'div',
      {},
      options.map(([code, text]) => {
        const id = fresh('segment');
        return [
          h('input', { type: 'radio', id, name, value: code, checked: code === value, onchange: () => change(code) }),
          h('label', { for: id }, text),
        ];
      }),
    ),
  );
}

/** Several, each with a button to leave it out, and a list to add from. */
function several({ label, add, options, values, colour, change }) {
  const box = h('div', { class: 'several' });
  const draw = () => {
    const left = options.filter(([code]) => !values.includes(code));
    box.replaceChildren(
      h(
        'ul',
        { 'aria-label': label },
        values.map((code) => {
          const text = (options.find(([known]) => known === code) || [code, code])[1];
          return h(
            'li',
            {},
            h(
              'button',
              {
                type: 'button',
                class: 'chip',
                style: colour ? `--colour:${colour(code)}` : null,
                'aria-label': T(`Remove ${text}`, `移除${text}`),
                onclick() {
                  values.splice(values.indexOf(code), 1);
                  draw();
                  change(values);
                  box.querySelector('select').focus();
                },
              },
              text,
              h('span', { 'aria-hidden': 'true' }, ' ×'),
            ),
          );
        }),
      ),
      choice({
        label: add,
        options: left,
        placeholder: T('Add …', '添加…'),
        change(code) {
          if (!code) return;
          values.push(code);
          draw();
          change(values);
          box.querySelector('select').focus();
        },
      }),
    );
  };
  draw();
  return box;
}

function controls(...some) {
  return h('div', { class: 'controls' }, some);
}

/** Links between the views of a page, the present one marked. */
function subnav(label, views, present) {
  return h(
    'nav',
    { class: 'views', 'aria-label': label },
    h(
      'ul',
      {},
      views.map(([address, text, count]) =>
        h(
          'li',
          {},
          h(
            'a',
            { href: `#/${address}`, 'aria-current': address === present ? 'page' : null },
            text,
            count === undefined ? null : h('span', { class: 'count' }, num(count)),
          ),
        ),
      ),
    ),
  );
}

/** A short word with a colour and a sign of its own. */
function badge(kind, text) {
  return h('span', { class: `badge ${kind}` }, text);
}

const SEVERITY = { error: ['Error', '错误'], warning: ['Warning', '警告'], info: ['Note', '提示'] };
function severity(kind) {
  return badge(kind, T(...(SEVERITY[kind] || [kind, kind])));
}

/** What stands where something is not in this release. */
function lacking(text, ...more) {
  return h('p', { class: 'lacking' }, text, more);
}
