import type { Frame } from "./wire/frame.js";
import { OptionCode } from "./wire/option-codes.js";
import { readAddress } from "./wire/option-readers.js";

const BOOTREPLY = 2;
/** More servers than any network has. */
const MOST = 256;

/** Addresses of DHCP servers as frames show them, known at once and not when their messages come up in their turn. */
export class SeenServers {
  readonly #addresses = new Set<number>();

  take({ dhcp, ip }: Frame): void {
    if (dhcp?.op !== BOOTREPLY || ip === null || this.#addresses.size >= MOST) return;
    this.#addresses.add(readAddress(dhcp.options, OptionCode.SERVER_IDENTIFIER) ?? ip.src);
  }

  /** @param address IPv4, network order */
  has(address: number): boolean {
    return this.#addresses.has(address);
  }
}
