import { beginCycle, keep, type ClientCycle, type Counted } from "./client-cycle.js";
import type { LogFact } from "./fact.js";
import type { Place } from "./place.js";

/** What one client says of itself: one interface of one host. */
export class ClientLog {
  hardware: string | null = null;
  address: number | null = null;
  server: number | null = null;
  /** Cycles that ended well. */
  renewed = 0;
  acquired = 0;
  /** The program prints the counter: it has done so in this log. */
  counts = false;
  #cycle: ClientCycle | null = null;
  /** Nothing was heard since the program began: a REQUEST is then one of INIT-REBOOT. */
  #fresh = false;
  /** Since the last print of the counter; null before the first print and without a start of the program. */
  #sinceCount: { requests: number; accepted: number } | null = null;

  constructor(
    readonly host: string | null,
    readonly program: string,
    /** null until a line names it. */
    public device: string | null,
    private readonly ended: (cycle: ClientCycle, client: ClientLog) => void,
  ) {}

  take(fact: LogFact, place: Place): void {
    switch (fact.kind) {
      case "started":
        this.#end("restarted");
        this.#fresh = true;
        this.#sinceCount = { requests: 0, accepted: 0 };
        break;
      case "interface":
        this.hardware = fact.hardware ?? this.hardware;
        break;
      case "sent":
        this.#sent(fact, place);
        break;
      case "renewing":
        this.#renewing(fact, place);
        break;
      case "received":
        this.#received(fact, place);
        break;
      case "bound":
        this.#granted(fact.address, place);
        break;
      case "lost":
        if (this.#cycle?.kind === "renewal") this.#close("lost", place);
        break;
      case "counted":
        this.#counted(fact, place);
        break;
      case "rejected":
        if (this.#cycle !== null) keep(this.#cycle.rejected, place);
        if (this.#cycle !== null) this.#cycle.last = place;
        break;
      case "served":
      case "remark":
        break;
    }
  }

  /** Nothing follows. */
  finish(): void {
    this.#end("open");
  }

  #sent(fact: Extract<LogFact, { kind: "sent" }>, place: Place): void {
    if (fact.message === "RELEASE" || fact.message === "DECLINE") {
      this.#end("restarted");
      return;
    }
    if (this.#sinceCount !== null) this.#sinceCount.requests += 1;
    // Whoever asks for any address has no lease any more.
    if (fact.message === "DISCOVER" && this.#cycle?.kind === "renewal") this.#close("lost", place);
    const cycle = this.#open(fact.message === "DISCOVER" || this.#fresh ? "acquisition" : "renewal", place);
    this.#fresh = false;
    keep(cycle.asked, place);
    cycle.last = place;
    cycle.address = fact.address ?? cycle.address ?? this.address;
    if (fact.message === "DISCOVER") {
      cycle.discovers += 1;
      return;
    }
    cycle.requests += 1;
    if (fact.way === "unicast") {
      cycle.unicast += 1;
      cycle.broadcastsInRow = 0;
      cycle.server = fact.server ?? cycle.server;
    } else if (fact.way === "broadcast") {
      cycle.broadcast += 1;
      cycle.broadcastsInRow += 1;
    }
  }

  #renewing(fact: Extract<LogFact, { kind: "renewing" }>, place: Place): void {
    const cycle = this.#open("renewal", place);
    keep(cycle.announced, place);
    cycle.last = place;
    cycle.address = fact.address ?? cycle.address;
  }

  #received(fact: Extract<LogFact, { kind: "received" }>, place: Place): void {
    if (this.#sinceCount !== null) this.#sinceCount.accepted += 1;
    this.server = fact.server ?? this.server;
    if (fact.message === "ACK") {
      this.#granted(fact.address, place);
      return;
    }
    const cycle = this.#cycle;
    if (cycle === null) return;
    cycle.last = place;
    cycle.server = fact.server ?? cycle.server;
    if (fact.message === "OFFER") cycle.offers += 1;
    else this.#close("refused", place);
  }

  #granted(address: number | null, place: Place): void {
    this.address = address ?? this.address;
    this.#fresh = false;
    if (this.#cycle === null) return;
    if (this.#cycle.kind === "renewal") this.renewed += 1;
    else this.acquired += 1;
    this.#cycle.address = this.address;
    this.#close("granted", place);
  }

  #counted(fact: Extract<LogFact, { kind: "counted" }>, place: Place): void {
    const counted: Counted = { place, bad: fact.bad, seen: fact.seen, since: this.#sinceCount };
    if (fact.sum !== "udp") return;
    this.counts = true;
    this.#sinceCount = { requests: 0, accepted: 0 };
    if (this.#cycle === null) return;
    if (this.#cycle.counted.length < 100) this.#cycle.counted.push(counted);
    this.#cycle.last = place;
  }

  #open(kind: ClientCycle["kind"], place: Place): ClientCycle {
    if (this.#cycle !== null) return this.#cycle;
    const cycle = beginCycle(kind, place);
    cycle.address = this.address;
    cycle.server = this.server;
    this.#cycle = cycle;
    return cycle;
  }

  #close(end: ClientCycle["end"], place: Place): void {
    if (this.#cycle !== null) this.#cycle.last = place;
    this.#end(end);
  }

  #end(end: ClientCycle["end"]): void {
    const cycle = this.#cycle;
    if (cycle === null) return;
    this.#cycle = null;
    cycle.end = end;
    this.ended(cycle, this);
  }
}
