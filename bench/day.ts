import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { pcapHeader, pcapRecord } from "../src/capture/pcap-writer.js";
import { acquisition, renewal, type Client } from "./dhcp.js";
import { createRandom, type Random } from "./random.js";

const LEASE = 3600;
const T1 = LEASE / 2;
/** As a rule one client of so many takes no reply with an unfinished checksum. */
const BROKEN = 100;
/** Seconds after which it asks again. */
const RETRY = 60;
/** 2026-11-22T00:00:00Z, in seconds. */
const BEGIN = 1_795_305_600;
const STYLE = { littleEndian: true, nanoseconds: false };
const ETHERNET = 1;

/** When a client acts next, and when its lease ends. */
interface Guest extends Client {
  expires: number;
}

/**
 * A day of many clients with leases of an hour, played as fast as it is read: all renew in time but one of a hundred,
 * whose renewals are answered with unfinished checksums until each lease is lost. Gives a capture, second by second.
 *
 * @param broken one client of so many is; Infinity: none
 */
export function* day(clients: number, hours: number, seed: number, broken = BROKEN): Generator<Uint8Array> {
  const random = createRandom(seed);
  const end = hours * 3600;
  const due = new Map<number, Guest[]>();
  const plan = (guest: Guest, second: number): void => {
    const others = due.get(second);
    if (others === undefined) due.set(second, [guest]);
    else others.push(guest);
  };
  for (let number = 1; number <= clients; number += 1) plan({ number, vlan: 0, lease: LEASE, expires: 0 }, random(T1));
  yield pcapHeader(STYLE, ETHERNET);
  for (let second = 0; second < end; second += 1) {
    const guests = due.get(second) ?? [];
    due.delete(second);
    const frames = guests.flatMap((guest) => act(guest, second, { random, broken, plan }));
    const gap = Math.floor(1e9 / (frames.length + 1));
    yield Buffer.concat(frames.map((frame, index) => pcapRecord(STYLE, BEGIN + second, index * gap, frame)));
  }
}

interface Rules {
  readonly random: Random;
  readonly broken: number;
  readonly plan: (guest: Guest, second: number) => void;
}

/** What a client sends and gets in this second; it is planned when it acts next. */
function act(guest: Guest, second: number, { random, broken, plan }: Rules): Uint8Array[] {
  const xid = 1 + random(0xffff_fffe);
  const bound = second < guest.expires;
  if (bound && guest.number % broken === 0) {
    plan(guest, Math.min(second + RETRY, guest.expires));
    return renewal(guest, xid, "partial");
  }
  guest.expires = second + LEASE;
  // ISC dhclient renews somewhat before T1, drawn anew each time.
  plan(guest, second + T1 - random(T1 / 8));
  return bound ? renewal(guest, xid) : acquisition(guest, xid);
}

/** Lets `leasetap live` watch such a day. */
export async function watchDay(program: string, clients: number, hours: number, seed: number): Promise<string[]> {
  const started = performance.now();
  const watcher = spawn(process.execPath, [program, "live", "-"], { stdio: ["pipe", "pipe", "inherit"] });
  const { stdin, stdout } = watcher;
  let lines = 0;
  stdout.setEncoding("utf8").on("data", (text: string) => {
    lines += text.split("\n").length - 1;
  });
  const ended = new Promise<number | null>((settle) => watcher.on("exit", settle));
  let bytes = 0;
  let peak = 0;
  let pending: Uint8Array[] = [];
  for (const records of day(clients, hours, seed)) {
    pending.push(records);
    if (pending.length < TOGETHER) continue;
    const chunk = Buffer.concat(pending);
    pending = [];
    bytes += chunk.length;
    if (!stdin.write(chunk)) await once(stdin, "drain");
    peak = Math.max(peak, peakSoFar(watcher));
  }
  stdin.end(Buffer.concat(pending));
  const code = await ended;
  const took = (performance.now() - started) / 1000;
  return [
    `${hours} hours of ${clients} clients with leases of ${LEASE} s, ${Math.floor(clients / BROKEN)} of them broken; ${bytes} bytes`,
    `leasetap live: ${peak.toFixed(0)} MB at most, ${took.toFixed(0)} s, ${lines} lines, exit code ${String(code)}`,
  ];
}

/** Seconds of the day that are written at a time. */
const TOGETHER = 60;

/** The most memory that it held so far, in megabytes; NaN where the system does not tell. */
function peakSoFar({ pid }: ChildProcess): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return NaN;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(path, "utf8"))?.[1]) / 1024;
}
