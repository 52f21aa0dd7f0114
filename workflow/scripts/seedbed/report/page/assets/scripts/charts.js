// Charts are drawn when they come into view, as wide as the page is.
const vegaConfig = JSON.parse(document.getElementById("vega-config").textContent);
const hiddenMethods = {}; // study -> set of methods that are switched off
const drawn = new Map(); // figure -> its Vega views

const hiddenOf = (study) => (hiddenMethods[study] ??= new Set());

// Colours of the page, light or dark: text takes the colour of what surrounds it.
const configFor = (width) => {
  const config = structuredClone(vegaConfig.base);
  const narrow = width < 560;
  const columns = Math.max(1, Math.min(3, Math.floor(width / 270)));
  for (const key of ["labelColor", "titleColor"]) config.axis[key] = "currentColor";
  for (const key of ["gridColor", "domainColor", "tickColor"]) config.axis[key] = "currentColor";
  Object.assign(config.axis, { gridOpacity: 0.13, domainOpacity: 0.45, tickOpacity: 0.45 });
  config.axisBand.gridOpacity = 0.1;
  config.text.color = "currentColor";
  Object.assign(config.legend, { labelColor: "currentColor", columns, labelLimit: (width - 90) / columns - 40 });
  config.axisY.labelLimit = narrow ? 125 : 270;
  return config;
};

const drawFigure = async (figure) => {
  const { study, figure: name, title } = figure.dataset;
  const canvas = figure.querySelector(".canvas");
  const [embed, described] = await Promise.all([loadVega(), loadFigure(study, name)]);
  const select = figure.querySelector("select");
  const chosen = described.beside ? Object.keys(described.views) : [select ? select.value : Object.keys(described.views)[0]];
  for (const old of drawn.get(figure) ?? []) old.finalize();
  const views = [];
  const boxes = chosen.map(() => document.createElement("div"));
  canvas.replaceChildren(...boxes);
  for (const [index, view] of chosen.entries()) {
    const width = boxes[index].clientWidth || 640;
    const config = configFor(width);
    const spec = {
      ...composed(described.views[view], width, config.axisY.labelLimit),
      description: `${described.seen[view] ?? title}. ${title}: ${view}. ${described.caption}`,
      params: [{ name: "hidden", value: [...hiddenOf(study)] }],
    };
    const result = await embed(boxes[index], spec, { actions: false, renderer: "svg", ast: true, config, mode: "vega-lite" });
    views.push(result.view);
  }
  canvas.style.minHeight = "";
  figure.querySelector(".seen").textContent = described.seen[chosen[0]] ?? title;
  drawn.set(figure, views);
  figure.dataset.drawnAt = canvas.clientWidth;
};

const drawAgain = (figure) => (drawn.has(figure) ? drawFigure(figure) : undefined);

const hideMethods = (study) => {
  const hidden = hiddenOf(study);
  for (const [figure, views] of drawn) {
    if (figure.dataset.study !== study) continue;
    for (const view of views) view.signal("hidden", [...hidden]).run();
  }
  const parts = document.querySelectorAll(`[data-study="${study}"] [data-method]:not(button, tr)`);
  for (const part of parts) part.hidden = hidden.has(part.dataset.method);
  for (const table of document.querySelectorAll(`[data-study="${study}"] table.data`)) {
    showRows(table, "methods", (row) => !hidden.has(row.dataset.method));
  }
};

// The rows that a view draws, as text; where a value has no place on its axis, itself and not where it is drawn.
const rowsOf = (spec) => {
  const tables = layersOf(spec).map((layer) => layer.data?.values ?? []);
  const rows = [...new Map(tables.map((table) => [JSON.stringify(table), table])).values()].flat();
  const shown = (row) => Object.keys(row).filter((name) => !name.startsWith("drawn_"));
  const names = [...new Set(rows.flatMap(shown))];
  const cell = (value) => {
    const text = defused(String(value ?? ""));
    return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names.map(cell).join(","), ...rows.filter((row) => shown(row).length).map((row) => names.map((name) => cell(row[name])).join(","))].join("\n") + "\n";
};

const saveFigure = async (figure, kind) => {
  if (!drawn.has(figure)) await drawFigure(figure);
  const described = await loadFigure(figure.dataset.study, figure.dataset.figure);
  const select = figure.querySelector("select");
  const names = described.beside ? Object.keys(described.views) : [select ? select.value : Object.keys(described.views)[0]];
  for (const [index, view] of drawn.get(figure).entries()) {
    const file = [figure.id, ...(names.length > 1 ? [names[index].replaceAll(" ", "_")] : [])].join("-") + `.${kind}`;
    if (kind === "csv") saveFile(file, rowsOf(described.views[names[index]]), "text/csv");
    else if (kind === "png") saveFile(file, await view.toImageURL("png", 2));
    else saveFile(file, (await view.toSVG()).replaceAll("currentColor", "#333333"), "image/svg+xml");
  }
};
