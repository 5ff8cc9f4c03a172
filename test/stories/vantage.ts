import { broadcastMac } from "./frames.js";
import type { Point } from "./types.js";

/** Where a capture stands, and how it was taken. */
export interface Vantage {
  name: string;
  /** interface names by point; one file may hold several */
  points: readonly { point: Point; interface: string }[];
  /** 0: whole frames */
  snaplen: number;
  vlan: number | null;
  /** sees only what is flooded to all ports */
  blind: boolean;
}

const bridge = { point: "bridge", interface: "br0" } as const;
const tap = { point: "tap", interface: "vnet0" } as const;
const guest = { point: "guest", interface: "eth0" } as const;
const plain = { snaplen: 0, vlan: null, blind: false } as const;

export const vantages: readonly Vantage[] = [
  { ...plain, name: "bridge", points: [bridge] },
  { ...plain, name: "tap", points: [tap] },
  { ...plain, name: "guest", points: [guest] },
  { ...plain, name: "bridge+tap", points: [bridge, tap] },
  { ...plain, name: "blind", points: [bridge], blind: true },
  { ...plain, name: "bridge-snap200", points: [bridge], snaplen: 200 },
  { ...plain, name: "bridge-vlan", points: [bridge], vlan: 212 },
];

export function vantageOf(name: string): Vantage {
  const vantage = vantages.find((candidate) => candidate.name === name);
  if (vantage === undefined) throw new Error(`no vantage of the name ${name}`);
  return vantage;
}

/** Whether a frame comes by: a guest's own port carries that guest's frames and what is flooded to all. */
export function passes(vantage: Vantage, point: Point, client: string, patient: string, destination: string): boolean {
  const flooded = destination === broadcastMac;
  if (vantage.blind) return flooded;
  return point === "bridge" || client === patient || flooded;
}
