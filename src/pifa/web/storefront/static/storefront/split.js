// Says while one types whether the parts of a payment add up to what is due. Amounts are counted
// in whole fen; the server checks again.
(() => {
  "use strict";
  const form = document.querySelector("[data-split]");
  if (!form) return;
  const due = Number(form.dataset.split);
  const says = form.querySelector("[data-split-says]");
  const fen = (text) => {
    const plain = text.replace(/[,\s¥￥元]/g, "");
    if (!plain) return 0;
    const found = /^(\d+)(?:\.(\d{1,2}))?$/.exec(plain);
    return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : NaN;
  };
  const yuan = (amount) =>
    "¥" + (amount / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  const tell = () => {
    const inputs = [...form.querySelectorAll("input[name=amount]")];
    if (inputs.every((input) => !input.value.trim())) {
      says.textContent = "";
      return;
    }
    const left = due - inputs.reduce((sum, input) => sum + fen(input.value), 0);
    if (Number.isNaN(left)) says.textContent = "";
    else if (left > 0) says.textContent = `${says.dataset.left} ${yuan(left)}`;
    else if (left < 0) says.textContent = `${says.dataset.over} ${yuan(-left)}`;
    else says.textContent = says.dataset.right;
  };
  form.addEventListener("input", tell);
  tell();
})();
