/** What is known of a host. null: not known, because nothing says it or this user may not read it. */
export interface HostFacts {
  readonly bridges: readonly Bridge[];
  /** Ports without a bridge: taps that are routed, or of another kind of switch. */
  readonly loose: readonly Port[];
  readonly rules: Rules;
  /** UDP datagrams that the host itself threw away for their checksum: /proc/net/snmp, Udp InCsumErrors. */
  readonly udpChecksumErrors: number | null;
  /** What this user may not read, in words. */
  readonly unreadable: readonly string[];
}

export interface Bridge {
  readonly name: string;
  readonly kind: "linux" | "openvswitch";
  readonly offload: Offload | null;
  readonly ports: readonly Port[];
}

export type PortKind = "tap" | "tun" | "veth" | "physical" | "vxlan" | "vlan" | "bond" | "bridge" | "other";

export interface Port {
  readonly name: string;
  readonly kind: PortKind;
  readonly mac: string | null;
  /** "up", "down", "unknown" … as the kernel says it. */
  readonly state: string | null;
  readonly counters: Counters | null;
  readonly offload: Offload | null;
  readonly tap: Tap | null;
}

export interface Counters {
  readonly received: number;
  readonly sent: number;
  readonly receiveErrors: number;
  readonly sendErrors: number;
  readonly receiveDropped: number;
  readonly sendDropped: number;
  readonly collisions: number;
}

/** tx-checksum-ip-generic: the sender of a frame leaves its sum, and this device completes it or passes it on as it is. */
export interface Offload {
  readonly active: boolean;
  /** Nobody can switch it. */
  readonly fixed: boolean;
  /** What somebody asked for; null: ethtool is too old to tell. */
  readonly requested: boolean | null;
}

export interface Tap {
  /** Whoever reads the tap gets a vnet header with each frame, which can say "checksum not ready". */
  readonly vnetHeader: boolean | null;
  /** null: nobody holds it, or whoever does cannot be seen from here. */
  readonly machine: Machine | null;
}

/** The virtual machine behind a tap, as its process shows it. */
export interface Machine {
  readonly pid: number;
  readonly name: string | null;
  /** The last part of its program's path: qemu-system-x86_64, firecracker … */
  readonly program: string;
  readonly nic: Nic | null;
}

export interface Nic {
  /** As QEMU's -device has it: virtio-net-pci, e1000, rtl8139 …; null where it is not told. */
  readonly model: string | null;
  readonly mac: string | null;
  /** The kernel moves the frames, past QEMU's own code. */
  readonly vhost: boolean | null;
  /** The device's csum and guest_csum; null: not set, which means on for virtio. */
  readonly csum: boolean | null;
  readonly guestCsum: boolean | null;
}

export interface Rules {
  /** iptables rules with the target CHECKSUM, as iptables-save prints them with their counters; null: not readable. */
  readonly fill: readonly FillRule[] | null;
  /** nftables rules that write 0 into UDP checksums; null: not readable. */
  readonly zeroing: readonly string[] | null;
  /** tc filters with the action csum are not looked for. null: the sysctl is not there (br_netfilter not loaded). */
  readonly bridgeCallsIptables: boolean | null;
  /** net.netfilter.nf_conntrack_checksum. */
  readonly conntrackVerifies: boolean | null;
}

export interface FillRule {
  readonly text: string;
  readonly chain: string;
  /** The device that it is limited to. */
  readonly out: string | null;
  readonly packets: number | null;
}
