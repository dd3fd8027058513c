#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { run } from "./commands/run.ts";

const { stdout, stderr, env, argv } = process;

// A reader that has seen enough (`| head`) closes the pipe; the decision still is the exit code.
for (const stream of [stdout, stderr])
  stream.on("error", (fault: NodeJS.ErrnoException) => {
    if (fault.code !== "EPIPE") process.exitCode = 3;
  });

// Ending by `exit` lets what was put into temporary folders be removed.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

process.exitCode = await run(argv.slice(2), {
  stdout: (text) => void stdout.write(text),
  stderr: (text) => void stderr.write(text),
  readFile: (path) => readFile(path),
  color: stdout.isTTY === true && !env.NO_COLOR,
  width: stdout.isTTY === true ? Math.max(40, stdout.columns) : null,
  progress: stderr.isTTY === true,
  now: () => new Date().toISOString(),
  index: env.GIT_INDEX_FILE,
  fingerprintKey: env.COUNTERSIGN_FINGERPRINT_KEY,
  environment: env,
});
