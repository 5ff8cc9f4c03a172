import { count } from "../findings/prose/words.js";
import { linkTypeName } from "../wire/link-names.js";
import type { InputReading } from "./json.js";

/**
 * One for each link type of which frames were not read, unless the damage has said it of all, and one for frames that
 * tell nothing because they carry no time.
 */
export function skippedSentences({ facts, damage }: Pick<InputReading, "facts" | "damage">): string[] {
  if (damage?.code === "link-type") return [];
  const unread = [...facts.skippedLinks].map(
    ([linkType, frames]) =>
      `${count(frames, "frame")} ${frames === 1 ? "is" : "are"} of ${linkTypeName(linkType)}, which is not read.`,
  );
  return facts.untimed === 0 ? unread : [...unread, untimedSentence(facts.untimed)];
}

function untimedSentence(frames: number): string {
  return frames === 1
    ? "1 DHCP frame carries no time that can be used: no lease is followed by it, and no silence around it counts."
    : `${frames} DHCP frames carry no time that can be used: no lease is followed by them, and no silence around them counts.`;
}

/** What was in named folders and was not read. */
export function passedOverSentence(files: number): string {
  return files === 1
    ? "1 file in the folders is no capture and was passed over."
    : `${files} files in the folders are no captures and were passed over.`;
}
