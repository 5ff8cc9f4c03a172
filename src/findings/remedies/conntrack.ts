import type { Remedy } from "./remedy.js";

/** Connection tracking that looks at checksums. */

export const trustConntrack: Remedy = {
  id: "conntrack-checksum-off",
  title: "Have conntrack leave checksums to the receiver",
  command: "sysctl -w net.netfilter.nf_conntrack_checksum=0",
  what: "Connection tracking then calls no packet INVALID for its checksum, so that no rule drops it for that. The receiver still checks.",
  appliesWhen:
    "a firewall on the way drops what conntrack calls INVALID, and with nf_conntrack_log_invalid=17 the kernel logs: bad checksum.",
  limits:
    "Mends no checksum: a client that refuses the reply still does. Packets with a damaged header then count as part of a connection. Gone after a reboot unless it stands in /etc/sysctl.d.",
  undo: "sysctl -w net.netfilter.nf_conntrack_checksum=1",
  check: "conntrack -S shows that invalid= stands still, and the reply is seen at the guest's port.",
};
