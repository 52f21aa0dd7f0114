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

// Vega is one script that puts its names on the window; its own top-level names stay its own.
const loadVega = once(async () => {
  const script = document.createElement("script");
  script.textContent = `(() => {${await unpack("packed-vega")}})();`;
  document.head.append(script);
  return window.vegaEmbed;
});

// DataTables comes as a module.
const loadDataTables = once(async () => {
  const address = URL.createObjectURL(new Blob([await unpack("packed-datatables")], { type: "text/javascript" }));
  const { jQuery } = await import(address);
  URL.revokeObjectURL(address);
  return jQuery;
});

const studyViews = {};
const loadViews = (study) => (studyViews[study] ??= unpack(`views-${study}`).then((text) => {
  return Object.fromEntries(JSON.parse(text).map((figure) => [figure.name, figure]));
}));

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
