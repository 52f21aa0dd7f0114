// The page in parts: what speaks of all studies, and each study. A study is text until it is opened, so that a page of
// sixteen studies begins as fast as one of four; without JavaScript the browser shows that text by itself.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const folded = new Map(all("noscript[data-part]").map((text) => [text.dataset.part, text]));
const parts = new Map([["", document.getElementById("overview")]]); // name -> what was made of it
const whenOpened = []; // what is to be done with a part once it is there: (part, its name)

// The text of a part as a document of its own: nothing in it is drawn or loaded.
const readPart = (name) => new DOMParser().parseFromString(folded.get(name).textContent, "text/html").body;

const makePart = (name) => {
  const part = document.createElement("div"), read = readPart(name);
  Object.assign(part, { className: "part", hidden: true });
  part.dataset.part = name;
  for (const picture of all("img.saved", read)) picture.remove(); // drawn here, or carried along
  part.append(...read.childNodes);
  folded.get(name).after(part);
  parts.set(name, part);
  for (const act of whenOpened) act(part, name);
  return part;
};

const openPart = (name) => {
  const chosen = parts.get(name) ?? makePart(name);
  if (!chosen.hidden && name === document.body.dataset.part) return chosen;
  for (const part of parts.values()) part.hidden = part !== chosen;
  document.body.dataset.part = name;
  showEntries(name);
  return chosen;
};

// In which part the place with this address is: undefined if there is none.
const partOf = (id) => {
  const place = document.getElementById(id);
  if (place) return place.closest(".part")?.dataset.part ?? document.body.dataset.part;
  const written = `id="${id.replaceAll("&", "&amp;").replaceAll('"', "&#34;")}"`;
  return [...folded.keys()].find((name) => !parts.has(name) && folded.get(name).textContent.includes(written));
};

// A link opens the part that it leads into, unfolds what the place is folded in, and marks it.
const jump = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  const name = id ? partOf(id) : "";
  for (const marked of all(".linked")) marked.classList.remove("linked");
  if (name === undefined) return;
  openPart(name);
  if (id.startsWith("claim-")) showClaim(id);
  const target = document.getElementById(id);
  if (!target) return scrollTo(0, 0);
  if (target.matches("[data-verdict], details")) target.classList.add("linked");
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS" && part.id !== "contents") part.open = true;
  target.scrollIntoView();
};

// What comes near the screen is drawn.
whenOpened.push((part) => {
  const charts = all("figure.chart", part);
  whenNear(charts, drawFigure);
  whenNear(all("table.data", part), makeTable);
  for (const figure of charts) {
    figure.querySelector("select")?.addEventListener("change", () => drawFigure(figure));
    for (const button of all("button[data-save]", figure)) {
      button.addEventListener("click", () => saveFigure(figure, button.dataset.save));
    }
  }
});

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

// A part with everything in it unfolded and drawn.
const drawPart = async (name) => {
  const part = openPart(name);
  for (const fold of all("details", part)) fold.open = true;
  for (const figure of all("figure.chart", part)) if (!drawn.has(figure)) await drawFigure(figure);
  await Promise.all([...all("table.data", part).map(makeTable), ...all("img[data-packed]", part).map(showPicture)]);
};
