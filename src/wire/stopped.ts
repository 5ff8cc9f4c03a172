/** Where decoding ended before the frame was understood to the end, and which bound it met. */
export interface Stopped {
  /**
   * Whose bytes are missing: "ethernet", "linux-sll", "linux-sll2", "loopback", "ppp", "radiotap", "ieee802.11", "llc",
   * "vlan", "ipv4", "ip-fragment" (later fragments did not come), "udp", "dhcp", "option"; or, with `needed` and `had`
   * both 0, whose value leads elsewhere: "ethertype" (or what the link layer has for it), "ip-version", "ip-protocol",
   * "ip-fragment" (a later fragment alone), "udp-port".
   */
  readonly layer: string;
  /** Offset in the frame at which the missing bytes would begin. */
  readonly offset: number;
  /** Bytes that the layer asks for, counted from its own beginning. */
  readonly needed: number;
  /** Bytes that it has, counted alike. */
  readonly had: number;
}
