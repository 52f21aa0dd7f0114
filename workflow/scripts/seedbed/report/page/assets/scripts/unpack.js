"use strict";
// What the page carries is gzipped: the browser unpacks it, so that nothing is fetched.
const unpack = async (id) => {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
};

const once = (make) => {
  let made;
  return (...key) => (made ??= make(...key));
};

// What was unpacked gets an address of its own, since the page's policy lets no script run from its text.
const addressOf = async (id, before = "", after = "") =>
  URL.createObjectURL(new Blob([before, await unpack(id), after], { type: "text/javascript" }));

// Vega is one script that puts its names on the window; its own top-level names stay its own.
const loadVega = once(async () => {
  const script = document.createElement("script");
  script.src = await addressOf("packed-vega", "(() => {", "})();");
  await new Promise((resolve, reject) => {
    Object.assign(script, { onload: resolve, onerror: () => reject(new Error("Vega cannot be loaded")) });
    document.head.append(script);
  });
  URL.revokeObjectURL(script.src);
  return window.vegaEmbed;
});

// DataTables comes as a module.
const loadDataTables = once(async () => {
  const address = await addressOf("packed-datatables");
  const { jQuery } = await import(address);
  URL.revokeObjectURL(address);
  return jQuery;
});

// A spreadsheet takes text that begins like this for a formula and runs it: an apostrophe makes it text again.
const defused = (text) => {
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return !isNumber && /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/.test(text) ? `'${text}` : text;
};

// Figures have parts in common, which are there once (packed_views.py).
const whole = (value, parts) => {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => whole(item, parts));
  if ("$" in value) return whole(parts[value.$], parts);
  if ("$rows" in value) {
    const columns = Object.entries(value.$rows);
    return columns[0][1].map((_, place) => Object.fromEntries(columns.map(([name, column]) => [name, column[place]])));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, whole(item, parts)]));
};

const studyViews = {};
const loadFigure = async (study, name) => {
  const { parts, figures } = await (studyViews[study] ??= unpack(`views-${study}`).then(JSON.parse));
  return whole(figures[name], parts);
};

const saveFile = (name, content, type) => {
  const link = document.createElement("a");
  const address = typeof content === "string" && content.startsWith("data:") ? content : URL.createObjectURL(new Blob([content], { type }));
  Object.assign(link, { href: address, download: name });
  link.click();
};

// Call for each element when it comes near the screen, once.
const whenNear = (elements, act) => {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      act(target);
    }
  }, { rootMargin: "300px" });
  for (const element of elements) observer.observe(element);
};
