import type { Attempt, Cycle } from "../lease/cycle.js";
import { firstAtOrAfter, type Server, type ServerSilence } from "../lease/servers.js";
import { serverOf, type Context } from "./context.js";

/** Unanswered requests in a row that make a silence; one alone may have been lost on its way. */
const LEAST_REQUESTS = 2;
/** A server that replies to anybody this soon after a request is not silent, in seconds. */
const PROMPT = 1;

/** The stretches in which servers answered nobody, told from the requests that they left unanswered. */
export function silencesByServer(cycles: readonly Cycle[], context: Context): Map<Server, ServerSilence[]> {
  const unanswered = new Map<Server, Attempt[]>();
  for (const cycle of cycles) {
    if (cycle.blind) continue;
    for (const attempt of cycle.attempts) {
      const server =
        isUnanswered(attempt) && isHeardOtherwise(cycle, attempt) ? serverOf(cycle, attempt, context) : null;
      if (server === null) continue;
      const attempts = unanswered.get(server);
      if (attempts === undefined) unanswered.set(server, [attempt]);
      else attempts.push(attempt);
    }
  }
  return new Map([...unanswered].map(([server, attempts]) => [server, silencesOf(server, attempts)]));
}

function silencesOf(server: Server, unsorted: readonly Attempt[]): ServerSilence[] {
  const unanswered = [...unsorted].sort((a, b) => a.message.time - b.message.time);
  const silences: ServerSilence[] = [];
  let run: Attempt[] = [];
  const close = (): void => {
    const [first] = run;
    if (first !== undefined && run.length >= LEAST_REQUESTS) silences.push(silence(server, first, run));
    run = [];
  };
  for (const attempt of unanswered) {
    const previous = run.at(-1);
    if (previous !== undefined && nextReply(server, previous.message.time) < attempt.message.time) close();
    if (nextReply(server, attempt.message.time) > attempt.message.time + PROMPT) run.push(attempt);
  }
  close();
  return silences;
}

function silence(server: Server, first: Attempt, run: readonly Attempt[]): ServerSilence {
  const from = first.message.time;
  const to = nextReply(server, run.at(-1)?.message.time ?? from);
  return {
    from,
    to: to === Infinity ? null : to,
    shift: first.message.instant.shift ?? 0,
    requests: run.length,
    answered: run.filter(({ replies }) => replies.length > 0).length,
  };
}

/** The server is known to answer such requests of this client: in time at some other time, or at last this one. */
function isHeardOtherwise({ binding }: Cycle, { message, replies }: Attempt): boolean {
  return replies.length > 0 || binding.answered[message.broadcast ? "broadcast" : "unicast"];
}

/** No reply, or only one that came too late. */
function isUnanswered({ replies }: Attempt): boolean {
  return replies.every(({ reason, latency }) => reason === "late" || latency > PROMPT);
}

function nextReply(server: Server, after: number): number {
  return server.replyTimes[firstAtOrAfter(server.replyTimes, after)] ?? Infinity;
}
