import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyRemedy } from "../../src/explain/pages.js";
import { isCommand } from "../../src/explain/remedy-text.js";
import type { Remedy } from "../../src/findings/remedies.js";
import { add, recorded, type Recorded } from "../explain/recording.js";
import { skipTest } from "../support/skip.js";
import { absent, findTool, requireTool } from "../support/tools.js";

/**
 * The commands of remedies, run as they are printed: in network namespaces, on units and folders that are made for it.
 * What belongs to other programs (virsh, nmap, arping) is not tried.
 */

const HOST = `leasetap-remedies-${process.pid}`;
const GUEST = `${HOST}-guest`;
const folder = mkdtempSync(join(tmpdir(), "leasetap-remedies-"));

/** Names that stand for the operator's own, as they are within HOST. */
const NAMES: Readonly<Record<string, string>> = {
  BRIDGE: "br0",
  TAP: "tap0",
  "SERVER-INTERFACE": "va",
  INTERFACE: "va",
};

function remedy(id: string): Remedy {
  const found = everyRemedy().find((known) => known.id === id);
  if (found === undefined) throw new Error(`there is no remedy ${id}`);
  return found;
}

function commandOf(id: string): string {
  return filled(remedy(id).command ?? "");
}

/** @throws Error if the way back is a sentence */
function undoOf(id: string): string {
  const { undo } = remedy(id);
  if (undo === null || !isCommand(undo)) throw new Error(`${id} has no command that undoes it`);
  return filled(undo);
}

function filled(command: string): string {
  return Object.entries(NAMES).reduce((text, [name, own]) => text.replaceAll(name, own), command);
}

function shell(command: string): SpawnSyncReturns<string> {
  return spawnSync("bash", ["-c", command], {
    encoding: "utf8",
    // A bash whose standard input is a socket takes itself for a remote login and reads start-up files.
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
  });
}

/** Within the host's namespace. */
function onHost(command: string): SpawnSyncReturns<string> {
  return shell(`ip netns exec ${HOST} bash -c ${quoted(command)}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function succeeds(result: SpawnSyncReturns<string>): string {
  expect([result.status, result.stderr.replace(/^#.*\n/gm, "")]).toEqual([0, ""]);
  return result.stdout;
}

function requireLab(...tools: readonly string[]): void {
  if (process.getuid?.() !== 0) absent("needs root, to make network namespaces");
  for (const tool of ["bash", "ip", ...tools]) requireTool(tool);
}

const canMake = process.getuid?.() === 0 && findTool("ip") !== null && findTool("bash") !== null;

beforeAll(() => {
  if (!canMake) return;
  const commands = [
    `ip netns add ${HOST}`,
    `ip netns add ${GUEST}`,
    `ip link add va netns ${HOST} type veth peer name vb netns ${GUEST}`,
    `ip -n ${HOST} addr add 10.0.0.1/24 dev va`,
    `ip -n ${GUEST} addr add 10.0.0.2/24 dev vb`,
    `ip -n ${HOST} link set va up`,
    `ip -n ${GUEST} link set vb up`,
    `ip -n ${HOST} link add br0 type bridge`,
    `ip link add vc netns ${HOST} type veth peer name vd netns ${GUEST}`,
    `ip -n ${HOST} addr add 10.1.0.1/24 dev br0`,
    `ip -n ${GUEST} addr add 10.1.0.2/24 dev vd`,
    `ip -n ${HOST} link set vc master br0 up`,
    `ip -n ${HOST} link set br0 up`,
    `ip -n ${GUEST} link set vd up`,
    `ip netns exec ${HOST} ip tuntap add tap0 mode tap vnet_hdr`,
    `ip -n ${HOST} link set tap0 master br0`,
  ];
  for (const command of commands) {
    const { status, stderr } = shell(command);
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
  }
});

afterAll(() => {
  if (canMake) shell(`ip netns del ${HOST}; ip netns del ${GUEST}`);
  rmSync(folder, { recursive: true });
});

/** The guest is reached directly, over va, and over a bridge of the host whose port is vc. */
const DIRECT = { interface: "vb", address: "10.0.0.2" };
const BRIDGED = { interface: "vd", address: "10.1.0.2" };

/** A datagram sent from the host to port 68 of the guest, as it arrives. */
async function arrived(way = DIRECT): Promise<Recorded> {
  const capture = join(folder, "arrived.pcap");
  const words = [
    "netns",
    "exec",
    GUEST,
    "tcpdump",
    "-ni",
    way.interface,
    "-U",
    "-c",
    "1",
    "-w",
    capture,
    "udp dst port 68",
  ];
  const tcpdump = spawn("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
  const done = new Promise((settle) => tcpdump.on("close", settle));
  let ready = "";
  for await (const chunk of tcpdump.stderr) {
    ready += String(chunk);
    if (!ready.includes("listening on")) continue;
    succeeds(onHost(`head -c 300 /dev/zero > /dev/udp/${way.address}/68`));
    break;
  }
  await done;
  const frame = recorded(capture)[1];
  if (frame === undefined || frame === null) throw new Error("nothing arrived");
  return frame;
}

async function checksumAtGuest(way = DIRECT): Promise<"good" | "partial" | "bad"> {
  const { pseudo, rest, stored } = await arrived(way);
  if (add(pseudo, rest, stored) === 0xffff) return "good";
  return stored === pseudo ? "partial" : "bad";
}

describe("a remedy that completes checksums does, and its undoing undoes it", () => {
  it("fill-checksums: a datagram of the host arrives complete", async () => {
    requireLab("iptables", "tcpdump");
    expect(await checksumAtGuest()).toBe("partial");
    const { status, stderr } = onHost(commandOf("fill-checksums"));
    if (/CHECKSUM|No chain\/target\/match/.test(stderr) && status !== 0) skipTest("needs a kernel with xt_CHECKSUM");
    expect(await checksumAtGuest()).toBe("good");
    expect(succeeds(onHost("iptables -t mangle -nvL POSTROUTING"))).toMatch(/^ *1 .*CHECKSUM fill/m);
    succeeds(onHost(undoOf("fill-checksums")));
    expect(await checksumAtGuest()).toBe("partial");
  });

  it("server-tx-off: a datagram of the host arrives complete", async () => {
    requireLab("ethtool", "tcpdump");
    succeeds(onHost(commandOf("server-tx-off")));
    expect(await checksumAtGuest()).toBe("good");
    succeeds(onHost(undoOf("server-tx-off")));
    expect(await checksumAtGuest()).toBe("partial");
  });

  it("remove-zeroing finds the rule that it is about, which leaves 0, or the sum without the pseudo-header", async () => {
    requireLab("nft", "ethtool", "tcpdump");
    succeeds(onHost("nft add table ip t && nft 'add chain ip t c { type filter hook postrouting priority 0 ; }'"));
    expect(onHost(commandOf("remove-zeroing")).stdout).toBe("");
    succeeds(onHost("nft add rule ip t c udp dport 68 udp checksum set 0"));
    expect(onHost(commandOf("remove-zeroing")).stdout).toContain("udp checksum set 0");
    expect((await arrived(BRIDGED)).stored).toBe(0);
    // Behind the rule the port completes what the kernel owes, as it does for a card without offload.
    succeeds(onHost("ethtool -K vc tx off"));
    const { pseudo, rest, stored } = await arrived(BRIDGED);
    const right = 0xffff - add(pseudo, rest);
    expect(stored).toBe(add(right, pseudo));
    succeeds(onHost("nft delete table ip t"));
    expect(await checksumAtGuest(BRIDGED)).toBe("good");
  });
});

/** What a hypervisor does with a tap: holds it, and passes on what the guest's driver says at each of its starts. */
const HYPERVISOR = `
import fcntl, struct, subprocess, sys
TUNSETIFF, TUNSETOFFLOAD, TUN_F_CSUM = 0x400454CA, 0x400454D0, 1
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
tap = open("/dev/net/tun", "r+b", buffering=0)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH14x", b"held0", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
for command in ["true", sys.argv[1], "true", sys.argv[1], sys.argv[2]]:
    if command == "true": fcntl.ioctl(tap, TUNSETOFFLOAD, TUN_F_CSUM)
    subprocess.run(command.split(), check=True, capture_output=True)
    shown = subprocess.run(["ethtool", "-k", "held0"], capture_output=True, text=True).stdout
    print([line.split()[1] for line in shown.split("\\n") if "tx-checksum-ip-generic" in line][0])
`;

describe("tap-tx-off", () => {
  it("works until the guest's driver starts again, and its undoing undoes it", () => {
    requireLab("ethtool", "python3");
    const [off, on] = [commandOf("tap-tx-off"), undoOf("tap-tx-off")].map((command) =>
      command.replace("tap0", "held0"),
    );
    const script = join(folder, "hypervisor.py");
    writeFileSync(script, HYPERVISOR);
    const states = succeeds(onHost(`python3 ${script} ${quoted(off ?? "")} ${quoted(on ?? "")}`));
    // The driver starts, the remedy, the driver starts again, the remedy again, its undoing.
    expect(states.trim().split("\n")).toEqual(["on", "off", "on", "off", "on"]);
  });
});

describe("a command is one that its program takes", () => {
  it("tap-tx-off", () => {
    requireLab("ethtool");
    onHost(commandOf("tap-tx-off"));
    expect(onHost("ethtool -k tap0").stdout).toContain("tx-checksumming: off");
  });

  it("guest-tx-off and the counters that find-damage looks at", () => {
    requireLab("ethtool");
    succeeds(onHost(commandOf("guest-tx-off")));
    succeeds(onHost(undoOf("guest-tx-off")));
    succeeds(onHost("ethtool -S va"));
  });

  it("tc-checksum, as far as the kernel has act_csum", () => {
    requireLab("tc");
    const { status, stderr } = onHost(commandOf("tc-checksum"));
    // The kernel refuses only after tc has understood it.
    if (status !== 0) expect(stderr).toMatch(/Failed to load TC action module|error talking to the kernel/);
    expect(stderr).not.toMatch(/Usage|Bad action|Illegal|What is/);
    succeeds(onHost(undoOf("tc-checksum")));
  });

  it("conntrack-checksum-off", () => {
    requireLab("sysctl");
    succeeds(onHost(commandOf("conntrack-checksum-off")));
    expect(onHost("cat /proc/sys/net/netfilter/nf_conntrack_checksum").stdout).toBe("0\n");
    succeeds(onHost(undoOf("conntrack-checksum-off")));
  });

  it("limit-requests, with the way back that it names", () => {
    requireLab("nft");
    succeeds(
      onHost(
        "nft add table bridge filter && nft 'add chain bridge filter forward { type filter hook forward priority 0 ; }'",
      ),
    );
    succeeds(onHost(commandOf("limit-requests")));
    const listed = succeeds(onHost("nft -a list chain bridge filter forward"));
    const [, handle = ""] = /limit rate over 20\/second drop # handle (\d+)/.exec(listed) ?? [];
    succeeds(onHost(`nft delete rule bridge filter forward handle ${handle}`));
    succeeds(onHost("nft delete table bridge filter"));
  });

  it("find-filter", () => {
    requireLab("nft", "ebtables", "bridge");
    expect(succeeds(onHost(commandOf("find-filter")))).toContain("isolated off");
  });

  it.each(["start-server", "open-client-port"])("%s: the part of ss", (id) => {
    requireLab("ss");
    const part =
      commandOf(id)
        .split("; ")
        .find((command) => command.startsWith("ss ")) ?? "none";
    succeeds(onHost(part));
  });

  it.each(everyRemedy().filter(({ command }) => command?.startsWith("tcpdump ") === true))(
    "$id: its filter is one of tcpdump's",
    ({ command }) => {
      const tcpdump = requireTool("tcpdump");
      const [, filter = ""] = /'(.*)'/.exec(command ?? "") ?? [];
      const expression = filter.replace("CLIENT-ADDRESS", "10.0.0.2");
      const { status, stderr } = spawnSync(tcpdump, ["-y", "EN10MB", "-d", expression], { encoding: "utf8" });
      expect([status, stderr.replace(/^Warning.*\n/gm, "")]).toEqual([0, ""]);
    },
  );
});

describe("units", () => {
  /** @throws Error if systemd finds fault with it */
  function verify(unit: string, text: string): void {
    writeFileSync(join(folder, unit), text);
    const analyze = requireTool("systemd-analyze");
    const { status, stderr } = spawnSync(analyze, ["verify", `./${unit}`], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    });
    expect([status, stderr.split("\n").filter((line) => line.includes(folder) || line.includes(unit))]).toEqual([
      0,
      [],
    ]);
  }

  it("server-slice: the drop-in and the slice are sound", () => {
    requireTool("systemd-analyze");
    const [make = "", ...rest] = commandOf("server-slice").replaceAll("UNIT", "served.service").split(" && systemctl ");
    succeeds(shell(make.replaceAll("/etc/systemd/system", folder)));
    const [, properties = ""] = /set-property dhcp.slice (.*)/.exec(rest.join("\n")) ?? [];
    verify("dhcp.slice", `[Slice]\n${properties.split(" ").join("\n")}\n`);
    verify("served.service", "[Service]\nExecStart=/bin/true\n");
    expect(properties).toContain("MemoryLow=");
  });

  it.each(["limit-backup-io", "weigh-backup-io"])("%s: its properties are", (id) => {
    requireTool("systemd-analyze");
    const [, properties = ""] = /set-property UNIT (.*)/.exec(commandOf(id)) ?? [];
    const lines = [...properties.matchAll(/(\w+)=(?:'([^']*)'|(\S+))/g)].map(
      ([, key = "", a, b]) => `${key}=${a ?? b ?? ""}`,
    );
    expect(lines.length).toBeGreaterThan(1);
    const cleared = undoOf(id).match(/\w+=(?= |$)/g) ?? [];
    expect(cleared.map((key) => key.slice(0, -1)).sort()).toEqual(lines.map((line) => line.split("=")[0]).sort());
    verify("backup.service", `[Service]\nExecStart=/bin/true\n${[...lines, ...cleared].join("\n")}\n`);
  });
});

describe("what is looked for in configurations is found", () => {
  it.each([
    ["longer-lease", "default-lease-time 600;", "dhcp-range=10.8.12.100,10.8.12.200,2m", '"valid-lifetime": 4000,'],
    ["unknown-leases", "authoritative;", "dhcp-authoritative", '"authoritative": true,'],
    ["order-timers", "option dhcp-renewal-time 300;", "dhcp-option=option:T1,300", '"renew-timer": 900,'],
    [
      "reachable-server-id",
      "option dhcp-server-identifier 10.9.0.1;",
      "dhcp-proxy",
      '"code": 54, "name": "dhcp-server-identifier",',
    ],
  ])("%s", (id, dhcpd, dnsmasq, kea) => {
    const etc = join(folder, id);
    for (const name of ["dhcp", "dnsmasq.d", "kea", "systemd/network"]) mkdirSync(join(etc, name), { recursive: true });
    writeFileSync(join(etc, "dhcp/dhcpd.conf"), `${dhcpd}\n`);
    writeFileSync(join(etc, "dnsmasq.conf"), `${dnsmasq}\n`);
    writeFileSync(join(etc, "kea/kea-dhcp4.conf"), `${kea}\n`);
    const { stdout } = shell(commandOf(id).replaceAll("/etc/", `${etc}/`));
    expect(stdout.trimEnd().split("\n")).toHaveLength(3);
  });
});
