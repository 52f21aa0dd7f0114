// The page as a whole: what is folded, switched, printed, copied.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const charts = all("figure.chart");

whenNear(charts, drawFigure);
whenNear(all("table.data"), makeTable);

for (const figure of charts) {
  figure.querySelector("select")?.addEventListener("change", () => drawFigure(figure));
  for (const button of all("button[data-save]", figure)) {
    button.addEventListener("click", () => saveFigure(figure, button.dataset.save));
  }
}

let waiting;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const figure of drawn.keys()) {
      const width = figure.querySelector(".canvas").clientWidth;
      if (width && Math.abs(width - figure.dataset.drawnAt) > 10) drawAgain(figure);
    }
  }, 250);
});

// Methods, study by study.
for (const study of all("section.study")) {
  const name = study.dataset.study;
  const chips = all("button.chip[data-method]", study);
  const set = (chip, on) => {
    chip.setAttribute("aria-pressed", on);
    hiddenOf(name)[on ? "delete" : "add"](chip.dataset.method);
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      set(chip, chip.getAttribute("aria-pressed") !== "true");
      hideMethods(name);
    });
  }
  for (const [kind, on] of [["all", true], ["none", false]]) {
    study.querySelector(`button.chip.${kind}`).addEventListener("click", () => {
      for (const chip of chips) set(chip, on);
      hideMethods(name);
    });
  }
}

// Verdicts in the ledger.
const ledger = document.querySelector('table[data-name="claims"]');
const verdictChips = all("button.chip[data-verdict]");
const showVerdict = (verdict) => {
  for (const chip of verdictChips) chip.setAttribute("aria-pressed", chip.dataset.verdict === verdict);
  showRows(ledger, (row) => !verdict || row.dataset.verdict === verdict);
};
for (const chip of verdictChips) chip.addEventListener("click", () => showVerdict(chip.dataset.verdict));
for (const link of all("a[data-verdict]")) link.addEventListener("click", () => showVerdict(link.dataset.verdict));

// A link into something folded unfolds it.
const unfold = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest("tr")?.hidden) showVerdict("");
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  target.scrollIntoView();
};
window.addEventListener("hashchange", unfold);
if (location.hash) unfold();

// Light or dark: the system's, until the reader says otherwise.
const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
document.getElementById("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
});

// Paper shows all results: unfold and draw them first.
const unfoldResults = () => {
  for (const part of all("details.scenario")) part.open = true;
};
const prepareToPrint = async () => {
  unfoldResults();
  for (const figure of charts) if (!drawn.has(figure)) await drawFigure(figure);
};
window.addEventListener("beforeprint", unfoldResults);
document.getElementById("print").addEventListener("click", async () => {
  await prepareToPrint();
  window.print();
});

for (const button of all("button.copy")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    for (let part = source; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
  });
}
for (const button of all("button.save")) {
  button.addEventListener("click", () => {
    saveFile(button.dataset.name, document.getElementById(button.dataset.save).textContent, "application/yaml");
  });
}

// Where the reader is, in the contents; on a narrow screen these are folded.
const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
const contents = document.querySelector("nav details");
if (matchMedia("(max-width: 1099px)").matches) contents.open = false;
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(target.id).setAttribute("aria-current", "location");
  }
}, { rootMargin: "0px 0px -75% 0px" });
for (const id of links.keys()) seen.observe(document.getElementById(id));
