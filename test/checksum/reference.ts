/** RFC 1071 word by word with the carry brought round at each step: the slow reading of the RFC, for comparison. */
export function slowSum(bytes: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

/** The checksum field for these bytes. */
export function slowChecksum(bytes: readonly number[]): number {
  return 0xffff - slowSum(bytes);
}
