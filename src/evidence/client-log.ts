import { toSeconds } from "../capture/instant.js";
import type { Loss, Testimony } from "../findings/testimony.js";
import type { Cycle, Reply } from "../lease/cycle.js";
import type { Alignment } from "./align.js";
import type { PacketPoint } from "./diary.js";
import { refsOf } from "./lines.js";
import type { ClientTranscript, MessageLine, Statement } from "./transcript.js";

/** Lines come a little before or after the messages that they are about; seconds. */
const NEAR = 1.5;

/** A client's own log beside its packets. */
export interface ClientWitness {
  readonly input: string;
  readonly transcript: ClientTranscript;
  readonly alignment: Alignment<MessageLine>;
  /** When the capture was watching this client, seconds since 1970. */
  readonly watched: { readonly from: number; readonly until: number };
  /** Its unicasts are to be seen there. */
  readonly showsUnicasts: boolean;
}

/** What a client says of one cycle of its own. */
export function clientTestimony(witness: ClientWitness, { cycle }: Loss): Testimony[] {
  return [...rejected(witness, cycle), ...took(witness, cycle), ...asked(witness, cycle)];
}

/** "5 bad udp checksums in 5 packets", or a line for each of them. */
function rejected({ input, transcript, alignment }: ClientWitness, cycle: Cycle): Testimony[] {
  const { program } = transcript;
  const said: Statement[] = [];
  let bad = 0;
  let since = -Infinity;
  for (const statement of transcript.statements) {
    const time = statement.time - alignment.ahead;
    const { fact } = statement;
    if (fact.kind === "started") since = time;
    if (fact.kind === "rejected" && isWithin(cycle, time)) {
      bad += 1;
      said.push(statement);
    }
    if (fact.kind !== "counted" || fact.sum !== "udp") continue;
    if (concerns(cycle, since, time)) {
      bad += fact.bad;
      said.push(statement);
    }
    since = time;
  }
  return bad === 0 ? [] : [{ kind: "client-rejected", program, lines: refsOf(input, said), bad }];
}

/** Replies that it ignored are among those that were counted in this time. */
function concerns(cycle: Cycle, since: number, until: number): boolean {
  const within = (time: number): boolean => time > since - NEAR && time <= until + NEAR;
  const ignored = repliesOf(cycle).filter(({ outcome, message }) => outcome === "ignored" && within(message.time));
  // Where no reply is to be seen here, all that it asked for in this time must be of this cycle.
  const asked = cycle.attempts.filter(({ message }) => within(message.time));
  return ignored.length > 0 || (repliesOf(cycle).length === 0 && asked.length > 1 && isWithin(cycle, since + NEAR));
}

function took({ input, transcript: { program }, alignment }: ClientWitness, cycle: Cycle): Testimony[] {
  const ignored = repliesOf(cycle).filter(({ outcome, reason }) => outcome === "ignored" && !EXPLAINED.has(reason));
  const byOrder = new Map(ignored.map((reply) => [reply.message.order, reply]));
  return [...alignment.seen].flatMap(([line, packet]): Testimony[] => {
    const reply = byOrder.get(packet.order);
    const sure = reply !== undefined && line.kind === "ACK" && isAlone(reply, cycle);
    return sure ? [{ kind: "client-took", program, lines: refsOf(input, [line]), reply: reply.message }] : [];
  });
}

/** Ignored, whatever the client thinks of its checksum. */
const EXPLAINED: ReadonlySet<Reply["reason"]> = new Set(["duplicate", "late", "not-chosen", "malformed"]);

/** No other reply is so near that the line may be about that one. */
function isAlone({ message }: Reply, cycle: Cycle): boolean {
  return repliesOf(cycle).every(
    (other) => other.message === message || Math.abs(other.message.time - message.time) > 2 * NEAR,
  );
}

/** Messages that left the client's program and that no frame shows. */
function asked(witness: ClientWitness, cycle: Cycle): Testimony[] {
  const { input, transcript, alignment, watched, showsUnicasts } = witness;
  const unseen = transcript.messages.filter(({ fact, kind, time }) => {
    const at = time - alignment.ahead;
    return (
      fact.kind === "sent" &&
      (kind === "DISCOVER" || kind === "REQUEST") &&
      (fact.way === "broadcast" || showsUnicasts) &&
      at > watched.from + NEAR &&
      at < watched.until - NEAR &&
      isWithin(cycle, at)
    );
  });
  const lines = unseen.filter((line) => !alignment.seen.has(line));
  return lines.length === 0
    ? []
    : [{ kind: "client-asked", program: transcript.program, lines: refsOf(input, lines), messages: lines.length }];
}

function repliesOf({ attempts }: Cycle): Reply[] {
  return attempts.flatMap(({ replies }) => replies);
}

function isWithin(cycle: Cycle, time: number): boolean {
  const { started, ended } = cycle;
  // What nobody watched may have passed.
  const watched = cycle.kind === "renewal" ? (cycle.unseen?.to ?? -Infinity) : -Infinity;
  const from = Math.max(toSeconds(started) - NEAR, watched + NEAR);
  return time > from && time < (ended === null ? Infinity : toSeconds(ended)) + NEAR;
}

/** How many lines must have their message before a log is taken for this client's. */
const ENOUGH = 2;

/**
 * Which client a log is of: the one that it names, or the one whose messages it has.
 *
 * @param clients hardware addresses
 */
export function clientOf(
  transcript: ClientTranscript,
  clients: Iterable<string>,
  alignmentOf: (client: string) => Alignment<MessageLine> | null,
): { readonly client: string; readonly alignment: Alignment<MessageLine> } | null {
  let best: { readonly client: string; readonly alignment: Alignment<MessageLine> } | null = null;
  let tied = false;
  for (const client of clients) {
    if (transcript.hardware !== null && transcript.hardware !== client) continue;
    const alignment = alignmentOf(client);
    if (alignment === null || !isConvincing(alignment, transcript)) continue;
    const more = alignment.seen.size - (best?.alignment.seen.size ?? 0);
    tied = more === 0 || (more < 0 && tied);
    if (more > 0) best = { client, alignment };
  }
  return tied ? null : best;
}

/** Of a healthy client some programs write one line, of the address that it got: at that very moment, that is enough. */
function isConvincing({ ahead, seen }: Alignment<MessageLine>, { hardware }: ClientTranscript): boolean {
  const told = [...seen.keys()];
  const named = hardware !== null || told.some(({ xid }) => xid !== null);
  const addressed = Math.abs(ahead) < NEAR && told.some(({ address }) => address !== null);
  return seen.size >= ENOUGH || (seen.size > 0 && (named || addressed));
}

/** The first and the last moment at which messages of this client were seen. */
export function watchedOf(packets: readonly PacketPoint[]): ClientWitness["watched"] {
  return { from: packets[0]?.time ?? Infinity, until: packets.at(-1)?.time ?? -Infinity };
}
