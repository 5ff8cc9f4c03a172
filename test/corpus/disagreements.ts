/** Rows of the corpus that are told otherwise than tshark tells them, on purpose, with the bytes that decide. */
export interface Disagreement {
  readonly file: string;
  /** As tshark counts. */
  readonly frames: readonly number[];
  readonly column: string;
  readonly ours: string;
  readonly theirs: string;
  /** What stands in each of these frames, from this offset on, in hexadecimal. */
  readonly bytes: readonly [offset: number, hex: string];
  readonly why: string;
}

/** Rows of which nothing is told. */
export type Untold = Pick<Disagreement, "file" | "frames" | "bytes" | "why">;

const LITTLE_ENDIAN =
  "secs is stored as a little-endian number by this client. RFC 2131 figure 1 has it in network order: records show " +
  "what the wire says, tshark turns it round. Both readings are tried where leases are judged";
const NO_HEADER_SUM = "the header checksum is 0, left to hardware: `absent` says that, tshark knows good and bad";
const NO_COOKIE =
  "without the magic cookie of RFC 2131 section 3 there are no options, and what stands there is the vendor's. tshark " +
  "looks for 64 octets of it (RFC 951), beyond the datagram's end";
const OTHER_HTYPE = "htype is not Ethernet, so tshark shows no MAC address; hlen says 6, and chaddr is shown";

const FUZZ = "systemd_fuzz_payloads_wrapped.pcap";

export const disagreements: readonly Disagreement[] = [
  {
    file: "suri_output-eve-ftp-data.pcap",
    frames: [39, 165, 191, 465, 643, 867, 1075, 1255],
    column: "secs",
    ours: "1024",
    theirs: "4",
    bytes: [50, "0400"],
    why: LITTLE_ENDIAN,
  },
  {
    file: "suri_output-eve-ftp-data.pcap",
    frames: [1033],
    column: "secs",
    ours: "768",
    theirs: "3",
    bytes: [50, "0300"],
    why: LITTLE_ENDIAN,
  },
  {
    file: "pcpp_raw_ip.pcap",
    frames: [67, 68],
    column: "secs",
    ours: "6656",
    theirs: "26",
    bytes: [36, "1a00"],
    why: LITTLE_ENDIAN,
  },
  {
    file: "pcpp_raw_ip.pcap",
    frames: [67],
    column: "ipChecksum",
    ours: "absent",
    theirs: "bad",
    bytes: [10, "0000"],
    why: NO_HEADER_SUM,
  },
  {
    file: "arkime_wireshark-dhcp.pcap",
    frames: [2, 4],
    column: "ipChecksum",
    ours: "absent",
    theirs: "bad",
    bytes: [24, "0000"],
    why: NO_HEADER_SUM,
  },
  {
    file: "ngtest_le_test202.pcapng",
    frames: [3, 6, 9],
    column: "ipChecksum",
    ours: "absent",
    theirs: "bad",
    bytes: [24, "0000"],
    why: NO_HEADER_SUM,
  },
  {
    file: FUZZ,
    frames: [1, 2],
    column: "stopped",
    ours: "",
    theirs: "stopped",
    bytes: [278, "3900d000"],
    why: NO_COOKIE,
  },
  {
    file: FUZZ,
    frames: [4],
    column: "stopped",
    ours: "",
    theirs: "stopped",
    bytes: [278, "2f350101"],
    why: NO_COOKIE,
  },
  {
    file: FUZZ,
    frames: [7],
    column: "stopped",
    ours: "",
    theirs: "stopped",
    bytes: [278, "20202020"],
    why: NO_COOKIE,
  },
  {
    file: FUZZ,
    frames: [13],
    column: "stopped",
    ours: "",
    theirs: "stopped",
    bytes: [278, "20002000"],
    why: NO_COOKIE,
  },
  {
    file: FUZZ,
    frames: [14],
    column: "stopped",
    ours: "",
    theirs: "stopped",
    bytes: [278, "01630105"],
    why: NO_COOKIE,
  },
  {
    file: FUZZ,
    frames: [7],
    column: "client",
    ours: "00:00:00:00:00:00",
    theirs: "",
    bytes: [43, "2006"],
    why: OTHER_HTYPE,
  },
  {
    file: FUZZ,
    frames: [13],
    column: "client",
    ours: "01:00:00:00:69:69",
    theirs: "",
    bytes: [43, "ff06"],
    why: OTHER_HTYPE,
  },
];

const QUOTED = "an ICMP error quotes this message: it was not sent here";
const TUNNEL = "tunnels are not read yet";
const VERSION_6 = "DHCPv6 is not read yet";

export const untold: readonly Untold[] = [
  {
    file: FUZZ,
    frames: [3],
    bytes: [44, "fa"],
    why: "hlen is 250, and chaddr has 16 octets: this is no BOOTP header",
  },
  {
    file: "tcpdump_bootp_asan.pcap",
    frames: [1],
    bytes: [42, "00"],
    why: "op is 0, neither request nor reply, and the source port is 16896: no BOOTP header, in a first fragment",
  },
  { file: "self_isc_story_renew_dead_rebind_expire_nak.pcap", frames: [30, 33, 37], bytes: [34, "0303"], why: QUOTED },
  { file: "derived_isc_story_be_ns.pcap", frames: [30, 33, 37], bytes: [34, "0303"], why: QUOTED },
  {
    file: "self_gre_teb_isc_renew.pcap",
    frames: [1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15, 16],
    bytes: [23, "2f"],
    why: TUNNEL,
  },
  { file: FUZZ, frames: [15, 16, 17, 18, 19, 20, 21, 22], bytes: [12, "86dd"], why: VERSION_6 },
  {
    file: "tcpdump_dhcpv4v6-rfc5970-rfc8572.pcap",
    frames: [1, 2, 3, 4, 5, 10, 11, 12, 13, 14],
    bytes: [12, "86dd"],
    why: VERSION_6,
  },
  {
    file: "self_dhcpv6_story_renew_rebind_expire.pcap",
    frames: [15, 18, 20, 21, 29, 30, 33, 34, 41, 42, 47, 48, 49, 53, 55, 56, 57, 60, 61, 62, 63, 69, 70, 75, 76],
    bytes: [12, "86dd"],
    why: VERSION_6,
  },
  { file: "suri_output-eve-ftp-data.pcap", frames: [5, 179, 637], bytes: [12, "86dd"], why: VERSION_6 },
];
