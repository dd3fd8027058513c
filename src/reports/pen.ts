import { plain } from "./plain.ts";
import { wrapped } from "./wrapped.ts";

export type Style = "bold" | "red" | "green" | "yellow" | "dim";
const STYLES: Readonly<Record<Style, number>> = { bold: 1, red: 31, green: 32, yellow: 33, dim: 2 };

/** What a text is drawn for. */
export interface Paper {
  readonly color: boolean;
  /** Columns of the terminal; null where lines are not broken. */
  readonly width?: number | null;
}

/** Draws paragraphs: marks, indents, colours, line breaks. */
export interface Pen {
  paint(style: Style, text: string): string;
  /** A paragraph of text from outside, made safe; `lead` stands before its first line. */
  paragraph(indent: number, lead: string, text: string, style?: Style, limit?: number): string[];
}

/** A pen for this paper. */
export function penFor({ color, width = null }: Paper): Pen {
  const paint = (style: Style, text: string) => (color ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
  return {
    paint,
    paragraph(indent, lead, text, style, limit = 400) {
      const hang = " ".repeat(indent + (lead === "" ? 0 : lead.length + 1));
      const lines = wrapped(plain(text, limit), width, hang, hang);
      return lines.map((line, index) => {
        const body = line.slice(hang.length);
        const head = index === 0 && lead !== "" ? `${" ".repeat(indent)}${style ? paint(style, lead) : lead} ` : hang;
        return head + (style && lead === "" ? paint(style, body) : body);
      });
    },
  };
}
