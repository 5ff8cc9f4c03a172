/** What is known of a host. null: not known, because nothing says it or this user may not read it. */
export interface HostFacts {
  /** The network namespace that was looked at, as /proc/PID/ns/net names it: "net:[4026531840]". */
  readonly namespace: string | null;
  readonly bridges: readonly Bridge[];
  /** Ports without a bridge: taps that are routed, or of another kind of switch. */
  readonly loose: readonly Port[];
  /** Taps of other network namespaces, as far as the processes that hold them are seen. */
  readonly elsewhere: readonly ForeignTap[];
  /** Who listens on UDP port 67, in any network namespace that is seen; null: nothing says it. */
  readonly servers: readonly DhcpServer[] | null;
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
  /** Frames that cross it meet the rules of iptables (br_netfilter); null: that is not loaded, or it cannot have it. */
  readonly callsIptables: boolean | null;
  readonly ports: readonly Port[];
}

export const PORT_KINDS = [
  "tap",
  "tun",
  "macvtap",
  "veth",
  "physical",
  "vif", // Xen's netback
  "vxlan",
  "geneve",
  "gre",
  "vlan",
  "macvlan",
  "bond",
  "team",
  "bridge",
  "dummy",
  "internal", // Open vSwitch's own device
  "patch", // from one Open vSwitch bridge to another
  "vhost-user", // a guest on a userspace switch
  "other",
] as const;

export type PortKind = (typeof PORT_KINDS)[number];

export interface Port {
  readonly name: string;
  readonly kind: PortKind;
  readonly mac: string | null;
  /** "up", "down", "unknown" … as the kernel says it. */
  readonly state: string | null;
  readonly counters: Counters | null;
  readonly offload: Offload | null;
  /** The other end of a veth, where it is in this network namespace. */
  readonly peer: string | null;
  /** What its name, or Open vSwitch's database, says of the guest behind it. */
  readonly label: Label | null;
  /** Hardware addresses that the bridge has learned behind it; none for physical ports. */
  readonly learned: readonly string[];
  /** Of taps and macvtaps. */
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

/** One of a device's features, as ethtool names them. */
export interface Feature {
  readonly active: boolean;
  /** Nobody can switch it. */
  readonly fixed: boolean;
  /** What somebody asked for; null: ethtool is too old to tell. */
  readonly requested: boolean | null;
}

/** The sender of a frame leaves its sum, and this device completes it or passes it on as it is. */
export interface Offload extends Feature {
  /** tx-checksum-ip-generic, or tx-checksum-ipv4 where a device has that instead. */
  readonly name: string;
  /** tx-tcp-segmentation, which falls with the checksum and keeps what was asked for; null: not told. */
  readonly segmentation: Feature | null;
}

export const MANAGERS = ["libvirt", "opennebula", "proxmox", "openstack", "xen", "openvswitch"] as const;
/** Whose habits a machine or the name of its port follows. */
export type Manager = (typeof MANAGERS)[number];

export interface Label {
  readonly by: Manager;
  /** The machine, as its manager numbers it: "105", "one-42", "domain 3"; null: it does not say. */
  readonly machine: string | null;
  /** Which of its cards: a number, or the beginning of an OpenStack port's UUID. */
  readonly card: string | null;
  /** The guest's hardware address. */
  readonly mac: string | null;
}

export interface Tap {
  /** Whoever reads the tap gets a vnet header with each frame, which can say "checksum not ready". */
  readonly vnetHeader: boolean | null;
  /** null: nobody holds it, or whoever does cannot be seen from here. */
  readonly machine: Machine | null;
}

/** The virtual machine behind a tap, as its process shows it, or libvirt's record of it. */
export interface Machine {
  readonly pid: number;
  readonly name: string | null;
  /** The last part of its program's path: qemu-system-x86_64, firecracker … */
  readonly program: string;
  readonly manager: Manager | null;
  /** What the manager calls it where that is no name: Proxmox' number. */
  readonly id: string | null;
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

export interface ForeignTap {
  readonly name: string;
  /** null: neither here nor in the namespace of who holds it. */
  readonly namespace: string | null;
  readonly machine: Machine;
}

export interface DhcpServer {
  /** null: whose socket it is cannot be seen. */
  readonly pid: number | null;
  readonly program: string | null;
  /** In the network namespace that was looked at. */
  readonly here: boolean;
}

export interface Rules {
  /** iptables rules with the target CHECKSUM; null: not readable. */
  readonly fill: readonly FillRule[] | null;
  /** nftables rules that write 0 into UDP checksums; null: not readable. */
  readonly zeroing: readonly ZeroingRule[] | null;
  /** tc filters with the action csum that reach DHCP replies; null: not readable. */
  readonly recompute: readonly RecomputeFilter[] | null;
  /** net.bridge.bridge-nf-call-iptables; null: the sysctl is not there (br_netfilter not loaded). */
  readonly bridgeCallsIptables: boolean | null;
  /** net.netfilter.nf_conntrack_checksum. */
  readonly conntrackVerifies: boolean | null;
  /** A rule drops packets that conntrack calls INVALID; null: rules are not readable. */
  readonly dropsInvalid: boolean | null;
}

/** As iptables-save prints it. */
export interface FillRule {
  readonly text: string;
  readonly chain: string;
  /** The device that it is limited to. */
  readonly out: string | null;
  /** It is limited to ports of a bridge (-m physdev). */
  readonly physical: boolean;
  readonly packets: number | null;
}

export interface ZeroingRule {
  readonly text: string;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
}

export interface RecomputeFilter {
  readonly device: string;
  /** root: of the qdisc that sends. */
  readonly at: "root" | "egress" | "ingress";
  readonly text: string;
  readonly packets: number | null;
}
