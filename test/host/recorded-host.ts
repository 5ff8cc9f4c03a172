import { CopiedSystem } from "./copy.js";

/**
 * The host of a recording, from its host.txt: what /proc, /sys and ethtool said of a tap and of its QEMU process, after
 * the first lease.
 */
export function recordedHost(text: string): CopiedSystem {
  const [, first = ""] = text.split(/^#####.*$/m);
  const parts = new Map(
    first
      .split(/^--- /m)
      .slice(1)
      .map((part): [string, string] => {
        const end = part.indexOf("\n");
        return [part.slice(0, end), part.slice(end + 1)];
      }),
  );
  const partOf = (start: string): [string, string] => {
    const found = [...parts].find(([title]) => title.startsWith(start));
    if (found === undefined) throw new Error(`host.txt has no part ${start}`);
    return found;
  };
  const [commandTitle, words] = partOf("/proc/");
  const pid = /\d+/.exec(commandTitle)?.[0] ?? "";
  const [, info] = [...parts].find(([title]) => title.includes("fdinfo")) ?? [];
  const [, descriptor = ""] = /^fd (\d+) ->/m.exec(info ?? "") ?? [];
  const [netTitle, attributes] = partOf("/sys/class/net/");
  const tap = netTitle.slice("/sys/class/net/".length);
  const attribute = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(attributes)?.[1] ?? "";
  const [, features] = partOf(`ethtool -k ${tap}`);
  const [, bridgeFeatures] = partOf("ethtool -k qbr0");
  const net = (device: string, file: string): string => `/sys/class/net/${device}/${file}`;
  return new CopiedSystem(
    {
      [`/proc/${pid}/cmdline`]: `${words.trimEnd().split("\n").join("\0")}\0`,
      [`/proc/${pid}/fdinfo/${descriptor}`]: info ?? "",
      [net(tap, "tun_flags")]: attribute("tun_flags"),
      [net(tap, "address")]: attribute("address"),
      [net(tap, "operstate")]: attribute("operstate"),
      [net("qbr0", "uevent")]: "DEVTYPE=bridge\n",
    },
    {
      [`/proc/${pid}/fd/${descriptor}`]: "/dev/net/tun",
      [net(tap, "master")]: attribute("master"),
    },
    { [`ethtool -k ${tap}`]: features, "ethtool -k qbr0": bridgeFeatures },
  );
}
