import type { Binding } from "../../lease/cycle.js";
import { quoted } from "./foreign-text.js";

/** "52:54:00:12:65:64", or "web1 (52:54:00:12:65:64)" where the packets tell a name. */
export function whoIs({ name, client }: Binding): string {
  return name === null ? client.address : `${quoted(name, NAME_LIMIT)} (${client.address})`;
}

export const NAME_LIMIT = 64;
