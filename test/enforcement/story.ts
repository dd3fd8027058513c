import { type Program, programOver } from "./model/program.ts";
import { PLAIN, type Rules } from "./model/rules.ts";
import { type Pull, World } from "./model/world.ts";
import { FILES, PROMPT } from "./repository-files.ts";

const PEOPLE = ["olga", "otto", "anna", "ben", "rita", "rob", "sam", "dora", "eve"];
const REGISTRY = ".github/ai-systems.yml";

/** Owners: olga of low, medium (ben is her deputy) and high; otto of critical, where `security` is asked as well. */
const registry = String(FILES[REGISTRY])
  .replace(/(id: critical[\s\S]*?owner: )"@olga"/, '$1"@otto"')
  .replace(/(id: medium[\s\S]*?owner: "@olga")/, '$1\n    deputies: ["@ben"]');

/** What the story is about: the first pull request, unless `#2` is said. */
interface Told {
  readonly world: World;
  readonly program: Program;
  sentences: number;
}

type Tell = (told: Told, words: readonly string[], pull: Pull) => void;

/**
 * What may be said, one happening a sentence: `dora opens high, low`. A pattern's words are matched one by one; `*` is any
 * word, `...` the rest.
 */
const VERBS: readonly (readonly [string, Tell])[] = [
  [
    "* opens ...",
    ({ world, sentences }, [by = "", ...what]) => {
      const branch = `branch-${world.pulls.length + 1}`;
      const base = what.includes("into") ? (what.at(-1) ?? "main") : "main";
      world.branches.set(branch, world.tip(base));
      extend(world, branch, by, filesOf(what, sentences));
      world.open(by, branch, base);
    },
  ],
  [
    "* opens-the-same-head",
    ({ world }, [by = ""], pull) => {
      const branch = `branch-${world.pulls.length + 1}`;
      world.branches.set(branch, world.headOf(pull));
      world.open(by, branch, pull.base);
    },
  ],
  [
    "* pushes ...",
    ({ world, sentences }, [by = "", ...what], pull) => extend(world, pull.branch, by, filesOf(what, sentences)),
  ],
  [
    "* pushes-for * ...",
    ({ world, sentences }, [by = "", author = "", ...what], pull) =>
      extend(world, pull.branch, by, filesOf(what, sentences), author),
  ],
  [
    "* pushes-with * ...",
    ({ world, sentences }, [by = "", other = "", ...what], pull) =>
      extend(world, pull.branch, by, filesOf(what, sentences), by, [other]),
  ],
  [
    "* merges-base",
    ({ world }, [by = ""], pull) => {
      const [head, tip] = [world.headOf(pull), world.tip(pull.base)];
      world.push(pull.branch, world.commit([head, tip], world.joined(head, tip), by), by);
    },
  ],
  [
    "* merges-base-and-edits ...",
    ({ world, sentences }, [by = "", ...what], pull) => {
      const [head, tip] = [world.headOf(pull), world.tip(pull.base)];
      const joined = world.commit([head, tip], world.joined(head, tip), by);
      const tree = world.changed(joined, filesOf(what, sentences));
      world.push(pull.branch, world.commit([head, tip], tree, by), by);
    },
  ],
  [
    "* rebases",
    ({ world }, [by = ""], pull) => {
      const tip = world.tip(pull.base);
      world.push(pull.branch, world.commit([tip], world.joined(world.headOf(pull), tip), by), by);
    },
  ],
  [
    "* rewinds",
    ({ world }, [by = ""], pull) => world.push(pull.branch, world.at(world.headOf(pull)).parents[0] as string, by),
  ],
  ["* approves", ({ world }, [by = ""], pull) => world.review(pull, by, "APPROVED")],
  ["* objects", ({ world }, [by = ""], pull) => world.review(pull, by, "CHANGES_REQUESTED")],
  ["* comments", ({ world }, [by = ""], pull) => world.review(pull, by, "COMMENTED")],
  [
    "* dismissed",
    ({ world }, [by = ""], pull) => {
      const at = pull.reviews.filter(({ state }) => /^(?:APPROVED|CHANGES_REQUESTED)$/.test(state));
      world.dismiss(
        pull,
        at.findIndex(({ login }) => login === by),
      );
    },
  ],
  [
    "* says ...",
    ({ world }, [by = "", ...text], pull) => {
      const head = world.headOf(pull);
      const words = text.map((word) =>
        word === "HEAD"
          ? head
          : word === "HEAD16"
            ? head.slice(0, 16)
            : word === "HEAD8"
              ? head.slice(0, 8)
              : word === "FIRST"
                ? (pull.pushes[0]?.after ?? "")
                : word,
      );
      world.command(pull, by, `/countersign ${words.join(" ")}`);
    },
  ],
  ["* is-assigned", (_, [login = ""], pull) => void pull.assignees.push(login)],
  ["* joins", ({ world }, [login = ""]) => world.setMember(login, true)],
  ["* leaves", ({ world }, [login = ""]) => world.setMember(login, false)],
  ["* has *", ({ world }, [login = "", role = ""]) => world.setAccess(login, role)],
  ["retargeted to *", ({ world }, [base = ""], pull) => world.retarget(pull, base)],
  ["closed", ({ world }, _, pull) => world.setOpen(pull, false)],
  ["reopened", ({ world }, _, pull) => world.setOpen(pull, true)],
  [
    "evals *",
    ({ world }, [how = ""], pull) => {
      const conclusions: Record<string, string | null> = { pass: "success", fail: "failure", run: null };
      world.evaluate(pull, how in conclusions ? (conclusions[how] as string | null) : how);
    },
  ],
  ["* gets ...", ({ world, sentences }, [base = "", ...what]) => extend(world, base, "root", filesOf(what, sentences))],
  [
    "* days",
    ({ world }, [days = "0"]) => {
      world.now += Number(days) * 86_400_000;
    },
  ],
];

/** Plays a story; gives what the newest run on the head says at the end, of the first pull request or the one named last. */
export async function told(
  story: string,
  rules: Partial<Rules> = {},
  kinds: Readonly<Record<string, string>> = {},
): Promise<string> {
  const world = new World({ ...PLAIN, ...rules }, PEOPLE, { [REGISTRY]: registry });
  for (const [login, kind] of Object.entries(kinds)) world.kinds.set(login, kind);
  for (const login of ["stranger"]) world.access.set(login, "read");
  const all: Told = { world, program: programOver(world), sentences: 0 };
  try {
    let pull: Pull | undefined;
    for (const sentence of story.split(/;\s*/)) {
      world.now += 60_000;
      all.sentences++;
      const [, number, said = ""] = /^(?:#(\d) )?(.*)$/.exec(sentence.trim()) ?? [];
      pull = world.pulls[Number(number ?? 1) - 1] ?? pull;
      tell(all, said, pull);
      pull ??= world.pulls[0];
      for (const event of world.events.splice(0)) await all.program.hear(event, ++guid);
      await all.program.work();
    }
    if (!pull) throw new Error("a story without a pull request");
    return world.runs.get(`${world.headOf(pull)} countersign`)?.said ?? "no run";
  } finally {
    all.program.close();
  }
}

let guid = 0;

function tell(all: Told, said: string, pull: Pull | undefined): void {
  const words = said.split(" ");
  for (const [pattern, act] of VERBS) {
    const wanted = pattern.split(" ");
    const open = wanted.at(-1) === "...";
    const fixed = open ? wanted.slice(0, -1) : wanted;
    if (open ? words.length < fixed.length : words.length !== fixed.length) continue;
    if (fixed.some((word, at) => word !== "*" && word !== words[at])) continue;
    const given = words.filter((_, at) => fixed[at] === "*" || at >= fixed.length);
    act(all, given, pull as Pull);
    return;
  }
  throw new Error(`nothing is said like ${JSON.stringify(said)}`);
}

/** `high low code-high document`: another prompt of those systems, code beside one, a text that nothing governs. */
function filesOf(what: readonly string[], sentence: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (const word of what.slice(0, what.includes("into") ? what.indexOf("into") : undefined)) {
    const [, kind, system = ""] = /^(?:(code|original)-)?(\w+),?$/.exec(word) ?? [];
    const prompt = `services/${system}/prompts/system.md`;
    if (system === "document") files["README.md"] = `# Agent ${sentence}\n`;
    else if (kind === "code")
      files[`services/${system}/helper.py`] = `def add(a, b):\n    return a + b + ${sentence}\n`;
    else files[prompt] = kind === "original" ? PROMPT : `${PROMPT}${SENTENCES[sentence % SENTENCES.length]}\n`;
  }
  return files;
}

const SENTENCES = [
  "Invoices are written in German and paid within thirty days.",
  "The shop in Hamburg sells bicycles and repairs them on Saturdays.",
  "Customers see their meter readings on the second page.",
  "Our own carriers deliver parcels, and the post delivers letters.",
  "Gardens are measured in square metres and fields in hectares.",
  "Trains to the coast leave from the two western platforms.",
  "The library lends films for a week and books for a month.",
];

function extend(
  world: World,
  branch: string,
  by: string,
  files: Record<string, string>,
  author = by,
  others: readonly string[] = [],
): void {
  const tip = world.tip(branch);
  world.push(branch, world.commit([tip], world.changed(tip, files), author, others), by);
}
