import type { Presumption } from "../lease/presumption.js";
import type { Context } from "./context.js";
import type { Background } from "./prose/facts.js";

/** How one client stands in the middle of watching. Asking changes nothing, and later frames may show it otherwise. */
export interface Situation {
  readonly context: Context;
  readonly background: Background;
  /** Its renewals that went well and were let go. */
  readonly healthyRenewals: number;
  readonly presumption: Presumption;
  /** When any frame of it but DHCP was seen last, in seconds since 1970; -Infinity: never. */
  readonly lastSeen: number;
}
