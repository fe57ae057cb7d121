"use strict";
document.documentElement.classList.add("js");

// Tables: a heading sorts by its column, by mouse or keyboard; a second press turns the order round.
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const key = (row, at) => {
    const cell = row.cells[at];
    return cell.dataset.v === undefined ? cell.textContent.toLowerCase() : cell.dataset.v === "" ? NaN : +cell.dataset.v;
  };
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b);
  headings.forEach((heading, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const up = now ? now === "descending" : !heading.classList.contains("n"); // the largest figure first
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...body.rows].map((row) => [key(row, at), row]);
      rows.sort(([a], [b]) => (a !== a ? 1 : b !== b ? -1 : up ? compare(a, b) : compare(b, a)));
      body.append(...rows.map(([, row]) => row));
    });
  });
});

// Sliders: one step of a series is shown at a time, with its mark in the chart.
document.querySelectorAll(".steps").forEach((box) => {
  const input = box.querySelector("input[type=range]");
  const output = box.querySelector("output");
  const steps = [...box.querySelectorAll(".step")];
  const marks = [...box.querySelectorAll("[data-step]")];
  const show = () => {
    const at = +input.value;
    steps.forEach((step, place) => { step.hidden = place !== at; });
    marks.forEach((mark) => mark.classList.toggle("at", +mark.dataset.step === at));
    output.textContent = steps[at].dataset.name;
    input.setAttribute("aria-valuetext", steps[at].dataset.name);
  };
  input.addEventListener("input", show);
  marks.forEach((mark) => mark.addEventListener("click", () => { input.value = mark.dataset.step; show(); }));
  show();
});
