import { type ModelId, modelIdIn } from "./model-id.ts";

const NAME = /^[A-Za-z0-9@~][\w.:/@+~-]{1,99}$/;
/** Values that are no names of models whatever they are bound to. */
const NO_NAME =
  /^(?:true|false|none|null|undefined|default|yes|no|on|off|string|str|text|model|models|object|number|boolean|unknown|other|all|any|required|optional|id|name|select|input|n\/a|tbd|todo|test|foo|bar|choice|change_?me|\d[\d.,:-]*|v\d[\w.]*|https?:.*|\.{0,2}\/.*|[a-z_]+\.[A-Z]\w+|[a-z]+\.[a-z_]+|[\w./-]+\.(?:py|js|ts|tsx|jsx|json|ya?ml|toml|md|html?|css|sh|txt|csv|png|jpe?g|svg|sql|xml|ini|cfg|log|db|sqlite3?))$/i;
/** Names of environment variables and constants. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
/** A setting that takes its value from elsewhere, as configuration formats write it; what a secret holds is not said. */
const REFERENCE =
  /^\$\{\{(?!\s{0,9}secrets\.).{1,300}\}\}$|^\$\{[^}]{1,300}\}$|^\{\{.{1,200}\}\}$|^\$[A-Za-z_]\w{0,80}$|^\$\([\w.]{1,80}\)$/;

/** Whether a value can be the name or alias of a model that no catalogue knows. */
export function isPlausibleModel(value: string): boolean {
  return (NAME.test(value) && !NO_NAME.test(value) && !VARIABLE.test(value)) || REFERENCE.test(value);
}

/** Whether a value can name a provider. */
export function isPlausibleProvider(value: string): boolean {
  return (
    (/^[A-Za-z][\w.-]{1,40}$/.test(value) && !NO_NAME.test(value) && !VARIABLE.test(value)) || REFERENCE.test(value)
  );
}

/** Versions of a model beside its name: `0613`, `2024-08-06`, `turbo-2024-04-09`, `3`. */
export const MODEL_VERSION = /^(?:(?:turbo-)?\d{4}(?:-?\d{2}-?\d{2})?(?:-[A-Za-z]{2,12})?|\d{1,3}|latest|v\d{1,3})$/;

/** The id that a value is, or falls back to: `${MODEL:-gpt-4o}`, `${{ inputs.model || 'gpt-4o' }}`. */
export function idOfValue(value: string): ModelId | null {
  const whole = modelIdIn(value);
  if (whole) return whole;
  for (const [, inner = ""] of value
    .slice(0, 400)
    .matchAll(/(?::?[-=]|\|\|\s{0,4}['"]?|\?\?\s{0,4}['"]?|,\s{0,4}['"]|default\(['"])([\w./:@-]{2,120})/g)) {
    const id = modelIdIn(inner);
    if (id) return id;
  }
  return null;
}

/** Whether two values name one model of one provider over one route, in another snapshot at most. */
export function isSameModel(before: string, after: string): boolean {
  if (MODEL_VERSION.test(before) && MODEL_VERSION.test(after)) return true;
  const old = idOfValue(before);
  const fresh = idOfValue(after);
  return (
    old !== null &&
    fresh !== null &&
    old.provider === fresh.provider &&
    old.family === fresh.family &&
    old.route === fresh.route
  );
}
