// The columns that a table keeps for who asks for them.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button.columns");
  if (!button) return;
  const wide = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", wide);
  button.closest("p").nextElementSibling.querySelector("table").classList.toggle("wide", wide);
});
