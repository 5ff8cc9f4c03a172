/** How a server's replies are summed when they leave it. */
export type Sum = "full" | "partial" | "zero";

/** What a reply is for: a client without an address, or one that renews. */
export type ReplyKind = "unconfigured" | "renewal";

export interface ServerProfile {
  readonly name: string;
  /** not on this host: reached through its physical card */
  readonly remote: boolean;
  sum(kind: ReplyKind): Sum;
  /** copies secs of the request into its reply */
  readonly echoesSecs: boolean;
  /** RFC 6842 */
  readonly echoesClientId: boolean;
  /** sends options 58 and 59: always, when asked for, or when the story configures them */
  readonly timers: "always" | "asked" | "configured";
  /** tests an address that it offers for the first time, for up to 3 s */
  readonly pings: boolean;
  /** takes up to this many seconds off T1 and T2, as a fraction of T1 */
  readonly fuzz: number;
  /** an ACK within the first quarter of a lease gives only what remains of it */
  readonly shrinks: boolean;
  /** sends a NAK to the address of a client that has one, not to all */
  readonly unicastNak: boolean;
  /** seconds of work on one answer, as a range */
  readonly think: readonly [number, number];
  readonly ttl: number;
  readonly tos: number;
}
