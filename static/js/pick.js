/* Rows picked in a table (`data-bulk`): with a name they stay picked on every page of the list, in
   this tab, until something was done with them. Without script each page is a form of its own. */
(function () {
  "use strict";
  const doc = document;
  const $ = (css, root) => root.querySelector(css);
  const $$ = (css, root) => Array.from(root.querySelectorAll(css));
  const states = new WeakMap();
  let last = null; // the box that a range begins at

  /* `all`: everything the conditions name but `ids`; else exactly `ids`. */
  const nothing = () => ({ all: false, ids: new Set() });
  const load = (table) => {
    try {
      const kept = JSON.parse(sessionStorage.getItem("pick:" + table.dataset.bulk));
      return table.dataset.bulk && kept ? { all: kept.all, ids: new Set(kept.ids) } : nothing();
    } catch { return nothing(); }
  };
  const keep = (table, state) => {
    states.set(table, state);
    if (!table.dataset.bulk) return;
    const name = "pick:" + table.dataset.bulk;
    try {
      if (!state.all && !state.ids.size) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify({ all: state.all, ids: [...state.ids] }));
    } catch { /* storage is full or switched off: picks last as long as the page */ }
  };
  const has = (state, value) => state.all !== state.ids.has(value);
  const put = (state, value, on) => (on === state.all ? state.ids.delete(value) : state.ids.add(value));

  const words = (out, count, elsewhere, all) => {
    const said = out.dataset;
    const text = all && said.all ? said.all : elsewhere && said.elsewhere ? said.elsewhere : said.picked || "{n}";
    return text.replace("{n}", count).replace("{m}", elsewhere);
  };
  const show = (table) => {
    const state = states.get(table);
    const boxes = $$("[data-pick]", table);
    boxes.forEach((box) => {
      box.checked = has(state, box.value);
      box.closest("tr, li").classList.toggle("is-selected", box.checked);
    });
    const here = boxes.filter((box) => box.checked).length;
    const head = $("[data-pick-all]", table);
    if (head) { head.checked = here > 0 && here === boxes.length; head.indeterminate = here > 0 && !head.checked; }
    const bar = $("[data-bulk-bar]", table);
    if (!bar) return;
    const total = Number(bar.dataset.total || boxes.length);
    const count = state.all ? Math.max(total - state.ids.size, 0) : state.ids.size;
    bar.hidden = count === 0;
    const out = $("output", bar);
    if (out) out.textContent = words(out, count, count - here, count === total && total > boxes.length);
    const everything = $("[data-pick-everything]", bar);
    if (everything) everything.hidden = count === total || total <= boxes.length;
  };

  const pick = (table, boxes, on) => {
    const state = states.get(table);
    boxes.forEach((box) => put(state, box.value, on));
    keep(table, state);
    show(table);
  };
  const toggled = (box, range) => {
    const table = box.closest("[data-bulk]");
    const boxes = $$("[data-pick]", table);
    if (box.hasAttribute("data-pick-all")) return pick(table, boxes, box.checked);
    const ends = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    pick(table, range && ends[0] >= 0 ? boxes.slice(ends[0], ends[1] + 1) : [box], box.checked);
    last = box;
  };

  let shift = false;
  doc.addEventListener("click", (event) => {
    shift = event.shiftKey;
    const act = event.target.closest("[data-pick-none], [data-pick-everything]");
    if (!act) return;
    const table = act.closest("[data-bulk]");
    keep(table, { all: act.hasAttribute("data-pick-everything"), ids: new Set() });
    show(table);
    const first = $("[data-pick-all], [data-pick]", table);
    if (first && (act.hidden || $("[data-bulk-bar]", table).hidden)) first.focus();
  }, true);
  doc.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk] [data-pick], [data-bulk] [data-pick-all]")) toggled(event.target, shift);
    shift = false;
  });
  /* Space picks the row that j and k stand on, with shift everything since the last one. */
  doc.addEventListener("keydown", (event) => {
    const link = event.target.closest("[data-bulk] [data-row] a");
    if (event.key !== " " || !link || event.ctrlKey || event.altKey || event.metaKey) return;
    const box = $("[data-pick]", link.closest("[data-row]"));
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    toggled(box, event.shiftKey);
  });

  /* What is picked goes with the form; once sent, nothing is picked any more. */
  doc.addEventListener("submit", (event) => {
    const table = event.target;
    if (!states.has(table) || event.defaultPrevented) return;
    const state = states.get(table);
    const told = { picked: state.all ? "" : [...state.ids].join(","), all_but: state.all ? "," + [...state.ids].join(",") : "" };
    const fields = Object.entries(told).filter(([, value]) => value).map(([name, value]) => {
      const field = doc.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      return field;
    });
    table.append(...fields);
    setTimeout(() => { fields.forEach((field) => field.remove()); keep(table, nothing()); show(table); }, 0);
  });

  const wake = (root) => $$("[data-bulk]", root).forEach((table) => { keep(table, load(table)); show(table); });
  doc.addEventListener("htmx:afterSettle", (event) => wake(event.detail.elt));
  addEventListener("pageshow", () => wake(doc)); // after the browser has put back what it remembers
  wake(doc);
})();
