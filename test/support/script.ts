import type { Inspection } from "../../src/findings/inspection.js";
import { feed, type FeedOptions } from "./script-feed.js";
import {
  arpFrame,
  clientMac,
  EVERY_MAC,
  ip,
  serverMac,
  trafficFrame,
  unreachableFrame,
  type Wire,
} from "./script-frames.js";
import { build, isReply, type Kind, type MessageOptions, type MessageStep } from "./script-messages.js";

interface OtherOptions {
  readonly client?: number;
  readonly address?: string;
  readonly point?: number;
  readonly vlan?: readonly number[];
  /** Whom it is for; default 10.0.0.254. */
  readonly target?: string;
  /** ARP: it answers, and does not ask. */
  readonly answers?: boolean;
  /** The sender is server 1 and so on, at 10.0.0.1, and no client. */
  readonly server?: number;
}

interface OtherStep {
  readonly step: "arp" | "traffic";
  readonly options: OtherOptions;
}

interface UnreachableStep {
  readonly step: "unreachable";
  readonly quotes: "request" | "reply";
  readonly options: { readonly ipId?: number; readonly code?: number; readonly point?: number };
}

export type Step = MessageStep | OtherStep | UnreachableStep;

type Make = (options?: MessageOptions) => MessageStep;

function message(kind: Kind, state: MessageStep["state"] = null): Make {
  return (options = {}) => ({ step: "message", kind, state, options });
}

export const discover = message("DISCOVER");
export const offer = message("OFFER");
/** In SELECTING: it names the server and the address. */
export const request = message("REQUEST", "SELECTING");
/** In INIT-REBOOT: it asks for its old address. */
export const reboot = message("REQUEST", "INIT-REBOOT");
/** In RENEWING: from its address to its server. */
export const renew = message("REQUEST", "RENEWING");
/** In REBINDING: from its address to everybody. */
export const rebind = message("REQUEST", "REBINDING");
export const ack = message("ACK");
export const nak = message("NAK");
export const release = message("RELEASE");
export const decline = message("DECLINE");
export const inform = message("INFORM");

/** The client asks who has 10.0.0.254, and says by it that it is there and which address it uses. */
export function arp(options: OtherOptions = {}): OtherStep {
  return { step: "arp", options };
}

/** The client sends something else from its address, to one neighbour. */
export function traffic(options: OtherOptions = {}): OtherStep {
  return { step: "traffic", options };
}

/** ICMP port unreachable, from the receiver of the last request or reply, quoting it (by another IP id, if told so). */
export function unreachable(quotes: "request" | "reply", options: UnreachableStep["options"] = {}): UnreachableStep {
  return { step: "unreachable", quotes, options };
}

/**
 * A conversation written down frame by frame. What is not said stands as it does in a plain conversation of client 1
 * with server 1; a reply answers the last question of its client. Each datagram has an IP id of its own.
 */
export class Script {
  readonly frames: Wire[] = [];
  readonly #defaults: MessageOptions;
  readonly #questions = new Map<number, MessageOptions>();
  readonly #last: Record<"request" | "reply", readonly number[]> = { request: [], reply: [] };
  #previous: MessageStep | null = null;
  #nextId = 1;

  constructor(defaults: MessageOptions) {
    this.#defaults = defaults;
  }

  /** @param time seconds from the start */
  at(time: number, ...steps: readonly Step[]): this {
    for (const step of steps) this.#add(time, step);
    return this;
  }

  /** The last message once more: at another point, or with another sum. */
  again(time: number, changes: MessageOptions = {}): this {
    if (this.#previous === null) throw new Error("nothing was sent yet");
    const { options } = this.#previous;
    return this.#send(time, { ...this.#previous, options: { ...options, ...changes } });
  }

  /** DISCOVER, OFFER, REQUEST, ACK within a moment. */
  bound(time: number, options: MessageOptions = {}): this {
    return this.at(time, discover(asked(options)))
      .at(time + 0.001, offer(options))
      .at(time + 0.002, request(asked(options)))
      .at(time + 0.003, ack(options));
  }

  /** A renewal by unicast and its ACK. */
  renewed(time: number, options: MessageOptions = {}): this {
    return this.at(time, renew(asked(options))).at(time + 0.001, ack(options));
  }

  /** Nothing more until then; the last frame is nobody's in particular. */
  until(time: number): this {
    const link = { src: serverMac(250), dst: EVERY_MAC, vlan: [] };
    return this.#capture(time, 0, arpFrame(link, ip("10.0.0.250"), ip("10.0.0.251")));
  }

  run(options: FeedOptions = {}): Inspection {
    return feed(this.frames, options);
  }

  #add(time: number, step: Step): void {
    switch (step.step) {
      case "message":
        this.#message(time, step);
        break;
      case "arp":
      case "traffic":
        this.#other(time, step);
        break;
      case "unreachable":
        this.#unreachable(time, step);
    }
  }

  #message(time: number, step: MessageStep): void {
    const reply = isReply(step.kind);
    const client = step.options.client ?? this.#defaults.client ?? 1;
    const question = reply ? this.#questions.get(client) : undefined;
    const options: MessageOptions = { ...this.#defaults, ipId: this.#nextId, ...question, ...step.options };
    this.#nextId += 1;
    if (!reply) this.#questions.set(client, echoed(options));
    this.#send(time, { ...step, options });
  }

  #send(time: number, step: MessageStep): this {
    const { bytes, datagram } = build(step);
    this.#previous = step;
    this.#last[isReply(step.kind) ? "reply" : "request"] = datagram;
    return this.#capture(time, step.options.point ?? 0, bytes, step.options.cut);
  }

  #other(time: number, { step, options }: OtherStep): void {
    const client = options.client ?? this.#defaults.client ?? 1;
    const { server, answers = false } = options;
    const address = ip(options.address ?? (server === undefined ? `10.0.0.${100 + client}` : `10.0.0.${server}`));
    const target = ip(options.target ?? "10.0.0.254");
    const dst = step === "arp" ? EVERY_MAC : serverMac(254);
    const src = server === undefined ? clientMac(client) : serverMac(server);
    const link = { src, dst, vlan: options.vlan ?? this.#defaults.vlan ?? [] };
    const frame =
      step === "arp" ? arpFrame(link, address, target, answers ? 2 : 1) : trafficFrame(link, address, target);
    this.#capture(time, options.point ?? 0, frame);
  }

  #unreachable(time: number, { quotes, options }: UnreachableStep): void {
    const quoted = [...this.#last[quotes]];
    if (options.ipId !== undefined) {
      quoted[4] = options.ipId >>> 8;
      quoted[5] = options.ipId & 0xff;
    }
    const address = (at: number): number => quoted.slice(at, at + 4).reduce((value, octet) => value * 256 + octet, 0);
    const link = { src: serverMac(251), dst: serverMac(252), vlan: [] };
    const frame = unreachableFrame(link, options.code ?? 3, address(16), address(12), quoted);
    this.#capture(time, options.point ?? 0, frame);
  }

  #capture(time: number, point: number, bytes: Uint8Array, cut = bytes.length): this {
    this.frames.push({ time, point, bytes: bytes.slice(0, cut), original: bytes.length });
    return this;
  }
}

/** @param defaults what holds for every message unless it says otherwise */
export function script(defaults: MessageOptions = {}): Script {
  return new Script(defaults);
}

/** What a reply copies from the question. */
function echoed({ client, xid, vlan, relay, address, clientId }: MessageOptions): MessageOptions {
  return {
    ...(client === undefined ? {} : { client }),
    ...(xid === undefined ? {} : { xid }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(relay === undefined ? {} : { relay }),
    ...(address === undefined ? {} : { address }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

/** Of what describes a whole exchange, the part that its questions have too: sums and times are the server's. */
function asked(options: MessageOptions): MessageOptions {
  const { server, point, secs } = options;
  return {
    ...echoed(options),
    ...(server === undefined ? {} : { server }),
    ...(point === undefined ? {} : { point }),
    ...(secs === undefined ? {} : { secs }),
  };
}
