import type { Attempt, Cycle } from "../lease/cycle.js";
import { firstAtOrAfter, type Server, type ServerSilence } from "../lease/servers.js";
import { serverOf, type Context } from "./context.js";

/** Unanswered requests in a row that make a silence; one alone may have been lost on its way. */
const LEAST_REQUESTS = 2;
/** A server that replies to anybody this soon after a request is not silent, in seconds. */
const PROMPT = 1;

/** The stretches in which a server answered nobody, told from the requests that it left unanswered. */
export function silencesOf(server: Server, cycles: readonly Cycle[], context: Context): ServerSilence[] {
  const unanswered = cycles
    .filter(({ blind }) => !blind)
    .flatMap((cycle) => cycle.attempts.map((attempt) => ({ cycle, attempt })))
    .filter(({ attempt }) => isUnanswered(attempt))
    .filter(({ cycle, attempt }) => serverOf(cycle, attempt, context) === server)
    .map(({ attempt }) => attempt)
    .sort((a, b) => a.message.time - b.message.time);
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
    requests: run.length,
    answered: run.filter(({ replies }) => replies.length > 0).length,
  };
}

/** No reply, or only one that came too late. */
function isUnanswered({ replies }: Attempt): boolean {
  return replies.every(({ reason, latency }) => reason === "late" || latency > PROMPT);
}

function nextReply(server: Server, after: number): number {
  return server.replyTimes[firstAtOrAfter(server.replyTimes, after)] ?? Infinity;
}
