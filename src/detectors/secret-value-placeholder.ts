/** Words of which a value that stands in for a secret usually holds one. */
const PLACEHOLDER_WORDS: readonly string[] = [
  ..."example sample placeholder changeme change-me change_me replaceme replace-me replace_me replace-with replace_with".split(
    " ",
  ),
  ..."your- your_ yourkey yoursecret yourtoken yourpassword yourapikey my-secret my_secret mysecret my-api my_api dummy redacted".split(
    " ",
  ),
  ..."insert_ insert- todo fixme xxxx **** .... <your notasecret not-a-secret not_a_secret fake- fake_ fakekey test-key test_key".split(
    " ",
  ),
  ..."test-token test_token test-secret test_secret testkey testtoken testsecret foobar lorem abcdefgh 12345678".split(
    " ",
  ),
];

/** Values that are words of a language rather than secrets. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(
  (
    "password passwd secret token null none nil undefined true false string str bytes required optional hidden masked empty default " +
    "postgres root admin user username guest changeit development production staging test testing localhost anonymous"
  ).split(" "),
);

/** Whether a value refers to a secret or stands in for one: a template, an environment reference, an example, a run of one letter. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  const lower = text.toLowerCase();
  if (text === "" || PLAIN_WORDS.has(lower)) return true;
  if (isReference(text)) return true;
  if (PLACEHOLDER_WORDS.some((word) => lower.includes(word))) return true;
  return new Set(text).size <= Math.max(2, Math.min(5, text.length / 8));
}

/** Whether a value is filled in elsewhere: `${X}`, `{{ x }}`, `<x>`, `%X%`, `$X`, `process.env.X`, a vault path, a function call. */
function isReference(text: string): boolean {
  if (text.includes("${") || text.includes("{{") || text.includes("<%") || text.includes("#{") || text.includes("$("))
    return true;
  const first = text[0];
  if (first === "$" || (first === "<" && text.endsWith(">")) || (first === "%" && text.endsWith("%"))) return true;
  if (first === "{" && text.endsWith("}")) return true;
  if (first === "[" && text.endsWith("]")) return true;
  return /^(?:process\.env|os\.environ|os\.getenv|env[.(:[]|vault:|op:\/\/|secretref|ssm:|arn:|projects\/|file:|!|@)/i.test(
    text,
  );
}
