import { collisionsOf, type InterfaceCounters } from "../host/netstat.js";
import { safeText } from "./safe-text.js";
import { commandLines, paragraph, type TextStyle } from "./text-style.js";

/** What an emulated card does to DHCP, as measured with QEMU 7.2 and Linux 6.1 on both sides. */
const CARDS: readonly (readonly [card: string, does: string])[] = [
  ["virtio", "passes partial sums on with a mark; clients that do not ask for it refuse them"],
  ["e1000", "the tap completes sums before the guest; no collisions"],
  ["rtl8139", "the same; collisions are counted that never were"],
  ["pcnet", "the same; no collisions"],
  ["ne2k_pci", "the same; no collisions, slow"],
];

/** Whether collisions are real, for each interface that has any. */
export function* netstatReport(interfaces: readonly InterfaceCounters[], style: TextStyle): Generator<string> {
  if (interfaces.length === 0) {
    yield* paragraph("There is no table of netstat -i and no output of ip -s link in it.", style);
    return;
  }
  let artefacts = 0;
  for (const counters of interfaces) {
    const verdict = collisionsOf(counters);
    if (verdict === "none" || verdict === "not-told") continue;
    if (verdict !== "real") artefacts += 1;
    yield* paragraph(sentence(counters, verdict), style, { hang: 2 });
  }
  const told = interfaces.filter(({ collisions }) => collisions !== null);
  if (told.length === 0) {
    yield* paragraph("This form of netstat tells of no collisions. On Linux ask: ip -s link", style);
  } else if (told.every(({ collisions }) => collisions === 0)) {
    yield* paragraph("No interface counts any collision.", style);
  }
  if (artefacts > 0) yield* explanation(style);
}

function sentence(
  { name, line, sent, sendErrors, collisions }: InterfaceCounters,
  verdict: "artefact" | "perhaps-artefact" | "real",
): string {
  const of = `${safeText(name)} (line ${line}): ${collisions ?? 0} collisions, ${sent} packets sent, ${sendErrors} errors.`;
  switch (verdict) {
    case "artefact":
      return `${of} Under an emulated RTL8139 these are no collisions: no packet was lost.`;
    case "perhaps-artefact":
      return `${of} If the card is an emulated RTL8139 (lspci, pciconf -lv), these are no collisions: no packet was lost. On any virtual card a real one is impossible.`;
    case "real":
      return `${of} This is not the pattern of an emulated card: on a physical link look for a duplex mismatch or a hub.`;
  }
}

function* explanation(style: TextStyle): Generator<string> {
  yield "";
  yield* paragraph(
    "The driver asks the card to complete checksums by bits in the transmit descriptor. QEMU's rtl8139 leaves them set when it gives the descriptor back, and the driver reads the same bits as a count of collisions. So each packet with checksum offload counts, and ARP and others without do not.",
    style,
    { indent: 2, hang: 8, label: "Why" },
  );
  yield* paragraph("Make the guest compute its sums itself, or give it another card (virtio).", style, {
    indent: 2,
    hang: 8,
    label: "Fix",
  });
  yield* commandLines("ifconfig re0 -txcsum", style, 10);
  yield* commandLines("ethtool -K eth0 tx off", style, 10);
  yield "";
  yield* paragraph("What each card does to DHCP replies whose checksums the host left partial:", style, { indent: 2 });
  for (const [card, does] of CARDS) {
    yield* paragraph(does, style, { indent: 4, hang: 14, label: card });
  }
}
