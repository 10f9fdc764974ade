// The table of records: rows that are not markup are added, columns chosen, pages printed whole.
const text = (name) => document.getElementById(name).textContent;
const unpacked = (name) => {
  const bytes = Uint8Array.from(atob(text(name)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};
const options = JSON.parse(text("records-options"));
const columns = {
  extend: "colvis",
  text: "Columns",
  collectionLayout: "fixed two-column",
  fade: 0,
};
const table = new DataTable("#records-table", {
  autoWidth: false,
  deferRender: true,
  order: [],
  pageLength: 25,
  lengthMenu: [10, 25, 100, { label: "all", value: -1 }],
  layout: {
    topStart: ["pageLength", { buttons: [columns] }],
    topEnd: "search",
    bottomStart: "info",
    bottomEnd: "paging",
  },
  language: { search: "Filter", lengthMenu: "Rows _MENU_", entries: { _: "records", 1: "record" } },
  columnDefs: [
    { targets: options.hidden, visible: false },
    { targets: options.left, className: "left" },
    { targets: options.unsearched, searchable: false },
    { targets: options.prose, className: "left prose" },
  ],
});
if (text("records-rest")) table.rows.add(await unpacked("records-rest")).draw();
document.getElementById("records-part")?.remove();
let shown = 25;
addEventListener("beforeprint", () => {
  shown = table.page.len();
  table.page.len(-1).draw();
});
addEventListener("afterprint", () => table.page.len(shown).draw());
// The library leaves the list of columns without a name, and its menu without items.
table.on("buttons-action", () => {
  const list = document.querySelector(".dt-button-collection");
  list?.setAttribute("aria-label", "Columns");
  list?.querySelector("[role=menu]")?.setAttribute("role", "group");
});
