import { android } from "./android.js";
import { dhclient, oldDhclient } from "./dhclient.js";
import { dhcpcd } from "./dhcpcd.js";
import { dhcpleased } from "./dhcpleased.js";
import { freebsd, newFreebsd } from "./freebsd.js";
import { nettools } from "./nettools.js";
import { networkd } from "./networkd.js";
import type { ClientProfile } from "./profile.js";
import { pxe } from "./pxe.js";
import { udhcpc } from "./udhcpc.js";
import { windows } from "./windows.js";

/** What runs in a guest: its client, and the boot ROM that may come before it. */
export interface ClientKind {
  name: string;
  profile: ClientProfile;
  rom: ClientProfile | null;
}

const plain: readonly ClientProfile[] = [
  dhclient,
  oldDhclient,
  dhcpcd,
  udhcpc,
  networkd,
  nettools,
  windows,
  dhcpleased,
  freebsd,
  newFreebsd,
  android,
];

export const clientKinds: readonly ClientKind[] = [
  ...plain.map((profile) => ({ name: profile.name, profile, rom: null })),
  { name: "PXE+networkd", profile: networkd, rom: pxe },
  { name: "PXE+dhclient", profile: dhclient, rom: pxe },
];

export function clientKind(name: string): ClientKind {
  const kind = clientKinds.find((candidate) => candidate.name === name);
  if (kind === undefined) throw new Error(`no client of the name ${name}`);
  return kind;
}
