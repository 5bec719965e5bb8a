// Tables and their foreign keys as a picture: a table stands to the right of all it needs, so every arrow points left.

import { svg } from "/element.js";

const box = { width: 190, height: 40, across: 70, down: 14 };

// The column of each table: one more than the rightmost that it refers to. References in a cycle do not count twice.
export function columns_of(tables, references) {
  const needs = new Map(tables.map((table) => [table.name, []]));
  for (const { from, to } of references) needs.get(from)?.push(to);
  const columns = new Map();
  const visit = (name, path) => {
    if (columns.has(name)) return columns.get(name);
    if (path.has(name)) return -1;
    path.add(name);
    const column = Math.max(-1, ...needs.get(name).filter((to) => needs.has(to)).map((to) => visit(to, path))) + 1;
    path.delete(name);
    columns.set(name, column);
    return column;
  };
  for (const table of tables) visit(table.name, new Set());
  return columns;
}

// Rows within a column: beside what a table refers to, as far as that goes.
function places_of(tables, references) {
  const columns = columns_of(tables, references);
  const places = new Map();
  const last = Math.max(0, ...columns.values());
  for (let column = 0; column <= last; column += 1) {
    const here = tables.filter((table) => columns.get(table.name) === column);
    const middle = (table) => {
      const rows = references.filter(({ from, to }) => from === table.name && places.has(to)).map(({ to }) => places.get(to).row);
      return rows.length ? rows.reduce((sum, row) => sum + row, 0) / rows.length : Number.MAX_VALUE;
    };
    const wanted = new Map(here.map((table) => [table.name, middle(table)]));
    here.sort((left, right) => wanted.get(left.name) - wanted.get(right.name) || left.module.localeCompare(right.module) || left.name.localeCompare(right.name));
    here.forEach((table, row) => places.set(table.name, { column, row }));
  }
  return places;
}

export function graph_picture(tables, references, records) {
  const places = places_of(tables, references);
  const left = ({ column }) => 8 + column * (box.width + box.across);
  const top = ({ row }) => 8 + row * (box.height + box.down);
  const width = Math.max(0, ...[...places.values()].map(left)) + box.width + 8;
  const height = Math.max(0, ...[...places.values()].map(top)) + box.height + 8;
  const picture = svg("svg", { class: "graph", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Tables and their references; the list below says the same" },
    svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: "7", refY: "4", markerWidth: "8", markerHeight: "8", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z" }))));
  for (const { from, to } of references) {
    if (!places.has(from) || !places.has(to)) continue;
    const [x1, y1] = [left(places.get(from)), top(places.get(from)) + box.height / 2];
    const [x2, y2] = [left(places.get(to)) + box.width, top(places.get(to)) + box.height / 2];
    const bend = Math.max(30, Math.abs(x1 - x2) / 2);
    picture.append(svg("path", { d: `M${x1} ${y1}C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`, "marker-end": "url(#arrow)" }));
  }
  for (const table of tables) {
    const place = places.get(table.name);
    const count = records.get(table.name);
    const name = table.name.length > 26 ? `${table.name.slice(0, 25)}…` : table.name;
    picture.append(svg("g", {},
      svg("title", {}, table.name),
      svg("rect", { x: left(place), y: top(place), width: box.width, height: box.height, rx: 4 }),
      svg("text", { x: left(place) + 8, y: top(place) + 17 }, name),
      svg("text", { class: "module", x: left(place) + 8, y: top(place) + 33 }, count === undefined ? table.module : `${table.module} · ${count} ${count === 1 ? "record" : "records"}`)));
  }
  return picture;
}
