import { instantAt } from "../capture/instant.js";
import type { Loss, Testimony } from "../findings/testimony.js";
import type { Attempt } from "../lease/cycle.js";
import type { Alignment } from "./align.js";
import { refsOf } from "./lines.js";
import type { MessageLine, ServerTranscript, Statement } from "./transcript.js";

/** Programs that have a line for each message that they take; others have one for each answer. */
const TELLS_REQUESTS: ReadonlySet<string> = new Set(["dhcpd", "dnsmasq"]);
/** Lines come a little before or after the messages that they are about; seconds. */
const NEAR = 1.5;
/** An answer stands behind its request by no more lines' time than this, in seconds. */
const ANSWERED_WITHIN = 30;

/** A server's log beside the packets of its clients. */
export interface ServerWitness {
  readonly input: string;
  readonly transcript: ServerTranscript;
  readonly alignment: Alignment<MessageLine>;
  /** From its first to its last line, by the clock of the packets; seconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** Its lines by Message.order. */
  readonly byOrder: ReadonlyMap<number, MessageLine>;
}

export function serverWitness(
  input: string,
  transcript: ServerTranscript,
  alignment: Alignment<MessageLine>,
  first: number,
  last: number,
): ServerWitness {
  const byOrder = new Map([...alignment.seen].map(([line, { order }]) => [order, line]));
  const { ahead } = alignment;
  return { input, transcript, alignment, from: first - ahead, until: last - ahead, byOrder };
}

/** So many lines must have their message before a log is taken for one of this time, unless it names transactions. */
const ENOUGH = 2;

/** Whether a log is about these packets. */
export function isConvincing({ ahead, seen }: Alignment<MessageLine>): boolean {
  const named = [...seen.keys()].some(({ xid }) => xid !== null);
  return seen.size >= ENOUGH || (seen.size > 0 && (named || Math.abs(ahead) < NEAR));
}

/** What a server says of one cycle of a client. */
export function serverTestimony(witness: ServerWitness, loss: Loss): Testimony[] {
  if (loss.lost.length === 0) return [];
  return [...heard(witness, loss), ...missing(witness, loss), ...reasons(witness, loss), ...rejected(witness, loss)];
}

interface Heard {
  readonly attempt: Attempt;
  readonly lines: readonly MessageLine[];
}

/** Lost requests that the log has, answered or not. */
function heard({ input, transcript, byOrder }: ServerWitness, { lost }: Loss): Testimony[] {
  const { program } = transcript;
  const answered: Heard[] = [];
  const silent: Heard[] = [];
  for (const attempt of lost) {
    const line = byOrder.get(attempt.message.order);
    if (line === undefined) continue;
    const answer = answerTo(line, transcript);
    if (answer === null) silent.push({ attempt, lines: [line] });
    else if (attempt.replies.length === 0) answered.push({ attempt, lines: [line, answer] });
  }
  const told = (kind: "server-answered" | "server-heard", those: readonly Heard[]): Testimony[] =>
    those.length === 0
      ? []
      : [
          {
            kind,
            program,
            lines: refsOf(
              input,
              those.flatMap(({ lines }) => lines),
            ),
            requests: those.map(({ attempt }) => attempt),
          },
        ];
  return [...told("server-answered", answered), ...(TELLS_REQUESTS.has(program) ? told("server-heard", silent) : [])];
}

/** The next line about this client, if that is an answer. */
function answerTo(request: MessageLine, { messages }: ServerTranscript): MessageLine | null {
  const next = messages
    .slice(messages.indexOf(request) + 1)
    .find(({ client, address }) => (client === null ? address === request.address : client === request.client));
  return next !== undefined && ANSWERS.has(next.kind) && next.time - request.time < ANSWERED_WITHIN ? next : null;
}

const ANSWERS: ReadonlySet<string> = new Set(["OFFER", "ACK", "NAK"]);

/** Lost requests that the log lacks at their time. */
function missing(witness: ServerWitness, { cycle, lost }: Loss): Testimony[] {
  const { input, transcript, byOrder, alignment } = witness;
  const { program } = transcript;
  const without = lost.filter(({ message }) => !byOrder.has(message.order));
  const [first] = without;
  if (first === undefined || !TELLS_REQUESTS.has(program)) return [];
  const backlog = backlogOf(witness, cycle.binding.client.address, first.message.time);
  const [taken] = backlog;
  if (taken === undefined) return unheard(witness, without);
  const at = instantAt(taken.time - alignment.ahead);
  const waited = without.filter(({ message }) => message.time < taken.time - alignment.ahead);
  return [{ kind: "server-late", program, lines: refsOf(input, backlog), requests: waited, at }];
}

/** Requests of this client that no message was found for, taken up together after that. */
function backlogOf({ transcript, alignment }: ServerWitness, client: string, from: number): MessageLine[] {
  const free = transcript.messages.filter(
    (line) =>
      line.client === client &&
      (line.kind === "REQUEST" || line.kind === "DISCOVER") &&
      line.time - alignment.ahead > from + NEAR &&
      !alignment.seen.has(line),
  );
  const [first] = free;
  const together = free.filter(({ time }) => time - (first?.time ?? 0) < AT_ONCE);
  return together.length >= ENOUGH ? together : [];
}

/** No client asks several times within half a second. */
const AT_ONCE = 0.5;

/** The log was written at that time, and has others. */
function unheard(witness: ServerWitness, without: readonly Attempt[]): Testimony[] {
  const { input, transcript, alignment } = witness;
  const { program, messages } = transcript;
  const requests = without.filter(({ message }) => isCovered(witness, message.time));
  const asks = messages.filter(({ kind }) => kind === "REQUEST" || kind === "DISCOVER");
  if (requests.length === 0 || asks.length === 0 || alignment.seen.size === 0) return [];
  const [first, last] = [requests[0]?.message.time ?? 0, requests.at(-1)?.message.time ?? 0];
  const before = messages.findLast(({ time }) => time - alignment.ahead < first - NEAR);
  const after = messages.find(({ time }) => time - alignment.ahead > last + NEAR);
  const around = [before, after].filter((line) => line !== undefined);
  return [{ kind: "server-unheard", program, lines: refsOf(input, around), requests }];
}

function isCovered({ from, until }: ServerWitness, time: number): boolean {
  return from < time - NEAR && until > time + NEAR;
}

/** "unknown lease 10.0.0.7.", "no free leases". */
function reasons({ input, transcript, alignment, byOrder }: ServerWitness, { lost }: Loss): Testimony[] {
  const { program, statements } = transcript;
  const refused = lost.filter(({ message }) => remarkOf(byOrder.get(message.order)) !== null);
  const lines = refused.flatMap(({ message }) => byOrder.get(message.order) ?? []);
  const remark = remarkOf(lines[0]);
  if (remark !== null) {
    return [{ kind: "server-said", program, lines: refsOf(input, lines), requests: refused, remark }];
  }
  const full = statements.filter(({ fact }) => fact.kind === "remark" && fact.topic === "no-free-leases");
  const near = full.filter((statement) => isNear(statement, alignment, lost));
  return near.length === 0
    ? []
    : [{ kind: "server-said", program, lines: refsOf(input, near), requests: lost, remark: "no free leases" }];
}

/** Why a request is left without an answer; a host name in brackets is no reason. */
function remarkOf(line: MessageLine | undefined): string | null {
  const remark = line?.fact.kind === "served" ? line.fact.remark : null;
  return remark !== null && REFUSES.test(remark) ? remark : null;
}

const REFUSES =
  /unknown lease|unknown client|not authoritative|ignored|no free leases|wrong network|no address|not available/i;

function isNear({ time }: Statement, { ahead }: Alignment<MessageLine>, lost: readonly Attempt[]): boolean {
  return lost.some(({ message }) => Math.abs(message.time - (time - ahead)) < NEAR);
}

/** dhcpd's own counter, printed when a request was bad: it is of those that were seen since the print before. */
function rejected({ input, transcript, alignment }: ServerWitness, { lost }: Loss): Testimony[] {
  const { program, statements } = transcript;
  const counted = statements.filter(
    (statement) =>
      statement.fact.kind === "counted" && statement.fact.sum === "udp" && isNear(statement, alignment, lost),
  );
  const bad = counted.reduce((sum, { fact }) => sum + (fact.kind === "counted" ? fact.bad : 0), 0);
  return bad === 0 ? [] : [{ kind: "server-rejected", program, lines: refsOf(input, counted), bad }];
}
