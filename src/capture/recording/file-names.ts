const NAME = /^leasetap-(\d{6,10})-\d{8}T\d{6}Z\.pcapng$/;

/**
 * What a file of a recording is called; in the order of their names they are in that of their numbers.
 *
 * @param number from 1 on
 * @param begun milliseconds since 1970
 */
export function recordingName(number: number, begun: number): string {
  const time = new Date(begun).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return `leasetap-${String(number).padStart(6, "0")}-${time}.pcapng`;
}

/** The number of a file that is called so; null: it is none of ours. */
export function recordingNumber(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
