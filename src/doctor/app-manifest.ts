/** What the App asks for, as `app.yml` has it. */
export interface AppManifest {
  /** By name, with the sentence that says what it is for, the level that is enough where the rest is optional, and the events it brings. */
  readonly permissions: Readonly<
    Record<
      string,
      { readonly level: string; readonly reason: string; readonly enough?: string; readonly events?: readonly string[] }
    >
  >;
  readonly events: readonly string[];
}
