import type { Bridge, HostFacts, Machine, Nic, Offload, Port, Rules, Tap } from "../../src/host/facts.js";

/** Facts as they are read, put together by hand. */

const NAME = "tx-checksum-ip-generic";
const ASKED = { active: true, fixed: false, requested: true } as const;
const NOT_ASKED = { active: false, fixed: false, requested: false } as const;

/** What ethtool says of a tap whose holder asked for checksums and segmentation. */
export const ON: Offload = { name: NAME, ...ASKED, segmentation: ASKED };
/** Whose holder asked for neither: an emulated card, or a guest whose driver is not loaded. */
export const OFF: Offload = { name: NAME, ...NOT_ASKED, segmentation: NOT_ASKED };
/** After `ethtool -K TAP tx off`: segmentation fell with the checksum, and is still asked for. */
export const BY_HAND: Offload = {
  name: NAME,
  ...NOT_ASKED,
  segmentation: { active: false, fixed: false, requested: true },
};

export function aMachine(nic: Partial<Nic> | null, more: Partial<Machine> = {}): Machine {
  return {
    pid: 812,
    name: "web01",
    program: "qemu-system-x86_64",
    manager: "libvirt",
    id: null,
    nic: nic === null ? null : { model: null, mac: null, vhost: null, csum: null, guestCsum: null, ...nic },
    ...more,
  };
}

export function aTap(offload: Offload, machine: Machine | null, more: Partial<Port> & Partial<Tap> = {}): Port {
  const { vnetHeader = true, ...port } = more;
  return {
    name: "vnet3",
    kind: "tap",
    mac: null,
    state: "up",
    counters: null,
    offload,
    peer: null,
    label: null,
    learned: [],
    tap: { vnetHeader, machine },
    ...port,
  };
}

export function aBridge(ports: readonly Port[], more: Partial<Bridge> = {}): Bridge {
  return { name: "br0", kind: "linux", offload: ON, callsIptables: null, ports, ...more };
}

export function aHost(
  bridges: readonly Bridge[],
  rules: Partial<Rules> = {},
  more: Partial<HostFacts> = {},
): HostFacts {
  return {
    namespace: "net:[4026531840]",
    bridges,
    loose: [],
    elsewhere: [],
    servers: [],
    rules: {
      fill: [],
      zeroing: [],
      recompute: [],
      bridgeCallsIptables: null,
      conntrackVerifies: null,
      dropsInvalid: null,
      ...rules,
    },
    udpChecksumErrors: 0,
    unreadable: [],
    ...more,
  };
}
