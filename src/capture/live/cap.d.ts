/** cap 0.2.1, as far as it is used here; it has no declarations of its own. */
declare module "cap" {
  export class Cap {
    /**
     * @param bufferSize of the ring that the kernel puts frames into, bytes
     * @param buffer takes each frame; cap keeps no reference to it, so the caller must
     * @returns the link type in a word of cap's own
     * @throws Error with libpcap's words
     */
    open(device: string, filter: string, bufferSize: number, buffer: Uint8Array): string;
    close(): boolean;
    on(event: "packet", listener: (length: number, truncated: boolean) => void): void;
  }
  const cap: { readonly Cap: typeof Cap };
  export default cap;
}
