import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isJson, type Json } from "../support/program.js";

/** What record.mjs wrote of one network: see test/evidence/lab. */
export interface Truth {
  readonly server: string;
  readonly guests: readonly { readonly mac: string; readonly program: string; readonly fate: string }[];
  readonly leaseFiles: readonly FileOf[];
  readonly logs: readonly { readonly path: string; readonly of: string }[];
  readonly acks: readonly Ack[];
}

export interface FileOf {
  readonly path: string;
  readonly form: string;
  /** The hardware address of the guest whose file it is, or "server". */
  readonly of: string;
  /** Seconds since 1970. */
  readonly written: number;
}

/** A DHCPACK as tshark reads it. */
export interface Ack {
  readonly time: number;
  readonly client: string;
  readonly address: string;
  /** The client had the address already. */
  readonly renewal: boolean;
  readonly leaseTime: number;
  /** Options 58 and 59. */
  readonly t1: number | null;
  readonly t2: number | null;
  readonly server: string;
}

const home = fileURLToPath(new URL("recorded", import.meta.url));

export const recordedNetworks: readonly string[] = readdirSync(home, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

export function pathOf(network: string, file: string): string {
  return join(home, network, file);
}

export function truthOf(network: string): Truth {
  const truth = objectOf(JSON.parse(readFileSync(pathOf(network, "truth.json"), "utf8")));
  const all = (key: string): Json[] => listOf(truth[key]).map(objectOf);
  return {
    server: textOf(truth["server"]),
    guests: all("guests").map(({ mac, program, fate }) => ({
      ...{ mac: textOf(mac), program: textOf(program), fate: textOf(fate) },
    })),
    leaseFiles: all("leaseFiles").map(({ path, form, of, written }) => ({
      ...{ path: textOf(path), form: textOf(form), of: textOf(of), written: Number(written) },
    })),
    logs: all("logs").map(({ path, of }) => ({ path: textOf(path), of: textOf(of) })),
    acks: all("acks").map((ack) => ({
      time: Number(ack["time"]),
      client: textOf(ack["client"]),
      address: textOf(ack["address"]),
      renewal: ack["renewal"] === true,
      leaseTime: Number(ack["leaseTime"]),
      t1: ack["t1"] === null ? null : Number(ack["t1"]),
      t2: ack["t2"] === null ? null : Number(ack["t2"]),
      server: textOf(ack["server"]),
    })),
  };
}

function objectOf(value: unknown): Json {
  if (!isJson(value)) throw new Error("truth.json has another form");
  return value;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
