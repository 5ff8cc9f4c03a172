import { readFileSync } from "node:fs";

/** A row of tshark's columns; absent fields are empty. */
export interface Row {
  readonly number: number;
  /** A column's text. */
  text(column: string): string;
  /** A column's first value as a number, decimal or 0x…; null where it is empty. */
  integer(column: string): number | null;
  /** The first of several values: tshark gives one for each layer that has the field. */
  first(column: string): string;
}

export function readTable(path: string): Row[] {
  const [header, ...lines] = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const names = (header ?? "").split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    const text = (column: string): string => {
      const index = names.indexOf(column);
      if (index < 0) throw new Error(`no column ${column}`);
      return cells[index] ?? "";
    };
    const first = (column: string): string => text(column).split(",")[0] ?? "";
    const integer = (column: string): number | null => (first(column) === "" ? null : Number(first(column)));
    return { number: Number(text("frame.number")), text, first, integer };
  });
}
