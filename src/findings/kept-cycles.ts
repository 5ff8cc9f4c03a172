import { AttemptBudget } from "./attempt-budget.js";
import type { Attempt, Client, Cycle, Reply } from "../lease/cycle.js";
import type { Message } from "../lease/message.js";
import type { DhcpMessage } from "../wire/dhcp.js";
import type { Frame } from "../wire/frame.js";
import { NO_OPTIONS } from "../wire/options.js";

/** Cycles kept in which something was lost: three for each of ten thousand clients, and more than anybody reads. */
const MOST_TROUBLED = 1 << 15;
/** Cycles kept in which nothing was, where they are asked for. */
const MOST_HEALTHY = 1 << 18;
/** So many of the oldest are looked at for one that is missed least. */
const LOOKED_AT = 64;
/** Cycles of one client of which it is no loss to miss one. */
const MANY = 512;

/** The cycles that are told of at the end. */
export class KeptCycles {
  readonly #troubled = new Set<Cycle>();
  readonly #ofClient = new WeakMap<Client, number>();
  readonly #healthy = new Set<{ cycle: Cycle }>();
  readonly #entries = new WeakMap<Cycle, { cycle: Cycle }>();
  /** Of those in which nothing was lost, how many were let go. */
  readonly uncounted = { renewals: 0, acquisitions: 0 };
  readonly #budget: AttemptBudget;

  /**
   * @param mostAttempts kept of cycles that are over; see AttemptBudget
   * @param letGo hears of each cycle that is not kept, or not whole, because there is too much
   */
  constructor(
    mostAttempts: number,
    private readonly letGo: (cycle: Cycle) => void,
  ) {
    this.#budget = new AttemptBudget(mostAttempts, letGo);
  }

  get troubled(): readonly Cycle[] {
    return [...this.#troubled];
  }

  get healthy(): readonly Cycle[] {
    return [...this.#healthy].map(({ cycle }) => cycle);
  }

  /** Something was lost in it, or may have been. */
  add(cycle: Cycle): void {
    this.#budget.add(cycle);
    if (this.#troubled.has(cycle)) return;
    this.#troubled.add(cycle);
    this.#count(cycle, 1);
    if (this.#troubled.size <= MOST_TROUBLED) return;
    const missed = this.#leastMissed() ?? cycle;
    this.drop(missed);
    this.letGo(missed);
  }

  /** Nothing was lost in it: what records tell of it is kept, its frames are not. */
  addHealthy(cycle: Cycle): void {
    this.drop(cycle);
    const entry = { cycle: withoutFrames(cycle) };
    this.#entries.set(cycle, entry);
    this.#healthy.add(entry);
    if (this.#healthy.size <= MOST_HEALTHY) return;
    for (const oldest of this.#healthy) {
      this.#healthy.delete(oldest);
      this.uncounted[oldest.cycle.kind === "renewal" ? "renewals" : "acquisitions"] += 1;
      this.letGo(oldest.cycle);
      return;
    }
  }

  /** A late reply has changed it. */
  changed(cycle: Cycle): void {
    const entry = this.#entries.get(cycle);
    if (entry !== undefined) entry.cycle = withoutFrames(cycle);
  }

  drop(cycle: Cycle): void {
    this.#budget.drop(cycle);
    if (this.#troubled.delete(cycle)) this.#count(cycle, -1);
  }

  #count({ binding: { client } }: Cycle, by: number): void {
    this.#ofClient.set(client, (this.#ofClient.get(client) ?? 0) + by);
  }

  /** One of a client that has very many; of one that was never answered, as invented ones are; or one that ended well. */
  #leastMissed(): Cycle | undefined {
    const oldest: Cycle[] = [];
    for (const cycle of this.#troubled) {
      oldest.push(cycle);
      if (oldest.length === LOOKED_AT) break;
    }
    const missed =
      oldest.find(({ binding }) => (this.#ofClient.get(binding.client) ?? 0) > MANY) ??
      oldest.find(({ binding: { answered } }) => !answered.unicast && !answered.broadcast) ??
      oldest.find(({ outcome }) => outcome === "renewed" || outcome === "bound") ??
      oldest[0];
    // Those that were passed over are not looked at again before all others.
    for (const cycle of oldest) {
      if (cycle === missed) break;
      this.#troubled.delete(cycle);
      this.#troubled.add(cycle);
    }
    return missed;
  }
}

function withoutFrames(cycle: Cycle): Cycle {
  let accepted: Reply | null = null;
  const attempts = cycle.attempts.map(({ message, state, replies }) => {
    const attempt: Attempt = { message: lean(message), state, replies: [], unreachable: [] };
    for (const reply of replies) {
      const copy = { ...reply, message: lean(reply.message), attempt, episode: null };
      attempt.replies.push(copy);
      if (reply === cycle.accepted) accepted = copy;
    }
    return attempt;
  });
  return { ...cycle, attempts, waiting: [], accepted };
}

function lean(message: Message): Message {
  const sightings = message.sightings.map((sighting) => ({ ...sighting, frame: NO_FRAME, message: null }));
  return { ...message, dhcp: NO_DHCP, sightings };
}

const NOTHING = new Uint8Array(0);
const NO_FRAME: Frame = {
  ...{ bytes: NOTHING, original: 0, link: null, ip: null, udp: null, dhcp: null, stopped: null, reassembled: null },
};
const NO_DHCP: DhcpMessage = {
  ...{ op: 0, htype: 0, hlen: 0, hops: 0, xid: 0, secs: 0, flags: 0 },
  ...{ ciaddr: 0, yiaddr: 0, siaddr: 0, giaddr: 0, chaddr: NOTHING, type: null, cut: false, options: NO_OPTIONS },
};
