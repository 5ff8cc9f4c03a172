// draft-ietf-opsawg-pcapng section 3.5: code and length, 16 bits each in the section's byte order, then the value,
// padded to 32 bits. The list ends with code 0 or with its block.
const END_OF_OPTIONS = 0;
const COMMENT = 1;

/** Where an option's value lies. */
export interface OptionValue {
  readonly offset: number;
  readonly length: number;
}

/** An option of a block. */
export interface FoundOption extends OptionValue {
  readonly code: number;
}

/**
 * The options of a block, in their order. A list that breaks off is read up to there.
 *
 * @param start where the list begins
 * @param end where the block's options end, before the trailing length
 */
export function* optionsOf(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
): Generator<FoundOption, void, undefined> {
  let at = start;
  while (end - at >= 4) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    const offset = at + 4;
    if (code === END_OF_OPTIONS || end - offset < length) return;
    yield { code, offset, length };
    at = offset + Math.ceil(length / 4) * 4;
  }
}

/** The first option of a block with that code, or null. Parameters as of `optionsOf`. */
export function findOption(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
  code: number,
): OptionValue | null {
  for (const option of optionsOf(view, start, end, littleEndian)) {
    if (option.code === code) return option;
  }
  return null;
}

/** Comments of a block that are looked at. */
export const MOST_COMMENTS = 32;
/** How long they may be, in bytes: what says something to us is short. */
const LONGEST_COMMENT = 256;

/** The short comments of a block. Parameters as of `optionsOf`. */
export function commentsOf(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
): string[] {
  const comments: string[] = [];
  for (const option of optionsOf(view, start, end, littleEndian)) {
    if (comments.length === MOST_COMMENTS) break;
    if (option.code === COMMENT && option.length <= LONGEST_COMMENT) comments.push(optionText(bytes, option) ?? "");
  }
  return comments;
}

const utf8 = new TextDecoder();

/** An option that is a string: UTF-8 up to its first zero byte (section 3.5); null where nothing is left. */
export function optionText(bytes: Uint8Array, option: OptionValue): string | null {
  const value = bytes.subarray(option.offset, option.offset + option.length);
  const zero = value.indexOf(0);
  const text = utf8.decode(zero < 0 ? value : value.subarray(0, zero));
  return text === "" ? null : text;
}
