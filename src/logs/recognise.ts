import type { Recognised, Recogniser } from "./fact.js";
import type { LogLine } from "./line.js";
import { connmand, dhcpcd, dhcpleased, networkd, networkManager, udhcpc } from "./programs/clients.js";
import { dhclient } from "./programs/dhclient.js";
import { remarks } from "./programs/kernel.js";
import { dhcpd, dnsmasq, kea, udhcpd } from "./programs/servers.js";

const PROGRAMS: ReadonlyMap<string, Recogniser> = new Map([
  ["dhclient", dhclient],
  ["dhcpcd", dhcpcd],
  ["udhcpc", udhcpc],
  ["networkd", networkd],
  ["NetworkManager", networkManager],
  ["connmand", connmand],
  ["dhcpleased", dhcpleased],
  ["dhcpd", dhcpd],
  ["dnsmasq", dnsmasq],
  ["kea", kea],
  ["udhcpd", udhcpd],
]);

/** A line's meaning, and the program that speaks. */
export type Understood = Recognised & { readonly program: string | null };

/** Tells what the lines of one log say. */
export class Recognition {
  /** The program that lines without a program's name were found to be of. */
  #anonymous: string | null = null;

  /** @returns null where a line is of no use here */
  recognise({ program, text }: LogLine): Understood | null {
    const own = program === null ? null : (PROGRAMS.get(program)?.(text) ?? null);
    if (own !== null) return { ...own, program };
    const remark = remarks(text);
    if (remark !== null) return { ...remark, program };
    return program === null ? this.#byWords(text) : null;
  }

  /** Output that was pasted or redirected without its program's name tells by its words; some words are of several. */
  #byWords(text: string): Understood | null {
    const last = this.#anonymous;
    const again = last === null ? null : (PROGRAMS.get(last)?.(text) ?? null);
    if (again !== null) return { ...again, program: last };
    for (const [program, recogniser] of PROGRAMS) {
      const recognised = recogniser(text);
      if (recognised === null) continue;
      this.#anonymous = program;
      return { ...recognised, program };
    }
    return null;
  }
}
