import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./measure.ts";

/**
 * Milliseconds that ripgrep takes to look for fixed words in a text on one thread, its start taken off; null where it is
 * not installed, since it does not come from npm.
 */
export function ripgrepTime(text: Uint8Array, words: readonly string[]): number | null {
  const folder = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  try {
    const [file, empty, list] = ["text", "empty", "words"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(file, text);
    writeFileSync(empty, "");
    writeFileSync(list, words.map((word) => `${word}\n`).join(""));
    const once = (path: string) => {
      const started = performance.now();
      const args = [
        "--no-config",
        "--threads",
        "1",
        "--text",
        "--count",
        "--ignore-case",
        "--no-unicode",
        "-F",
        "-f",
        list,
        path,
      ];
      // 1: found nothing, which is what it is given.
      const { status } = spawnSync("rg", args, { stdio: "ignore" });
      return status === 0 || status === 1 ? performance.now() - started : null;
    };
    if (once(file) === null) return null;
    const timed = (path: string) => median(Array.from({ length: 7 }, () => once(path) ?? 0));
    return Math.max(0.1, timed(file) - timed(empty));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
