// Methods can be switched off and on, study by study.
whenOpened.push((part, name) => {
  const chips = all(".methods button.chip[data-method]", part);
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
    part.querySelector(`.methods button.chip.${kind}`)?.addEventListener("click", () => {
      for (const chip of chips) set(chip, on);
      hideMethods(name);
    });
  }
});
