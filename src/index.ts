/**
 * leasetap as a library. `analyzeFiles` and `analyzeBytes` read captures, `FrameAnalysis` takes frames from anywhere; all
 * three give the records of `leasetap analyze --json`. docs/library.md shows how, docs/api.md lists what is here.
 */
export { analyzeBytes } from "./library/analyze-bytes.js";
export { analyzeFiles, type AnalyzeFilesOptions } from "./library/analyze-files.js";
export { FrameAnalysis, type FrameInput, type FrameInputOptions, type FrameTime } from "./library/frame-analysis.js";
export type { RecordOptions } from "./library/options.js";
export type { Progress } from "./progress.js";

export type { Chunks } from "./capture/chunk-input.js";
export type { Compression } from "./capture/compression.js";
export { EnvironmentError } from "./capture/errors.js";
export { openSource, type Source } from "./capture/file.js";
export type { CaptureFormat } from "./capture/parser.js";
export { pcapHeader, pcapRecord, type PcapStyle } from "./capture/pcap-writer.js";
export { createPcapngWriter, timeStamp, type PcapngOption, type PcapngWriter } from "./capture/pcapng-writer.js";
export { createReader, type Reader } from "./capture/reader.js";
export type { RecordingMark } from "./capture/recording-mark.js";
export type { Remark } from "./capture/remarks.js";
export type { BlockMemory } from "./capture/memory.js";
export type { RecordKind, RecordSieve } from "./capture/sieve.js";
export type { CaptureInterface, Damage, FrameSink } from "./capture/sink.js";

export type { Pattern, Verdict } from "./checksum/checksum.js";
export type {
  Acquisition,
  Attempt,
  Cause,
  Checksum,
  ChecksumCounts,
  ClockSpan,
  ClockStep,
  Confidence,
  ClientHost,
  Finding,
  Forecast,
  Frame,
  FrameCounts,
  FrameDhcp,
  FrameIp,
  FrameLink,
  FrameReassembled,
  FrameRef,
  FrameStopped,
  FrameUdp,
  Gap,
  Hex16,
  Input,
  InputClock,
  InputDamage,
  Latency,
  Lease,
  LeaseState,
  LeasetapRecord,
  LineRef,
  OfClient,
  Outcome,
  OuterHeader,
  Ref,
  Remedy,
  Renewal,
  Reply,
  ReplyReason,
  Server,
  Severity,
  Sighting,
  Silence,
  Start,
  Summary,
  Time,
} from "./report/events.js";
export { VERSION } from "./version.js";
