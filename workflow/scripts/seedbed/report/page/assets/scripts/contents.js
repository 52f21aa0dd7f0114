// The contents: the entries of the study that is open, and where in it the reader is.
const contents = document.querySelector("#contents details");
const narrow = matchMedia("(max-width: 1099px)");
const hereLabel = document.querySelector("#contents .here");
let places = []; // (entry, place) of what is open, from top to bottom

const showEntries = (name) => {
  for (const entry of all("#contents li[data-part]")) entry.classList.toggle("open", entry.dataset.part === name);
  const links = all("#contents a").map((link) => [link, document.getElementById(link.hash.slice(1))]);
  places = links.filter(([, place]) => place?.closest(`.part[data-part="${name}"]`));
  markPlace();
};

const markPlace = () => {
  if (!places.length) return;
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2 && scrollY > 0;
  const passed = ([, place]) => place.getBoundingClientRect().top <= 80; // where a jump lands, and a little more
  const seen = ([, place]) => place.getBoundingClientRect().top < innerHeight;
  const [here] = (atEnd ? places.filter(seen).at(-1) : places.findLast(passed)) ?? places[0];
  for (const link of all("#contents a[aria-current]")) if (link !== here) link.removeAttribute("aria-current");
  here.setAttribute("aria-current", "location");
  const study = here.closest("li[data-part]")?.querySelector("a");
  hereLabel.textContent = [study && study !== here ? study.textContent : "", here.textContent].filter(Boolean).join(" › ");
};

let asked = false;
addEventListener("scroll", () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    markPlace();
  });
}, { passive: true });

// On a narrow screen they stay at the upper edge, folded but while a reader chooses.
const fold = () => { contents.open = !narrow.matches; };
narrow.addEventListener("change", fold);
for (const link of all("#contents a")) link.addEventListener("click", fold);
fold();
