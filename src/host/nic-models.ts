import type { Port } from "./facts.js";

/** What QEMU's network cards make of a frame whose checksum was left to them. */
export type Handling =
  | "passes-the-flag" // virtio: the guest's driver is told that the sum is still owed, if guest_csum is on
  | "completes" // takes the vnet header, and completes or verifies sums in QEMU
  | "knows-no-flag"; // takes frames as they are: what is partial stays partial

const KNOWS_NO_FLAG =
  /^(?:rtl8139|e1000(?:-8254\d\w*)?|pcnet|ne2k_(?:pci|isa)|i8255\d\w*|i82562|i82801|tulip|sungem|sunhme|lance|smc91c111|usb-net)$/;
const COMPLETES = /^(?:e1000e|igb|vmxnet3)$/;

/** @param model as -device has it; null: it is another one */
export function handlingOf(model: string): Handling | null {
  if (/^virtio(?:-net)?(?:-|$)/.test(model)) return "passes-the-flag";
  if (KNOWS_NO_FLAG.test(model)) return "knows-no-flag";
  return COMPLETES.test(model) ? "completes" : null;
}

/** Of the guest's card behind a port; null: the card is not known. */
export function handlingBehind({ kind, tap }: Port): Handling | null {
  // Xen's front end is told in the same way (NETTXF_csum_blank).
  if (kind === "vif") return "passes-the-flag";
  const model = tap?.machine?.nic?.model ?? null;
  return model === null ? null : handlingOf(model);
}
