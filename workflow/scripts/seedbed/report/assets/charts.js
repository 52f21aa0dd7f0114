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
  Object.assign(config.legend, { labelColor: "currentColor", columns, labelLimit: (width - 90) / columns - 40 });
  config.axisY.labelLimit = narrow ? 125 : 270;
  return config;
};

// Titles of axes in lines that fit; the last line, which says what is better, stays one of its own.
const fitTitles = (spec, width) => {
  const room = { x: Math.max(18, Math.floor((width - (width < 560 ? 160 : 300)) / 6.6)), y: 42 };
  const broken = (lines, most) => {
    const parts = [lines.slice(0, -1).join(" "), lines.at(-1)].filter(Boolean);
    return parts.flatMap((text) => text.match(new RegExp(`.{1,${most}}(\\s|$)|\\S+`, "g")).map((line) => line.trim()));
  };
  const layers = spec.layer.map((layer) => {
    const encoding = structuredClone(layer.encoding);
    for (const axis of ["x", "y"]) {
      const title = [].concat(encoding[axis]?.title ?? []);
      if (title.length) encoding[axis].title = broken(title, room[axis]);
    }
    return { ...layer, encoding };
  });
  return { ...spec, layer: layers };
};

const drawFigure = async (figure) => {
  const { study, figure: name, title } = figure.dataset;
  const canvas = figure.querySelector(".canvas");
  const [embed, figures] = await Promise.all([loadVega(), loadViews(study)]);
  const described = figures[name];
  const select = figure.querySelector("select");
  const chosen = described.beside ? Object.keys(described.views) : [select ? select.value : Object.keys(described.views)[0]];
  for (const old of drawn.get(figure) ?? []) old.finalize();
  const views = [];
  const boxes = chosen.map(() => document.createElement("div"));
  canvas.replaceChildren(...boxes);
  for (const [index, view] of chosen.entries()) {
    const width = boxes[index].clientWidth || 640;
    const spec = {
      ...fitTitles(described.views[view], width),
      description: `${title}: ${view}. ${described.caption}`,
      width: "container",
      autosize: { type: "fit-x", contains: "padding" },
      params: [{ name: "hidden", value: [...hiddenOf(study)] }],
    };
    const result = await embed(boxes[index], spec, { actions: false, renderer: "svg", config: configFor(width), mode: "vega-lite" });
    views.push(result.view);
  }
  canvas.style.minHeight = "";
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
  const parts = document.querySelectorAll(`[data-study="${study}"] [data-method]:not(button)`);
  for (const part of parts) part.hidden = hidden.has(part.dataset.method);
};

// The rows that a view draws, as text.
const rowsOf = (spec) => {
  const tables = (spec.layer ?? [spec]).map((layer) => layer.data?.values ?? []);
  const rows = [...new Map(tables.map((table) => [JSON.stringify(table), table])).values()].flat();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value) => (value === undefined ? "" : /[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);
  return [names.join(","), ...rows.map((row) => names.map((name) => cell(row[name])).join(","))].join("\n") + "\n";
};

const saveFigure = async (figure, kind) => {
  if (!drawn.has(figure)) await drawFigure(figure);
  const described = (await loadViews(figure.dataset.study))[figure.dataset.figure];
  const select = figure.querySelector("select");
  const names = described.beside ? Object.keys(described.views) : [select ? select.value : Object.keys(described.views)[0]];
  for (const [index, view] of drawn.get(figure).entries()) {
    const file = [figure.id, ...(names.length > 1 ? [names[index].replaceAll(" ", "_")] : [])].join("-") + `.${kind}`;
    if (kind === "csv") saveFile(file, rowsOf(described.views[names[index]]), "text/csv");
    else if (kind === "png") saveFile(file, await view.toImageURL("png", 2));
    else saveFile(file, (await view.toSVG()).replaceAll("currentColor", "#333333"), "image/svg+xml");
  }
};
