/* The preview of an import: F8 goes to the next cell that is wrong, with shift to the one before. */
(function () {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    const all = Array.from(document.querySelectorAll("[data-mend]"));
    if (!all.length) return;
    event.preventDefault();
    const at = all.indexOf(document.activeElement);
    const next = all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length];
    next.focus();
    next.scrollIntoView({ block: "center" });
  });
})();
