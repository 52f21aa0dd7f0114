// Tables sort by a click on the head, filter by what is typed, and download as they are shown.
const plainText = (html) => {
  const text = new DOMParser().parseFromString(html.replace(/<[^>]*>/g, " "), "text/html").body.textContent;
  return text.replace(/\s+/g, " ").trim();
};

const makeTable = async (table) => {
  if (table.dataset.made) return;
  table.dataset.made = "yes";
  const jQuery = await loadDataTables();
  const named = table.dataset.name;
  jQuery(table).DataTable({
    paging: false,
    info: false,
    autoWidth: false,
    order: [],
    language: { search: "Filter", searchPlaceholder: "any word" },
    layout: {
      topStart: table.tBodies[0].rows.length > 4 ? "search" : null,
      topEnd: { buttons: [{ extend: "csvHtml5", text: "Download CSV", filename: named, title: null, exportOptions: {
        rows: (index, data, node) => !node.hidden,
        format: { header: plainText, body: (html, row, column, cell) => cell.dataset.text ?? plainText(html) },
      } }] },
      bottomStart: null,
      bottomEnd: null,
    },
  });
};

const showRows = (table, test) => {
  for (const row of table.tBodies[0].rows) row.hidden = !test(row);
};
