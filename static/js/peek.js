/* A look at one row beside its list (`data-peek`). Opening the drawer is one step of the history,
   so Back closes it; stepping to the next row replaces that step. Without script it is a page. */
(function () {
  "use strict";
  const doc = document;
  const drawer = doc.getElementById("peek");
  if (!drawer || !drawer.showModal || !window.htmx) return;
  const links = () => Array.from(doc.querySelectorAll("[data-row] [data-peek]"));
  const link = (id) => links().find((one) => one.dataset.peek === id);
  const asked = () => new URLSearchParams(location.search).get("peek") || "";
  const here = (id) => {
    const url = new URL(location.href);
    if (id) url.searchParams.set("peek", id); else url.searchParams.delete("peek");
    return url;
  };
  let opened = ""; // the row that the drawer was opened from
  let shown = "";

  const near = (by) => { const all = links(); return all[all.findIndex((one) => one.dataset.peek === shown) + by]; };
  const mark = () => {
    doc.querySelectorAll("[data-row]").forEach((row) => row.classList.toggle("is-focused", row.id === "row-" + shown));
    const row = doc.getElementById("row-" + shown);
    if (row) row.scrollIntoView({ block: "nearest" });
    drawer.querySelectorAll("[data-peek-step]").forEach((button) => {
      const known = link(shown) && near(Number(button.dataset.peekStep));
      button.setAttribute("aria-disabled", String(!known)); // it keeps the focus that it may have
    });
  };
  const show = (id) => {
    if (!/^\d+$/.test(id)) return;
    shown = id;
    const found = link(id);
    window.htmx.ajax("GET", found ? found.href : drawer.dataset.url.replace("/0/", "/" + id + "/"), { target: "#peek-body", swap: "innerHTML" });
    if (!drawer.open) drawer.showModal();
    mark();
  };
  const open = (id) => {
    opened = id;
    history.pushState({ peek: true }, "", here(id));
    show(id);
  };
  const step = (by) => {
    const next = link(shown) && near(by);
    if (!next) return;
    history.replaceState(history.state, "", here(next.dataset.peek));
    show(next.dataset.peek);
  };

  drawer.addEventListener("close", () => {
    if (asked()) {
      if (history.state && history.state.peek) history.back();
      else history.replaceState(history.state, "", here(""));
    }
    doc.getElementById("peek-body").replaceChildren();
    const back = shown !== opened && link(shown);
    if (back) back.focus();
  });
  window.addEventListener("popstate", () => {
    const id = asked();
    if (id) { opened = id; show(id); } else if (drawer.open) drawer.close();
  });
  /* What cannot be shown is said on the page, which must then be seen. */
  doc.addEventListener("htmx:afterRequest", (event) => {
    if (/\/peek\/(\?|$)/.test(event.detail.pathInfo.requestPath) && !(event.detail.xhr.status < 400 && event.detail.xhr.status)) drawer.close();
  });

  doc.addEventListener("click", (event) => {
    if (event.target === drawer) return drawer.close(); // beside it
    const button = event.target.closest("[data-peek-step]");
    if (button) return step(Number(button.dataset.peekStep));
    const found = event.target.closest("[data-row] [data-peek]");
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(found.dataset.peek);
  });
  doc.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (drawer.open) {
      if (doc.body.hasAttribute("data-keys") && /^[jk]$/.test(event.key)) step(event.key === "j" ? 1 : -1);
      return;
    }
    if (event.key !== "Enter" || !event.shiftKey) return;
    const row = event.target.closest("[data-row]");
    const found = row && row.querySelector("[data-peek]");
    if (!found) return;
    event.preventDefault();
    open(found.dataset.peek);
  });

  const load = () => { const id = asked(); if (id && !drawer.open) { opened = id; show(id); } };
  window.addEventListener("pageshow", load);
})();
