import { count } from "../findings/prose/words.js";
import { linkTypeName } from "../wire/link-names.js";
import type { InputReading } from "./json.js";

/** One for each link type of which frames were not read, unless the damage has said it of all. */
export function skippedSentences({ facts, damage }: Pick<InputReading, "facts" | "damage">): string[] {
  if (damage?.code === "link-type") return [];
  return [...facts.skippedLinks].map(
    ([linkType, frames]) =>
      `${count(frames, "frame")} ${frames === 1 ? "is" : "are"} of ${linkTypeName(linkType)}, which is not read.`,
  );
}

/** What was in named folders and was not read. */
export function passedOverSentence(files: number): string {
  return files === 1
    ? "1 file in the folders is no capture and was passed over."
    : `${files} files in the folders are no captures and were passed over.`;
}
