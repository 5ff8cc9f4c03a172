/** What the watching program asks of a capture process, over Node's channel between the two. */
export type Order =
  | {
      readonly do: "watch";
      readonly name: string;
      readonly filter: string;
      /** Frames that the kernel may hold until they are read. */
      readonly slots: number;
    }
  | { readonly do: "leave"; readonly name: string; readonly reason: string }
  /** Writes what it knows, and ends. */
  | { readonly do: "end" };

/** What a capture process answers. */
export type Answer =
  /** cap is loaded. */
  | { readonly is: "ready" }
  /** cap cannot be loaded; the process ends. */
  | { readonly is: "unable"; readonly message: string }
  | { readonly is: "watching"; readonly name: string }
  /** An interface cannot be watched; libpcap says why. */
  | { readonly is: "refused"; readonly name: string; readonly message: string };

const ANSWERS: readonly unknown[] = ["ready", "unable", "watching", "refused"];

/** Both ends are of one program, so a look at the kind will do. */
export function isAnswer(message: unknown): message is Answer {
  return typeof message === "object" && message !== null && "is" in message && ANSWERS.includes(message.is);
}

const ORDERS: readonly unknown[] = ["watch", "leave", "end"];

export function isOrder(message: unknown): message is Order {
  return typeof message === "object" && message !== null && "do" in message && ORDERS.includes(message.do);
}
