// draft-ietf-opsawg-pcapng section 3.5: code and length, 16 bits each in the section's byte order, then the value,
// padded to 32 bits. The list ends with code 0 or with its block.
const END_OF_OPTIONS = 0;

/** Where an option's value lies. */
export interface OptionValue {
  readonly offset: number;
  readonly length: number;
}

/**
 * The first option of a block with that code, or null. A list that breaks off is read up to there.
 *
 * @param start where the list begins
 * @param end where the block's options end, before the trailing length
 */
export function findOption(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
  code: number,
): OptionValue | null {
  let at = start;
  while (end - at >= 4) {
    const found = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    const offset = at + 4;
    if (found === END_OF_OPTIONS || end - offset < length) return null;
    if (found === code) return { offset, length };
    at = offset + Math.ceil(length / 4) * 4;
  }
  return null;
}

const utf8 = new TextDecoder();

/** An option that is a string: UTF-8 up to its first zero byte (section 3.5); null where nothing is left. */
export function optionText(bytes: Uint8Array, option: OptionValue): string | null {
  const value = bytes.subarray(option.offset, option.offset + option.length);
  const zero = value.indexOf(0);
  const text = utf8.decode(zero < 0 ? value : value.subarray(0, zero));
  return text === "" ? null : text;
}
