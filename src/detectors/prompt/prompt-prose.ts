const QUESTION =
  /^(?:please )?(?:enter|type|input|select|choose|pick|press|provide|specify|confirm|are you sure|do you (?:want|wish|really)|would you like|what(?:'s| is| are) (?:your|the)|which|where|how (?:many|do you|should)|who|name of|your |new |overwrite|continue|proceed|password|username|email|search|ask|message|send|write a message|type a message|say something|click|tap|upload|drag|loading|waiting)\b/i;
const MODEL_TALK =
  /\b(?:you are (?:an? |the |now |acting |given |going |expected |provided |tasked |responsible )|you're an? |act as (?:an? |the )|your (?:task|job|role|goal|objective|purpose|responsibility|mission|response|answer|output|final answer|reply) |(?:respond|reply|answer|return|output) (?:only|with|in|using|the|a|as|to)\b|as an? (?:ai|expert|helpful|assistant|senior|professional|experienced|intelligent)|(?:helpful|ai|virtual|intelligent|language) (?:assistant|model|agent)|step[- ]by[- ]step|following (?:text|question|context|code|conversation|document|content|information|json|format|instructions?|rules|steps|schema|article|query|task)|(?:given|based on|using|according to) (?:the|this|an?|your) |summari[sz]e|translate (?:the|this)|(?:do not|don't|never|must not) |(?:must|should) be |in json|valid json|json (?:object|format|schema|array|list)|bullet points?|the user(?:'s)?\b|user (?:query|question|input|request|message)|conversation (?:history|so far)|chat history|context:|question:|answer:|instructions?:|rules:|examples?:|guidelines?:|make sure|ensure that|let's think|think carefully|no (?:more|preamble|explanation)|write (?:an?|the|in|me)|generate (?:an?|the|\d)|you (?:must|should|will|can|have|may|need|cannot) |use the (?:following|provided|tool|given)|(?:tool|function) (?:call|calls|use))/gi;
const FOREIGN_TALK =
  /(?:du bist (?:ein|der|die)|sie sind (?:ein|der)|deine aufgabe|antworte (?:nur|auf|mit|immer)|tu es (?:un|une|le)|vous êtes (?:un|une)|ta tâche|réponds|répondez|eres un|tu tarea|responde|você é|sua tarefa|responda|sei un|il tuo compito|rispondi|je bent een|jesteś|ты — |ты -|вы — |отвечай|твоя задача|sen bir|你是|您是|请(?:你|根据|将|用|以|回答|只|务必)|回答|以下|あなたは|以下の|してください|당신은|다음 |하세요|أنت |आप एक)/iu;

/** Whether words are there at all: a sentence for a model, not an identifier, a path or a pattern. */
export function isProse(text: string): boolean {
  const trimmed = text.trim();
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{5}/u.test(trimmed)) return true;
  if (!/\s/.test(trimmed) || /^(?:https?:|file:|\.{0,2}\/|[A-Za-z]:\\)\S*$/.test(trimmed)) return false;
  const words = withoutSlots(trimmed.slice(0, 4_000)).match(/(?:^|[\s"'(*_>-])[\p{L}][\p{L}'’-]*/gu) ?? [];
  return words.length >= 2 && !isMachineText(trimmed);
}

/** Whether most of a text is words: lists of CSS classes, flags and signatures are not. */
export function isMostlyWords(text: string): boolean {
  const tokens = withoutSlots(text.slice(0, 4_000))
    .split(/\s+/)
    .filter((token) => token !== "");
  const words = tokens.filter((token) =>
    /^[("'“*_`<[-]{0,4}\p{L}[\p{L}'’]*(?:[-/]\p{L}+)?[.,;:!?)"'”*_`>\]…-]{0,4}$/u.test(token),
  );
  return 5 * words.filter((word) => !/^[a-z]+-[a-z]+$/.test(word)).length >= 2 * tokens.length;
}

/** Whether most lines are a program's or its settings': text for an interpreter that talks of "the following" in its comments. */
export function isMostlyCode(text: string): boolean {
  const lines = text
    .slice(0, 4_000)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const code = lines.filter((line) =>
    /(?:[;{}]|\) ?=>|\)\s*:)\s*$|^\s*(?:const|let|var|if|else|for|while|return|import|from|def|class|function|public|private|\/\/|#include|\}|<\/?[a-z])(?:\b|\s|$)/.test(
      line,
    ),
  );
  return lines.length >= 3 && (2 * code.length > lines.length || isMostlySettings(lines));
}

/** Lines of a configuration file, whose comments say the rest; headings of a prompt look like comments too. */
function isMostlySettings(lines: readonly string[]): boolean {
  const said = lines.filter((line) => !/^\s*[#;]/.test(line));
  const settings = said.filter((line) => /^\s*(?:\[{1,2}[\w."' -]{1,80}\]{1,2}\s*$|[\w.-]{1,80} ?= ?\S)/.test(line));
  return settings.length >= 3 && 4 * settings.length > 3 * said.length;
}

/** What is left without the places that the program fills in. */
function withoutSlots(text: string): string {
  return text.replace(/\{\{[^{}]{0,200}\}\}|[$#]?\{[^{}]{0,200}\}/g, " ");
}

/** SQL, markup, shell, source code, log formats: words of another reader than a model. */
function isMachineText(text: string): boolean {
  return /^(?:(?:select|insert|update|delete|create|alter|drop|with) [\s\S]{0,200}\b(?:from|into|set|table|index|as)\b|<!doctype|<html|<svg|<div|<\?xml|#!|usage:|import [\w{*]|from [\w.]+ import|def \w+\(|class \w+[(:]|function \w*\(|const \w+ =|package \w+;?$|%\(\w+\)s|\d{4}-\d{2}-\d{2})/i.test(
    text,
  );
}

/** A short line that asks the person at the keyboard. */
export function isUserQuestion(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > 160 || trimmed.includes("\n")) return false;
  return QUESTION.test(trimmed) || /[:?>] ?$/.test(trimmed) || /\[[yYnN]\/[yYnN]\]|\((?:y\/n|yes\/no)\)/i.test(trimmed);
}

const ADDRESS =
  /^(?:you are (?:an? |the |now )|you're (?:an? |the )|you will (?:be (?:given|provided|acting|asked)|act|get|read|receive|write|answer|improve|generate|help|see)\b|you have been (?:given|tasked)|act as (?:an? |the )|i want you to act|your (?:task|job|role|goal) is|as an? (?:ai|expert|experienced|helpful|senior)|du bist (?:ein|der|die)|sie sind (?:ein|der|die)|tu es (?:un|une|le)|vous êtes (?:un|une)|eres un|você é|sei un|je bent een|jesteś |ты — |вы — |sen bir |你是|您是|あなたは|당신은|أنت |आप एक)/iu;

/** Whether the first words tell somebody who they are: below a heading too. */
export function addressesModel(text: string): boolean {
  const beginning = text.slice(0, 600).replace(/^(?:\s|#[^\n]{0,100}\n|<[\w-]{1,30}>|[*_"'`-])+/, "");
  return ADDRESS.test(beginning);
}

/** How much a text reads as written for a model: 0 not at all, 1 somewhat, 2 clearly. */
export function modelTalk(text: string): 0 | 1 | 2 {
  const beginning = text.slice(0, 6_000);
  if (addressesModel(beginning)) return 2;
  let signs = 0;
  MODEL_TALK.lastIndex = 0;
  while (signs < 2 && MODEL_TALK.test(beginning)) signs += 1;
  if (signs < 2 && FOREIGN_TALK.test(beginning)) signs += 1;
  return signs >= 2 ? 2 : signs === 1 ? 1 : 0;
}
