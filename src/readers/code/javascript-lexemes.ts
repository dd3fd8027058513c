function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const PARTS = new Uint8Array(128);
for (const character of "$_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  PARTS[character.charCodeAt(0)] = 1;

const WIDE_START = /^[$_\p{ID_Start}]$/u;
const WIDE_PART = /^(?:\u200c|\u200d|\p{ID_Continue})$/u;

/** Whether a name may begin at a place, by its first character. */
export function beginsName(text: string, pos: number): boolean {
  const point = text.codePointAt(pos);
  if (point === undefined) return false;
  if (point < 128) return PARTS[point] === 1 && !isDigit(point);
  return WIDE_START.test(String.fromCodePoint(point));
}

/** What else a name may hold: nothing, JSX's dash, or the backslash of an escape. */
export const Also = { nothing: 0, dash: 45, escape: 92 } as const;

/** Where the part of a name ends that is read at `pos`; the same place where none is. */
export function endOfName(text: string, pos: number, also: number): number {
  for (let end = pos; ; ) {
    const code = text.charCodeAt(end);
    let next = end;
    if (code < 128) {
      if (PARTS[code] === 1) next += 1;
      else if (code === also) next = code === Also.dash ? end + 1 : endOfEscape(text, end);
    } else if (code >= 128) next = endOfWide(text, end);
    if (next === end) return end;
    end = next;
  }
}

function endOfWide(text: string, pos: number): number {
  const character = String.fromCodePoint(text.codePointAt(pos) ?? 0);
  return WIDE_PART.test(character) ? pos + character.length : pos;
}

/** `\uHHHH` or `\u{H...}` */
function endOfEscape(text: string, pos: number): number {
  if (text.charCodeAt(pos + 1) !== 117) return pos;
  const braced = text.charCodeAt(pos + 2) === 123;
  const start = pos + (braced ? 3 : 2);
  let end = start;
  while ((braced || end < start + 4) && isHex(text.charCodeAt(end))) end += 1;
  if (braced) return end > start && text.charCodeAt(end) === 125 ? end + 1 : pos;
  return end === start + 4 ? end : pos;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** Where a number ends that begins with a digit, or with a dot before one. */
export function endOfNumber(text: string, pos: number): number {
  const first = text.charCodeAt(pos);
  if (first === 46) return endOfExponent(text, endOfDigits(text, pos + 1));
  const second = text.charCodeAt(pos + 1);
  if (first !== 48) {
    const end = endOfDigits(text, pos);
    return text.charCodeAt(end) === 110 ? end + 1 : endOfFraction(text, end);
  }
  if (second === 110) return pos + 2;
  if (isDigit(second)) return endOfOctal(text, pos + 1);
  const most = RADIXES[String.fromCharCode(second | 32)] ?? "";
  return endOfRadix(text, pos + 2, most) || endOfFraction(text, pos + 1);
}

const RADIXES: Readonly<Record<string, string>> = { x: "0123456789abcdef", o: "01234567", b: "01" };

/** The end of a number's digits of a radix, 0 for none. */
function endOfRadix(text: string, pos: number, digits: string): number {
  const isOne = (at: number): boolean => at < text.length && digits.includes(text.charAt(at).toLowerCase());
  if (!isOne(pos)) return 0;
  let end = pos + 1;
  while (isOne(end) || (text.charCodeAt(end) === 95 && isOne(end + 1))) end += 1;
  return text.charCodeAt(end) === 110 ? end + 1 : end;
}

/** `0777`, and `0789`, which is decimal. */
function endOfOctal(text: string, pos: number): number {
  let end = pos;
  let decimal = false;
  for (let code = text.charCodeAt(end); isDigit(code); code = text.charCodeAt(end)) {
    if (code >= 56) decimal = true;
    end += 1;
  }
  return decimal ? endOfFraction(text, end) : end;
}

function endOfFraction(text: string, pos: number): number {
  if (text.charCodeAt(pos) !== 46) return endOfExponent(text, pos);
  return endOfExponent(text, isDigit(text.charCodeAt(pos + 1)) ? endOfDigits(text, pos + 1) : pos + 1);
}

function endOfExponent(text: string, pos: number): number {
  if ((text.charCodeAt(pos) | 32) !== 101) return pos;
  const sign = text.charCodeAt(pos + 1);
  const digits = sign === 43 || sign === 45 ? pos + 2 : pos + 1;
  return isDigit(text.charCodeAt(digits)) ? endOfDigits(text, digits) : pos;
}

function endOfDigits(text: string, pos: number): number {
  let end = pos + 1;
  for (;;) {
    const code = text.charCodeAt(end);
    if (isDigit(code) || (code === 95 && isDigit(text.charCodeAt(end + 1)))) end += 1;
    else return end;
  }
}

/** Whether a character ends a line. */
export function endsLine(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

/** Where a line ends, before its line end. */
export function endOfLine(text: string, pos: number): number {
  const found = text.indexOf("\n", pos);
  const end = found < 0 ? text.length : found;
  const other = OTHER_LINE_END.exec(text.slice(pos, end));
  return other ? pos + other.index : end;
}

const OTHER_LINE_END = /[\r\u2028\u2029]/;

/** Where the body of a string ends: at its closing quote, or where it is left open. */
export function endOfString(text: string, pos: number, quote: number): number {
  const { length } = text;
  let end = pos;
  while (end < length) {
    const code = text.charCodeAt(end);
    if (code === quote || code === 10 || code === 13) return end;
    if (code !== 92) end += 1;
    else if (end + 1 === length) return end;
    else end += text.charCodeAt(end + 1) === 13 && text.charCodeAt(end + 2) === 10 ? 3 : 2;
  }
  return end;
}

/** Where a part of a template ends: at its closing quote, at an interpolation, or where it is left open. */
export function endOfTemplate(text: string, pos: number): number {
  const { length } = text;
  let end = pos;
  while (end < length) {
    const code = text.charCodeAt(end);
    if (code === 96 || (code === 36 && text.charCodeAt(end + 1) === 123)) return end;
    if (code !== 92) end += 1;
    else if (end + 1 === length) return end;
    else end += 2;
  }
  return end;
}

/** Where a regular expression ends that begins at `pos`, its flags included; one left open ends with its line. */
export function endOfRegex(text: string, pos: number): number {
  const { length } = text;
  let set = false;
  let end = pos + 1;
  while (end < length) {
    const code = text.charCodeAt(end);
    if (endsLine(code)) return end;
    if (code === 92) {
      if (end + 1 === length || endsLine(text.charCodeAt(end + 1))) return end + 1;
      end += 2;
      continue;
    }
    end += 1;
    if (code === 91) set = true;
    else if (code === 93) set = false;
    else if (code === 47 && !set) return endOfName(text, end, Also.nothing);
  }
  return end;
}

/** How many characters of a punctuator stand at a place; 0 for a dot that begins a number. */
export function lengthOfPunctuator(text: string, pos: number, code: number): number {
  const second = text.charCodeAt(pos + 1);
  switch (code) {
    case 43: // +
    case 45: // -
      return second === code || second === 61 ? 2 : 1;
    case 61: // =
      if (second === 62) return 2;
      return second === 61 ? assigning(text, pos + 2) : 1;
    case 33: // !
      return second === 61 ? assigning(text, pos + 2) : 1;
    case 46: // .
      if (second === 46 && text.charCodeAt(pos + 2) === 46) return 3;
      return isDigit(second) ? 0 : 1;
    case 63: // ?
      if (second === 46) return isDigit(text.charCodeAt(pos + 2)) ? 1 : 2;
      return second === 63 ? assigning(text, pos + 2) : 1;
    case 38: // &
    case 124: // |
    case 42: // *
    case 60: // <
      if (second === code) return assigning(text, pos + 2);
      return second === 61 ? 2 : 1;
    case 62: // >
      return lengthOfAngles(text, pos);
    case 37: // %
    case 94: // ^
    case 47: // /
      return second === 61 ? 2 : 1;
    default:
      return 1;
  }
}

function assigning(text: string, third: number): number {
  return text.charCodeAt(third) === 61 ? 3 : 2;
}

function lengthOfAngles(text: string, pos: number): number {
  let length = 1;
  while (length < 3 && text.charCodeAt(pos + length) === 62) length += 1;
  return text.charCodeAt(pos + length) === 61 ? length + 1 : length;
}
