import picomatch from "picomatch";
import { compilePaths } from "../src/core/path-matcher.ts";
import { type Bench, medians, ms, same } from "./measure.ts";

const FILES = 3000;
/** How often the paths are split for one measurement. */
const SPLITS = 10;

/** Globs as registries hold them: folders, prompts by ending, nested folders, alternatives, prefixes. */
function globs(count: number): string[] {
  const shapes: ((system: number) => string)[] = [
    (system) => `services/s${system}/**`,
    (system) => `prompts/s${system}/*.md`,
    (system) => `**/agents/a${system}/**`,
    (system) => `packages/p${system % 500}/src/**/{model,prompt}-${system}.{yml,json}`,
    (system) => `apps/*/config/s${system}-*.toml`,
  ];
  return Array.from({ length: count }, (_, index) =>
    (shapes[index % shapes.length] as (system: number) => string)(index),
  );
}

function paths(): string[] {
  const shapes: ((index: number) => string)[] = [
    (index) => `services/s${index * 3}/src/handlers/deep/file${index}.ts`,
    (index) => `prompts/s${index * 2 + 1}/triage.md`,
    (index) => `teams/blue/agents/a${index * 7}/lib/agent.py`,
    (index) => `packages/p${index % 500}/src/a/b/model-${index}.yml`,
    (index) => `apps/web/config/s${index}-prod.toml`,
    (index) => `docs/guide/chapter-${index}/page.html`,
  ];
  return Array.from({ length: FILES }, (_, index) =>
    (shapes[index % shapes.length] as (index: number) => string)(index),
  );
}

/** Many path globs over the paths of a large change, against splitting those paths at `/`. */
export const pathGlobs: Bench = {
  name: "path-globs",
  async run() {
    const files = paths();
    const small = globs(10_000);
    const started = performance.now();
    const matcher = compilePaths(small.map((glob, value) => ({ patterns: [glob], value })));
    const compiled = performance.now() - started;
    checkAgainstPicomatch(matcher, small, files);
    const large = compilePaths(globs(100_000).map((glob, value) => ({ patterns: [glob], value })));
    const count = (one: typeof matcher) => files.reduce((sum, path) => sum + one.match(path).length, 0);
    let segments = 0;
    const split = () => {
      for (const path of files) segments += path.split("/").length;
    };
    // As long as what is measured, so that other programs interrupt both alike.
    const splits = () => {
      for (let time = 0; time < SPLITS; time += 1) split();
    };
    for (let warm = 0; warm < 50; warm += 1) split();
    for (let warm = 0; warm < 50; warm += 1) count(matcher);
    const few = await medians(101, () => count(matcher), splits);
    const many = await medians(
      101,
      () => count(large),
      () => count(matcher),
    );
    if (segments === 0 || count(matcher) === 0 || count(large) < count(matcher)) throw new Error("nothing was matched");
    return [
      {
        what: `10,000 globs over ${FILES} files (compiled once in ${ms(compiled)}, ${count(matcher)} matches)`,
        value: ms(few.subject),
        yardstick: `splitting the paths at "/": ${ms(few.yardstick / SPLITS)}; ratio ${(few.ratio * SPLITS).toFixed(1)}`,
        target: "<= 20 times",
        met: few.ratio * SPLITS <= 20,
      },
      {
        what: `100,000 globs over the same files (${count(large)} matches)`,
        value: ms(many.subject),
        yardstick: `10,000 globs: ${ms(many.yardstick)}; ratio ${many.ratio.toFixed(2)}`,
        target: "<= 3 times",
        met: many.ratio <= 3,
      },
    ];
  },
};

function checkAgainstPicomatch(
  matcher: { match(path: string): readonly number[] },
  list: readonly string[],
  files: readonly string[],
): void {
  const one = list.map((glob) => picomatch(glob, { dot: true }));
  for (const path of files.filter((_, index) => index % 100 === 0)) {
    const expected = one.flatMap((matches, index) => (matches(path) ? [index] : []));
    same(`the globs that match ${path}`, matcher.match(path), expected);
  }
}
