import type { Source } from "./page.js";

/** Where what the pages say is known from. Each is named once here and used by several pages. */

function rfc(number: number, section: string, what: string): Source {
  return {
    text: `RFC ${number}${section === "" ? "" : `, section ${section}`}: ${what}`,
    url: `https://www.rfc-editor.org/rfc/rfc${number}${anchor(section)}`,
  };
}

/** "4.3, table 3": #section-4.3 */
function anchor(section: string): string {
  const [number] = /^[\d.]+/.exec(section) ?? [];
  return number === undefined ? "" : `#section-${number}`;
}

function code(text: string): Source {
  return { text, url: null };
}

export const RFC_768 = rfc(768, "", "UDP, its checksum and the pseudo-header; 0 means that there is none");
export const RFC_1071 = rfc(1071, "", "how the Internet checksum is computed");
export const RFC_1624 = rfc(1624, "", "how address translation updates a checksum");
export const RFC_8200 = rfc(8200, "8.1", "in IPv6 a UDP checksum of 0 is not allowed");
export const RFC_2131_CLIENT = rfc(2131, "4.4.1", "what a client takes, and from when its lease counts");
export const RFC_2131_TIMERS = rfc(2131, "4.4.5", "T1, T2 and how often a client asks");
export const RFC_2131_SERVER = rfc(2131, "4.3.2", "when a server refuses, and when it must keep silent");
export const RFC_2131_MESSAGES = rfc(2131, "4.3, table 3", "which fields and options a reply must carry");
export const RFC_5107 = rfc(5107, "", "a relay that stands in for the server (server identifier override)");
export const RFC_5227 = rfc(5227, "", "how a host finds that its address is in use");
export const RFC_791 = rfc(791, "3.2", "how fragments are put together: of an overlap the later one counts");
export const RFC_1858 = rfc(1858, "", "overlapping fragments as an attack on packet filters");
export const RFC_792 = rfc(792, "", "ICMP, destination unreachable");

export const LINUX_SKBUFF = code("Linux, include/linux/skbuff.h: CHECKSUM_PARTIAL");
export const LINUX_PACKET = code("packet(7), PACKET_AUXDATA; Linux, net/packet/af_packet.c: TP_STATUS_CSUMNOTREADY");
export const LINUX_FRAGMENT = code("Linux, net/ipv4/inet_fragment.c: inet_frag_queue_insert(), IPFRAG_OVERLAP");
export const LINUX_XT_CHECKSUM = code("Linux, net/netfilter/xt_CHECKSUM.c: fills only what is CHECKSUM_PARTIAL");
export const LINUX_TUN = code("Linux, drivers/net/tun.c: set_offload() overwrites wanted_features");
export const LINUX_ACT_CSUM = code("Linux, net/sched/act_csum.c: tcf_csum_ipv4_udp() recomputes all but a sum of 0");
export const LINUX_CONNTRACK = code("Linux, net/netfilter/nf_conntrack_proto_udp.c: udp_error()");
export const LINUX_8139CP = code("Linux, drivers/net/ethernet/realtek/8139cp.c: cp_tx()");
export const LINUX_CGROUP: Source = {
  text: "Linux, Documentation/admin-guide/cgroup-v2.rst: io.max, io.weight",
  url: "https://docs.kernel.org/admin-guide/cgroup-v2.html",
};

export const ISC_PACKET = code("ISC DHCP, common/packet.c: decode_udp_ip_header()");
export const ISC_LPF = code("ISC DHCP, common/lpf.c: PACKET_AUXDATA since 4.3.2");
export const ISC_DHCP = code("ISC DHCP, server/dhcp.c: a renewing client is answered through the regular IP stack");
export const DNSMASQ = code("dnsmasq, src/rfc2131.c: lease not found, dhcp-authoritative");

export const KEA = code("Kea Administrator Reference Manual, Authoritative DHCPv4 Server Behavior");

export const QEMU_VIRTIO = code("QEMU, hw/net/virtio-net.c: work_around_broken_dhclient()");
export const QEMU_RTL8139 = code("QEMU, hw/net/rtl8139.c: rtl8139_cplus_transmit_one()");
export const QEMU_2727: Source = {
  text: "QEMU issue 2727, DHCP with 9.2.0; commits 7987d2be5a and e28fbd1c525",
  url: "https://gitlab.com/qemu-project/qemu/-/issues/2727",
};
export const LIBVIRT_NFT = code("libvirt commit 7581e3b6, which took the rule `udp checksum set 0` back");
export const LIBVIRT_TC = code(
  "libvirt, src/network/network_nftables.c: nftablesAddUdpChecksumFixWithTC(); commit 3855f9fbd for the time before it",
);
export const FREEBSD_RE = code("FreeBSD, sys/dev/re/if_re.c: re_txeof() counts RL_TDESC_STAT_COLCNT");
export const FREEBSD_263229: Source = {
  text: "FreeBSD bug 263229: dhclient and partial checksums",
  url: "https://bugs.freebsd.org/bugzilla/show_bug.cgi?id=263229",
};
export const BSD_LE = code("BSD, am7990.c and am79900.c (le): dropping chained buffer");
export const BSD_ED = code("BSD, if_ed.c (ed): NIC memory corrupt - invalid packet length");

export const STORY_2011: Source = {
  text: "Jethro Carr, DHCP, I/O and other virtualisation fun with KVM (2011), whose log proves that every request was answered",
  url: "https://www.jethrocarr.com/2011/03/06/dhcp-io-and-other-virtualisation-fun-with-kvm/",
};
export const STORY_COLLISIONS: Source = {
  text: "Michael W. Lucas, Network collisions running hosts under KVM",
  url: "https://mwl.io/archives/268",
};
export const STORY_REALTEK: Source = {
  text: "RootBSD, Collisions on network interface re0",
  url: "https://rootbsd.net/kb/48/Collisions-on-network-interface-re0.html",
};
export const LXD_7262: Source = {
  text: "LXD issue 7262: an old dhclient in a container",
  url: "https://github.com/canonical/lxd/issues/7262",
};
export const HARVESTER_5160: Source = {
  text: "Harvester issue 5160: a FreeBSD guest and [bad udp cksum]",
  url: "https://github.com/harvester/harvester/issues/5160",
};
export const BSD_SERVER: Source = {
  text: "a BSD dhcpd under VMware that counts renewals as bad",
  url: "https://lukasz.bromirski.net/post/dhcp-freebsd-vmware/",
};
export const KUBE_VIP_871: Source = {
  text: "kube-vip issue 871: every renewal fails, rebinding saves it, nobody notices",
  url: "https://github.com/kube-vip/kube-vip/issues/871",
};
