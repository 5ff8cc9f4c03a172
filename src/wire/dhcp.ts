import type { Options } from "./options.js";

/** Option 53, RFC 2132 §9.6 and its successors. */
export const MessageType = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  FORCERENEW: 9,
} as const;

/** The BOOTP header and the options of one message, RFC 2131 §2. Numbers are unsigned, network order. */
export interface DhcpMessage {
  /** 1 BOOTREQUEST, 2 BOOTREPLY. */
  readonly op: number;
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: number;
  readonly yiaddr: number;
  readonly siaddr: number;
  readonly giaddr: number;
  /** The first min(hlen, 16) bytes of chaddr. */
  readonly chaddr: Uint8Array;
  /** Option 53; null: BOOTP, or cut before it (then `cut` is true). */
  readonly type: number | null;
  /** The message ends before its options do (snapshot length or a lying header). */
  readonly cut: boolean;
  readonly options: Options;
}
