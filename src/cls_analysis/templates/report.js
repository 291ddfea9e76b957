// Tables that can be sorted, and copied into a spreadsheet. The page reads well without this.
"use strict";
(() => {
  const french = document.documentElement.lang === "fr";
  const words = french
    ? { copy: "Copier le tableau pour un tableur", done: "Copié", failed: "La copie n’a pas abouti" }
    : { copy: "Copy the table for a spreadsheet", done: "Copied", failed: "The copy did not work" };
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const key = (cell) => cell.dataset.value ?? (cell.textContent === "—" ? "" : cell.textContent);

  // Missing values stay at the end, whichever way the others go.
  function sort(table, place, direction) {
    const body = table.tBodies[0];
    const number = table.tHead.rows[0].cells[place].classList.contains("number");
    const compare = (a, b) => (number ? Number(a) - Number(b) : order.compare(a, b)) * direction;
    [...body.rows]
      .map((row) => [key(row.cells[place]), row])
      .sort(([a], [b]) => (a === "" || b === "" ? (a === "") - (b === "") : compare(a, b)))
      .forEach(([, row]) => body.append(row));
  }

  function makeSortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sort(table, place, up ? 1 : -1);
      });
    });
  }

  const tidy = (words) => words.replace(/\s+/g, " ").trim();

  // Numbers go as a spreadsheet of this language reads them: no thousands, its decimal sign. A link
  // goes as its words with the address in brackets, so that the columns stay those of the page.
  function text(cell) {
    const link = cell.querySelector("a");
    const shown = tidy(cell.textContent);
    if (link) return shown === link.href ? shown : `${shown} (${link.href})`;
    if (!cell.dataset.value) return tidy(key(cell));
    const number = cell.classList.contains("number");
    return number && french ? cell.dataset.value.replace(".", ",") : cell.dataset.value;
  }

  function copy(table) {
    const rows = [...table.rows].map((row) => [...row.cells].map(text).join("\t"));
    const area = document.createElement("textarea");
    area.value = rows.join("\n");
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy"); // also works from a file, where newer ways do not
    area.remove();
    return done;
  }

  function addCopy(table) {
    const tools = document.createElement("p");
    const button = document.createElement("button");
    const status = document.createElement("span");
    tools.className = "table-tools";
    button.type = "button";
    button.textContent = words.copy;
    status.setAttribute("role", "status");
    button.addEventListener("click", () => {
      status.textContent = copy(table) ? words.done : words.failed;
      button.focus();
    });
    tools.append(button, status);
    (table.closest(".table-scroll") ?? table).after(tools);
  }

  document.querySelectorAll("table.data").forEach((table) => {
    makeSortable(table);
    addCopy(table);
  });
})();
