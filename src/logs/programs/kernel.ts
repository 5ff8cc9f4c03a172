import { byRules } from "./pattern.js";

/** Lines of kernels and other programs that belong to the subject. They may stand in any log, without a program's name. */
export const remarks = byRules([
  [/nf_ct_udp: bad UDP checksum|nf_conntrack.*bad.*checksum/i, () => ({ kind: "remark", topic: "conntrack-checksum" })],
  [/^(?:\[[\s\d.]+\] )?UDP: bad checksum\. From/, () => ({ kind: "remark", topic: "kernel-checksum" })],
  [/CHECKSUM should be avoided/, () => ({ kind: "remark", topic: "checksum-target" })],
  [/\bdropping chained buffer\b/, () => ({ kind: "remark", topic: "chained-buffer" })],
  [/\binvalid packet (?:length|size)\b/, () => ({ kind: "remark", topic: "packet-length" })],
]);
