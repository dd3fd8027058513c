import type { GitPerson, GitStore } from "./git-store.ts";

/** Who did something at what time, as git writes it. */
export function identity({ name, email, date }: GitPerson): string {
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}

/** Runs git in the repository. */
type Run = (args: readonly string[], input?: string | Buffer) => Buffer;

/** Makes a commit through `git fast-import`. */
export function importedCommit(
  run: Run,
  { parents, files, message = "change", author }: Parameters<GitStore["commit"]>[0],
): string {
  const who = identity(author);
  const parts: (string | Buffer)[] = ["reset refs/loopback/new\n", "commit refs/loopback/new\nmark :1\n"];
  parts.push(`author ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n`);
  const [first, ...others] = parents;
  if (first) parts.push(`from ${first}\n`);
  for (const parent of others) parts.push(`merge ${parent}\n`);
  for (const [path, change] of Object.entries(files)) {
    const name = JSON.stringify(path);
    if (change === null) parts.push(`D ${name}\n`);
    else if (typeof change === "object" && !Buffer.isBuffer(change) && change.mode === "160000")
      parts.push(`M 160000 ${change.data} ${name}\n`);
    else {
      const plain = typeof change === "string" || Buffer.isBuffer(change);
      const data = Buffer.from((plain ? change : change.data) as string);
      parts.push(`M ${plain ? "100644" : change.mode} inline ${name}\ndata ${data.length}\n`, data, "\n");
    }
  }
  parts.push("get-mark :1\n");
  const input = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return run(["fast-import", "--quiet", "--force"], input).toString().trim();
}
