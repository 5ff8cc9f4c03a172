import { existsSync, readFileSync } from "node:fs";
import type { SourceMapPayload } from "node:module";

/**
 * The stack of an error, its places in src/. What runs is one file that the build made as short as it could; its map,
 * which nothing else needs, lies beside it.
 */
export function stackOf({ stack = "" }: Error): string {
  const maps = new Map<string, Places | null>();
  return stack.replace(
    /((?:\/|[A-Z]:\\)[^():\n]+\.js):(\d+):(\d+)/g,
    (place, file: string, line: string, column: string) => {
      const places = maps.get(file) ?? placesOf(file);
      maps.set(file, places);
      return places?.(Number(line), Number(column)) ?? place;
    },
  );
}

/** From a line and a column, both counted from 1, to a place in src/; null: not known. */
type Places = (line: number, column: number) => string | null;

function placesOf(file: string): Places | null {
  const map = `${file}.map`;
  if (!existsSync(map)) return null;
  // Loaded here because few runs have a mistake to report, and at once because the program is about to end.
  const { SourceMap } = process.getBuiltinModule("node:module");
  const payload: unknown = JSON.parse(readFileSync(map, "utf8"));
  if (!isMap(payload)) return null;
  const known = new SourceMap(payload);
  return (line, column) => {
    const origin = known.findOrigin(line, column);
    return "fileName" in origin
      ? `${origin.fileName.replace(/^(\.\.\/)+/, "")}:${origin.lineNumber}:${origin.columnNumber}`
      : null;
  };
}

function isMap(value: unknown): value is SourceMapPayload {
  return typeof value === "object" && value !== null && "mappings" in value && "sources" in value;
}
