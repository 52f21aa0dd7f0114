// A view at a width: one chart, or several on shared rows, which stand one under the other where there is little room.
const NARROW = 560, LETTER = 6.6, GAP = 20;
const panelsOf = (view) => view.hconcat ?? [view];
const layersOf = (view) => panelsOf(view).flatMap((panel) => panel.layer ?? [panel]);
const markOf = (layer) => layer.mark.type ?? layer.mark;

const pen = document.createElement("canvas").getContext("2d");
const widthOf = (text) => {
  pen.font = "12px system-ui, sans-serif";
  return pen.measureText(text).width;
};

// Titles of axes in lines that fit; the last line, which says what is better, stays one of its own. Names beside points
// need room.
const fitted = (panel, room, narrow) => {
  const most = { x: Math.max(18, Math.floor(room / LETTER)), y: 42 };
  const broken = (lines, length) => {
    const parts = [lines.slice(0, -1).join(" "), lines.at(-1)].filter(Boolean);
    return parts.flatMap((text) => text.match(new RegExp(`.{1,${length}}(\\s|$)|\\S+`, "g")).map((line) => line.trim()));
  };
  const layers = panel.layer.filter((layer) => !narrow || markOf(layer) !== "text").map((layer) => {
    const encoding = structuredClone(layer.encoding);
    for (const axis of ["x", "y"]) {
      const title = [].concat(encoding[axis]?.title ?? []);
      if (title.length) encoding[axis].title = broken(title, most[axis]);
    }
    return { ...layer, encoding };
  });
  return { ...panel, layer: layers };
};

const withLabels = (panel) => ({ ...panel, layer: panel.layer.map((layer) => {
  const { y, ...rest } = layer.encoding;
  return y ? { ...layer, encoding: { ...rest, y: { ...y, axis: undefined } } } : layer;
}) });

const composed = (view, width, limit) => {
  const narrow = width < NARROW;
  if (!view.hconcat) {
    const room = width - (narrow ? 160 : 300);
    return { ...fitted(view, room, narrow), width: "container", autosize: { type: "fit-x", contains: "padding" } };
  }
  const { hconcat, height, ...shared } = view;
  const labels = new Set(layersOf(view).flatMap((layer) => layer.encoding.y?.sort ?? []));
  const room = width - Math.min(limit, Math.max(...[...labels].map(widthOf))) - 36;
  const drawnAt = hconcat.reduce((sum, panel) => sum + panel.width, 0);
  const free = room - GAP * (hconcat.length - 1);
  const panels = hconcat.map((panel) => {
    const wide = Math.floor(narrow ? room : (free * panel.width) / drawnAt);
    return { ...fitted(narrow ? withLabels(panel) : panel, wide, narrow), width: wide };
  });
  return { ...shared, [narrow ? "vconcat" : "hconcat"]: panels, spacing: GAP };
};
