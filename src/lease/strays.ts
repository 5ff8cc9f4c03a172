import type { Binding, Client } from "./cycle.js";
import type { Message } from "./message.js";
import { setAside } from "./outcomes/decide.js";
import { isForeign, newReply, waitingFor } from "./pairing.js";

/** Addresses of which it is remembered who asked for them; the oldest are forgotten. */
const MOST_ADDRESSES = 1 << 12;

/** Replies of transactions that nobody has begun. */
export class Strays {
  /** Who asked last for each address, those who asked lately at the end. */
  readonly #byAddress = new Map<number, Binding>();

  asked(address: number, binding: Binding): void {
    this.#byAddress.delete(address);
    this.#byAddress.set(address, binding);
    if (this.#byAddress.size <= MOST_ADDRESSES) return;
    for (const oldest of this.#byAddress.keys()) {
      this.#byAddress.delete(oldest);
      return;
    }
  }

  /** Who asked last for an address; null: nobody who is remembered. */
  asker(address: number): Binding | null {
    return this.#byAddress.get(address) ?? null;
  }

  /** Perhaps it was meant for a request that waits. */
  reply(client: Client | null, message: Message): void {
    if (client?.bindings.some(({ xids }) => xids.length > 0) === true) {
      // The client is in another transaction, or has left this one long ago.
      message.outcome = "ignored";
    }
    if (client?.bindings.some(({ xids }) => xids.includes(message.xid)) === true) {
      return;
    }
    const others = [this.#byAddress.get(message.dst), this.#byAddress.get(message.dhcp.yiaddr)];
    const waiting = waitingFor(message, [...(client?.bindings ?? []), ...others]);
    if (waiting === null) {
      return;
    }
    const reply = newReply(message, waiting);
    if (isForeign(reply.fault)) {
      waiting.replies.push(reply);
      setAside(reply, "malformed", "not-for-it");
    }
  }
}
