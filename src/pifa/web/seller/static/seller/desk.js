// Keys of the order desk. A key does what the button with its `data-key` does; in a list of orders
// J and K (or the arrows) go from row to row, X ticks, A ticks all, Enter opens, N turns the page.
(() => {
  "use strict";
  const desk = document.querySelector("[data-desk]");
  const rows = desk ? [...desk.querySelectorAll("tbody tr")] : [];
  const boxes = rows.map((row) => row.querySelector("[data-row]"));
  let here = -1;

  const go = (place, scrolls = true) => {
    if (!rows.length) return;
    if (here >= 0) rows[here].removeAttribute("data-here");
    here = Math.min(Math.max(place, 0), rows.length - 1);
    rows[here].setAttribute("data-here", "");
    boxes[here].focus({ preventScroll: true });
    if (scrolls) rows[here].scrollIntoView({ block: "nearest" });
  };
  const tick = (box, on) => {
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const acts = {
    j: () => go(here + 1),
    ArrowDown: () => go(here + 1),
    k: () => go(here - 1),
    ArrowUp: () => go(here - 1),
    x: () => { if (here >= 0) tick(boxes[here], !boxes[here].checked); },
    a: () => {
      const all = desk.querySelector("[data-all]");
      tick(all, !boxes.every((box) => box.checked));
    },
    Enter: () => { if (here >= 0) rows[here].querySelector("[data-open]").click(); },
    n: () => { const next = document.querySelector(".pages a[rel=next]"); if (next) next.click(); },
    "/": () => { const words = document.querySelector("[name=q]"); if (words) { words.focus(); words.select(); } },
  };

  const typing = (target) =>
    target.matches("textarea, select, input:not([type=checkbox]):not([type=button])") || target.isContentEditable;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    // Enter on a button or link is that button's.
    if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const act = button ? () => button.click() : desk && acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  // A row that moves away under the pointer would not be ticked.
  boxes.forEach((box, place) => box.addEventListener("focus", () => {
    if (place !== here) go(place, box.matches(":focus-visible"));
  }));
})();
