import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import { quotedStrings } from "./quoted-strings.ts";
import type { Reader, Reading } from "./reader.ts";

const DIRECTIVE =
  /^[ \t]{0,200}(?:[a-z_]{1,40}\.)?(gem|source|ruby|add_(?:runtime_|development_)?dependency|name|version|required_ruby_version)(?=[ \t("'=])/;

/** `Gemfile` and gem specifications: the version constraints of each gem by its name. */
export const gemfileReader: Reader = {
  name: "gemfile",
  reads: (path) => /(?:^|\/)(?:Gemfile|gems\.rb|[^/]+\.gemspec|[^/]+\.gemfile)$/.test(path),
  read: readGemfile,
};

function readGemfile(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  text.split("\n").forEach((source, index) => {
    if (isFull({ literals, comments })) return;
    const line = index + 1;
    const { strings, comment } = quotedStrings(source, "#");
    if (comment !== null) comments.push({ text: comment, line });
    const directive = DIRECTIVE.exec(source)?.[1];
    const [first, ...rest] = strings;
    if (directive === undefined || first === undefined) return;
    if (directive !== "gem" && !directive.startsWith("add_")) {
      literals.push({ path: [directive], value: first, kind: "string", line });
      return;
    }
    const versions = rest.filter((value) => /^(?:[~<>=!]{1,2}[ \t]{0,20})?\d/.test(value));
    const origin = rest.find((value) => /^[a-z+]{2,10}:\/\/|^git@/i.test(value)) ?? "";
    literals.push({ path: [first], value: versions.join(", ") || origin, kind: "string", line });
  });
  return { literals, comments, parsed: !isFull({ literals, comments }) };
}
