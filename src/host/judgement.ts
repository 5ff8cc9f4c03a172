import type { Severity } from "../findings/cause.js";
import type { Remedy } from "../findings/remedies.js";

/** What the host's set-up means for DHCP. */
export type HostCode =
  | "emulated-offload" // a card without checksum offload behind a tap that leaves sums to it
  | "no-vnet-header" // a tap that leaves sums to its reader and has no header to say so
  | "zeroing-rule" // nftables clears the field of sums that are still owed
  | "dead-fill-rule" // a CHECKSUM rule that no reply can ever meet
  | "idle-fill-rule" // a CHECKSUM rule that has met nothing yet
  | "conntrack-drops" // a firewall on the way that drops what has a wrong sum
  | "tx-off-by-hand" // complete sums, until the guest sets its card up anew
  | "completed" // a remedy is in place
  | "exposed" // normal with virtio; fatal for clients that check raw packets and know no flag
  | "machine-unknown"; // a tap whose machine cannot be seen

export interface HostJudgement {
  readonly code: HostCode;
  readonly severity: Severity;
  readonly bridge: string | null;
  readonly port: string | null;
  /** One sentence without its full stop. */
  readonly summary: string;
  readonly detail: string;
  /** What fits this very port, what lasts longest first. */
  readonly remedies: readonly Remedy[];
}
