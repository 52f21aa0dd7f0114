// Paper shows the summary, the ledger and the heat maps of all studies, opened or not: by the button and by Ctrl+P.
const paper = document.getElementById("paper");
addEventListener("beforeprint", () => {
  paper.replaceChildren(...[...folded.keys()].flatMap((name) => {
    const read = readPart(name);
    for (const part of all("[id]", read)) part.removeAttribute("id"); // they are those of the study itself
    return all("h2, .on-paper", read);
  }));
});
addEventListener("afterprint", () => paper.replaceChildren());
document.getElementById("print").addEventListener("click", () => print());
