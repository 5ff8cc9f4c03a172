import type { Pressure } from "../host-load.js";
import type { LossFacts } from "./facts.js";
import { silenceOf } from "./server-facts.js";
import { greatest, least } from "./words.js";

/** What the host was doing while answers did not come: it tells a busy host from a server that is stuck. */

/** From this share on something was short: a task waited for it a fifth of the time. */
const BUSY = 0.2;
/** Below this share nobody waited to speak of. */
const IDLE = 0.1;

export type Load = "busy" | "idle" | "between";

export function loadOf(pressure: Pressure): Load {
  const worst = greatest(Object.values(pressure));
  if (worst >= BUSY) return "busy";
  return worst < IDLE ? "idle" : "between";
}

/** While a loss was under way: the silence, or from the first request to its late answer; null: not known. */
export function pressureDuring(facts: LossFacts): Pressure | null {
  const { load } = facts.background;
  if (load === undefined) return null;
  const silence = silenceOf(facts);
  const asked = facts.lost.map(({ message }) => message.time);
  const answered = facts.late.map(({ message }) => message.time);
  const from = silence?.from ?? least(asked);
  const to = silence?.to ?? greatest([...asked, ...answered]);
  return load.between(from, Math.max(to, from + 1));
}

/** "host I/O pressure 55 %", "the host was idle"; for the end of a sentence. */
export function loadClause(pressure: Pressure): string {
  const [what, share] = worstOf(pressure);
  return loadOf(pressure) === "idle" ? "the host was idle" : `host ${what} pressure ${percent(share)}`;
}

/** What that means for a server on this host. */
export function loadSentences(pressure: Pressure): string[] {
  const { cpu, io, memory } = pressure;
  const numbers = `CPU ${percent(cpu)}, I/O ${percent(io)}, memory ${percent(memory)}`;
  const measured = `Pressure on the host that captured, in that time (share of it in which some task had to wait): ${numbers}.`;
  switch (loadOf(pressure)) {
    case "busy":
      return [measured, `If the server runs there, ${worstOf(pressure)[0]} was what it waited for.`];
    case "idle":
      return [
        measured,
        "If the server runs there, it was not starved: it is stuck or stopped, or something drops its packets.",
      ];
    case "between":
      return [measured];
  }
}

function worstOf({ cpu, io, memory }: Pressure): readonly [string, number] {
  const all = [
    ["I/O", io],
    ["memory", memory],
    ["CPU", cpu],
  ] as const;
  return all.reduce((worst, next) => (next[1] > worst[1] ? next : worst));
}

function percent(share: number): string {
  const value = Math.round(share * 100);
  return `${value} %`;
}
