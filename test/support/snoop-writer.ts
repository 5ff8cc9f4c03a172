/** The header of a snoop file (RFC 1761). */
export function snoopHeader(datalink = 4, version = 2): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  new Uint8Array(view.buffer).set(new TextEncoder().encode("snoop"));
  view.setUint32(8, version);
  view.setUint32(12, datalink);
  return new Uint8Array(view.buffer);
}

/** One record, padded to a multiple of four bytes. */
export function snoopRecord(
  seconds: number,
  micros: number,
  frame: Uint8Array,
  original = frame.length,
  drops = 0,
): Uint8Array {
  const length = 24 + Math.ceil(frame.length / 4) * 4;
  const view = new DataView(new ArrayBuffer(length));
  [original, frame.length, length, drops, seconds, micros].forEach((value, index) => view.setUint32(4 * index, value));
  const record = new Uint8Array(view.buffer);
  record.set(frame, 24);
  return record;
}
