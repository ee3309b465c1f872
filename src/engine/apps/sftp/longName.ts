import type { Stats } from "node:fs";
import { userInfo } from "node:os";
import { modeText } from "../../files/listing.js";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Older files show their year instead of the time. */
const recentMs = 180 * 24 * 3600 * 1000;

/** A line of `ls -l`, which is what clients show of a directory. */
export function longName(name: string, stats: Stats): string {
  const owner = stats.uid === userInfo().uid ? "work" : String(stats.uid);
  const group = stats.gid === userInfo().gid ? "work" : String(stats.gid);
  const columns = [
    modeText(stats),
    String(stats.nlink).padStart(4),
    owner.padEnd(8),
    group.padEnd(8),
    String(stats.size).padStart(8),
    dateText(stats.mtime),
  ];
  return `${columns.join(" ")} ${name}`;
}

function dateText(date: Date): string {
  const day = `${months[date.getMonth()] ?? ""} ${String(date.getDate()).padStart(2)}`;
  const isRecent = Math.abs(Date.now() - date.getTime()) < recentMs;
  const two = (value: number): string => String(value).padStart(2, "0");
  const rest = isRecent
    ? `${two(date.getHours())}:${two(date.getMinutes())}`
    : String(date.getFullYear()).padStart(5);
  return `${day} ${rest}`;
}
