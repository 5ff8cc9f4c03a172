import type { Place } from "./place.js";

/** A print of ISC's counter, which is zeroed by it. */
export interface Counted {
  readonly place: Place;
  /** Packets thrown away since the print before, and packets seen. */
  readonly bad: number;
  readonly seen: number;
  /**
   * What the client did since the print before, or since it was started: null if the log shows neither, so that the
   * packets may be answers to requests from before the log.
   */
  readonly since: { readonly requests: number; readonly accepted: number } | null;
}

/** From the first message that asks for a lease, or for more of it, until it is granted, refused or lost. */
export interface ClientCycle {
  readonly kind: "renewal" | "acquisition";
  readonly first: Place;
  last: Place;
  /** DISCOVERs and REQUESTs, in order, up to a limit. */
  readonly asked: Place[];
  requests: number;
  discovers: number;
  /** REQUESTs sent straight to the server, and to everybody; of some the log does not say. */
  unicast: number;
  broadcast: number;
  /** Broadcasts since the last unicast, and unicasts without an answer. */
  broadcastsInRow: number;
  /** The client says that it renewed, whether or not its log has the messages. */
  announced: Place[];
  offers: number;
  readonly counted: Counted[];
  /** Lines that each tell of one reply thrown away for its checksum. */
  readonly rejected: Place[];
  address: number | null;
  server: number | null;
  end: "granted" | "refused" | "lost" | "restarted" | "open";
}

/** More lines than this prove nothing more. */
export const MOST_PLACES = 200;

export function beginCycle(kind: ClientCycle["kind"], first: Place): ClientCycle {
  return {
    kind,
    first,
    last: first,
    asked: [],
    requests: 0,
    discovers: 0,
    unicast: 0,
    broadcast: 0,
    broadcastsInRow: 0,
    announced: [],
    offers: 0,
    counted: [],
    rejected: [],
    address: null,
    server: null,
    end: "open",
  };
}

export function keep(places: Place[], place: Place): void {
  if (places.length < MOST_PLACES) places.push(place);
}
