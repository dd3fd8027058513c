import { Usage } from "./commands/usage.ts";
import { runSetup } from "./setup/run-setup.ts";

const { stdout, stderr, env, argv } = process;
const ended = new AbortController();
process.once("SIGINT", () => {
  ended.abort();
  process.exit(130);
});

try {
  process.exitCode = await runSetup(argv.slice(2), {
    folder: process.cwd(),
    io: {
      stdout: (text) => void stdout.write(text),
      stderr: (text) => void stderr.write(text),
      readFile: async () => Promise.reject(new Error("nothing is read")),
      color: stdout.isTTY === true && !env.NO_COLOR,
      width: stdout.isTTY === true ? Math.max(40, stdout.columns) : null,
      progress: false,
      now: () => new Date().toISOString(),
      environment: env,
    },
    signal: ended.signal,
    waiting: { every: 3_000, most: 1_800_000 },
  });
} catch (fault) {
  stderr.write(`setup: ${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = fault instanceof Usage ? 2 : 3;
}
