/* What option-values.ts uses of the npm package dhcp 0.2.20, which brings no types. */

declare module "dhcp/lib/options.js" {
  interface OptionDescription {
    readonly name: string;
    /** A method of SeqBuffer without its "get"; missing for the package's own pseudo-options. */
    readonly type?: string;
  }
  const packageOptions: { readonly opts: Readonly<Record<string, OptionDescription>> };
  export = packageOptions;
}

declare module "dhcp/lib/seqbuffer.js" {
  class SeqBuffer {
    /** Over `data`, or over `length` zero bytes of its own; 1500 of them if that is 0. */
    constructor(data: Uint8Array | null, length: number);
    readonly _data: Uint8Array;
    /** The reading position, in bytes from the start of `_data`. */
    readonly _r: number;
    getUInt8(): number;
    getUInt16(): number;
    getUInt32(): number;
    getInt32(): number;
    getIP(): string;
    getIPs(length: number): string[];
    getASCII(length: number): string;
    getBool(): boolean;
    getUInt8s(length: number): number[];
    getUInt16s(length: number): number[];
  }
  export = SeqBuffer;
}
