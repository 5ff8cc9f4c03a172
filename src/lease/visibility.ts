import type { Message } from "./message.js";

interface Casts {
  unicast: boolean;
  broadcast: boolean;
}

/**
 * Which messages of one client pass a place. The port of another guest shows its broadcasts alone; what is missing there
 * was neither lost nor unsent.
 */
export interface Visibility {
  readonly requests: Casts;
  readonly replies: Casts;
}

export function nothingSeen(): Visibility {
  return { requests: { unicast: false, broadcast: false }, replies: { unicast: false, broadcast: false } };
}

export function see(visibility: Visibility, { fromClient, broadcast }: Message): void {
  visibility[fromClient ? "requests" : "replies"][broadcast ? "broadcast" : "unicast"] = true;
}

/** Whether messages of this direction and cast pass there. */
export function shows({ requests, replies }: Visibility, { fromClient, broadcast }: Message): boolean {
  return (fromClient ? requests : replies)[broadcast ? "broadcast" : "unicast"];
}

/** Messages of this direction pass there: some captures have one direction only. */
export function showsDirection({ requests, replies }: Visibility, { fromClient }: Message): boolean {
  const { unicast, broadcast } = fromClient ? requests : replies;
  return unicast || broadcast;
}

/** Unicasts of this client pass there, one way or the other: the place lies between it and its server. */
export function showsUnicasts({ requests, replies }: Visibility): boolean {
  return requests.unicast || replies.unicast;
}
