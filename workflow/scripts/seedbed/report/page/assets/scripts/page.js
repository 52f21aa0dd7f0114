// What is copied and saved; and the page begins.
whenOpened.push((part) => {
  for (const button of all("button.copy", part)) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      for (let fold = source; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
      try {
        await navigator.clipboard.writeText(source.textContent);
      } catch {
        getSelection().selectAllChildren(source);
        document.execCommand("copy");
      }
      button.textContent = "Copied";
    });
  }
  for (const button of all("button.save", part)) {
    button.addEventListener("click", () => {
      saveFile(button.dataset.name, document.getElementById(button.dataset.save).textContent, "application/yaml");
    });
  }
});

for (const act of whenOpened) act(parts.get(""), "");
addEventListener("hashchange", jump);
openPart("");
if (location.hash) jump();
