import type { Remark } from "./capture/remarks.js";
import type { Presence } from "./lease/presence.js";
import type { PresenceLog } from "./lease/presence-log.js";
import { parseMac } from "./wire/addresses.js";
import { decodeArp } from "./wire/arp.js";
import { EtherType } from "./wire/ether-type.js";
import { ETHERNET, ethernetSource } from "./wire/ethernet.js";
import type { LinkLayer } from "./wire/link-layer.js";
import { Skim } from "./wire/skim.js";

/** Seconds before a statement of whom the host has heard: so old the frame may be that it speaks of. */
const HEARD_WITHIN = 10;
/** Entries that may wait without being looked at. */
const MUCH = 8192;

/** Notes of which known clients one input has frames, whatever these carry: whoever sends is alive. */
export class Heard {
  readonly #log: PresenceLog;
  /** Entries of the log after which it is settled again. */
  #enough = MUCH;

  /** @param settle much waits for its time; where other inputs are behind, it may wait for a while */
  constructor(
    private readonly presence: Presence,
    private readonly settle: () => void,
  ) {
    this.#log = presence.log();
  }

  /** @param time of the frame, seconds since 1970 */
  note(skim: Skim, layer: LinkLayer, view: DataView, offset: number, captured: number, time: number): void {
    const source = layer === ETHERNET ? ethernetSource(offset, captured) : layer.source(view, offset, captured);
    if (source < 0) return;
    const client = this.presence.clientOf(view.getUint16(source), view.getInt32(source + 2));
    if (client < 0) return;
    const address = skim === Skim.OTHER ? 0 : sourceAddress(layer, skim, view, offset, captured);
    this.#log.add(client, address, time);
    this.#settleSometimes();
  }

  /**
   * Frames of these senders came to a port of a bridge, says the host; who is no client is left out.
   *
   * @param time of the statement, seconds since 1970; NaN for one that is not believed
   */
  behind({ port, macs }: Remark & { kind: "heard" }, time: number): void {
    const latest = time - HEARD_WITHIN;
    if (Number.isNaN(latest)) return;
    for (const mac of macs.map(parseMac)) {
      const client = mac === null ? -1 : this.presence.clientOf(Math.floor(mac / 0x1_0000_0000), mac | 0);
      if (client < 0) continue;
      this.presence.behind(client, port, latest);
      this.#log.add(client, 0, latest);
    }
    this.#settleSometimes();
  }

  #settleSometimes(): void {
    if (this.#log.size < this.#enough) return;
    this.settle();
    this.#enough = Math.max(MUCH, 2 * this.#log.size);
  }
}

/** The IPv4 address that the sender of a frame uses: an IP source, or what an ARP says of its sender; 0: none. */
function sourceAddress(layer: LinkLayer, skim: Skim, view: DataView, offset: number, captured: number): number {
  if (skim === Skim.ARP) {
    const arp = layer.find(view, offset, captured, EtherType.ARP);
    return decodeArp(view, arp, offset + captured)?.senderIp ?? 0;
  }
  return view.getUint32(layer.find(view, offset, captured, EtherType.IPV4) + 12);
}
