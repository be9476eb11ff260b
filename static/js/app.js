/* Mingshu: pages are pleasanter with script; every one works without it. */
(function () {
  "use strict";
  const doc = document;
  const body = doc.body;
  const words = JSON.parse(body.dataset.words || "{}");
  const on = doc.addEventListener.bind(doc);
  const say = (key) => words[key] || "";
  const $ = (css, root) => (root || doc).querySelector(css);
  const $$ = (css, root) => Array.from((root || doc).querySelectorAll(css));
  const announce = (text) => { const live = $("#live"); if (live && text) live.textContent = text; };
  const notice = (kind, text, link) => {
    const box = $("#notice");
    if (!box) return;
    const line = doc.createElement("div");
    line.className = "say say-" + kind;
    line.textContent = text;
    if (link) line.append(" ", link);
    box.replaceChildren(line);
    box.scrollIntoView({ block: "nearest" });
  };

  /* IME: no `input` is heard while a candidate is composed; one follows it. */
  let composedAt = 0;
  on("input", (event) => {
    if (event.isComposing) event.stopImmediatePropagation();
  }, true);
  on("compositionend", (event) => {
    composedAt = Date.now();
    const box = event.target;
    setTimeout(() => box.dispatchEvent(new Event("input", { bubbles: true })), 0);
  }, true);
  const composing = (event) => event.isComposing || event.keyCode === 229 || Date.now() - composedAt < 30;
  on("keydown", (event) => {
    if (event.key === "Enter" && composing(event)) {
      event.stopImmediatePropagation();
      if (!event.isComposing) event.preventDefault();
    }
  }, true);

  /* Sending: the button says so and cannot be pressed twice. */
  const dirty = new Set();
  const rest = (button) => {
    if (!button.classList.contains("is-busy")) return;
    clearTimeout(button.slow);
    button.classList.remove("is-busy");
    button.disabled = false;
    button.replaceChildren(...button.kept);
  };
  const busy = (button) => {
    button.kept = Array.from(button.childNodes);
    button.classList.add("is-busy");
    button.disabled = true;
    button.textContent = say("busy");
    button.slow = setTimeout(() => announce(button.textContent = say("slow")), 8000);
  };
  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.matches("[hx-post], [hx-put]")) return;
    dirty.delete(form);
    const button = event.submitter || $("[type=submit], button:not([type])", form);
    if (button && form.method === "post" && !form.hasAttribute("data-download")) setTimeout(() => busy(button), 0);
  });
  window.addEventListener("pageshow", () => $$(".is-busy").forEach(rest));

  /* Two presses for what is not taken back lightly. */
  on("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.classList.contains("is-armed")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const kept = Array.from(button.childNodes);
    const disarm = () => {
      button.classList.remove("is-armed");
      button.replaceChildren(...kept);
    };
    button.classList.add("is-armed");
    button.textContent = button.dataset.confirm || say("again");
    announce(button.textContent);
    ["mouseleave", "blur"].forEach((name) => button.addEventListener(name, disarm, { once: true }));
  }, true);

  /* Leaving unsent text asks first. */
  on("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-dirty")) dirty.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!Array.from(dirty).some((form) => form.isConnected)) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* Dates are typed as people type them; the box says what it understood. */
  const DATE = /^\s*(\d{4})\s*(?:[-./年]\s*)?(\d{1,2})\s*(?:[-./月]\s*)?(\d{1,2})\s*日?\s*$/;
  const parseDate = (text) => {
    const half = text.replace(/[０-９．－／]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 65248));
    const found = DATE.exec(half);
    if (!found) return null;
    const [y, m, d] = found.slice(1).map(Number);
    const day = new Date(Date.UTC(y, m - 1, d));
    if (day.getUTCMonth() !== m - 1 || day.getUTCDate() !== d) return null;
    return { iso: day.toISOString().slice(0, 10), weekday: day.getUTCDay() };
  };
  const echoDate = (box, settle) => {
    if (box.type === "date") return;
    const echo = $("output[for='" + box.id + "']");
    const day = box.value.trim() ? parseDate(box.value) : undefined;
    if (day && settle) box.value = day.iso;
    if (!echo) return;
    echo.classList.toggle("is-bad", day === null && settle);
    echo.textContent = day ? day.iso + " " + say("days").split(",")[day.weekday] : day === null && settle ? say("bad_date") : "";
  };
  on("input", (event) => event.target.matches("[data-date]") && echoDate(event.target, false));
  on("focusout", (event) => event.target.matches("[data-date]") && echoDate(event.target, true));

  /* Files that are too large are named before they are sent. */
  on("change", (event) => {
    const box = event.target;
    if (box.dataset.maxMb && box.files) {
      const big = Array.from(box.files).find((file) => file.size > box.dataset.maxMb * 1048576);
      if (big) { notice("bad", big.name + ": " + say("too_big") + box.dataset.maxMb); box.value = ""; }
    }
  });

  on("click", (event) => {
    const hit = (css) => event.target.closest(css);
    $$("details.pop[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (!hit(".find")) shut();
    const opener = hit("[data-dialog]");
    if (opener) {
      const dialog = doc.getElementById(opener.dataset.dialog);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); dialog.addEventListener("close", () => opener.focus(), { once: true }); }
    }
    const copier = hit("[data-copy]");
    if (copier) navigator.clipboard.writeText(copier.dataset.copy).then(() => announce(copier.textContent = say("copied")));
    if (hit("[data-print]")) window.print();
    if (hit("[data-back]") && history.length > 1) { event.preventDefault(); history.back(); }
    const reveal = hit("[data-reveal]");
    if (reveal) {
      const box = doc.getElementById(reveal.dataset.reveal);
      const shown = box.type === "text";
      box.type = shown ? "password" : "text";
      reveal.setAttribute("aria-pressed", String(!shown));
    }
  });

  const shut = () => { const found = $("#found"); if (found) found.replaceChildren(); };

  /* Keys; single letters only where they are switched on and nobody is typing. */
  const typing = (el) => el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button|submit)$/.test(el.type);
  const rows = () => $$("[data-row]").filter((row) => row.offsetParent);
  let at = -1;
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const held = all.findIndex((row) => row.contains(doc.activeElement));
    at = Math.max(0, Math.min(all.length - 1, (held < 0 ? at : held) + by));
    all.forEach((row, i) => row.classList.toggle("is-focused", i === at));
    const link = $("a[data-open], a", all[at]);
    (link || all[at]).focus();
    all[at].scrollIntoView({ block: "nearest" });
  };
  let leading = 0;
  on("keydown", (event) => {
    if (composing(event)) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const target = event.target;
    if (ctrl && event.key.toLowerCase() === "k") return focusOn("[data-find]", event);
    if (ctrl && event.key === "Enter" && target.form) { event.preventDefault(); return target.form.requestSubmit(); }
    if (ctrl && event.key.toLowerCase() === "s") { const save = $("[data-save]"); if (save) { event.preventDefault(); save.click(); } return; }
    if (event.key === "Escape") {
      if (target.closest(".find")) { shut(); $("[data-find]").focus(); }
      return $$("details.pop[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && target.closest(".find")) {
      const stops = $$("[data-find], #found a");
      const next = stops[stops.indexOf(target) + by];
      if (next) { event.preventDefault(); next.focus(); }
      return;
    }
    if (ctrl || event.altKey || !body.hasAttribute("data-keys") || typing(target) || $("dialog[open]")) return;
    const pressed = (name) => $("[data-" + name + "='" + CSS.escape(event.key) + "']");
    if (Date.now() - leading < 1200) {
      leading = 0;
      const link = pressed("go");
      if (link) link.click();
      return;
    }
    const marked = pressed("key");
    if (marked) return marked.click();
    const acts = {
      g: () => { leading = Date.now(); },
      "/": () => focusOn("[data-find]", event),
      f: () => focusOn("#filters input:not([type=hidden]), #filters select", event),
      j: () => step(1), k: () => step(-1),
      x: () => { const box = at >= 0 && rows()[at] && $("[data-pick]", rows()[at]); if (box) box.click(); },
      "?": () => { const help = $("[data-dialog=keys]"); if (help) help.click(); },
    };
    if (acts[event.key]) acts[event.key]();
  });
  const focusOn = (css, event) => {
    const box = $(css);
    if (!box) return;
    event.preventDefault();
    box.focus();
    if (box.select) box.select();
  };

  /* htmx: focus stays where it was, counts are read out, failures keep what was typed. */
  let held = "";
  on("htmx:beforeRequest", () => body.classList.add("is-loading"));
  on("htmx:afterRequest", (event) => {
    body.classList.remove("is-loading");
    $$(".is-busy", event.detail.elt.isConnected ? event.detail.elt : doc).forEach(rest);
    if (event.detail.elt.classList.contains("is-busy")) rest(event.detail.elt);
  });
  on("htmx:beforeSwap", (event) => {
    held = doc.activeElement && doc.activeElement.id;
    const status = event.detail.xhr.status;
    if (status >= 400 && status !== 422) { event.detail.target = $("#notice"); event.detail.swapOverride = "innerHTML"; }
  });
  on("htmx:afterSettle", (event) => {
    const region = event.detail.elt;
    if (doc.activeElement === body || !doc.activeElement) {
      const heir = (held && doc.getElementById(held)) || $("[data-focus], h1[tabindex], h2[tabindex]", region) || region;
      if (!heir.hasAttribute("tabindex") && heir === region) heir.tabIndex = -1;
      heir.focus();
    }
    const count = region.matches("[data-announce]") ? region : $("[data-announce]", region);
    if (count) announce(count.textContent.trim());
    wake(region);
  });
  on("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status !== 401) return notice("bad", say("error") + (xhr.getResponseHeader("X-Request-Id") || ""));
    const link = doc.createElement("a");
    link.href = "/accounts/login/";
    link.target = "_blank";
    link.textContent = say("signin_link");
    notice("warn", say("signin"), link);
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => on(name, () => notice("bad", say("failed"))));

  const wake = (root) => {
    $$("[data-date]", root).forEach((box) => echoDate(box, false));
    $$("[data-reveal], [data-print]" + (navigator.clipboard ? ", [data-copy]" : ""), root).forEach((button) => { button.hidden = false; });
  };
  wake(doc);
  const first = $("[data-focus]");
  if (first) first.focus();
})();
