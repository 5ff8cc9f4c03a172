import { addSeconds, toSeconds, type Instant } from "../capture/instant.js";
import type { LossFinding } from "../findings/finding.js";
import type { Clock } from "../findings/prose/words.js";
import type { Attempt, RenewalCycle } from "../lease/cycle.js";
import { deadlines } from "../lease/timers.js";
import { hasLostAddress } from "./text-clients.js";
import { GLUE, paragraph, widthOf, type TextStyle } from "./text-style.js";

const INDENT = 2;

/**
 * The renewal that was lost, drawn to scale: the lease with its timers on one line, what the client sent on the next.
 * Nothing for a loss without a lease whose timers are known.
 */
export function timelineLines(finding: LossFinding, clock: Clock, style: TextStyle): string[] {
  const cycle = renewalOf(finding);
  const before = cycle?.grantedBefore ?? null;
  const times = before === null ? null : deadlines(before.granted, before.terms);
  if (cycle === null || before === null || times === null) return [];
  const start = toSeconds(before.granted);
  const attempts = finding.diagnoses
    .flatMap((diagnosis) => diagnosis.cycle.attempts)
    .filter(({ message }) => message.time >= toSeconds(cycle.started));
  if (attempts.length < FEWEST) return [];
  const again = regained(cycle);
  const last = attempts.at(-1)?.message.instant ?? times.expires;
  const end = [again, last, times.expires].reduce<Instant>(
    (a, b) => (b !== null && isLater(b, a) ? b : a),
    before.granted,
  );
  const width = Math.min(widthOf(style), WIDEST) - INDENT;
  const scale = new Scale(start, toSeconds(end), width);
  const lease = scale.line();
  scale.fill(lease, before.granted, times.expires, "=");
  scale.fill(lease, times.expires, again ?? end, ".");
  scale.put(lease, before.granted, "G");
  scale.put(lease, times.t1, "1");
  scale.put(lease, times.t2, "2");
  scale.put(lease, times.expires, "X");
  const sent = scale.line();
  for (const attempt of attempts) scale.put(sent, attempt.message.instant, markOf(attempt));
  if (again !== null) scale.put(sent, again, "A");
  const marks = new Set(sent);
  const legend = [
    `G granted ${clock(before.granted)}`,
    `1 T1 ${clock(times.t1)}`,
    `2 T2 ${clock(times.t2)}`,
    `X expiry ${clock(times.expires)}`,
    ...LEGEND.filter(([mark]) => marks.has(mark)).map(([mark, words]) => `${mark} ${words}`),
    ...(again === null ? [] : [`A address again ${clock(again)}`]),
  ];
  return [
    ...[lease, sent].map((line) => " ".repeat(INDENT) + line.join("").trimEnd()),
    // A mark and its meaning stay on one line.
    ...paragraph(legend.map((entry) => entry.replaceAll(" ", GLUE)).join("; "), style, { indent: INDENT }),
  ];
}

/** Fewer attempts than this are told in a sentence. */
const FEWEST = 3;
const WIDEST = 100;

const LEGEND = [
  ["o", "answered, answer ignored"],
  ["-", "not answered in time"],
  ["*", "answered and accepted"],
] as const;

/** The renewal that cost the client its address, else the last. */
function renewalOf(finding: LossFinding): RenewalCycle | null {
  const renewals = finding.diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "renewal");
  const lost = hasLostAddress(finding) ? renewals.find(({ lease }) => lease.lostAt !== null) : undefined;
  return lost ?? renewals.at(-1) ?? null;
}

function regained({ lease }: RenewalCycle): Instant | null {
  return lease.lostAt === null || lease.outage === null ? null : addSeconds(lease.lostAt, lease.outage);
}

function markOf({ replies }: Attempt): string {
  if (replies.some(({ outcome }) => outcome === "accepted")) return "*";
  return replies.some(({ reason }) => reason !== "late") ? "o" : "-";
}

function isLater(a: Instant, b: Instant): boolean {
  return toSeconds(a) > toSeconds(b);
}

/** Moments on a line of characters. */
class Scale {
  constructor(
    private readonly start: number,
    private readonly end: number,
    private readonly width: number,
  ) {}

  line(): string[] {
    return Array.from({ length: this.width }, () => " ");
  }

  put(line: string[], at: Instant, mark: string): void {
    line[this.#column(at)] = mark;
  }

  fill(line: string[], from: Instant, to: Instant, mark: string): void {
    line.fill(mark, this.#column(from), this.#column(to));
  }

  #column(at: Instant): number {
    const part = (toSeconds(at) - this.start) / Math.max(1e-6, this.end - this.start);
    return Math.max(0, Math.min(this.width - 1, Math.round(part * (this.width - 1))));
  }
}
