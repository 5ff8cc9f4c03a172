// Records real clients and servers with their files and logs: node test/evidence/lab/record.mjs FOLDER (root, Linux)
//
// Each network of networks.mjs is a bridge with a server and guests in namespaces of their own. Kept of it are the packets
// of the bridge, lease files and logs as their programs wrote them, and truth.json: what the packets say by tshark.
import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  chmodSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { networks, SCRIPT } from "./networks.mjs";

/** Seconds: until guests leave, and until the end. dnsmasq grants two minutes at least. */
const LEAVING = 25;
const END = 150;

const target = resolve(process.argv[2] ?? ".");
const own = `lt${process.pid}`;
const children = [];
const spaces = [];
const scratch = [];

const run = (tool, ...args) => execFileSync(tool, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** Signals the processes of a namespace that a pattern of pgrep(1) finds there. */
function signal(space, name, pattern) {
  run(
    "sh",
    "-c",
    `pgrep --ns "$(ip netns pids ${space} | head -n 1)" --nslist net ${pattern} | xargs -r kill -${name}`,
  );
}

/**
 * Runs a command line in a network namespace, on a machine that is called "guest" and has a /run and a /var/lib/dhcpcd of
 * its own; the group of processes is its own as well.
 *
 * @param take what becomes of each line of its output
 */
function start(space, folder, command, take) {
  const line = `mount -t tmpfs none /run && mount --bind ${folder} /var/lib/dhcpcd && hostname guest
mkdir -p /run/systemd/network /run/systemd/journal && echo ${"0".repeat(31)}1 >/run/machine-id
mount --bind /run/machine-id /etc/machine-id && cd ${folder}
${command}`;
  const stdio = ["ignore", "pipe", "pipe"];
  const args = [`--net=/run/netns/${space}`, "unshare", "--mount", "--uts", "sh", "-c", line];
  const child = spawn("nsenter", args, { stdio, detached: true });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      lines.forEach(take);
    });
  }
  children.push(child);
  return child;
}

/** Keeps lines in a file, with the time at which they came where their program writes none. */
function logTo(path, { stamps = true, omit = null } = {}) {
  const file = createWriteStream(path);
  return (line) => {
    if (omit?.test(line) === true) return;
    file.write(stamps ? `${new Date().toISOString().replace("Z", "000+00:00")} ${line}\n` : `${line}\n`);
  };
}

function stop(child, name = "SIGKILL") {
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
}

function addSpace(name) {
  run("ip", "netns", "add", name);
  spaces.push(name);
  run("ip", "-n", name, "link", "set", "lo", "up");
}

/** The server's bridge and the guests behind it. @param number of the network: in its addresses and namespaces */
function build(network, number) {
  const server = `${own}n${number}`;
  addSpace(server);
  run("ip", "-n", server, "link", "add", "br0", "address", `52:54:00:c${number}:00:fe`, "type", "bridge");
  run("ip", "-n", server, "address", "add", `10.99.${100 + number}.1/24`, "dev", "br0");
  run("ip", "-n", server, "link", "set", "br0", "up");
  const guests = network.guests.map((guest, index) => {
    const space = `${server}g${index}`;
    const mac = `52:54:00:c${number}:00:0${index + 1}`;
    addSpace(space);
    run("ip", "-n", server, "link", "add", `v${index}`, "type", "veth", "peer", "name", "eth0", "netns", space);
    run("ip", "-n", space, "link", "set", "eth0", "address", mac, "up");
    run("ip", "-n", server, "link", "set", `v${index}`, "master", "br0", "up");
    return { ...guest, mac, space };
  });
  return { server, guests };
}

async function record(network, number) {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-record-"));
  scratch.push(folder);
  chmodSync(folder, 0o777);
  const script = join(folder, "script");
  writeFileSync(script, SCRIPT, { mode: 0o755 });
  const write = (name, text) => writeFileSync(join(folder, name), text);
  const { server, guests } = build(network, number);
  const ignore = () => undefined;
  const dump = start(
    server,
    folder,
    "exec tcpdump -i br0 -U --immediate-mode -w bridge.pcap 'udp port 67 or 68'",
    ignore,
  );
  const forever = guests.find(({ fate }) => fate === "forever")?.mac;
  const command = network.server({ net: `10.99.${100 + number}`, folder, forever, write });
  const daemon = start(server, folder, command, logTo(join(folder, "server.log"), network.log));
  await sleep(4000);
  for (const guest of guests) {
    const take = guest.log === undefined ? ignore : logTo(join(folder, guest.log));
    guest.child = start(guest.space, folder, guest.command({ folder, script, write }), take);
  }
  await sleep(LEAVING * 1000);
  for (const { fate, child, space } of guests) {
    if (fate === "released") signal(space, "TERM", "udhcpc");
    if (fate === "vanished") stop(child);
  }
  await sleep((END - LEAVING) * 1000);
  for (const { collect = [], child } of guests) {
    for (const line of collect) run("nsenter", "-t", String(child.pid), "-m", "sh", "-c", `cd ${folder} && ${line}`);
  }
  if (network.flush !== undefined) signal(server, network.flush, "udhcpd");
  await sleep(2000);
  for (const child of [daemon, ...guests.map(({ child }) => child)]) stop(child);
  await sleep(1000);
  stop(dump, "SIGTERM");
  await sleep(500);
  keep(folder, network, guests);
}

/** Copies what is kept, and writes what happened: by the packets as tshark reads them, and by what was done to guests. */
function keep(folder, network, guests) {
  const leaseFiles = [
    ...network.files,
    ...guests.flatMap(({ files = [], mac }) => files.map((file) => ({ ...file, of: mac }))),
  ];
  const logs = guests.flatMap(({ log = [], logs = log, mac }) => [logs].flat().map((path) => ({ path, of: mac })));
  const all = [...leaseFiles, ...logs, { path: "server.log" }, { path: "bridge.pcap" }];
  const home = join(target, network.name);
  mkdirSync(home, { recursive: true });
  for (const { path } of all) copyFileSync(join(folder, path), join(home, path));
  const truth = {
    server: network.program,
    guests: guests.map(({ mac, program, fate }) => ({ mac, program, fate })),
    leaseFiles: leaseFiles.map((file) => ({ ...file, written: statSync(join(folder, file.path)).mtimeMs / 1000 })),
    logs: [...logs, { path: "server.log", of: "server" }],
    acks: acksOf(join(folder, "bridge.pcap")),
  };
  writeFileSync(join(home, "truth.json"), `${JSON.stringify(truth, null, 2)}\n`);
}

function acksOf(capture) {
  const columns = [
    ...["frame.time_epoch", "dhcp.hw.mac_addr", "dhcp.option.dhcp", "dhcp.ip.client", "dhcp.ip.your"],
    ...["ip_address_lease_time", "renewal_time_value", "rebinding_time_value"].map((name) => `dhcp.option.${name}`),
    "dhcp.option.dhcp_server_id",
  ];
  const fields = columns.flatMap((name) => ["-e", name]);
  const rows = run("tshark", "-r", capture, "-T", "fields", "-E", "separator=,", "-E", "occurrence=f", ...fields);
  const number = (text) => (text === "" ? null : Number(text));
  return rows
    .trim()
    .split("\n")
    .map((row) => row.split(","))
    .filter(([, , type]) => type === "5")
    .map(([time, client, , ciaddr, address, leaseTime, t1, t2, server]) => ({
      ...{ time: Number(time), client, address, renewal: ciaddr !== "0.0.0.0" },
      ...{ leaseTime: number(leaseTime), t1: number(t1), t2: number(t2), server },
    }));
}

try {
  await Promise.all(networks.map(record));
} finally {
  for (const child of children) stop(child);
  await sleep(500);
  for (const space of spaces) run("ip", "netns", "del", space);
  for (const folder of scratch) rmSync(folder, { recursive: true });
}
