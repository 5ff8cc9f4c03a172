import { Found, type ChainRule } from "./chain.js";
import { captureStart, SECTION_HEADER, Start, startsPcapng } from "./magic.js";
import { byteOrder, EMPTY_BLOCK_BYTES, isKnownBlock, leastBytes, TOTAL_LENGTH } from "./pcapng-layout.js";

/** Blocks in a row that are believed: each says its length twice, so two will do. */
const CHAIN_BLOCKS = 2;
/** The longest block that is believed here. */
const MAX_CHAINED_BLOCK = 1024 * 1024;

/** Tells blocks of a pcapng section by their types and by the two lengths of each. */
export class PcapngChainRule implements ChainRule {
  readonly window = CHAIN_BLOCKS * MAX_CHAINED_BLOCK + EMPTY_BLOCK_BYTES;
  /** Of the section that is being read; a section header brings its own. */
  littleEndian = false;

  chainAt(view: DataView, at: number, end: number, last: boolean): Found {
    let { littleEndian } = this;
    let next = at;
    for (let blocks = 0; blocks < CHAIN_BLOCKS; blocks += 1) {
      const cut = last ? endOfChain(blocks) : Found.MORE;
      if (end - next < EMPTY_BLOCK_BYTES) return cut;
      const type = view.getUint32(next, littleEndian);
      if (type === SECTION_HEADER) {
        const order = byteOrder(view, next);
        if (order === null) return Found.NONE;
        littleEndian = order;
      }
      const total = view.getUint32(next + TOTAL_LENGTH, littleEndian);
      if (!isKnownBlock(type)) return pcapFile(view, next, end, last);
      if (total < leastBytes(type) || (total & 3) !== 0 || total > MAX_CHAINED_BLOCK) return Found.NONE;
      if (end - next < total) return cut;
      if (view.getUint32(next + total - 4, littleEndian) !== total) return Found.NONE;
      next += total;
    }
    return Found.HERE;
  }

  /**
   * Whether blocks lead from this one to another behind an offset, or to the end of the stream, or to another capture.
   *
   * @param last nothing follows `end`
   * @returns MORE if that takes bytes beyond `end`; never if `last`
   */
  leadsBeyond(view: DataView, at: number, over: number, end: number, last: boolean): Found {
    let { littleEndian } = this;
    for (let next = at; ;) {
      if (end - next < EMPTY_BLOCK_BYTES) return last ? Found.HERE : Found.MORE;
      const type = view.getUint32(next, littleEndian);
      if (type === SECTION_HEADER) {
        const order = byteOrder(view, next);
        if (order === null) return Found.NONE;
        littleEndian = order;
      }
      if (!isKnownBlock(type)) return pcapFile(view, next, end, last);
      const total = view.getUint32(next + TOTAL_LENGTH, littleEndian);
      if (total < leastBytes(type) || (total & 3) !== 0 || total > MAX_CHAINED_BLOCK) return Found.NONE;
      if (next > over) return Found.HERE;
      if (end - next < total) return last ? Found.HERE : Found.MORE;
      if (view.getUint32(next + total - 4, littleEndian) !== total) return Found.NONE;
      next += total;
    }
  }
}

/** The stream is over: one whole block, before its very end or before one that is cut, is enough. */
function endOfChain(blocks: number): Found {
  return blocks > 0 ? Found.HERE : Found.NONE;
}

/** A pcap file may follow the damage, or the chain. */
function pcapFile(view: DataView, at: number, end: number, last: boolean): Found {
  const start = startsPcapng(view, at) ? Start.NO : captureStart(view, at, end);
  if (start === Start.MORE) return last ? Found.NONE : Found.MORE;
  return start === Start.YES ? Found.HERE : Found.NONE;
}
