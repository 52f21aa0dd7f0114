// The ledger: one list a study. All filters act together, on every claim, whatever was shown before.
const claimRows = all(".claim-row");
const ledgerForm = document.querySelector(".ledger-filters");
const chosen = { verdict: "", origin: "", standing: "", study: "", words: "" };
const said = new Map(claimRows.map((row) => [row, row.textContent.toLowerCase()]));
const firstOrder = new Map(claimRows.map((row, place) => [row, place]));
const studyOfClaim = (row) => row.closest(".claims-of").dataset.of;
const isChosen = (row) => (!chosen.verdict || row.dataset.verdict === chosen.verdict)
  && (!chosen.origin || row.dataset.origin === chosen.origin)
  && (!chosen.standing || row.dataset.standing === chosen.standing)
  && (!chosen.study || studyOfClaim(row) === chosen.study)
  && chosen.words.toLowerCase().split(/\s+/).every((word) => said.get(row).includes(word));

const showClaims = (change) => {
  Object.assign(chosen, change);
  for (const row of claimRows) row.hidden = !isChosen(row);
  for (const group of all(".claims-of, .untested, .untested .group")) {
    group.hidden = !group.querySelector(".claim-row:not([hidden])");
    if (group.matches(".untested")) group.open = Boolean(chosen.words) || chosen.verdict === "not tested here";
  }
  for (const chip of all("button[data-verdict]", ledgerForm)) {
    chip.setAttribute("aria-pressed", chip.dataset.verdict === chosen.verdict);
  }
  for (const name of ["origin", "standing", "study", "words"]) ledgerForm.elements[name].value = chosen[name];
  const shown = claimRows.filter((row) => !row.hidden).length;
  ledgerForm.querySelector(".shown").textContent = `${shown} of ${claimRows.length} claims`;
};

const orders = {
  verdict: (row) => firstOrder.get(row),
  p: (row) => +row.dataset.p,
  agreed: (row) => -row.dataset.agreed,
};
const sortClaims = (order) => {
  for (const list of all("ol.ledger")) {
    list.append(...[...list.children].sort((a, b) => orders[order](a) - orders[order](b) || firstOrder.get(a) - firstOrder.get(b)));
  }
};

// A claim that a link leads to is shown, whatever the filters say.
const showClaim = (id) => {
  const row = document.getElementById(id);
  if (row?.hidden) showClaims({ verdict: "", origin: "", standing: "", study: "", words: "" });
};

const saveClaims = async () => {
  const rows = JSON.parse(await unpack("ledger-rows"));
  const shown = new Set(claimRows.filter((row) => !row.hidden).map((row) => row.id));
  const values = rows.filter((row) => shown.has(`claim-${row.study}-${row.id}`));
  saveFile("claims.csv", rowsOf({ data: { values } }), "text/csv");
};

for (const chip of all("button[data-verdict]", ledgerForm)) {
  chip.addEventListener("click", () => showClaims({ verdict: chip.dataset.verdict }));
}
ledgerForm.addEventListener("input", ({ target }) => {
  if (target.name === "order") sortClaims(target.value);
  else showClaims({ [target.name]: target.value.trim() === "" ? "" : target.value });
});
ledgerForm.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("save-claims").addEventListener("click", saveClaims);
for (const link of all("a.card[data-verdict]")) {
  const { verdict, origin, standing } = link.dataset;
  link.addEventListener("click", () => showClaims({ verdict, origin, standing, study: "", words: "" }));
}
showClaims({});
