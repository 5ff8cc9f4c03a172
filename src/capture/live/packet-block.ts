import { ENHANCED_PACKET, ENHANCED_PACKET_BYTES } from "../pcapng-layout.js";

/** Without its options and the length at its end. */
const HEADER_BYTES = ENHANCED_PACKET_BYTES - 4;
const HIGH_WORD = 2 ** 32;

/**
 * An enhanced packet block (draft-ietf-opsawg-pcapng section 4.3, little-endian) that is used again and again: the frame
 * comes to lie where it belongs, and nothing is copied or allocated.
 */
export class PacketBlock {
  /** Takes the frame. */
  readonly frame: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** @param most bytes of the longest frame */
  constructor(most: number) {
    const memory = new ArrayBuffer(Math.ceil((HEADER_BYTES + most) / 4) * 4 + 4);
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
    this.#view.setUint32(0, ENHANCED_PACKET, true);
    this.frame = this.#bytes.subarray(HEADER_BYTES, HEADER_BYTES + most);
  }

  /**
   * The block around the frame.
   *
   * @param id number of the interface in the section
   * @param micros microseconds since 1970, whole
   * @param captured bytes of the frame that are there
   * @param original bytes that it had
   * @returns valid until the next frame
   */
  around(id: number, micros: number, captured: number, original: number): Uint8Array {
    const padded = Math.ceil(captured / 4) * 4;
    const total = HEADER_BYTES + padded + 4;
    const view = this.#view;
    view.setUint32(4, total, true);
    view.setUint32(8, id, true);
    view.setUint32(12, Math.floor(micros / HIGH_WORD), true);
    view.setUint32(16, micros % HIGH_WORD, true);
    view.setUint32(20, captured, true);
    view.setUint32(24, original, true);
    this.#bytes.fill(0, HEADER_BYTES + captured, HEADER_BYTES + padded);
    view.setUint32(total - 4, total, true);
    return this.#bytes.subarray(0, total);
  }
}
