import type { Binding, Cycle, Lease } from "../lease/cycle.js";

/** What is kept of one client beside what the tracker knows: what was said of it already, so that nothing is said twice. */
export interface Standing {
  readonly binding: Binding;
  /** Cycles that ended since it was last looked at. */
  readonly closed: Cycle[];
  /** Its latest cycles in which something was lost, oldest first. */
  readonly troubled: Cycle[];
  /** The cycle of which trouble was told, and what was said. */
  told: { readonly cycle: Cycle; said: string; over: boolean } | null;
  /** Which warnings were given for a grant. */
  warned: Warned | null;
  /** The lease of which it was told that it is lost, until it was told that the client has one again. */
  lost: Lease | null;
  /** A lease that the tracker says the client did without, once it has another. */
  regained: Lease | null;
  /** Partial replies that it ignored since it last took one, by the kind of cycle. */
  readonly partial: Record<Cycle["kind"], Partials>;
}

export interface Partials {
  count: number;
  /** Server that sent the last of them; null: none. */
  server: number | null;
}

export interface Warned {
  /** Tells grants apart, see grantOf. */
  readonly grant: string;
  /** The steps before expiry, in seconds, that were told or need not be; Infinity: none. */
  step: number;
  t2: boolean;
  /** That the lease is lost, or that the client has left. */
  ended: boolean;
}

/** Cycles of one client that are kept as evidence. */
const MOST_TROUBLED = 32;

export function newStanding(binding: Binding): Standing {
  return {
    binding,
    closed: [],
    troubled: [],
    told: null,
    warned: null,
    lost: null,
    regained: null,
    partial: { acquisition: { count: 0, server: null }, renewal: { count: 0, server: null } },
  };
}

export function keepTroubled({ troubled }: Standing, cycle: Cycle): void {
  if (troubled.at(-1) === cycle) return;
  troubled.push(cycle);
  troubled.splice(0, troubled.length - MOST_TROUBLED);
}

/** What was warned of for the grant by which a lease is held; anew if it is another. */
export function warnedFor(standing: Standing, lease: Lease): Warned {
  const grant = grantOf(lease);
  if (standing.warned?.grant === grant) return standing.warned;
  const fresh: Warned = { grant, step: Infinity, t2: false, ended: false };
  standing.warned = fresh;
  return fresh;
}

/** The grant is that of the tracker, whatever number the lease has: a presumed one has none yet. */
function grantOf({ id, address, granted }: Lease): string {
  return granted === null ? id : `${address} ${granted.seconds}.${granted.nanos}`;
}
