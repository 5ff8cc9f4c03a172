import type { Kind, Message } from "../lease/message.js";
import { formatHex } from "../wire/addresses.js";

/** What is kept of a message so that lines of logs can be found to be about it. */
export interface PacketPoint {
  /** Message.order. */
  readonly order: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly kind: Kind;
  /** Hardware address of the client, lower case with colons. */
  readonly client: string;
  /** The one that it has, asks for, or is given; null: none. */
  readonly address: number | null;
  readonly xid: number;
  readonly unicast: boolean;
}

/** Of longer captures only the beginning is compared with logs. */
const MOST = 1 << 18;

/** All messages of a capture, in short. */
export class Diary {
  readonly points: PacketPoint[] = [];
  readonly #byClient = new Map<string, PacketPoint[]>();

  message({ order, time, kind, dhcp, xid, requested, broadcast }: Message): void {
    if (this.points.length >= MOST) return;
    const client = formatHex(dhcp.chaddr);
    const address = [dhcp.ciaddr, requested ?? 0, dhcp.yiaddr].find((known) => known !== 0) ?? null;
    const point: PacketPoint = { order, time, kind, client, address, xid, unicast: !broadcast };
    this.points.push(point);
    const own = this.#byClient.get(client);
    if (own === undefined) this.#byClient.set(client, [point]);
    else own.push(point);
  }

  get clients(): Iterable<string> {
    return this.#byClient.keys();
  }

  of(client: string): readonly PacketPoint[] {
    return this.#byClient.get(client) ?? [];
  }
}
