/** What to do about an input that could not be read whole, by the code in its record. docs/formats.md says what each means. */
export const DAMAGE_CODES: Readonly<Record<string, string>> = {
  "cut-record":
    "the capture was stopped hard, or the disk was full: end tcpdump with Ctrl-C or -G, and look at the disk",
  "cut-block": "the same, of a pcapng file",
  "cut-header": "the capture ended before its first packet, or is still being written: capture with tcpdump -U",
  resynchronised: "bytes within the file are damaged: copy it again and compare sizes and checksums with the original",
  "bad-length": "the same; if zeros follow from there on, the disk was full or the machine crashed",
  "bad-block": "the same, of a pcapng file",
  "bad-header": "a version or a datalink type that is not known: convert it with editcap -F pcapng",
  "cut-gzip": "the compressed file was copied in part, or is still being written",
  "bad-gzip": "the compressed file is damaged: gzip -t says so as well; copy it again",
  "cut-lz4": "the compressed file was copied in part, or is still being written",
  "bad-lz4": "the compressed file is damaged: lz4 -t says so as well; copy it again",
  "cut-zstd": "the compressed file was copied in part, or is still being written",
  "bad-zstd": "the compressed file is damaged: zstd -t says so as well; copy it again",
  "another-capture": "two captures were joined of which one is compressed: give each a file of its own, and name both",
  "not-a-capture": "the sentence says what it looks like; unpack or convert it first",
  "link-type": "capture on one interface instead of a special device, or convert it with editcap -T",
};
