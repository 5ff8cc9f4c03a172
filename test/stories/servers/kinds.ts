import type { ServerProfile } from "./profile.js";

/**
 * ISC dhcpd: raw socket with a full sum for clients without an address, the kernel's socket (so an unfinished sum) for
 * those that renew. Copies secs. A renewal early in the lease gets what is left of it (dhcp-cache-threshold 25).
 */
export const dhcpd: ServerProfile = {
  name: "dhcpd",
  remote: false,
  sum: (kind) => (kind === "unconfigured" ? "full" : "partial"),
  echoesSecs: true,
  echoesClientId: false,
  timers: "asked",
  pings: true,
  fuzz: 0,
  shrinks: true,
  unicastNak: false,
  think: [0.0004, 0.006],
  ttl: 128,
  tos: 0x10,
};

/** dnsmasq: the kernel's socket for everything; 58 and 59 always, drawn a little short; pings before a first OFFER. */
export const dnsmasq: ServerProfile = {
  name: "dnsmasq",
  remote: false,
  sum: () => "partial",
  echoesSecs: true,
  echoesClientId: true,
  timers: "always",
  pings: true,
  fuzz: 1 / 16,
  shrinks: false,
  unicastNak: true,
  think: [0.0008, 0.012],
  ttl: 64,
  tos: 0xc0,
};

/** Kea on its default raw sockets: always a full sum, secs 0. */
export const kea: ServerProfile = {
  name: "kea",
  remote: false,
  sum: () => "full",
  echoesSecs: false,
  echoesClientId: true,
  timers: "configured",
  pings: false,
  fuzz: 0,
  shrinks: false,
  unicastNak: false,
  think: [0.0006, 0.008],
  ttl: 128,
  tos: 0x10,
};

/** busybox udhcpd: builds frames by hand for every client on the link. */
export const udhcpd: ServerProfile = {
  name: "udhcpd",
  remote: false,
  sum: () => "full",
  echoesSecs: false,
  echoesClientId: false,
  timers: "configured",
  pings: true,
  fuzz: 0,
  shrinks: false,
  unicastNak: false,
  think: [0.0002, 0.003],
  ttl: 64,
  tos: 0,
};

/** systemd-networkd as a server: raw for clients without an address, its UDP socket for the others. */
export const networkdServer: ServerProfile = {
  ...udhcpd,
  name: "networkd-server",
  sum: (kind) => (kind === "unconfigured" ? "full" : "partial"),
  echoesClientId: true,
  timers: "always",
  pings: false,
};

/** A router of bricks and metal: its card finishes every sum. */
export const router: ServerProfile = {
  ...udhcpd,
  name: "router",
  remote: true,
  sum: () => "full",
  timers: "configured",
  pings: false,
  think: [0.001, 0.015],
  ttl: 255,
};

/** A router that leaves the UDP sum out, as RFC 768 lets it. */
export const zeroRouter: ServerProfile = { ...router, name: "router-zero", sum: () => "zero" };

export const serverProfiles: readonly ServerProfile[] = [
  dhcpd,
  dnsmasq,
  kea,
  udhcpd,
  networkdServer,
  router,
  zeroRouter,
];

export function serverProfile(name: string): ServerProfile {
  const profile = serverProfiles.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`no server of the name ${name}`);
  return profile;
}
