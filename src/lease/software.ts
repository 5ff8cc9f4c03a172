import type { Message } from "./message.js";
import { OptionCode } from "../wire/option-codes.js";

/** The DHCP clients whose habits matter: silence and a partial checksum mean different things from each. */
export type SoftwareName =
  | "dhclient"
  | "udhcpc"
  | "dhcpcd"
  | "systemd-networkd"
  | "NetworkManager"
  | "ConnMan"
  | "Windows"
  | "Android"
  | "FreeBSD dhclient"
  | "OpenBSD dhcpleased"
  | "macOS"
  | "PXE ROM"
  | "iPXE"
  | "U-Boot";

export interface Software {
  readonly name: SoftwareName;
  /** Whether it is said by the client itself (vendor class) or guessed from the order of its parameter list. */
  readonly from: "vendor class" | "parameter list";
  /** false: it takes replies without looking at the UDP checksum, so a checksum cannot be why it ignores one. */
  readonly verifies: boolean;
  /** It counts secs from the start of each transaction, so 0 says that a new one began. */
  readonly countsSecs: boolean;
  /** It renews at half of the lease time, whatever options 58 and 59 say. */
  readonly ignoresT1: boolean;
  /** It waits so long for the reply to a renewal and then closes its socket, in seconds; Infinity: it goes on listening. */
  readonly listens: number;
  /** Its secs counts from the acquisition, through all renewals. */
  readonly countsFromStart: boolean;
  /** It gets an address for a boot and does not keep it: that it does not renew it says nothing. */
  readonly renews: boolean;
  /** It may collect OFFERs and ask again although they were sound (PXE: waits for boot information). */
  readonly collectsOffers: boolean;
}

const VENDOR_CLASSES: readonly (readonly [prefix: string, name: SoftwareName])[] = [
  ["udhcp", "udhcpc"],
  ["dhcpcd", "dhcpcd"],
  ["MSFT", "Windows"],
  ["android-dhcp", "Android"],
  ["AAPLBSDPC", "macOS"],
  ["PXEClient", "PXE ROM"],
  ["HTTPClient", "PXE ROM"],
  ["U-Boot", "U-Boot"],
];

/** How option 55 of each begins, as their sources have it. */
const PARAMETER_LISTS: readonly (readonly [start: readonly number[], name: SoftwareName])[] = [
  [[1, 28, 2, 3, 15, 6], "dhclient"],
  [[1, 28, 2, 121, 3, 15, 6, 12], "FreeBSD dhclient"],
  [[1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40], "NetworkManager"],
  [[1, 3, 12, 15, 6, 33, 121], "systemd-networkd"],
  [[1, 3, 6, 12, 15, 26, 33, 42, 121], "systemd-networkd"],
  [[1, 3, 6, 12, 15, 33, 42], "systemd-networkd"],
  [[1, 3, 26, 252, 42], "ConnMan"],
  [[1, 3, 6, 12, 15, 26, 28, 33, 42, 121], "systemd-networkd"],
  [[1, 121, 3, 6, 15, 119], "macOS"],
  [[1, 3, 6, 12, 15, 28, 42], "udhcpc"],
  [[1, 121, 33, 3, 6], "dhcpcd"],
];

/** By their sources; of the others it is known once they have sent a secs that is not 0. */
const COUNTS_SECS: ReadonlySet<SoftwareName> = new Set(["dhclient", "FreeBSD dhclient"]);

function make(name: SoftwareName, from: Software["from"]): Software {
  return {
    name,
    from,
    verifies: name !== "Android",
    countsSecs: COUNTS_SECS.has(name),
    ignoresT1: name === "udhcpc",
    // networking/udhcp/dhcpc.c: two or three seconds.
    listens: name === "udhcpc" ? 3.5 : Infinity,
    countsFromStart: name === "systemd-networkd" || name === "ConnMan",
    renews: name !== "PXE ROM" && name !== "iPXE" && name !== "U-Boot",
    collectsOffers: name === "PXE ROM" || name === "iPXE",
  };
}

/** Guesses the client software from a DISCOVER or REQUEST; null if nothing in it tells. */
export function guessSoftware(message: Message): Software | null {
  const { vendorClass } = message;
  const userClass = message.dhcp.options.get(OptionCode.USER_CLASS);
  if (userClass !== null && String.fromCharCode(...userClass.subarray(0, 8)).includes("iPXE")) {
    return make("iPXE", "vendor class");
  }
  if (vendorClass !== null) {
    const match = VENDOR_CLASSES.find(([prefix]) => vendorClass.startsWith(prefix));
    if (match !== undefined) {
      return make(match[1], "vendor class");
    }
  }
  const list = message.dhcp.options.get(OptionCode.PARAMETER_LIST);
  if (list !== null) {
    const match = PARAMETER_LISTS.find(([start]) => start.every((code, index) => list[index] === code));
    if (match !== undefined) {
      return make(match[1], "parameter list");
    }
  }
  return null;
}
