import * as checksum from "../findings/remedies/checksum.js";
import { trustConntrack } from "../findings/remedies/conntrack.js";
import * as damage from "../findings/remedies/damage.js";
import type { Remedy } from "../findings/remedies.js";
import type { HostCode } from "./judgement.js";

/** All remedies that a judgement can bring, what lasts longest first: for good, until a reload, until the tap is gone. */
export const HOST_REMEDIES: Readonly<Record<HostCode, readonly Remedy[]>> = {
  "emulated-offload": [checksum.tapTxOff],
  "no-vnet-header": [checksum.tapTxOff],
  "zeroing-rule": [damage.noZeroing],
  "dead-fill-rule": [checksum.fillOnHost, checksum.senderTxOff],
  "idle-fill-rule": [checksum.senderTxOff],
  "conntrack-drops": [trustConntrack],
  "tx-off-by-hand": [checksum.newClient, checksum.guestCsumOff, checksum.fillOnHost],
  completed: [],
  exposed: [
    checksum.newClient,
    checksum.guestCsumOff,
    checksum.vhostOff,
    checksum.fillOnHost,
    checksum.tcChecksum,
    checksum.tapTxOff,
  ],
  "machine-unknown": [],
};
