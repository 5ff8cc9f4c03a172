/** leasetap as a library: `analyze` for files, `Inspector` for frames from anywhere, `records` for what was found. */
export { analyze, type AnalyzeOptions } from "./analyze.js";
export { EnvironmentError } from "./capture/errors.js";
export type { CaptureInterface, Damage, FrameSink } from "./capture/sink.js";
export { openSource, type Source } from "./capture/file.js";
export { pcapHeader, pcapRecord, type PcapStyle } from "./capture/pcap-writer.js";
export { createPcapngWriter, type PcapngWriter } from "./capture/pcapng-writer.js";
export { createReader, type Reader } from "./capture/reader.js";
export type { Inspection } from "./findings/inspection.js";
export { Inspector, type InputSink, type InspectorOptions } from "./inspector.js";
export { EVERYTHING, type ReportFilter } from "./report/filter.js";
export { records, type Findings, type InputReading } from "./report/json.js";
export type {
  Acquisition,
  Attempt,
  Cause,
  Checksum,
  ClockStep,
  Confidence,
  Finding,
  Forecast,
  Frame,
  Gap,
  Input,
  Lease,
  LeasetapRecord,
  OfClient,
  Outcome,
  Ref,
  Remedy,
  Renewal,
  Reply,
  Server,
  Severity,
  Sighting,
  Start,
  Summary,
} from "./report/events.js";
export { VERSION } from "./version.js";
