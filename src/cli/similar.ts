/** Edits beyond which a word is no slip of another one. */
const MOST_EDITS = 3;

/** What was probably meant: the candidates closest to a word, none if none is close. Case does not count. */
export function similar(word: string, words: readonly string[]): string[] {
  const candidates = [...new Set(words)];
  const meant = word.toLowerCase();
  const begun = candidates.filter((candidate) => meant.replaceAll("-", "") !== "" && candidate.startsWith(meant));
  if (begun.length > 0) return begun;
  const distances = candidates.map((candidate) => edits(meant, candidate.toLowerCase()));
  const least = Math.min(...distances);
  return candidates.filter((candidate, index) => {
    return distances[index] === least && least <= MOST_EDITS && least < 0.5 * candidate.replaceAll("-", "").length;
  });
}

/** Insertions, deletions, substitutions and swaps of neighbours that make `b` of `a` (optimal string alignment). */
function edits(a: string, b: string): number {
  // Nobody's slip is that long; the table below would be.
  if (Math.abs(a.length - b.length) > MOST_EDITS) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? Infinity;
}
