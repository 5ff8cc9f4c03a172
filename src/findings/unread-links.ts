import type { Damage } from "../capture/sink.js";
import type { InputFacts } from "./inspection.js";

/** A capture of which nothing could be read is no healthy one. */
export function unreadLinks({ skippedLinks, frames }: InputFacts): Damage | null {
  const skipped = [...skippedLinks.values()].reduce((sum, count) => sum + count, 0);
  if (skipped === 0 || skipped < frames) return null;
  const types = [...skippedLinks.keys()].join(", ");
  const sentence = `None of its frames is of a link layer that is read (link type ${types} of tcpdump.org/linktypes.html): capture on an Ethernet interface, a bridge or a tap.`;
  return { code: "link-type", offset: 0, sentence };
}
