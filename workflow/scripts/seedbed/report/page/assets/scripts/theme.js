// Light or dark: the system's, until the reader says otherwise.
const dark = matchMedia("(prefers-color-scheme: dark)");
const kept = { // a browser may refuse to keep anything
  get: () => { try { return localStorage.getItem("seedbed-theme"); } catch { return null; } },
  set: (chosen) => { try { localStorage.setItem("seedbed-theme", chosen); } catch { /* then it holds until reloaded */ } },
};
const theme = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
const themeButton = document.getElementById("theme");
const showTheme = () => themeButton.setAttribute("aria-pressed", theme() === "dark");
if (["dark", "light"].includes(kept.get())) document.documentElement.dataset.theme = kept.get();
themeButton.addEventListener("click", () => {
  kept.set(document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark");
  showTheme();
});
dark.addEventListener("change", showTheme);
showTheme();
