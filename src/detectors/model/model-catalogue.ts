import { MODEL_CATALOGUE, MODEL_CATALOGUE_SOURCE } from "./model-catalogue-data.ts";

/** A model that a provider lists or listed. */
export interface CataloguedModel {
  readonly id: string;
  readonly provider: string;
  readonly family: string;
  /** Null for a name that may move. */
  readonly snapshot: string | null;
  /** The day its provider is thought to take it away, `YYYY-MM-DD`; `source` is the page to check it against. */
  readonly retires: string | null;
}

const MODELS: ReadonlyMap<string, CataloguedModel> = new Map(
  MODEL_CATALOGUE.trim()
    .split("\n")
    .map((line) => {
      const [id = "", provider = "", family = "", snapshot = "", retires = ""] = line.split(" ");
      return [id, { id, provider, family, snapshot: snapshot || null, retires: retires || null }];
    }),
);
/** Families of which dated snapshots exist: their bare names move. */
const DATED: ReadonlySet<string> = new Set(
  [...MODELS.values()].filter(({ snapshot }) => snapshot).map(({ family }) => family),
);

/** The catalogue's entry of an id in lower case, as its provider or router writes it. */
export function catalogued(id: string): CataloguedModel | undefined {
  return MODELS.get(id);
}

/** Whether an id moves by itself: it says so, or dated snapshots of its family exist and it names none. */
export function isFloating(id: {
  readonly family: string;
  readonly snapshot: string | null;
  readonly floating: boolean;
}): boolean {
  return id.floating || (id.snapshot === null && DATED.has(id.family));
}

/** When a model is thought to be taken away, and the page to check that against; advice only, no decision rests on it. */
export function retirementOf(id: {
  readonly provider: string;
  readonly family: string;
  readonly snapshot: string | null;
}): { readonly date: string; readonly source: string } | null {
  const name = id.snapshot === null ? id.family : `${id.family}-${id.snapshot}`;
  const date = MODELS.get(name)?.retires;
  const sources: Readonly<Record<string, string>> = MODEL_CATALOGUE_SOURCE.retirements;
  const source = sources[id.provider];
  return date && source ? { date, source } : null;
}
