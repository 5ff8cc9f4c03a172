import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

/** O_WRONLY and O_RDWR among the flags of open(2). */
const WRITES = 0o3;

/** The process that is writing to this file, as far as this user may know (proc(5)); null: none. */
export function writerOf(path: string): number | null {
  const target = tried(() => realpathSync(path));
  const processes = (tried(() => readdirSync("/proc")) ?? []).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    for (const descriptor of tried(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const file = tried(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
      if (file !== null && file === target && isWriting(`/proc/${pid}/fdinfo/${descriptor}`)) return Number(pid);
    }
  }
  return null;
}

function isWriting(info: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(tried(() => readFileSync(info, "latin1")) ?? "")?.[1];
  return flags !== undefined && (parseInt(flags, 8) & WRITES) !== 0;
}

/** Processes come and go, and not all of them may be looked at. */
function tried<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
