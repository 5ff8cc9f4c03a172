/**
 * Names of link layers (https://www.tcpdump.org/linktypes.html, without LINKTYPE_) that are not read here and that
 * somebody may meet who looks for DHCP.
 */
const NAMES = new Map([
  [3, "AX25"],
  [6, "IEEE802_5"],
  [7, "ARCNET_BSD"],
  [8, "SLIP"],
  [10, "FDDI"],
  [51, "PPP_ETHER"],
  [100, "ATM_RFC1483"],
  [104, "C_HDLC"],
  [106, "ATM_CLIP"],
  [107, "FRELAY"],
  [109, "ENC"],
  [117, "PFLOG"],
  [119, "IEEE802_11_PRISM"],
  [122, "IP_OVER_FC"],
  [123, "SUNATM"],
  [129, "ARCNET_LINUX"],
  [138, "APPLE_IP_OVER_IEEE1394"],
  [143, "DOCSIS"],
  [163, "IEEE802_11_AVS"],
  [166, "PPP_PPPD"],
  [187, "BLUETOOTH_HCI_H4"],
  [189, "USB_LINUX"],
  [192, "PPI"],
  [195, "IEEE802_15_4_WITHFCS"],
  [201, "BLUETOOTH_HCI_H4_WITH_PHDR"],
  [204, "PPP_WITH_DIR"],
  [205, "C_HDLC_WITH_DIR"],
  [206, "FRELAY_WITH_DIR"],
  [219, "MPLS"],
  [220, "USB_LINUX_MMAPPED"],
  [226, "IPNET"],
  [227, "CAN_SOCKETCAN"],
  [230, "IEEE802_15_4_NOFCS"],
  [231, "DBUS"],
  [239, "NFLOG"],
  [240, "NETANALYZER"],
  [241, "NETANALYZER_TRANSPARENT"],
  [242, "IPOIB"],
  [247, "INFINIBAND"],
  [249, "USBPCAP"],
  [253, "NETLINK"],
  [254, "BLUETOOTH_LINUX_MONITOR"],
  [258, "PKTAP"],
  [266, "USB_DARWIN"],
  [271, "VSOCK"],
  [274, "ETHERNET_MPACKET"],
  [281, "DSA_TAG_BRCM"],
  [282, "DSA_TAG_BRCM_PREPEND"],
  [284, "DSA_TAG_DSA"],
  [285, "DSA_TAG_EDSA"],
]);
/** Whose meaning whoever made the capture knows. */
const FIRST_PRIVATE = 147;
const LAST_PRIVATE = 162;

/** How a sentence calls a link type that is not read: by its name where that is known, and its number. */
export function linkTypeName(linkType: number): string {
  const isPrivate = linkType >= FIRST_PRIVATE && linkType <= LAST_PRIVATE;
  const name = isPrivate ? `USER${linkType - FIRST_PRIVATE}` : NAMES.get(linkType);
  return name === undefined ? `link type ${linkType}` : `link type ${name} (${linkType})`;
}
