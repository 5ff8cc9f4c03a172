import type { Damage } from "./sink.js";

/**
 * What is wrong with one stream of bytes. Places at which reading went on are counted and told together, so that a file
 * that is damaged a thousand times needs no more memory, and no longer sentence, than one that is damaged twice.
 */
export class DamageLog {
  #first: { readonly damage: Damage; readonly resumed: number } | null = null;
  #open: Damage | null = null;
  #places = 0;
  #skipped = 0;

  /** Here reading cannot go on as it should; the first word counts until `resumed`. */
  found(code: string, offset: number, sentence: string): void {
    this.#open ??= { code, offset, sentence };
  }

  /** Reading goes on at this offset. */
  resumed(offset: number): void {
    const damage = this.#open;
    if (damage === null) return;
    this.#open = null;
    this.#first ??= { damage, resumed: offset };
    this.#places += 1;
    this.#skipped += offset - damage.offset;
  }

  /** All of it in one; null: nothing is wrong. */
  get result(): Damage | null {
    const first = this.#first;
    const open = this.#open;
    if (first === null) return open;
    const { offset, sentence } = first.damage;
    const sentences =
      first.resumed === offset ? [placed(sentence, offset)] : [sentence, resumption(offset, first.resumed)];
    if (this.#places > 1) sentences.push(others(this.#places - 1, this.#skipped));
    if (open !== null) sentences.push(`At byte ${open.offset} it ended: ${open.sentence}`);
    return { code: "resynchronised", offset, sentence: sentences.join(" ") };
  }
}

function resumption(from: number, to: number): string {
  return `From byte ${from} to byte ${to}, where sound ones follow, ${bytes(to - from)} skipped.`;
}

/** With nothing but its place: all before and behind it was read. */
function placed(sentence: string, at: number): string {
  return sentence.replace(/\.$/, ` (byte ${at}).`);
}

function others(places: number, skipped: number): string {
  const more = places === 1 ? "one more place" : `${places} more places`;
  return `There is damage at ${more}, ${bytes(skipped)} skipped in all.`;
}

function bytes(count: number): string {
  return count === 1 ? "1 byte was" : `${count} bytes were`;
}
