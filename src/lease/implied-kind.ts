import type { Client, Cycle } from "./cycle.js";
import type { Kind, Message } from "./message.js";

/** A client that takes an offer asks for it within this, in seconds; one that goes on looking waits longer. */
const CHOOSING = 2;

/**
 * The kind of a message of a client, also where the snapshot length cut off option 53: a client with an address asks
 * to keep it; one without asks for offers until it has seen one.
 */
export function impliedKind(message: Message, open: Cycle | null): Kind {
  if (message.kind !== "UNKNOWN" || !message.dhcp.cut) {
    return message.kind;
  }
  if (message.dhcp.ciaddr !== 0) {
    return "REQUEST";
  }
  const offered =
    open?.kind === "acquisition" &&
    open.attempts.some(({ replies }) =>
      replies.some(({ message: reply }) => reply.xid === message.xid && message.time - reply.time < CHOOSING),
    );
  return offered ? "REQUEST" : "DISCOVER";
}

/** The same for a reply: what it can be depends on what the client asked last in that transaction. */
export function impliedReplyKind(message: Message, client: Client | null): Kind {
  if (message.kind !== "UNKNOWN" || !message.dhcp.cut) {
    return message.kind;
  }
  const asked = client?.bindings
    .flatMap(({ cycle, previous }) => [...(previous?.attempts ?? []), ...(cycle?.attempts ?? [])])
    .filter((attempt) => attempt.message.xid === message.xid)
    .at(-1);
  if (asked === undefined) {
    return "UNKNOWN";
  }
  if (asked.message.kind === "DISCOVER") {
    return "OFFER";
  }
  return message.dhcp.yiaddr === 0 ? "NAK" : "ACK";
}
