import type { Attempt, Cycle } from "../lease/cycle.js";
import { firstAtOrAfter, type Server, type ServerSilence } from "../lease/servers.js";
import type { Observed } from "../lease/observed.js";
import { isLateByStall, leastLatency, serverOf, type Context } from "./context.js";

/** Unanswered requests in a row that make a silence; one alone may have been lost on its way. */
const LEAST_REQUESTS = 2;
/** A server that replies to anybody this soon after a request is not silent, in seconds. */
const PROMPT = 1;

/** What a server was asked, and by whom. */
interface Asked {
  readonly cycle: Cycle;
  readonly attempt: Attempt;
}

/** The stretches in which servers answered nobody, told from the requests that they left unanswered. */
export function silencesByServer(cycles: readonly Cycle[], context: Context): Map<Server, ServerSilence[]> {
  const unanswered = new Map<Server, Asked[]>();
  for (const cycle of cycles) {
    if (cycle.blind) continue;
    for (const attempt of cycle.attempts) {
      const asked = { cycle, attempt };
      const server = isUnanswered(asked, context) && isHeardOtherwise(asked) ? serverOf(cycle, attempt, context) : null;
      if (server === null) continue;
      const others = unanswered.get(server);
      if (others === undefined) unanswered.set(server, [asked]);
      else others.push(asked);
    }
  }
  return new Map([...unanswered].map(([server, asked]) => [server, silencesOf(server, asked, context.observed)]));
}

function silencesOf(server: Server, unsorted: readonly Asked[], observed: Observed): ServerSilence[] {
  const unanswered = [...unsorted].sort((a, b) => a.attempt.message.time - b.attempt.message.time);
  const silences: ServerSilence[] = [];
  let run: Asked[] = [];
  const close = (): void => {
    const [first] = run;
    const last = run.at(-1);
    if (first !== undefined && last !== undefined && run.length >= LEAST_REQUESTS) {
      silences.push(silence(first.attempt, run, endOf(server, last, observed)));
    }
    run = [];
  };
  for (const asked of unanswered) {
    const { time } = asked.attempt.message;
    const previous = run.at(-1);
    if (previous !== undefined && endOf(server, previous, observed) < time) close();
    if (endOf(server, asked, observed) > time + PROMPT) run.push(asked);
  }
  close();
  return silences;
}

/** Up to when the server is known to have been silent after that: its next reply to anybody, or when nobody watched. */
function endOf(server: Server, { cycle, attempt }: Asked, observed: Observed): number {
  const { time } = attempt.message;
  const reply = nextReply(server, time);
  return observed.hidden(cycle.binding.client, time, reply)?.from ?? reply;
}

function silence(first: Attempt, run: readonly Asked[], to: number): ServerSilence {
  const from = first.message.time;
  return {
    from,
    to: to === Infinity ? null : to,
    shift: first.message.instant.shift ?? 0,
    requests: run.length,
    answered: run.filter(({ attempt }) => attempt.replies.length > 0).length,
  };
}

/** The server is known to answer such requests of this client: in time at some other time, or at last this one. */
function isHeardOtherwise({ cycle: { binding }, attempt: { message, replies } }: Asked): boolean {
  return replies.length > 0 || binding.answered[message.broadcast ? "broadcast" : "unicast"];
}

/** No reply, or only one that came too late. */
function isUnanswered({ cycle, attempt: { replies } }: Asked, context: Context): boolean {
  return replies.every((reply) =>
    reply.reason === "late" ? !isLateByStall(cycle, reply, context) : leastLatency(cycle, reply, context) > PROMPT,
  );
}

function nextReply(server: Server, after: number): number {
  return server.replyTimes[firstAtOrAfter(server.replyTimes, after)] ?? Infinity;
}
