import { formatInstant, type Instant } from "../capture/instant.js";
import type { Diagnosis } from "../findings/diagnose.js";
import type { Finding } from "../findings/finding.js";
import { gapBegins, gapEnds } from "../findings/watch-notes.js";
import type { HostView } from "../host/view.js";
import type { Binding, Lease } from "../lease/cycle.js";
import type * as Events from "../report/events.js";
import { wantsClient, type ReportFilter } from "../report/filter.js";
import { records, type Findings } from "../report/json.js";
import { acquisitionRecord, findingRecord, leaseRecord, renewalRecord } from "../report/records.js";
import { refOf } from "../report/units.js";
import { formatIpv4 } from "../wire/addresses.js";
import { eventWords } from "./event-lines.js";
import type { ClientEvent, LiveEvent, Reason, WatchEvent } from "./live-event.js";
import type { KeptSink } from "./session.js";
import { VERSION } from "../version.js";
import { unquoted } from "../findings/prose/foreign-text.js";
import { utcClock } from "../findings/prose/words.js";
import { whoIs } from "../findings/prose/who.js";

/** Writes what happens as records of events.ts: those of one thing have one `id`, and the last of them is final. */
export class LiveRecords implements KeptSink {
  readonly #ids = new FindingIds();

  constructor(
    private readonly write: (record: Events.LeasetapRecord) => void,
    private readonly filter: ReportFilter,
    /** The host that the clients are on, as it is known by then. */
    private readonly host: () => HostView | null = () => null,
  ) {}

  start(name: string): void {
    this.write({ type: "start", schema: 1, program: "leasetap", version: VERSION, inputs: [name] });
  }

  lease(lease: Lease): void {
    if (wantsClient(this.filter, lease.binding, [lease.address])) this.write(leaseRecord(lease, false));
  }

  cycle(diagnosis: Diagnosis, final: boolean): void {
    const { cycle } = diagnosis;
    const address = cycle.kind === "renewal" ? cycle.lease.address : (cycle.address ?? 0);
    if (!wantsClient(this.filter, cycle.binding, [address])) return;
    if (cycle.kind === "renewal") this.write(renewalRecord(diagnosis, cycle, final));
    else this.write(acquisitionRecord(diagnosis, cycle, final));
  }

  event(event: LiveEvent, at: Instant): void {
    switch (event.kind) {
      case "trouble":
        this.#finding(event.reason);
        break;
      case "lost":
        if (event.reason !== null) this.#finding(event.reason);
        break;
      case "forecast":
        this.#forecast(event);
        break;
      case "remedied":
        this.#remedied(event, at);
        break;
      case "left":
        this.write({ ...leaseRecord(event.lease, false), state: "LEFT" });
        break;
      case "gap":
        this.#gap(event);
        break;
      case "clock-step":
        this.write({
          type: "clock-step",
          at: formatInstant(event.step.instant),
          seconds: rounded(event.step.seconds),
        });
        break;
      case "recovered":
      case "succeeded":
      case "restarted":
        // Their records are those of the lease and of the cycle.
        break;
    }
  }

  /** What was found in the end; what was told before is told as final. */
  *end(found: Findings): Generator<Events.LeasetapRecord> {
    const { findings } = found.inspection;
    const ids = new Map(findings.map((finding) => [finding.id, this.#ids.of(finding)]));
    for (const record of records(found, this.filter, false, this.host())) {
      if (record.type === "finding") yield { ...record, id: ids.get(record.id) ?? record.id };
      else if (record.type !== "start") yield record;
    }
  }

  #finding({ whole, background }: Reason): void {
    this.write(findingRecord({ ...whole, id: this.#ids.of(whole) }, background, false, this.host()));
  }

  #gap({ interfaceName, gap }: WatchEvent & { kind: "gap" }): void {
    const end = gapEnds(gap);
    this.write({
      type: "gap",
      interface: interfaceName,
      from: formatInstant(gapBegins(gap)),
      to: end === null ? null : formatInstant(end),
      reason: gap.reason ?? NOT_SAID,
    });
  }

  #forecast({ binding, lease, expires, remaining }: ClientEvent & { kind: "forecast" }): void {
    this.write({
      type: "forecast",
      lease: lease.id,
      client: binding.client.address,
      name: binding.name,
      address: formatIpv4(lease.address),
      expires: formatInstant(expires),
      remaining: rounded(remaining),
    });
  }

  #remedied(event: ClientEvent & { kind: "remedied" }, at: Instant): void {
    const { binding, cycle, reply } = event;
    const address = cycle.kind === "renewal" ? cycle.lease.address : reply.message.dhcp.yiaddr;
    this.write({
      type: "finding",
      id: this.#ids.next(),
      final: true,
      code: "remedy-works",
      severity: "note",
      confidence: "likely",
      alternatives: [],
      client: binding.client.address,
      name: binding.name,
      address: formatIpv4(address),
      renewals: cycle.kind === "renewal" ? [cycle.id] : [],
      evidence: reply.message.sightings.map(refOf),
      from: formatInstant(reply.message.instant),
      to: formatInstant(at),
      summary: unquoted(`${whoIs(binding)} ${eventWords(event, at, utcClock)}.`),
      detail: "Its next renewals will show whether that lasts.",
      remedies: [],
    });
  }
}

/** Of a gap that shows only by the watch having begun anew. */
const NOT_SAID = "not said";

/** To microseconds. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** A finding keeps its number as it grows, whatever place it takes in the end. */
class FindingIds {
  readonly #ofClients = new Map<Binding, Map<string, string>>();
  readonly #ofNobody = new Map<string, string>();
  #last = 0;

  of(finding: Omit<Finding, "id"> & Pick<Finding, "kind">): string {
    const { binding, code } = finding;
    const server = "server" in finding ? String(finding.server) : "";
    const known = binding === null ? this.#ofNobody : (this.#ofClients.get(binding) ?? new Map<string, string>());
    if (binding !== null) this.#ofClients.set(binding, known);
    const key = `${code} ${server}`;
    const id = known.get(key) ?? this.next();
    known.set(key, id);
    return id;
  }

  next(): string {
    this.#last += 1;
    return `F${this.#last}`;
  }
}
