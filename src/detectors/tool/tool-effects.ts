/** What calling a tool can do, as the registry names it. */
export type ToolEffect = "write" | "exec" | "network" | "money";

const WORDS: Readonly<Record<ToolEffect, ReadonlySet<string>>> = {
  write: words(
    "write delete remove update create insert edit modify overwrite save upload publish post send reply patch drop truncate merge push commit cancel close assign grant revoke rename move deploy approve archive restore reset enable disable",
  ),
  exec: words(
    "exec execute run shell bash terminal command subprocess eval python script sql query code powershell spawn repl sandbox interpreter computer",
  ),
  network: words(
    "http https fetch url browse browser request download crawl scrape webhook email curl navigate internet web",
  ),
  money: words(
    "pay payment refund charge transfer invoice purchase buy order checkout payout withdraw credit stripe billing money",
  ),
};
/** Words that count as an effect only in a tool's name: in a description they are ordinary English. */
const NAME_ONLY = words(
  "run move close order code request query command script post move save update url credit create python web sandbox restore reset enable disable approve archive charge send",
);
/** What a tool only looks at when its name begins with a word of reading: `get_order`, `list_commits`. */
const READ_THINGS = words(
  "order invoice payment refund credit billing purchase money stripe checkout payout transfer charge post script code query command commit patch merge email update request webhook restore archive python sql",
);
const READING = words("get list search find read lookup show view describe count check retrieve load fetch query");

/** The effects that a tool's name and description announce. */
export function effectsOf(name: string, description: string): readonly ToolEffect[] {
  const parts = split(name);
  const reads = READING.has(parts[0] ?? "");
  const described = split(description.slice(0, 2000)).filter((word) => !NAME_ONLY.has(word));
  const said = [...parts, ...described].filter((word) => !(reads && READ_THINGS.has(word)));
  return (Object.keys(WORDS) as ToolEffect[]).filter((effect) => said.some((word) => WORDS[effect].has(word)));
}

/** `sendEmails` and `send_emails` are the words send and email. */
function split(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "")
    .map((word) => (word.length > 4 && word.endsWith("s") ? word.slice(0, -1) : word));
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
