/** What one line of a log says, in the terms of RFC 2131. Addresses are numbers in network order. */
export type LogFact =
  /** A client sent a message. `server`: the unicast address; null for a broadcast, or where the log does not say. */
  | {
      readonly kind: "sent";
      readonly message: "DISCOVER" | "REQUEST" | "RELEASE" | "DECLINE";
      readonly address: number | null;
      readonly way: "unicast" | "broadcast" | null;
      readonly server: number | null;
    }
  /** A client says that it goes about renewing or rebinding; whether and when it sent anything is not told. */
  | { readonly kind: "renewing"; readonly address: number | null; readonly way: "unicast" | "broadcast" }
  /** A client took a reply in: its checksum was accepted. */
  | {
      readonly kind: "received";
      readonly message: "OFFER" | "ACK" | "NAK";
      readonly address: number | null;
      readonly server: number | null;
    }
  /** A lease was granted or renewed. `seconds`: its length, where the log says it. */
  | { readonly kind: "bound"; readonly address: number | null; readonly seconds: number | null }
  /** The lease ran out, or was given up: the address is gone. */
  | { readonly kind: "lost" }
  /** The program began: what it counted before is gone. */
  | { readonly kind: "started"; readonly version: string | null }
  /** The interface is meant from now on, as "Listening on LPF/eth0/52:54:…" says. */
  | { readonly kind: "interface"; readonly hardware: string | null }
  /** ISC's "N bad udp checksums in M packets": zeroed at each print. */
  | { readonly kind: "counted"; readonly sum: "udp" | "ip"; readonly bad: number; readonly seen: number }
  /** One packet was thrown away for its checksum. */
  | { readonly kind: "rejected"; readonly server: number | null }
  /** A server took a message in, or sent one. `client` is the hardware address as printed. */
  | {
      readonly kind: "served";
      readonly message: "DISCOVER" | "OFFER" | "REQUEST" | "ACK" | "NAK" | "RELEASE" | "DECLINE";
      readonly address: number | null;
      readonly client: string | null;
      /** What the server says beside it, such as "unknown lease". */
      readonly remark: string | null;
    }
  /** A line that belongs to the subject and proves nothing by itself. */
  | { readonly kind: "remark"; readonly topic: Topic };

/** Messages that people search for, each explained in a sentence or two. */
export type Topic =
  | "conntrack-checksum"
  | "kernel-checksum"
  | "chained-buffer"
  | "packet-length"
  | "checksum-target"
  | "reused-lease"
  | "no-free-leases"
  | "dhcpv6";

/** What a program's line says; null: nothing that is of use here. `device` is the interface, where the line names it. */
export interface Recognised {
  readonly fact: LogFact;
  readonly device: string | null;
}

/** Reads the lines of one program. */
export type Recogniser = (text: string) => Recognised | null;
