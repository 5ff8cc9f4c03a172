import { reversed } from "./wire/addresses.js";
import type { Frame } from "./wire/frame.js";
import { OptionCode } from "./wire/option-codes.js";
import { readAddress } from "./wire/option-readers.js";

const BOOTREPLY = 2;
/** More servers than any network has. */
const MOST = 256;

/** Addresses of DHCP servers as frames show them, known at once and not when their messages come up in their turn. */
export class SeenServers {
  /** In the order in which they were seen. */
  readonly #addresses: number[] = [];

  take({ dhcp, ip }: Frame): void {
    if (dhcp?.op !== BOOTREPLY || ip === null || this.#addresses.length >= MOST) return;
    const address = readAddress(dhcp.options, OptionCode.SERVER_IDENTIFIER) ?? ip.src;
    if (!this.has(address)) this.#addresses.push(address);
  }

  /** @param address IPv4, network order */
  has(address: number): boolean {
    return this.#addresses.includes(address);
  }

  get size(): number {
    return this.#addresses.length;
  }

  /** The four octets of an address as they stand in a frame: the first is the lowest byte. */
  octets(server: number): number {
    return reversed(this.#addresses[server] ?? 0);
  }
}
