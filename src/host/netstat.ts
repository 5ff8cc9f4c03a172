/** Counters of one interface as `netstat -i` or `ip -s link` print them. */
export interface InterfaceCounters {
  readonly name: string;
  /** The line that the counters stand in, from 1. */
  readonly line: number;
  readonly sent: number;
  readonly sendErrors: number;
  /** null: this form does not tell (netstat -i of Linux). */
  readonly collisions: number | null;
}

/**
 * Reads `netstat -i` of FreeBSD (as its daily mail has it, too), NetBSD, OpenBSD and Linux, and `ip -s link`. An interface
 * stands in several lines of the BSDs' table, one for each address: its link's line counts.
 */
export function readCounters(text: string): InterfaceCounters[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, "").replace(/^> ?/, ""));
  return [...fromTables(lines), ...fromIpLink(lines)];
}

function fromTables(lines: readonly string[]): InterfaceCounters[] {
  const found = new Map<string, InterfaceCounters>();
  let columns: readonly string[] = [];
  for (const [index, line] of lines.entries()) {
    const words = line.trim().split(/\s+/);
    if (/^(?:Name|Iface)$/.test(words[0] ?? "")) {
      columns = words;
      continue;
    }
    if (columns.length === 0) continue;
    const name = (words[0] ?? "").replace(/\*$/, "");
    // Cells at the left may be missing (no address); counters stand at the right. Flags of Linux are one more cell.
    const cell = (column: string): number | null => {
      const at = columns.indexOf(column);
      const value = at === -1 ? undefined : words[words.length - (columns.length - at)];
      return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
    };
    const sent = cell("Opkts") ?? cell("TX-OK");
    const sendErrors = cell("Oerrs") ?? cell("TX-ERR");
    if (sent === null || sendErrors === null || found.has(name)) continue;
    const collisions = cell("Coll") ?? cell("Colls");
    found.set(name, { name, line: index + 1, sent, sendErrors, collisions });
  }
  return [...found.values()];
}

/** "2: eth0: <…>" and below "TX: bytes packets errors dropped carrier collsns" with the numbers in the next line. */
function fromIpLink(lines: readonly string[]): InterfaceCounters[] {
  const found: InterfaceCounters[] = [];
  let name: string | null = null;
  for (const [index, line] of lines.entries()) {
    const [, heading] = /^\d+: ([^:@\s]+)[:@]/.exec(line) ?? [];
    name = heading ?? name;
    const columns = line.trim().split(/\s+/);
    if (name === null || columns[0] !== "TX:" || !columns.includes("collsns")) continue;
    const values = (lines[index + 1] ?? "").trim().split(/\s+/);
    const cell = (column: string): number => Number(values[columns.indexOf(column) - 1] ?? NaN);
    const counters = { sent: cell("packets"), sendErrors: cell("errors"), collisions: cell("collsns") };
    if (Object.values(counters).every(Number.isFinite)) found.push({ name, line: index + 2, ...counters });
  }
  return found;
}

/** errors: frames that could not be sent, and no collision among the reasons that are counted. */
export type Collisions = "none" | "not-told" | "artefact" | "perhaps-artefact" | "real" | "errors";

/**
 * What the collisions of an interface are. QEMU's rtl8139 writes the transmit descriptor back with the bits set by which
 * the driver asked for checksum offload; FreeBSD's re(4) and Linux' 8139cp read these bits as a count of collisions. So
 * most packets count, none fails, and packets without offload (ARP) do not count. On a real shared medium errors come
 * along, and most packets pass at once.
 */
export function collisionsOf({ name, sent, sendErrors, collisions }: InterfaceCounters): Collisions {
  if (sendErrors > 0 && (collisions ?? 0) === 0) return "errors";
  if (collisions === null) return "not-told";
  if (collisions === 0) return "none";
  if (sendErrors > 0) return "real";
  const most = collisions >= sent / 2;
  if (/^re\d+$/.test(name)) return most ? "artefact" : "perhaps-artefact";
  return most ? "perhaps-artefact" : "real";
}
