import {
  createPcapngWriter,
  IF_NAME,
  ISB_ENDTIME,
  ISB_IFRECV,
  ISB_STARTTIME,
  OPT_COMMENT,
  SHB_USERAPPL,
} from "../pcapng-writer.js";
import { commentText, type Comment } from "../remarks.js";

/** Blocks of the stream of a live capture; all its times are microseconds since 1970, whole. */
const writer = createPcapngWriter(true);

/** That of cap, which cannot be told another. */
export const SNAP_LENGTH = 65535;

/** @param program what writes the section */
export function sectionHeader(program: string): Uint8Array {
  return writer.sectionHeader([writer.textOption(SHB_USERAPPL, program)]);
}

export function interfaceDescription(name: string, linkType: number, comment: string | null): Uint8Array {
  const options = [writer.textOption(IF_NAME, name)];
  if (comment !== null) options.push(writer.textOption(OPT_COMMENT, comment));
  return writer.interfaceDescription(linkType, SNAP_LENGTH, options);
}

/** How far an interface was watched. */
export interface Progress {
  /** When the watch began; null: it has not. */
  readonly from: number | null;
  /** Up to when it is known to have gone on; null: it begins here. */
  readonly until: number | null;
  /** Frames since it began; null: not known. */
  readonly received: number | null;
  /** Later fragments that were seen and left out so far; none unless it is given. */
  readonly leftOut?: number;
}

/**
 * @param id number of the interface in the section
 * @param now time of the block
 */
export function interfaceStatistics(
  id: number,
  now: number,
  { from, until, received, leftOut = 0 }: Progress,
  comments: readonly Comment[],
): Uint8Array {
  const options = comments.map((comment) => writer.textOption(OPT_COMMENT, commentText(comment)));
  // Just a comment: nothing depends on it.
  if (leftOut > 0) options.push(writer.textOption(OPT_COMMENT, `later fragments left out: ${leftOut}`));
  if (from !== null) options.push(writer.stampOption(ISB_STARTTIME, BigInt(from)));
  if (until !== null) options.push(writer.stampOption(ISB_ENDTIME, BigInt(until)));
  if (received !== null) options.push(writer.numberOption(ISB_IFRECV, BigInt(received)));
  return writer.interfaceStatistics(id, BigInt(now), options);
}
