// The table of records: rows that are not markup are added, columns chosen, pages printed whole.
const read = (name) => JSON.parse(document.getElementById(name).textContent);
const options = read("records-options");
const table = new library.default("#records-table", {
  autoWidth: false,
  deferRender: true,
  order: [],
  pageLength: 25,
  lengthMenu: [10, 25, 100, { label: "all", value: -1 }],
  layout: {
    topStart: ["pageLength", { buttons: [{ extend: "colvis", text: "Columns", collectionLayout: "fixed two-column" }] }],
    topEnd: "search",
    bottomStart: "info",
    bottomEnd: { paging: { buttons: true } },
  },
  language: { search: "Filter", lengthMenu: "Rows _MENU_", entries: { _: "records", 1: "record" } },
  columnDefs: [
    { targets: options.hidden, visible: false },
    { targets: options.left, className: "left" },
    { targets: options.prose, className: "left prose" },
  ],
});
const rest = read("records-rest");
if (rest.length) table.rows.add(rest).draw();
document.getElementById("records-part")?.remove();
let shown = 25;
addEventListener("beforeprint", () => {
  shown = table.page.len();
  table.page.len(-1).draw();
});
addEventListener("afterprint", () => table.page.len(shown).draw());
