import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { MODEL_PROVIDERS } from "./provider-catalogue.ts";

const RULE = "provider/host";
const SKIPPED =
  /\.(?:md|mdx|rst|adoc|txt|svg|map|patch|diff|snap|csv|tsv|css|html?|lock)$|\.min\.js$|(?:^|\/)(?:package-lock\.json|go\.sum)$/i;
const HOST = /(?<![\w.@-])((?:[\w{}$*%-]{1,63}\.){1,8}[a-z]{2,12})(?!\.?[\w@-])(\/[\w./{}$*-]{0,200})?/gi;
const LONGEST_TEXT = 20_000;

interface HostPattern {
  readonly provider: string;
  readonly host: RegExp;
  readonly path: RegExp | null;
}

const PATTERNS: readonly HostPattern[] = MODEL_PROVIDERS.flatMap(({ id, hosts }) =>
  hosts.map((written) => {
    const slash = written.indexOf("/");
    const host = slash < 0 ? written : written.slice(0, slash);
    return {
      provider: id,
      host: globOf(host),
      path:
        slash < 0 ? null : new RegExp(`^${escaped(written.slice(slash)).replaceAll("\\*", "[^/]{1,100}")}(?:/|$)`, "i"),
    };
  }),
);

/** The parts of host names without which no host of the catalogue is written, for the prefilter. */
const HOST_LITERALS: readonly string[] = [
  ...new Set(
    MODEL_PROVIDERS.flatMap(({ hosts }) => hosts).map((host) => {
      const runs = (host.split("/")[0] ?? "").split("*");
      return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "").toLowerCase();
    }),
  ),
];

/** One of these parts: most values with a dot in them are no host. */
const HOST_PART = new RegExp(HOST_LITERALS.map(escaped).join("|"), "i");

/** The hosts that serve models, in code and configuration. */
export const providerDetector: Detector = {
  name: "provider",
  rules: [
    {
      id: RULE,
      class: "provider",
      summary: "A provider's host comes or goes in code or configuration.",
      severity: "A host that comes: major. One that goes: minor.",
    },
  ],
  literals: HOST_LITERALS,
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts(hostsIn(file))),
  judge,
};

function globOf(glob: string): RegExp {
  return new RegExp(`^${escaped(glob).replaceAll("\\*", "[^/]{0,200}")}$`, "i");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** The providers' hosts that a file's values name. Where a format has no reader, every line counts. */
function hostsIn(file: FileSide): readonly Fact[] {
  const values =
    file.literals.length + file.comments.length > 0
      ? file.literals.filter(({ kind }) => kind === "string")
      : file.text.split("\n").map((value, index) => ({ value, line: index + 1 }));
  return values.flatMap(({ value, line }) =>
    value.includes(".") && value.length <= LONGEST_TEXT && HOST_PART.test(value)
      ? [...value.matchAll(HOST)].flatMap(([, host = "", path = ""]) => {
          const known = PATTERNS.find((one) => one.host.test(host) && (one.path?.test(path) ?? true));
          return known
            ? [
                {
                  rule: RULE,
                  key: host.toLowerCase(),
                  value: known.provider,
                  shown: host.toLowerCase(),
                  line,
                  confidence: confidenceIn(file),
                } satisfies Fact,
              ]
            : [];
        })
      : [],
  );
}

/** A host that comes is major: data goes to a place that nobody approved for it. */
function judge(change: FactChange): Judgement {
  const direction = directionOf(change);
  if (!change.after)
    return { direction, severity: "minor", remedy: "Revoke the provider's credentials once nothing uses it." };
  return {
    direction,
    severity: "major",
    remedy: "Register the provider with this host, its approval and disclosures.",
  };
}
