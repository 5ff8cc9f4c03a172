/** Programs whose lines are understood, by the names that they log under. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["dhclient", "dhclient"],
  ["dhclient3", "dhclient"],
  ["dhcpcd", "dhcpcd"],
  ["udhcpc", "udhcpc"],
  ["systemd-networkd", "networkd"],
  ["networkd", "networkd"],
  ["NetworkManager", "NetworkManager"],
  ["nm", "NetworkManager"],
  ["connmand", "connmand"],
  ["connman", "connmand"],
  ["dhcpleased", "dhcpleased"],
  ["dhcpd", "dhcpd"],
  ["dnsmasq", "dnsmasq"],
  ["dnsmasq-dhcp", "dnsmasq"],
  ["kea-dhcp4", "kea"],
  ["kea", "kea"],
  ["udhcpd", "udhcpd"],
  ["kernel", "kernel"],
]);

/** One name for a program whose lines are understood, also where it is given by its path; null: it is another one. */
export function programName(tag: string): string | null {
  return NAMES.get(tag.slice(tag.lastIndexOf("/") + 1)) ?? null;
}
