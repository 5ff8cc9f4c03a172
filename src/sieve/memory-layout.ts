import { PAGE_BYTES } from "../capture/memory.js";

/*
 * The bytes at the beginning of memory that are the sieve's own (SIEVE_BYTES):
 *
 *      0  the filter: a bit for each hash of a hardware address, set for the clients
 *  65536  how many frames the last call passed over
 *  65540  the lower word of the last stamp that it passed over
 */
export const FILTER = 0;
export const PASSED = PAGE_BYTES;
export const LAST_STAMP = PAGE_BYTES + 4;
