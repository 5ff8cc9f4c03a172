import { clientKinds } from "./clients/index.js";
import { compose } from "./compose.js";
import { faultMakers } from "./faults/index.js";
import { createRandom } from "./prng.js";
import type { Cell, Story } from "./types.js";

const allServers = ["dhcpd", "dnsmasq", "kea", "udhcpd", "networkd-server", "router", "router-zero"] as const;
const otherServers = ["dhcpd@relay", "kea@relay", "dnsmasq+kea", "dhcpd+dnsmasq"] as const;

/** Faults that concern sums matter only where the server leaves them to the kernel. */
const needsPartial = new Set(["mark-lost", "mark-lost-mended", "mark-lost-saved", "nft-zero", "qemu-header-only"]);
/** Faults that a relay or a second server would hide or double. */
const onePathOnly = new Set(["server-dead-icmp", "server-slow", "server-frozen", "server-frozen-briefly"]);

const base: Cell = {
  client: "dhclient",
  server: "dnsmasq",
  fault: "none",
  vantage: "bridge",
  begins: "start",
  ends: "long",
  noise: "none",
};

function leavesSums(server: string): boolean {
  return ["dhcpd", "dnsmasq", "networkd-server"].includes(server);
}

function sensible(cell: Cell): boolean {
  if (needsPartial.has(cell.fault) && !leavesSums(cell.server)) return false;
  if (onePathOnly.has(cell.fault) && (cell.server.includes("+") || cell.server.includes("@"))) return false;
  // clients without the mark never get a lease from dnsmasq; that is a story of its own, told by the mended fault
  return true;
}

/** Which values of one part are tried with which of the others: all pairs of client and fault, then the rest by turns. */
export function cells(): Cell[] {
  const list: Cell[] = [];
  const seen = new Set<string>();
  const add = (change: Partial<Cell>): void => {
    const cell = { ...base, ...change };
    const key = JSON.stringify(cell);
    if (!sensible(cell) || seen.has(key)) return;
    seen.add(key);
    list.push(cell);
  };
  const clients = clientKinds.map(({ name }) => name);
  const faults = Object.keys(faultMakers);
  const main = ["dhcpd", "dnsmasq", "kea"] as const;

  for (const client of clients) {
    for (const fault of faults) {
      for (const server of main) add({ client, fault, server });
    }
    for (const server of [...allServers, ...otherServers]) add({ client, server });
    for (const server of otherServers) {
      for (const fault of ["unicast-blocked", "server-ignores-one", "nak-renewal", "replies-dropped-beyond"]) {
        add({ client, server, fault });
      }
    }
  }
  let turn = 0;
  const next = <T>(values: readonly [T, ...T[]]): T => values[turn++ % values.length] ?? values[0];
  for (const fault of faults) {
    for (const vantage of ["tap", "guest", "bridge+tap", "blind", "bridge-snap200", "bridge-vlan"]) {
      for (const client of ["dhclient", "dhcpcd", "udhcpc", "networkd", "NetworkManager"]) {
        add({ client, fault, vantage, server: next(["dnsmasq", "dhcpd", "router", "dnsmasq"]) });
      }
    }
    for (const client of clients) {
      for (const begins of ["start", "bound", "middle"] as const) {
        for (const ends of ["long", "soon", "middle"] as const) {
          add({
            client,
            fault,
            begins,
            ends,
            server: next(["dnsmasq", "dhcpd"]),
            noise: next(["none", "clients", "none"]),
          });
        }
      }
      add({ client, fault, noise: "clients", server: next(["dnsmasq", "dhcpd", "kea", "router"]) });
    }
  }
  return list;
}

/** `count` stories, spread evenly over all cells; `seedBase` changes what happens in each. */
export function* stories(seedBase: number, count: number): Generator<Story> {
  const all = cells();
  const random = createRandom(seedBase);
  // a stride without a common factor visits every cell before any is told twice
  const stride = 1 + 2 * random.below(Math.floor(all.length / 4));
  let place = random.below(all.length);
  for (let told = 0; told < count; told += 1) {
    const cell = all[place % all.length];
    place += coprime(stride, all.length);
    if (cell !== undefined) yield compose(cell, (seedBase * 100_003 + told) >>> 0);
  }
}

function coprime(stride: number, count: number): number {
  const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));
  let candidate = stride;
  while (divisor(candidate, count) !== 1) candidate += 1;
  return candidate;
}
