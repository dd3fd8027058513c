import {
  GUARDRAIL_LANGUAGES,
  type GuardrailKind,
  type GuardrailMarker,
  REVERSED,
  SOFTENERS,
} from "./guardrail-markers.ts";
import { type PromptUnit, promptUnits } from "./prompt-text.ts";

/** A rule that a prompt lays down: what it does and how strongly. */
export interface Guardrail {
  /** The sentence, lower case, without emphasis and closing punctuation: its words are what counts. */
  readonly text: string;
  readonly kinds: ReadonlySet<GuardrailKind>;
  /** 3 leaves no choice, 2 urges, 1 prefers. */
  readonly level: number;
}

/** A rule with the place it stands at and its own spelling. */
export interface GuardrailLine extends Guardrail {
  readonly shown: string;
  readonly line: number;
}

/** A sentence longer than this is data or code, not a rule; its beginning is looked at. */
const MAX_UNIT = 1_500;
const MAX_RULE = 320;
const BEFORE_MARKER = 60;
/** Obligations are guardrails where they are about what can do harm, not about style. */
const SENSITIVE =
  /\b(?:confirm|confirmation|approval|approved?|permission|consent|verif(?:y|ied|ication)|authenticat\w+|identity|human|escalate|refus(?:e|al)|decline|disclaim\w*|polic(?:y|ies)|privacy|private|personal(?:ly)?|pii|confidential\w*|secrets?|passwords?|credentials?|safety|safe|security|legal|law|lawyer|medical|doctor|financial|complian(?:t|ce)|comply|redact|mask|anonymi[sz]e|audit|harm(?:ful)?|unsafe|emergenc(?:y|ies)|suicide|minors?|children|payments?|refunds?|deletes?|deleting|destructive|irreversible|untrusted|sensitive|jailbreak|injection)\b/u;

/** The rules in a prompt whose first line is `line`. */
export function guardrailLines(text: string, line: number): readonly GuardrailLine[] {
  return promptUnits(text, line).flatMap((unit: PromptUnit): readonly GuardrailLine[] => {
    const guardrail = guardrailIn(unit.text);
    return guardrail ? [{ ...guardrail, shown: unit.text, line: unit.line }] : [];
  });
}

/** Reads a sentence as a rule; null when it forbids, limits and asks for nothing. */
export function guardrailIn(sentence: string): Guardrail | null {
  const plain = withoutEmphasis(sentence.slice(0, MAX_UNIT)).toLowerCase();
  const markers = GUARDRAIL_LANGUAGES.flatMap(({ gate, markers }) => (gate.test(plain) ? markers : []));
  if (markers.length === 0) return null;
  const text = aroundMarker(withoutClose(plain), markers);
  if (text.length < 4 || /^(?:\/\/|import |from |def |class |return |const |let )/.test(text)) return null;
  const found = markers.filter((marker) => marker.pattern.test(text));
  const kinds = new Set(found.map((marker) => marker.kind));
  if (REVERSED.test(text)) for (const kind of ["confirm", "refuse"] as const) kinds.delete(kind);
  const forceful = kinds.has("forbid") || kinds.has("limit");
  if (!forceful && isOffered(text)) return null;
  if (!forceful && !kinds.has("confirm") && !kinds.has("refuse") && !(kinds.has("oblige") && SENSITIVE.test(text)))
    return null;
  const level = Math.max(0, ...found.filter((marker) => kinds.has(marker.kind)).map((marker) => marker.level));
  const modal = found.filter((marker) => marker.kind === "oblige").map((marker) => marker.level);
  return { text, kinds, level: forceful || modal.length === 0 ? level : Math.max(...modal) };
}

/** Of a long run of words without a full stop, what stands about the first word that makes it a rule. */
function aroundMarker(text: string, markers: readonly GuardrailMarker[]): string {
  if (text.length <= MAX_RULE) return text;
  const places = markers.map(({ pattern }) => text.search(pattern)).filter((place) => place >= 0);
  const first = Math.min(...places);
  if (!Number.isFinite(first)) return text;
  const start = first < BEFORE_MARKER ? 0 : text.indexOf(" ", first - BEFORE_MARKER) + 1;
  const end = text.indexOf(" ", start + MAX_RULE);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

/** "You may ask for confirmation": the model is free not to. */
function isOffered(text: string): boolean {
  return (
    /\b(?:may|might|can|could|consider|optionally|feel free to|if you (?:like|want|wish|prefer))\b/.test(text) &&
    !/\b(?:must|always|shall|should)\b/.test(text)
  );
}

function withoutEmphasis(text: string): string {
  const plain = /[*_`"“”«»]/.test(text) ? text.replace(/[*_`"“”«»]+/g, "") : text;
  return /[’‘]/.test(plain) ? plain.replace(/[’‘]/g, "'") : plain;
}

function withoutClose(text: string): string {
  return text.trim().replace(/[.!?:;,。！？'\s]+$/u, "");
}

/** Whether a rule became weaker when it was reworded to another one; `after` null when it is no rule any more. */
export function isWeaker(before: Guardrail, after: Guardrail | null): boolean {
  if (!after) return true;
  if (after.level < before.level) return true;
  for (const kind of ["confirm", "refuse"] as const) if (before.kinds.has(kind) && !after.kinds.has(kind)) return true;
  if (before.kinds.has("forbid") && !after.kinds.has("forbid") && !after.kinds.has("limit")) return true;
  if (before.kinds.has("limit") && !after.kinds.has("limit") && !after.kinds.has("forbid")) return true;
  if (SOFTENERS.test(added(before.text, after.text))) return true;
  return numbersLoosened(before.text, after.text) || scopeLoosened(before, after);
}

/** How alike two rules are by the words that carry meaning, 0 to 1. */
export function guardrailLikeness(before: string, after: string): number {
  const old = new Set(contentWords(before));
  const fresh = new Set(contentWords(after));
  if (old.size + fresh.size === 0) return 1;
  const common = [...old].filter((word) => fresh.has(word)).length;
  return (2 * common) / (old.size + fresh.size);
}

const FILLERS = new Set(
  `a an the and or of to in on at by for with from as is are be been it its this that these those you your they their them
   he she his her i we our us any all every each some such than then so also please if when whenever unless while do does
   not no never must shall should may might can cannot will would only always avoid refrain very strictly ever under
   circumstances don't can't mustn't shouldn't make sure ensure need have has`.split(/\s+/),
);

function contentWords(text: string): readonly string[] {
  const words = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}$€£%'])+/gu,
  );
  return (words ?? []).filter((word) => !FILLERS.has(word));
}

function added(before: string, after: string): string {
  const old = new Set(before.split(" "));
  return after
    .split(" ")
    .filter((word) => !old.has(word))
    .join(" ");
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/\d{1,3}(?:,\d{3})+|\d{1,15}(?:\.\d{1,6})?/g) ?? []).map((digits) =>
    Number(digits.replaceAll(",", "")),
  );
}

/** A bound that moved to the freer side: a floor that sank, any other number of a rule that rose. */
function numbersLoosened(before: string, after: string): boolean {
  const old = numbersIn(before);
  const fresh = numbersIn(after);
  if (old.length !== fresh.length) return false;
  const floor =
    /\b(?:at least|minimum|min|no (?:fewer|less) than|not less than|mindestens|au moins|al menos|pelo menos)\b|至少|少なくとも/u.test(
      before,
    );
  return old.some((number, index) => (floor ? (fresh[index] ?? 0) < number : (fresh[index] ?? 0) > number));
}

/** What is forbidden lost a part without another word for it, or what is allowed gained one. */
function scopeLoosened(before: Guardrail, after: Guardrail): boolean {
  const old = contentWords(withoutCondition(before.text));
  const fresh = contentWords(withoutCondition(after.text));
  const lost = old.filter((word) => !fresh.includes(word));
  const gained = fresh.filter((word) => !old.includes(word));
  if (lost.length > 0 && 2 * lost.length > old.length) return true;
  const limits = before.kinds.has("limit") && !before.kinds.has("forbid");
  if (limits) return lost.length === 0 && gained.length > 0 && WIDENED.test(added(before.text, after.text));
  return lost.length > 0 && gained.length === 0;
}

/** Another thing beside those that were allowed. */
const WIDENED = /(?:^| )(?:and|or|also|as well|including|plus|und|oder|et|ou|y|o|e)(?: |$)|[和或、及]|または|및/u;

/** A condition that goes makes a rule stricter. */
function withoutCondition(text: string): string {
  return text
    .replace(/^(?:if|when|whenever|while|unless)\b[^,]{0,200},\s*/u, "")
    .replace(/[,;]? \b(?:if|when|whenever|while|unless|except)\b.*$/u, "");
}
