// Editable tables for people who live in spreadsheets: arrows up and down walk a column, Enter goes
// down instead of sending the form, and a block copied from a sheet fills to the right and below.
(() => {
  "use strict";
  const form = document.querySelector("[data-cells]");
  if (!form) return;
  const rows = () => [...form.querySelectorAll("tbody tr")]
    .map((row) => [...row.querySelectorAll("[data-cell]")])
    .filter((cells) => cells.length);
  const place = (input) => {
    const all = rows();
    for (let row = 0; row < all.length; row += 1) {
      const column = all[row].indexOf(input);
      if (column >= 0) return { all, row, column };
    }
    return null;
  };
  const go = (input) => { if (input) { input.focus(); input.select(); } };

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || !event.target.matches("[data-cell]")) return;
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const found = place(event.target);
    const next = found.all[found.row + step];
    go(next && next[Math.min(found.column, next.length - 1)]);
  });

  form.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-cell]")) return;
    const lines = event.clipboardData.getData("text").replace(/\r/g, "").split("\n");
    while (lines.length && lines[lines.length - 1].trim() === "") lines.pop();
    if (lines.length < 2 && !lines.join("").includes("\t")) return;
    event.preventDefault();
    const { all, row, column } = place(event.target);
    lines.forEach((line, down) => {
      line.split("\t").forEach((text, right) => {
        const cells = all[row + down];
        if (cells && cells[column + right]) cells[column + right].value = text.trim();
      });
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
