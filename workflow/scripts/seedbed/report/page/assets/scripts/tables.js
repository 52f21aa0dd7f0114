// Tables sort by a click on the head, filter by what is typed, and download as they are shown.
const plainText = (html) => {
  const text = new DOMParser().parseFromString(html.replace(/<[^>]*>/g, " "), "text/html").body.textContent;
  return text.replace(/\s+/g, " ").trim();
};

const rowTests = new Map(); // table -> its tests of rows by name
const dataTables = new Map(); // table -> what DataTables made of it

const makeTable = async (table) => {
  if (table.dataset.made) return;
  table.dataset.made = "yes";
  const jQuery = await loadDataTables();
  const named = table.dataset.name;
  const made = jQuery(table).DataTable({
    paging: false,
    info: false,
    autoWidth: false,
    order: [],
    language: { search: "Filter", searchPlaceholder: "any word" },
    layout: {
      topStart: table.tBodies[0].rows.length > 4 ? "search" : null,
      topEnd: { buttons: [{ extend: "csvHtml5", text: "Download CSV", filename: named, title: null, exportOptions: {
        format: {
          header: (html) => defused(plainText(html)),
          body: (html, row, column, cell) => defused(cell.dataset.text ?? plainText(html)),
        },
      } }] },
      bottomStart: null,
      bottomEnd: null,
    },
  });
  for (const row of table.tBodies[0].rows) row.hidden = false;
  dataTables.set(table, made);
  if (rowTests.has(table)) applyTests(table);
};

// Only rows that pass every test are shown, beside what is typed into the filter. DataTables takes rows out of the
// page, so that it has to do this by itself once it has made the table.
const applyTests = (table) => {
  const made = dataTables.get(table), tests = rowTests.get(table) ?? new Map();
  if (!made) {
    for (const row of table.tBodies[0].rows) row.hidden = ![...tests.values()].every((test) => test(row));
    return;
  }
  for (const [name, test] of tests) made.search.fixed(name, (text, data, index) => test(made.row(index).node()));
  made.draw();
};

const showRows = (table, name, test) => {
  if (!rowTests.has(table)) rowTests.set(table, new Map());
  rowTests.get(table).set(name, test);
  applyTests(table);
};

// All rows again, those too that DataTables has taken out.
const showAllRows = (table) => {
  for (const name of rowTests.get(table)?.keys() ?? []) rowTests.get(table).set(name, () => true);
  dataTables.get(table)?.search("");
  applyTests(table);
};
