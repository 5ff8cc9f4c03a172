import type { LineRef } from "../findings/testimony.js";

/** More lines than this prove nothing more. */
const MOST = 20;

export function refsOf(input: string, statements: readonly { readonly line: number }[]): LineRef[] {
  const lines = [...new Set(statements.map(({ line }) => line))].sort((a, b) => a - b);
  return lines.slice(0, MOST).map((line) => ({ input, line }));
}
